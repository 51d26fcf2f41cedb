extension Theme {
  /// The files of `themes/`, for a binary that stands alone; a test holds them equal.
  static let embeddedText: [String: String] = [
    "ansi": #"""
    # The terminal's own 16 colours on its own background, so that the dashboard follows the terminal's theme.
    name: ansi

    background: default
    text: default
    faint: bright-black
    title: { color: default, bold: true }
    border: bright-black
    border-focused: cyan
    key: { color: yellow, bold: true }
    value: { color: default, bold: true }
    good: green
    warning: { color: yellow, bold: true }
    critical: { color: red, bold: true }
    selected: { color: default, reverse: true }

    # Lines of the charts, in order.
    series: [cyan, yellow, green, magenta, red, blue, bright-cyan, bright-yellow]
    envelope: bright-black
    mark: yellow
    checkpoint-mark: green
    verdict-mark: red
    reference: bright-black

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: bright-cyan
    generated: bright-yellow
    diverging: [red, default, blue]

    # Gauges, from empty to full.
    gradient: [cyan, green, yellow, red]

    """#,
    "dark": #"""
    # The dark theme. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: dark

    background: "#12151c"
    text: "#c8d0dc"
    faint: "#6b7689"
    title: { color: "#f2f5fa", bold: true }
    border: "#363e4d"
    border-focused: "#5fafd7"
    key: { color: "#ffb454", bold: true }
    value: "#eef2f8"
    good: "#8fd460"
    warning: { color: "#ffcc4d", bold: true }
    critical: { color: "#ff6b6b", bold: true }
    selected: { color: "#ffffff", background: "#27405c", bold: true }

    # Lines of the charts, in order.
    series: ["#4fc3f7", "#ffa657", "#a5d76e", "#d79bff", "#ff7b93", "#5ee0c0", "#f2d45c", "#9fb3ff"]
    envelope: "#3a4454"
    mark: "#ffcc4d"
    checkpoint-mark: "#8fd460"
    verdict-mark: "#ff6b6b"
    reference: "#8490a6"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#6cc7ff"
    generated: "#ffb454"
    diverging: ["#8c3b1f", "#4a2a22", "#191c23", "#1d3550", "#235a8c"]

    # Gauges, from empty to full.
    gradient: ["#5ee0c0", "#a5d76e", "#f2d45c", "#ffa657", "#ff6b6b"]

    """#,
    "light": #"""
    # The light theme. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: light

    background: "#fafafa"
    text: "#2f3542"
    faint: "#848b99"
    title: { color: "#0e1116", bold: true }
    border: "#c3c8d2"
    border-focused: "#1f7ab8"
    key: { color: "#b25a00", bold: true }
    value: "#10141b"
    good: "#2c8a2c"
    warning: { color: "#a86500", bold: true }
    critical: { color: "#c62828", bold: true }
    selected: { color: "#0e1116", background: "#cfe4f7", bold: true }

    # Lines of the charts, in order.
    series: ["#0b76b8", "#c65a00", "#3c8a1e", "#8a3fc4", "#c9284e", "#00857a", "#8f7400", "#4057c8"]
    envelope: "#dfe3ea"
    mark: "#a86500"
    checkpoint-mark: "#2c8a2c"
    verdict-mark: "#c62828"
    reference: "#6d7686"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#0b5c9e"
    generated: "#b24a00"
    diverging: ["#f0a070", "#f6d2ba", "#f7f7f7", "#c6ddf2", "#82b6e4"]

    # Gauges, from empty to full.
    gradient: ["#00857a", "#3c8a1e", "#8f7400", "#c65a00", "#c62828"]

    """#,
  ]
}
