import Testing

@testable import TerminalKit

/// Frames of everything that is no line chart, in the three sets of glyphs.
@Suite struct WidgetFrameTests {
  private static let ring: [(Float, Float)] = [
    (2, 0), (1.4, 1.4), (0, 2), (-1.4, 1.4), (-2, 0), (-1.4, -1.4), (0, -2), (1.4, -1.4),
  ]
  private static let plot = ScatterPlot(
    minimum: (-3, -3), maximum: (3, 3),
    layers: [
      (points: ring, color: Theme.dark.real, glyph: nil),
      (points: [(2, 0.1), (-0.1, 2)], color: Theme.dark.generated, glyph: nil),
    ])
  private static let bars = Bars(
    (0..<5).map { Bars.Bar(label: "mode \($0)", value: Double($0 * $0) / 40, reference: 0.2) })
  private static let gauges: [Gauge] = [
    Gauge(value: 0), Gauge(value: 0.33), Gauge(value: 1), Gauge(centered: -1), Gauge(centered: -0.33),
    Gauge(centered: 0), Gauge(centered: 0.33), Gauge(centered: 2), Gauge(value: .nan),
  ]

  private func frame(
    _ width: Int, _ height: Int, _ glyphs: GlyphSet, _ draw: (Rect, inout CellBuffer, Capabilities) -> Void
  ) -> String {
    FrameSamples.frame(width, height) { draw($0, &$1, FrameSamples.capabilities(glyphs)) }.text
  }

  @Test func scatterInBraille() {
    #expect(
      frame(40, 12, .braille) { Self.plot.draw(in: $0, into: &$1, theme: .dark, capabilities: $2) }
        == #"""

                           ⢀⡀

                      ⠁          ⠈

                                    ⡀
                    ⠁               ⠁

                      ⡀          ⢀

                            ⠁

        """#)
  }

  @Test func scatterInBlock() {
    #expect(
      frame(40, 12, .block) { Self.plot.draw(in: $0, into: &$1, theme: .dark, capabilities: $2) }
        == #"""

                           ▄▄

                      ▀          ▀

                                    ▄
                    ▀               ▀

                      ▄          ▄

                            ▀

        """#)
  }

  @Test func scatterInASCII() {
    #expect(
      frame(40, 12, .ascii) { Self.plot.draw(in: $0, into: &$1, theme: .dark, capabilities: $2) }
        == #"""

                           xo

                      o          o

                                    x
                    o               o

                      o          o

                            o

        """#)
  }

  @Test func barsInBraille() {
    #expect(
      frame(36, 5, .braille) { Self.bars.draw(in: $0, into: &$1, theme: .dark, capabilities: $2) }
        == #"""
        mode 0            │                0
        mode 1 █▌         │            0.025
        mode 2 █████▊     │              0.1
        mode 3 ███████████│█           0.225
        mode 4 ███████████│███████████   0.4
        """#)
  }

  @Test func barsInASCII() {
    #expect(
      frame(36, 5, .ascii) { Self.bars.draw(in: $0, into: &$1, theme: .dark, capabilities: $2) }
        == #"""
        mode 0            |                0
        mode 1 #          |            0.025
        mode 2 ######     |              0.1
        mode 3 ###########|#           0.225
        mode 4 ###########|###########   0.4
        """#)
  }

  private func verticalBars(_ glyphs: GlyphSet) -> String {
    var bars = Self.bars
    bars.orientation = .vertical
    return frame(30, 6, glyphs) { bars.draw(in: $0, into: &$1, theme: .dark, capabilities: $2) }
  }

  @Test func verticalBarsInBraille() {
    #expect(
      verticalBars(.braille)
        == #"""
                                █████
                                █████
        ───── ───── ───── ───── ─────
                    ▂▂▂▂▂ █████ █████
              ▃▃▃▃▃ █████ █████ █████
        mode  mode  mode  mode  mode
        """#)
  }

  @Test func verticalBarsInASCII() {
    #expect(
      verticalBars(.ascii)
        == #"""
                                #####
                                #####
        ----- ----- ----- ----- -----
                    ..... ##### #####
              ,,,,, ##### ##### #####
        mode  mode  mode  mode  mode
        """#)
  }

  private func gaugeFrame(_ glyphs: GlyphSet) -> String {
    frame(20, 9, glyphs) {
      for (row, gauge) in Self.gauges.enumerated() {
        let rect = Rect(x: $0.x, y: row, width: $0.width, height: 1)
        gauge.draw(in: rect, into: &$1, theme: .dark, capabilities: $2)
      }
    }
  }

  @Test func gaugesInBraille() {
    #expect(
      gaugeFrame(.braille)
        == #"""
        ────────────────────
        ██████▋─────────────
        ████████████████████
        ██████████┼─────────
        ──────▊███┼─────────
        ──────────┼─────────
        ──────────███▎──────
        ──────────██████████
        ?───────────────────
        """#)
  }

  @Test func gaugesInASCII() {
    #expect(
      gaugeFrame(.ascii)
        == #"""
        ....................
        #######.............
        ####################
        ##########|.........
        .......###|.........
        ..........|.........
        ..........###.......
        ..........##########
        ?...................
        """#)
  }

  @Test func boxInBraille() {
    #expect(
      frame(30, 4, .braille) { $1.box($0, title: "loss", trailing: "step 12k", theme: .dark, capabilities: $2) }
        == #"""
        ╭─ loss ────────── step 12k ─╮
        │                            │
        │                            │
        ╰────────────────────────────╯
        """#)
  }

  @Test func boxInASCII() {
    #expect(
      frame(30, 4, .ascii) { $1.box($0, title: "loss", trailing: "step 12k", theme: .dark, capabilities: $2) }
        == #"""
        +- loss ---------- step 12k -+
        |                            |
        |                            |
        +----------------------------+
        """#)
  }

  @Test func sparklineInBraille() {
    #expect(
      frame(20, 1, .braille) {
        Sparkline(values: [0, 1, 2, 3, .nan, 4, 5, 6, 7], color: .ansi(2))
          .draw(in: $0, into: &$1, theme: .dark, capabilities: $2)
      }
        == #"""
                   ▁▂▃▄×▅▆▇█
        """#)
  }

  @Test func sparklineInASCII() {
    #expect(
      frame(20, 1, .ascii) {
        Sparkline(values: [0, 1, 2, 3, .nan, 4, 5, 6, 7], color: .ansi(2))
          .draw(in: $0, into: &$1, theme: .dark, capabilities: $2)
      }
        == #"""
                   _.,-X=+*#
        """#)
  }

  @Test func imagesInBraille() {
    #expect(
      frame(60, 15, .braille) {
        $1.drawImages(Array(repeating: FrameSamples.ring(28), count: 5), in: $0, theme: .dark, capabilities: $2)
      }
        == #"""
             ▀▀▀▀           ▀▀▀▀           ▀▀▀▀           ▀▀▀▀
          ▀▀      ▀▀     ▀▀      ▀▀     ▀▀      ▀▀     ▀▀      ▀▀
         ▀  ▀▀  ▀▀  ▀   ▀  ▀▀  ▀▀  ▀   ▀  ▀▀  ▀▀  ▀   ▀  ▀▀  ▀▀  ▀

         ▀  ▀▀  ▀▀  ▀   ▀  ▀▀  ▀▀  ▀   ▀  ▀▀  ▀▀  ▀   ▀  ▀▀  ▀▀  ▀
          ▀▀      ▀▀     ▀▀      ▀▀     ▀▀      ▀▀     ▀▀      ▀▀
             ▀▀▀▀           ▀▀▀▀           ▀▀▀▀           ▀▀▀▀

             ▀▀▀▀
          ▀▀      ▀▀
         ▀  ▀▀  ▀▀  ▀

         ▀  ▀▀  ▀▀  ▀
          ▀▀      ▀▀
             ▀▀▀▀
        """#)
  }

  @Test func imagesInASCII() {
    #expect(
      frame(60, 15, .ascii) {
        $1.drawImages(Array(repeating: FrameSamples.ring(28), count: 5), in: $0, theme: .dark, capabilities: $2)
      }
        == #"""

            :*%@@@@@%*:         :*%@@@@@%*:         :*%@@@@@%*:
          :*@@@@@@@@@@@*:     :*@@@@@@@@@@@*:     :*@@@@@@@@@@@*:
          #@@@#+. .+#@@@#     #@@@#+. .+#@@@#     #@@@#+. .+#@@@#
          @@@#.     .#@@@     @@@#.     .#@@@     @@@#.     .#@@@
          @@@#.     .#@@@     @@@#.     .#@@@     @@@#.     .#@@@
          #@@@#+. .+#@@@#     #@@@#+. .+#@@@#     #@@@#+. .+#@@@#
          :*@@@@@@@@@@@*:     :*@@@@@@@@@@@*:     :*@@@@@@@@@@@*:
            :*%@@@@@%*:         :*%@@@@@%*:         :*%@@@@@%*:






        """#)
  }

  @Test func blackAndWhiteImagesInBlocks() {
    #expect(
      frame(30, 8, .block) {
        $1.drawImages(
          [FrameSamples.ring(28)], in: $0, mode: .halfBlock, theme: .dark,
          capabilities: Capabilities(glyphs: $2.glyphs, colors: .monochrome))
      }
        == #"""
             ▄ ▄ ▄
           ▄████████
         ▄▀███▀▀▀█▀███
         ▄██▀     ▀███▀
         ████▄     ███▀
          ▀████▄ ▄████▀
            ▀█████▀█▀
              ▀ ▀ ▀
        """#)
  }

  @Test func blackAndWhiteImagesInASCII() {
    #expect(
      frame(30, 8, .ascii) {
        $1.drawImages(
          [FrameSamples.ring(28)], in: $0, mode: .halfBlock, theme: .dark,
          capabilities: Capabilities(glyphs: $2.glyphs, colors: .monochrome))
      }
        == #"""
             _ _ _
           _########
         _^###^^^#^###
         _##^     ^###^
         ####_     ###^
          ^####_ _####^
            ^#####^#^
              ^ ^ ^
        """#)
  }

  private func fieldFrame(_ glyphs: GlyphSet) -> String {
    var plot = Self.plot
    plot.field = (columns: 8, rows: 8, values: (0..<64).map { Float($0 % 8) / 7 }, middle: 0.5)
    return frame(24, 12, glyphs) { plot.draw(in: $0, into: &$1, theme: .dark, capabilities: $2) }
  }

  @Test func fieldInASCII() {
    #expect(
      fieldFrame(.ascii)
        == #"""
            ..::--==++**##%%@@@@
            ..::--=xo+**##%%@@@@
            ..::--==++**##%%@@@@
            ..o:--==++**#o%%@@@@
            ..::--==++**##%%@@@@
            ..::--==++**##%%x@@@
            o.::--==++**##%%o@@@
            ..::--==++**##%%@@@@
            ..o:--==++**#o%%@@@@
            ..::--==++**##%%@@@@
            ..::--==o+**##%%@@@@
            ..::--==++**##%%@@@@
        """#)
  }
}
