import TerminalKit

/// Fixed data for frame tests, free of functions whose last bit depends on the machine.
enum FrameSamples {
  /// A falling loss with a spike in one bucket, and a rising one with a gap of NaN.
  static func series() -> [ChartSeries] {
    let falling = (0..<40).map { index in
      let value = 2 - Double(index) / 25
      return ChartPoint(
        x: Double(index * 50), minimum: value - 0.2, maximum: index == 20 ? 3 : value + 0.2, last: value)
    }
    let rising = (0..<40).map { index in
      ChartPoint(x: Double(index * 50), value: index == 30 ? .nan : 0.5 + Double(index) / 80)
    }
    return [
      ChartSeries(label: "discriminator", color: Theme.dark.seriesColor(0), columns: falling),
      ChartSeries(label: "generator", color: Theme.dark.seriesColor(1), columns: rising),
    ]
  }

  static func chart() -> LineChart {
    LineChart(
      series: series(),
      marks: [
        ChartMark(x: 400, kind: .edit), ChartMark(x: 1000, kind: .checkpoint), ChartMark(x: 1700, kind: .verdict),
      ],
      references: [(value: 1.386, label: "2 ln 2")])
  }

  static func capabilities(_ glyphs: GlyphSet, _ colors: ColorDepth? = nil) -> Capabilities {
    Capabilities(glyphs: glyphs, colors: colors ?? (glyphs == .ascii ? .monochrome : .truecolor))
  }

  /// A frame of what `draw` draws into a buffer of its own.
  static func frame(
    _ width: Int, _ height: Int, theme: Theme = .dark, _ draw: (Rect, inout CellBuffer) -> Void
  ) -> CellBuffer {
    var buffer = CellBuffer(size: Size(width: width, height: height), style: theme.background)
    draw(buffer.bounds, &buffer)
    return buffer
  }

  static func chartFrame(_ chart: LineChart, _ width: Int, _ height: Int, _ glyphs: GlyphSet) -> String {
    frame(width, height) {
      chart.draw(in: $0, into: &$1, theme: .dark, capabilities: capabilities(glyphs))
    }.text
  }

  /// A ring of gray on black.
  static func ring(_ size: Int) -> PixelImage {
    let middle = Double(size - 1) / 2
    let pixels = (0..<(size * size)).map { index -> UInt8 in
      let x = Double(index % size) - middle
      let y = Double(index / size) - middle
      let square = (x * x + y * y) / (middle * middle)
      return square < 0.7 && square > 0.2 ? 255 : 0
    }
    return PixelImage(width: size, height: size, channels: 1, pixels: pixels)
  }
}
