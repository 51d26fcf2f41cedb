/// A chart's points as they are drawn, and the bounds they span.
struct ChartData {
  struct Line {
    /// The place in the chart's series, which decides its pattern.
    var index: Int
    var color: Color
    var isFaint: Bool
    var points: [ChartPoint]
    /// The line's values: the points' smoothed.
    var values: [Double]
  }

  /// Those that are drawn first, the faint ones, come first.
  let lines: [Line]
  let x: ChartAxis
  /// Nil where no finite value is in view (or none that a logarithmic axis can show).
  let y: ChartAxis?
  let isEmpty: Bool

  init(_ chart: LineChart) {
    var lines: [Line] = []
    lines.reserveCapacity(chart.series.count)
    for isFaint in [true, false] {
      for (index, series) in chart.series.enumerated() where series.isFaint == isFaint {
        let isWhole = series.columns.allSatisfy(\.x.isFinite)
        let points = isWhole ? series.columns : series.columns.filter(\.x.isFinite)
        lines.append(
          Line(
            index: index, color: series.color, isFaint: isFaint, points: points,
            values: LineChart.smooth(points.map(\.last), weight: chart.smoothing)))
      }
    }
    self.lines = lines
    isEmpty = lines.allSatisfy(\.points.isEmpty)
    x = Self.horizontal(lines, chart)
    y = Self.vertical(lines, x: x, chart: chart)
  }

  private static func horizontal(_ lines: [Line], _ chart: LineChart) -> ChartAxis {
    let isLogarithmic = chart.xScale == .logarithmic
    var axis: ChartAxis
    if let range = chart.xRange, range.lowerBound.isFinite, range.upperBound.isFinite,
      range.lowerBound < range.upperBound
    {
      var low = range.lowerBound
      if isLogarithmic, low <= 0 {
        low = lines.flatMap { $0.points.lazy.map(\.x).filter { $0 > 0 }.prefix(1) }.min() ?? range.upperBound / 1000
      }
      axis = ChartAxis(lower: low, upper: range.upperBound, isLogarithmic: isLogarithmic && range.upperBound > 0)
    } else {
      func isShown(_ x: Double) -> Bool { !isLogarithmic || x > 0 }
      let first = lines.compactMap { $0.points.first { isShown($0.x) }?.x }.min() ?? (isLogarithmic ? 1 : 0)
      let last = lines.compactMap(\.points.last?.x).max() ?? first
      // A lone point stands at the left, where the line will start.
      axis = ChartAxis(
        lower: first, upper: last > first ? last : first + max(10, abs(first) * 1e-3), isLogarithmic: isLogarithmic)
    }
    axis.unit = chart.xUnit
    return axis
  }

  private static func vertical(_ lines: [Line], x: ChartAxis, chart: LineChart) -> ChartAxis? {
    let isLogarithmic = chart.yScale == .logarithmic
    var (low, high) = (Double.infinity, -Double.infinity)
    var values: [Double] = []
    if chart.robust { values.reserveCapacity(3 * lines.reduce(0) { $0 + $1.points.count }) }
    for line in lines {
      for (point, value) in zip(line.points, line.values) where point.x >= x.lower && point.x <= x.upper {
        func take(_ candidate: Double) {
          guard candidate.isFinite, !isLogarithmic || candidate > 0 else { return }
          low = min(low, candidate)
          high = max(high, candidate)
          if chart.robust { values.append(candidate) }
        }
        take(point.minimum)
        take(point.maximum)
        take(value)
      }
    }
    guard low <= high else { return nil }
    if values.count >= 20 {
      let cut = values.count / 20
      low = values.select(cut)
      high = values.select(values.count - 1 - cut)
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

extension Array where Element == Double {
  /// The element that sorting would put at an index of the array, which must hold it (C. A. R. Hoare's Find, 1961).
  mutating func select(_ index: Int) -> Double {
    var (low, high) = (0, count - 1)
    while low < high {
      let pivot = self[(low + high) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while self[left] < pivot { left += 1 }
        while pivot < self[right] { right -= 1 }
        if left <= right {
          swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if index <= right {
        high = right
      } else if index >= left {
        low = left
      } else {
        break
      }
    }
    return self[index]
  }
}
