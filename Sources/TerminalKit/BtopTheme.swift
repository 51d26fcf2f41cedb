extension Theme {
  /// Reads a theme of btop: lines such as `theme[main_bg]="#1e1e2e"`, with `#rrggbb`, `#gg` for a gray, three decimal
  /// numbers, or nothing for the terminal's own colour.
  ///
  /// btop's names are of its boxes: its gradients become the colours of curves, its box frames that of the focused panel.
  /// What a theme leaves out is taken from the dark theme, or derived from what it says.
  /// - Parameter file: the name that errors mention; the theme is called as the file is.
  /// - Throws: `ThemeError` for a line that is no assignment and for a value that is no colour.
  public static func load(btop text: String, file: String) throws(ThemeError) -> Theme {
    var colors: [String: Color] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.filter { $0 != "\r" }.trimmingPrefix { $0 == " " || $0 == "\t" }
      guard !line.isEmpty, line.first != "#" else { continue }
      guard line.hasPrefix("theme["), let close = line.firstIndex(of: "]"),
        let equals = line[close...].firstIndex(of: "=")
      else { throw .notAnAssignment(file: file, line: index + 1) }
      let name = String(line[line.index(line.startIndex, offsetBy: 6)..<close])
      var value = line[line.index(after: equals)...].trimmingPrefix { $0 == " " }
      if let quote = value.first, quote == "\"" || quote == "'" {
        value = value.dropFirst()
        value = value.prefix { $0 != quote }
      } else {
        value = value.prefix { $0 != " " && $0 != "\t" }
      }
      guard let color = Color(btop: String(value)) else {
        throw .invalidBtopColor(file: file, line: index + 1, key: name, found: String(value))
      }
      colors[name] = color
    }
    let base = file.split(separator: "/").last.map(String.init) ?? file
    return theme(colors, name: base.hasSuffix(".theme") ? String(base.dropLast(6)) : base)
  }

  private static func theme(_ colors: [String: Color], name: String) -> Theme {
    let dark = Theme.dark
    var theme = dark
    theme.name = name
    let ground = colors["main_bg"] ?? .standard
    // A background that nobody gave with a text that somebody gave for it: the text decides what can be read.
    let text = colors["main_fg"] ?? (ground == .standard ? .standard : dark.text.foreground)
    func style(_ color: Color?, _ attributes: Style.Attributes = []) -> Style {
      Style(foreground: color ?? text, background: ground, attributes: attributes)
    }
    func first(_ names: String...) -> Color? { names.lazy.compactMap { colors[$0] }.first }
    theme.background = style(text)
    theme.text = style(text)
    // btop's inactive text is often all but invisible: mixed with the text until it can be read.
    theme.faint = style((first("graph_text", "inactive_fg") ?? text).readable(on: ground, towards: text))
    theme.title = style(first("title") ?? text, .bold)
    theme.border = style(first("div_line", "inactive_fg"))
    theme.borderFocused = style(first("cpu_box", "hi_fg"))
    theme.key = style(first("hi_fg"), .bold)
    theme.value = style(text)
    theme.good = style(
      (first("cpu_start", "temp_start", "available_start") ?? text).readable(on: ground, towards: text))
    theme.warning = style(
      (first("cpu_mid", "temp_mid", "available_mid") ?? text).readable(on: ground, towards: text), .bold)
    theme.critical = style(
      (first("cpu_end", "temp_end", "available_end") ?? text).readable(on: ground, towards: text), .bold)
    theme.selected = Style(
      foreground: first("selected_fg") ?? text, background: first("selected_bg") ?? ground, attributes: .bold)
    if colors["selected_bg"] == nil { theme.selected.attributes.insert(.reverse) }
    let wanted = [
      "download_mid", "upload_mid", "cpu_start", "process_mid", "temp_end", "cached_mid", "available_mid", "used_mid",
      "free_mid", "download_end", "upload_end", "cpu_end", "cpu_mid", "cpu_box", "mem_box", "net_box", "proc_box",
      "download_start", "upload_start", "hi_fg", "proc_misc",
    ]
    var series: [Color] = []
    for color in wanted.compactMap({ colors[$0] }) + dark.series
    where series.count < 8 && color != ground && color != .standard && !series.contains(where: { $0.isNear(color) }) {
      series.append(color.readable(on: ground, towards: text, contrast: 3))
    }
    while series.count < 8 { series.append(dark.series[series.count % dark.series.count]) }
    theme.series = series
    theme.real = series[0]
    theme.generated = series[1]
    theme.envelope = theme.border.foreground
    theme.mark = theme.warning.foreground
    theme.checkpointMark = theme.good.foreground
    theme.verdictMark = theme.critical.foreground
    theme.reference = theme.faint.foreground
    let middle = ground == .standard ? dark.diverging[dark.diverging.count / 2] : ground
    func half(_ color: Color) -> Color { color.mixed(with: middle, share: 0.55) ?? color }
    theme.diverging = [half(theme.generated), middle, half(theme.real)]
    theme.gradient = [theme.good, theme.warning, theme.critical].map(\.foreground)
    return theme
  }
}

extension Color {
  /// A value of btop's themes.
  fileprivate init?(btop text: String) {
    if text.isEmpty {
      self = .standard
    } else if text.count == 3, text.first == "#", let gray = UInt8(text.dropFirst(), radix: 16) {
      self = .rgb(gray, gray, gray)
    } else if text.first == "#", let color = Color(named: text) {
      self = color
    } else {
      let parts = text.split(separator: " ").map { UInt8($0) }
      guard parts.count == 3, let red = parts[0], let green = parts[1], let blue = parts[2] else { return nil }
      self = .rgb(red, green, blue)
    }
  }

  private func distance(_ other: Color) -> Int? {
    guard let a = components, let b = other.components else { return nil }
    return abs(Int(a.red) - Int(b.red)) + abs(Int(a.green) - Int(b.green)) + abs(Int(a.blue) - Int(b.blue))
  }

  fileprivate func isNear(_ other: Color) -> Bool { self == other || (distance(other) ?? 765) < 48 }
}
