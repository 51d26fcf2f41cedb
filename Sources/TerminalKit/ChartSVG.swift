import Foundation

/// A chart as a picture for documents: the same points, axes and smoothing as on the terminal, sharp at any size.
///
/// - Parameters:
///   - width: pixels, at least 160.
///   - height: pixels, at least 120.
/// - Returns: a document of SVG 1.1 without scripts or references to files.
public func chartSVG(
  _ chart: LineChart, width: Int = 960, height: Int = 540, theme: Theme = .dark, title: String = ""
) -> String {
  ChartPicture(chart, width: max(160, width), height: max(120, height), theme: theme, title: title).document
}

/// The SVG document of a chart while it is written.
private struct ChartPicture {
  private let chart: LineChart
  private let data: ChartData
  private let theme: Theme
  private let title: String
  private let size: (width: Double, height: Double)
  /// Where the lines are, in pixels.
  private let left: Double
  private let top: Double
  private let right: Double
  private let bottom: Double
  private let yTicks: [ChartAxis.Tick]
  private let legend: [(x: Double, y: Double, index: Int)]

  private static let letter = 7.3
  private static let row = 18.0

  init(_ chart: LineChart, width: Int, height: Int, theme: Theme, title: String) {
    self.chart = chart
    self.theme = theme
    self.title = title
    data = ChartData(chart)
    size = (Double(width), Double(height))
    yTicks = data.y?.ticks(atMost: max(3, height / 50)) ?? []
    let labels = yTicks.map(\.label.columns).max() ?? 0
    left = 16 + Double(labels) * Self.letter
    right = size.width - 16
    var places: [(x: Double, y: Double, index: Int)] = []
    var (x, y) = (left, title.isEmpty ? 22.0 : 44.0)
    for (index, series) in chart.series.enumerated() {
      let wide = 30 + Double(series.label.columns) * Self.letter + 16
      if x + wide > right, x > left { (x, y) = (left, y + Self.row) }
      places.append((x, y, index))
      x += wide
    }
    legend = places
    top = min(y + 14, size.height / 2)
    bottom = size.height - 44
  }

  var document: String {
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(size.width))" height="\(Int(size.height))" \
      viewBox="0 0 \(Int(size.width)) \(Int(size.height))" font-family="ui-monospace, Menlo, Consolas, monospace" \
      font-size="12">
      """,
      "<rect width=\"100%\" height=\"100%\" fill=\"\(background)\"/>",
      "<clipPath id=\"plot\"><rect x=\"\(text(left))\" y=\"\(text(top))\" width=\"\(text(right - left))\" "
        + "height=\"\(text(bottom - top))\"/></clipPath>",
    ]
    if !title.isEmpty { lines.append(label(title, left, 24, ink, "start", " font-size=\"15\" font-weight=\"bold\"")) }
    lines += axes() + marks() + references()
    lines.append("<g clip-path=\"url(#plot)\" fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\">")
    for line in data.lines { lines += curve(line) }
    lines.append("</g>")
    lines += nonFinite() + names() + ["</svg>", ""]
    return lines.joined(separator: "\n")
  }

  // MARK: places and colours

  // Far outside, numbers would be longer than any picture.
  private func pixelX(_ value: Double) -> Double? {
    data.x.place(value).map { left + min(max($0, -10), 11) * (right - left) }
  }
  private func pixelY(_ value: Double) -> Double? {
    data.y?.place(value).map { bottom - min(max($0, -10), 11) * (bottom - top) }
  }

  private var isLight: Bool { theme.background.background.components.map { $0.red > 127 } ?? false }
  private var background: String { hex(theme.background.background) ?? "#16161d" }
  private var ink: String { hex(theme.text.foreground) ?? (isLight ? "#222222" : "#dcdce4") }
  private var faint: String { hex(theme.faint.foreground) ?? "#8a8a96" }
  private var rule: String { hex(theme.border.foreground) ?? "#55555f" }

  private func hex(_ color: Color) -> String? {
    color.components.map { String(format: "#%02x%02x%02x", $0.red, $0.green, $0.blue) }
  }

  private func text(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }

  private func label(
    _ content: String, _ x: Double, _ y: Double, _ color: String, _ anchor: String, _ attributes: String = ""
  ) -> String {
    "<text x=\"\(text(x))\" y=\"\(text(y))\" fill=\"\(color)\" text-anchor=\"\(anchor)\"\(attributes)>"
      + "\(escaped(content))</text>"
  }

  /// Text without what XML takes for its own, or does not allow at all.
  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: if scalar.value >= 32, scalar.value & 0xFFFE != 0xFFFE { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  private func stroke(_ from: (Double, Double), _ to: (Double, Double), _ color: String, _ attributes: String = "")
    -> String
  {
    "<path d=\"M\(text(from.0)) \(text(from.1))L\(text(to.0)) \(text(to.1))\" stroke=\"\(color)\"\(attributes)/>"
  }

  // MARK: parts

  private func axes() -> [String] {
    var lines: [String] = []
    for tick in yTicks {
      guard let y = pixelY(tick.value), y >= top - 0.5, y <= bottom + 0.5 else { continue }
      lines.append(stroke((left, y), (right, y), rule, " stroke-opacity=\"0.4\""))
      lines.append(label(tick.label, left - 6, y + 4, faint, "end"))
    }
    var free = 0.0
    for tick in data.isEmpty ? [] : data.x.ticks(atMost: max(2, Int((right - left) / 90))) {
      guard let x = pixelX(tick.value), x >= left - 0.5, x <= right + 0.5 else { continue }
      lines.append(stroke((x, bottom), (x, bottom + 5), rule))
      let half = Double(tick.label.columns) * Self.letter / 2
      let middle = min(max(x, half + 2), size.width - half - 2)
      guard middle - half >= free else { continue }
      lines.append(label(tick.label, middle, bottom + 34, faint, "middle"))
      free = middle + half + 8
    }
    lines.append(stroke((left, bottom), (right, bottom), rule))
    lines.append(stroke((left, top), (left, bottom), rule))
    if data.y == nil {
      lines.append(label("no finite values in view", (left + right) / 2, (top + bottom) / 2, faint, "middle"))
    }
    return lines
  }

  private func marks() -> [String] {
    var lines: [String] = []
    for mark in chart.marks {
      guard let x = pixelX(mark.x), x >= left - 0.5, x <= right + 0.5 else { continue }
      let color =
        switch mark.kind {
        case .edit: hex(theme.mark) ?? "#e0af68"
        case .checkpoint: hex(theme.checkpointMark) ?? "#9ece6a"
        case .verdict: hex(theme.verdictMark) ?? "#f7768e"
        }
      let from = mark.kind == .checkpoint ? bottom - 8 : top
      lines.append(stroke((x, from), (x, bottom), color, " stroke-dasharray=\"2 3\""))
      lines.append(label(String(mark.letter), x, bottom + 17, color, "middle", " font-weight=\"bold\""))
    }
    if let cursor = chart.cursor, let x = pixelX(cursor), x >= left, x <= right {
      lines.append(stroke((x, top), (x, bottom), ink, " stroke-opacity=\"0.7\""))
    }
    return lines
  }

  private func references() -> [String] {
    let color = hex(theme.reference) ?? "#8a8a96"
    return chart.references.flatMap { reference -> [String] in
      guard let y = pixelY(reference.value), y >= top, y <= bottom else { return [] }
      return [
        stroke((left, y), (right, y), color, " stroke-dasharray=\"6 5\""),
        label(reference.label, right - 4, y - 5, color, "end"),
      ]
    }
  }

  private func curve(_ line: ChartData.Line) -> [String] {
    let color = hex(line.color) ?? ink
    var result: [String] = []
    if !line.isFaint, chart.backdrop == .envelope { result += band(line, color) }
    if !line.isFaint, chart.backdrop != .nothing, chart.smoothing > 0 {
      result += path(line, line.points.map(\.last), "stroke=\"\(color)\" stroke-opacity=\"0.35\"")
    }
    let dash = line.isFaint ? " stroke-dasharray=\"5 4\" stroke-opacity=\"0.75\"" : pattern(line.index)
    return result + path(line, line.values, "stroke=\"\(color)\" stroke-width=\"1.8\"" + dash)
  }

  /// The dash of lines that share a colour of the palette.
  private func pattern(_ index: Int) -> String {
    let dashes = ["", " stroke-dasharray=\"9 4\"", " stroke-dasharray=\"2 4\"", " stroke-dasharray=\"9 4 2 4\""]
    return dashes[index / 8 % dashes.count]
  }

  /// From the smallest to the largest value of every column.
  private func band(_ line: ChartData.Line, _ color: String) -> [String] {
    var bands: [String] = []
    var upper: [String] = []
    var lower: [String] = []
    var hasExtent = false
    func close() {
      if upper.count > 1, hasExtent {
        let outline = (upper + lower.reversed()).joined(separator: "L")
        bands.append("<path d=\"M\(outline)Z\" fill=\"\(color)\" fill-opacity=\"0.2\"/>")
      }
      (upper, lower, hasExtent) = ([], [], false)
    }
    for point in line.points {
      guard let x = pixelX(point.x), let high = pixelY(point.maximum) else {
        close()
        continue
      }
      upper.append("\(text(x)) \(text(high))")
      hasExtent = hasExtent || point.minimum < point.maximum
      lower.append("\(text(x)) \(text(pixelY(point.minimum) ?? bottom))")
    }
    close()
    return bands
  }

  private func path(_ line: ChartData.Line, _ values: [Double], _ attributes: String) -> [String] {
    var commands = ""
    var isOpen = false
    var lone: [String] = []
    for (index, point) in line.points.enumerated() {
      guard let x = pixelX(point.x), let y = pixelY(values[index]) else {
        isOpen = false
        continue
      }
      commands += "\(isOpen ? "L" : "M")\(text(x)) \(text(y))"
      // A value without neighbours would be no line at all.
      if !isOpen, index + 1 == line.points.count || !values[index + 1].isFinite {
        lone.append("<circle cx=\"\(text(x))\" cy=\"\(text(y))\" r=\"1.5\" \(attributes)/>")
      }
      isOpen = true
    }
    return (commands.isEmpty ? [] : ["<path d=\"\(commands)\" \(attributes)/>"]) + lone
  }

  private func nonFinite() -> [String] {
    let color = hex(theme.critical.foreground) ?? "#f7768e"
    return data.lines.flatMap { line in
      line.points.filter { $0.hasNonFinite || !$0.last.isFinite }.compactMap { point in
        guard let x = pixelX(point.x), x >= left - 0.5, x <= right + 0.5 else { return nil }
        return label("×", x, top + 10, color, "middle", " font-weight=\"bold\"")
      }
    }
  }

  private func names() -> [String] {
    legend.flatMap { place -> [String] in
      let series = chart.series[place.index]
      let color = hex(series.color) ?? ink
      let dash = series.isFaint ? " stroke-dasharray=\"5 4\"" : pattern(place.index)
      return [
        stroke((place.x, place.y - 4), (place.x + 22, place.y - 4), color, " stroke-width=\"2.5\"" + dash),
        label(series.label, place.x + 28, place.y, ink, "start"),
      ]
    }
  }
}
