extension LineChart {
  /// Draws legend, lines and axes into a rectangle of any size; what has no room is left out, the lines last.
  public func draw(in rect: Rect, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities) {
    guard !rect.isEmpty else { return }
    let data = ChartData(self)
    let legend = ChartLegend(chart: self, theme: theme, capabilities: capabilities)
    let legendRows = legend.rows(width: rect.width, height: rect.height)
    let (top, rest) = rect.splitTop(legendRows.count)
    for (index, row) in legendRows.enumerated() {
      legend.draw(row, isFirst: index == 0, x: top.x, y: top.y + index, width: top.width, into: &buffer)
    }
    guard !rest.isEmpty else { return }
    ChartPlot(chart: self, data: data, rect: rest, theme: theme, capabilities: capabilities).draw(into: &buffer)
  }
}

/// A chart's points as they are drawn, and the bounds they span.
struct ChartData {
  struct Line {
    var color: Color
    var points: [ChartPoint]
    /// The line's values: the points' smoothed.
    var values: [Double]
  }

  let lines: [Line]
  let x: ChartAxis
  /// Nil where no finite value is in view (or none that a logarithmic axis can show).
  let y: ChartAxis?
  let isEmpty: Bool

  init(_ chart: LineChart) {
    lines = chart.series.map { series in
      let points = series.columns.filter(\.x.isFinite)
      return Line(
        color: series.color, points: points, values: LineChart.smooth(points.map(\.last), weight: chart.smoothing))
    }
    isEmpty = lines.allSatisfy(\.points.isEmpty)
    x = Self.horizontal(lines, range: chart.xRange)
    y = Self.vertical(lines, x: x, chart: chart)
  }

  private static func horizontal(_ lines: [Line], range: ClosedRange<Double>?) -> ChartAxis {
    if let range, range.lowerBound.isFinite, range.upperBound.isFinite, range.lowerBound < range.upperBound {
      return ChartAxis(lower: range.lowerBound, upper: range.upperBound)
    }
    let first = lines.compactMap(\.points.first?.x).min() ?? 0
    let last = lines.compactMap(\.points.last?.x).max() ?? 0
    // A lone point stands at the left, where the line will start.
    return ChartAxis(lower: first, upper: last > first ? last : first + max(10, abs(first) * 1e-3))
  }

  private static func vertical(_ lines: [Line], x: ChartAxis, chart: LineChart) -> ChartAxis? {
    let isLogarithmic = chart.yScale == .logarithmic
    var values: [Double] = []
    for line in lines {
      for (point, value) in zip(line.points, line.values) where point.x >= x.lower && point.x <= x.upper {
        for candidate in [point.minimum, point.maximum, value]
        where candidate.isFinite && (!isLogarithmic || candidate > 0) {
          values.append(candidate)
        }
      }
    }
    guard var low = values.min(), var high = values.max() else { return nil }
    if chart.robust, values.count >= 20 {
      values.sort()
      let cut = values.count / 20
      (low, high) = (values[cut], values[values.count - 1 - cut])
    }
    var axis = ChartAxis(lower: low, upper: high, isLogarithmic: isLogarithmic)
    // References join the view when they do not squeeze the data into less than half of it.
    for reference in chart.references {
      guard let place = axis.place(reference.value), place >= -0.5, place <= 1.5 else { continue }
      low = min(low, reference.value)
      high = max(high, reference.value)
    }
    if low < high { axis = ChartAxis(lower: low, upper: high, isLogarithmic: isLogarithmic) }
    let lower = axis.value(at: -0.04)
    let upper = axis.value(at: 1.04)
    guard lower.isFinite, upper.isFinite, !isLogarithmic || lower > 0 else { return axis }
    // No margin below zero where nothing is negative.
    return ChartAxis(lower: low >= 0 && lower < 0 ? 0 : lower, upper: upper, isLogarithmic: isLogarithmic)
  }
}

extension LineChart {
  /// The character of a series in ASCII, so that lines can be told apart without colour.
  static func asciiGlyph(_ index: Int) -> Character {
    let glyphs: [Character] = ["*", "+", "x", "o", "#", "@", "%", "&"]
    return glyphs[index % glyphs.count]
  }

  /// The dash of a series where there are no colours.
  static func dash(_ index: Int, _ colors: ColorDepth) -> (on: Int, period: Int)? {
    guard colors == .monochrome else { return nil }
    let dashes: [(on: Int, period: Int)?] = [nil, (4, 6), (1, 2), (2, 6), (1, 4)]
    return dashes[index % dashes.count]
  }
}
