/// The colours of the whole dashboard by the role they play; files in `themes/` name the same keys.
///
/// Every `Style` has a background of its own; where a file gives none it is the theme's `background`.
public struct Theme: Sendable, Equatable {
  public var name: String
  /// An empty cell of the screen.
  public var background: Style
  public var text: Style
  /// Units, axis labels, what is there to be overlooked.
  public var faint: Style
  public var title: Style
  public var border: Style
  public var borderFocused: Style
  /// Key hints such as `q` before "quit".
  public var key: Style
  public var value: Style
  public var good: Style
  public var warning: Style
  public var critical: Style
  /// The chosen row of a list.
  public var selected: Style
  /// Colours of chart lines, at least eight.
  public var series: [Color]
  /// The raw min-max band behind a smoothed line where its own colour cannot be mixed with the background.
  public var envelope: Color
  /// Edits, on chart axes and in the log.
  public var mark: Color
  public var checkpointMark: Color
  public var verdictMark: Color
  /// Reference lines of charts and reference ticks of bars.
  public var reference: Color
  /// Real points of a scatter plot.
  public var real: Color
  /// Generated points of a scatter plot.
  public var generated: Color
  /// Low, ..., middle, ..., high of a heat map; at least three.
  public var diverging: [Color]
  /// Empty, ..., full of a gauge; at least two.
  public var gradient: [Color]

  /// A theme of the terminal's own colours that needs no file.
  public static let plain = Theme(
    name: "plain", background: .plain, text: .plain, faint: Style(attributes: .dim), title: Style(attributes: .bold),
    border: Style(attributes: .dim), borderFocused: .plain, key: Style(attributes: .bold), value: .plain,
    good: .plain, warning: Style(attributes: .bold), critical: Style(attributes: .reverse),
    selected: Style(attributes: .reverse), series: (0..<8).map { Color.ansi([6, 3, 2, 5, 4, 1, 14, 11][$0]) },
    envelope: .ansi(8), mark: .ansi(11), checkpointMark: .ansi(10), verdictMark: .ansi(9), reference: .ansi(8),
    real: .ansi(12), generated: .ansi(11), diverging: [.ansi(4), .standard, .ansi(1)],
    gradient: [.ansi(2), .ansi(3), .ansi(1)])

  /// The compiled-in dark theme.
  public static let dark = builtIn["dark"] ?? plain

  /// Compiled-in copies of `themes/*.yaml`, by name.
  public static let builtIn: [String: Theme] = {
    var themes: [String: Theme] = [:]
    for (name, yaml) in embeddedText {
      themes[name] = try? Theme.load(yaml: yaml, file: "\(name).yaml")
    }
    return themes
  }()

  /// The compiled-in theme that suits a terminal when a person chose none: its own colours where it has only 16.
  public static func preferred(for capabilities: Capabilities) -> Theme {
    switch capabilities.colors {
    case .truecolor, .indexed256: dark
    case .ansi16, .monochrome: (builtIn["ansi"] ?? plain).adapted(to: capabilities.colors)
    }
  }

  /// The theme so that nothing in it vanishes at a depth of colours it was not made for.
  ///
  /// With 16 colours, what would take the background's own colour becomes gray. Without colours, attributes say what
  /// colours did: the selected row and critical values are reversed, frames and what is faint are dim.
  public func adapted(to depth: ColorDepth) -> Theme {
    var theme = self
    switch depth {
    case .truecolor, .indexed256: break
    case .ansi16:
      for path in Self.styles {
        let style = theme[keyPath: path]
        if style.foreground.nearest(in: .ansi16) == style.background.nearest(in: .ansi16), style.foreground != .standard
        {
          theme[keyPath: path].foreground = .ansi(8)
        }
      }
      let ground = background.background.nearest(in: .ansi16)
      theme.series = series.map { $0.nearest(in: .ansi16) == ground ? .ansi(8) : $0 }
      for path in Self.inks where theme[keyPath: path].nearest(in: .ansi16) == ground {
        theme[keyPath: path] = .ansi(8)
      }
    case .monochrome:
      theme.selected.attributes.insert(.reverse)
      theme.critical.attributes.insert(.reverse)
      theme.border.attributes.insert(.dim)
      theme.faint.attributes.insert(.dim)
      theme.borderFocused.attributes.insert(.bold)
    }
    return theme
  }

  private static var styles: [WritableKeyPath<Theme, Style>] {
    [
      \.text, \.faint, \.title, \.border, \.borderFocused, \.key, \.value, \.good, \.warning, \.critical, \.selected,
    ]
  }

  private static var inks: [WritableKeyPath<Theme, Color>] {
    [\.envelope, \.mark, \.checkpointMark, \.verdictMark, \.reference, \.real, \.generated]
  }

  /// The colour of the chart line with the given index; the palette repeats.
  public func seriesColor(_ index: Int) -> Color {
    series.isEmpty ? text.foreground : series[((index % series.count) + series.count) % series.count]
  }

  /// Text in a colour over the theme's background.
  public func style(_ color: Color, _ attributes: Style.Attributes = []) -> Style {
    Style(foreground: color, background: background.background, attributes: attributes)
  }
}
