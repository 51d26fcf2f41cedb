// Written by scripts/embed-themes.sh from themes; a test compares the two.

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
    "contrast-light": #"""
    # High contrast: white, black and deep colours. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: contrast-light

    background: "#ffffff"
    text: "#000000"
    faint: "#404040"
    title: { color: "#000000", bold: true }
    border: "#606060"
    border-focused: "#0000c0"
    key: { color: "#800080", bold: true }
    value: "#000000"
    good: "#005f00"
    warning: { color: "#7a4000", bold: true }
    critical: { color: "#b00000", bold: true }
    selected: { color: "#ffffff", background: "#0000a0", bold: true }

    # Lines of the charts, in order.
    series: ["#0000c0", "#a04000", "#006000", "#800080", "#b00000", "#006070", "#5f5f00", "#303030"]
    envelope: "#c0c0c0"
    mark: "#800080"
    checkpoint-mark: "#005f00"
    verdict-mark: "#b00000"
    reference: "#404040"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#0000c0"
    generated: "#a04000"
    diverging: ["#ffb070", "#ffe0c8", "#ffffff", "#c8dcff", "#80b0ff"]

    # Gauges, from empty to full.
    gradient: ["#006070", "#005f00", "#5f5f00", "#a04000", "#b00000"]

    """#,
    "contrast": #"""
    # High contrast: black, white and pure colours. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: contrast

    background: "#000000"
    text: "#ffffff"
    faint: "#c8c8c8"
    title: { color: "#ffffff", bold: true }
    border: "#a0a0a0"
    border-focused: "#00ffff"
    key: { color: "#ffff00", bold: true }
    value: "#ffffff"
    good: "#00ff5f"
    warning: { color: "#ffff00", bold: true }
    critical: { color: "#ff8080", bold: true }
    selected: { color: "#000000", background: "#ffff00", bold: true }

    # Lines of the charts, in order.
    series: ["#00ffff", "#ffaf00", "#5fff5f", "#ff87ff", "#ffff00", "#ff8080", "#87afff", "#ffffff"]
    envelope: "#606060"
    mark: "#ffff00"
    checkpoint-mark: "#00ff5f"
    verdict-mark: "#ff8080"
    reference: "#c8c8c8"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#5fd7ff"
    generated: "#ffaf00"
    diverging: ["#a04800", "#503000", "#000000", "#003c70", "#0078d0"]

    # Gauges, from empty to full.
    gradient: ["#00ffff", "#5fff5f", "#ffff00", "#ffaf00", "#ff8080"]

    """#,
    "dark": #"""
    # The dark theme. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: dark

    background: "#12151c"
    text: "#c8d0dc"
    faint: "#78849a"
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
    "dawn": #"""
    # Light, with rose and lavender. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: dawn

    background: "#fbf4f6"
    text: "#3c3446"
    faint: "#6b6178"
    title: { color: "#1f1829", bold: true }
    border: "#dccbd6"
    border-focused: "#9b3f74"
    key: { color: "#6a3fa8", bold: true }
    value: "#2a2233"
    good: "#2b6a4a"
    warning: { color: "#85540a", bold: true }
    critical: { color: "#b3264a", bold: true }
    selected: { color: "#ffffff", background: "#8a4b86", bold: true }

    # Lines of the charts, in order.
    series: ["#6a3fa8", "#b0560f", "#1f7280", "#b3266e", "#3a7030", "#2f5fb0", "#7d6200", "#665c70"]
    envelope: "#e6d8e2"
    mark: "#6a3fa8"
    checkpoint-mark: "#2b6a4a"
    verdict-mark: "#b3264a"
    reference: "#6f6580"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#2f5fb0"
    generated: "#b0560f"
    diverging: ["#eaa878", "#f6dac8", "#fbf4f6", "#d0d8f0", "#98aee0"]

    # Gauges, from empty to full.
    gradient: ["#1f7280", "#2b6a4a", "#7d6200", "#b0560f", "#b3264a"]

    """#,
    "dusk": #"""
    # Violet hours. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: dusk

    background: "#191324"
    text: "#dcd3ea"
    faint: "#9a8eb4"
    title: { color: "#f8f3ff", bold: true }
    border: "#3d3156"
    border-focused: "#c39bff"
    key: { color: "#ffb3d1", bold: true }
    value: "#eee7fa"
    good: "#86d9ad"
    warning: { color: "#ffd07a", bold: true }
    critical: { color: "#ff7f9b", bold: true }
    selected: { color: "#ffffff", background: "#463370", bold: true }

    # Lines of the charts, in order.
    series: ["#c39bff", "#ffb86b", "#7fd8e0", "#ff8fb4", "#9bd97f", "#8fa8ff", "#f0dc7a", "#d6b8a0"]
    envelope: "#3d3256"
    mark: "#ffb3d1"
    checkpoint-mark: "#86d9ad"
    verdict-mark: "#ff7f9b"
    reference: "#8f83a8"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#7fd8e0"
    generated: "#ffb07a"
    diverging: ["#8a4a2a", "#4b3036", "#20192d", "#1f4458", "#257386"]

    # Gauges, from empty to full.
    gradient: ["#7fd8e0", "#86d9ad", "#f0dc7a", "#ffb86b", "#ff7f9b"]

    """#,
    "ember": #"""
    # Warm: coals in the dark. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: ember

    background: "#1a1210"
    text: "#ecd9cd"
    faint: "#a98f82"
    title: { color: "#fff4ec", bold: true }
    border: "#4a332b"
    border-focused: "#ff9d5c"
    key: { color: "#ffcf6b", bold: true }
    value: "#fbeade"
    good: "#b5d36a"
    warning: { color: "#ffcf6b", bold: true }
    critical: { color: "#ff7361", bold: true }
    selected: { color: "#ffffff", background: "#5c3524", bold: true }

    # Lines of the charts, in order.
    series: ["#ff9d5c", "#7fc4d6", "#e8c95c", "#d79ad0", "#a9cf7a", "#ff8378", "#c9b39a", "#8fb0f0"]
    envelope: "#4a362d"
    mark: "#ffcf6b"
    checkpoint-mark: "#b5d36a"
    verdict-mark: "#ff7361"
    reference: "#a08678"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#7fc4d6"
    generated: "#ffab5c"
    diverging: ["#8c4a18", "#4d3122", "#211815", "#1f4552", "#2b7186"]

    # Gauges, from empty to full.
    gradient: ["#7fc4d6", "#b5d36a", "#e8c95c", "#ff9d5c", "#ff6a58"]

    """#,
    "forest": #"""
    # Greens and bark. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: forest

    background: "#10170f"
    text: "#d3dccb"
    faint: "#8fa085"
    title: { color: "#f3f7ee", bold: true }
    border: "#33432f"
    border-focused: "#8fcf6a"
    key: { color: "#e6c15a", bold: true }
    value: "#eaf2e3"
    good: "#8fdc72"
    warning: { color: "#f0c95a", bold: true }
    critical: { color: "#ff8470", bold: true }
    selected: { color: "#ffffff", background: "#2d4a28", bold: true }

    # Lines of the charts, in order.
    series: ["#8fcf6a", "#e3a857", "#6fc7c1", "#c9a4e8", "#f08a7a", "#d8d36a", "#7fb4e8", "#b8c79f"]
    envelope: "#36452f"
    mark: "#e6c15a"
    checkpoint-mark: "#8fdc72"
    verdict-mark: "#ff8470"
    reference: "#8b9a80"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#7cc8d8"
    generated: "#e3a857"
    diverging: ["#7a4a1a", "#3e3420", "#161d14", "#1c4350", "#20708a"]

    # Gauges, from empty to full.
    gradient: ["#6fc7c1", "#8fdc72", "#d8d36a", "#e3a857", "#ff8470"]

    """#,
    "light": #"""
    # The light theme. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: light

    background: "#fafafa"
    text: "#2f3542"
    faint: "#626978"
    title: { color: "#0e1116", bold: true }
    border: "#c3c8d2"
    border-focused: "#1f7ab8"
    key: { color: "#b25a00", bold: true }
    value: "#10141b"
    good: "#267826"
    warning: { color: "#96590a", bold: true }
    critical: { color: "#c62828", bold: true }
    selected: { color: "#0e1116", background: "#cfe4f7", bold: true }

    # Lines of the charts, in order.
    series: ["#0b76b8", "#c65a00", "#3c8a1e", "#8a3fc4", "#c9284e", "#00857a", "#8f7400", "#4057c8"]
    envelope: "#dfe3ea"
    mark: "#96590a"
    checkpoint-mark: "#267826"
    verdict-mark: "#c62828"
    reference: "#6d7686"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#0b5c9e"
    generated: "#b24a00"
    diverging: ["#f0a070", "#f6d2ba", "#f7f7f7", "#c6ddf2", "#82b6e4"]

    # Gauges, from empty to full.
    gradient: ["#00857a", "#3c8a1e", "#8f7400", "#c65a00", "#c62828"]

    """#,
    "midnight": #"""
    # Deep blue, for long nights. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: midnight

    background: "#0b1026"
    text: "#cdd6f4"
    faint: "#8791b8"
    title: { color: "#f4f6ff", bold: true }
    border: "#2c3663"
    border-focused: "#7aa2ff"
    key: { color: "#ffd166", bold: true }
    value: "#e8ecff"
    good: "#7fe0a3"
    warning: { color: "#ffd166", bold: true }
    critical: { color: "#ff7a90", bold: true }
    selected: { color: "#ffffff", background: "#26356e", bold: true }

    # Lines of the charts, in order.
    series: ["#7aa2ff", "#ffb86b", "#7fe0a3", "#d6a2ff", "#ff7a90", "#5fe3e0", "#ffe08a", "#a8b4ff"]
    envelope: "#2b3460"
    mark: "#ffd166"
    checkpoint-mark: "#7fe0a3"
    verdict-mark: "#ff7a90"
    reference: "#7d88b5"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#6fb6ff"
    generated: "#ffb86b"
    diverging: ["#8a4a1c", "#48302c", "#131935", "#1b3a6e", "#2464b0"]

    # Gauges, from empty to full.
    gradient: ["#5fe3e0", "#7fe0a3", "#ffe08a", "#ffb86b", "#ff7a90"]

    """#,
    "ocean": #"""
    # Blue-green, low glare. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: ocean

    background: "#0c1a20"
    text: "#c6dbe0"
    faint: "#7f9ba3"
    title: { color: "#eefafd", bold: true }
    border: "#25424c"
    border-focused: "#46c7d8"
    key: { color: "#f2c66d", bold: true }
    value: "#e0f1f5"
    good: "#6fdcae"
    warning: { color: "#f2c66d", bold: true }
    critical: { color: "#ff8a80", bold: true }
    selected: { color: "#ffffff", background: "#1d5264", bold: true }

    # Lines of the charts, in order.
    series: ["#46c7d8", "#f2a65e", "#8fdc8f", "#c3a6f0", "#ff8a8f", "#f2dc7a", "#6fa8f5", "#a9c3c9"]
    envelope: "#28454f"
    mark: "#f2c66d"
    checkpoint-mark: "#6fdcae"
    verdict-mark: "#ff8a80"
    reference: "#7b969e"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#5fc0ff"
    generated: "#f2a65e"
    diverging: ["#84501f", "#453a2e", "#11222a", "#164a6a", "#1b75aa"]

    # Gauges, from empty to full.
    gradient: ["#46c7d8", "#6fdcae", "#f2dc7a", "#f2a65e", "#ff8a80"]

    """#,
    "okabe-light": #"""
    # Safe for colour-blind eyes, light: Okabe and Ito's colours (2008), darkened. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: okabe-light

    background: "#fbfbf8"
    text: "#1f2328"
    faint: "#5a626b"
    title: { color: "#000000", bold: true }
    border: "#c4c9cf"
    border-focused: "#0072b2"
    key: { color: "#8a4a00", bold: true }
    value: "#101418"
    good: "#0068a3"
    warning: { color: "#7d5c00", bold: true }
    critical: { color: "#a83e00", bold: true }
    selected: { color: "#ffffff", background: "#0072b2", bold: true }

    # Lines of the charts, in order.
    series: ["#0072b2", "#b06f00", "#007d5a", "#a04a7c", "#bf4a00", "#2a86bd", "#6f6a00", "#4a4f55"]
    envelope: "#d0d4d8"
    mark: "#8a4a00"
    checkpoint-mark: "#0068a3"
    verdict-mark: "#a83e00"
    reference: "#5f676f"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#0072b2"
    generated: "#b06f00"
    diverging: ["#e8b45a", "#f4e2c0", "#fbfbf8", "#c4dff0", "#7fbde2"]

    # Gauges, from empty to full.
    gradient: ["#0072b2", "#007d5a", "#6f6a00", "#b06f00", "#bf4a00"]

    """#,
    "okabe": #"""
    # Safe for colour-blind eyes, dark: Okabe and Ito's colours (2008). A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: okabe

    background: "#101318"
    text: "#dfe3e8"
    faint: "#9aa3ae"
    title: { color: "#ffffff", bold: true }
    border: "#3c444e"
    border-focused: "#56b4e9"
    key: { color: "#f0e442", bold: true }
    value: "#eef1f4"
    good: "#56b4e9"
    warning: { color: "#f0e442", bold: true }
    critical: { color: "#ff8a3d", bold: true }
    selected: { color: "#ffffff", background: "#1f4f73", bold: true }

    # Lines of the charts, in order.
    series: ["#56b4e9", "#e69f00", "#2fc89a", "#f0e442", "#e493c0", "#ff7f2a", "#5c9bd6", "#bfc5cc"]
    envelope: "#3c444e"
    mark: "#f0e442"
    checkpoint-mark: "#56b4e9"
    verdict-mark: "#ff8a3d"
    reference: "#929ba6"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#56b4e9"
    generated: "#e69f00"
    diverging: ["#9a6a00", "#4d4020", "#171b21", "#1b4866", "#2178b0"]

    # Gauges, from empty to full.
    gradient: ["#56b4e9", "#2fc89a", "#f0e442", "#e69f00", "#ff7f2a"]

    """#,
    "paper": #"""
    # Ink on warm paper. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: paper

    background: "#f6f0e3"
    text: "#3a332a"
    faint: "#6d6353"
    title: { color: "#1d1813", bold: true }
    border: "#cdbfa6"
    border-focused: "#8a4b1f"
    key: { color: "#7a3e9d", bold: true }
    value: "#241e17"
    good: "#39661f"
    warning: { color: "#855a00", bold: true }
    critical: { color: "#ad2a1f", bold: true }
    selected: { color: "#ffffff", background: "#7b5230", bold: true }

    # Lines of the charts, in order.
    series: ["#1f5f99", "#a8540f", "#39702a", "#7a3e9d", "#ad2a1f", "#14737a", "#7d6400", "#5b5247"]
    envelope: "#dccfb6"
    mark: "#7a3e9d"
    checkpoint-mark: "#39661f"
    verdict-mark: "#ad2a1f"
    reference: "#70664f"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#1f5f99"
    generated: "#a8540f"
    diverging: ["#e0a070", "#eed3b4", "#f6f0e3", "#c4d6e2", "#86b0cf"]

    # Gauges, from empty to full.
    gradient: ["#14737a", "#39702a", "#7d6400", "#a8540f", "#ad2a1f"]

    """#,
    "slate": #"""
    # Grays with one accent, for those who like it quiet. A colour is "#rrggbb", default, ansi0 to ansi15, or a name such as red or bright-red.
    name: slate

    background: "#1e2124"
    text: "#d0d3d6"
    faint: "#969ca3"
    title: { color: "#f5f6f7", bold: true }
    border: "#43484e"
    border-focused: "#8fb8de"
    key: { color: "#e0c88a", bold: true }
    value: "#eceef0"
    good: "#a5cfa0"
    warning: { color: "#e6c98a", bold: true }
    critical: { color: "#eb9a95", bold: true }
    selected: { color: "#ffffff", background: "#3d5066", bold: true }

    # Lines of the charts, in order.
    series: ["#8fb8de", "#dcb38a", "#a5cfa0", "#c5b0d5", "#e0a3a3", "#9ad0cc", "#d8d098", "#b8bec6"]
    envelope: "#464b51"
    mark: "#e0c88a"
    checkpoint-mark: "#a5cfa0"
    verdict-mark: "#eb9a95"
    reference: "#8f959c"

    # Points of 2-D runs, over a heat map from "generated" by way of "undecided" to "real".
    real: "#8fc0ea"
    generated: "#e0b084"
    diverging: ["#7a5030", "#47403a", "#262a2e", "#33495e", "#3f6a92"]

    # Gauges, from empty to full.
    gradient: ["#9ad0cc", "#a5cfa0", "#d8d098", "#dcb38a", "#eb9a95"]

    """#,
  ]
}
