import Telemetry
import TerminalKit

extension DashboardState {
  /// A chart of metrics as the dashboard shows them, to be drawn or written as a picture.
  ///
  /// - Parameters:
  ///   - columns: about how many points each line has.
  public func chart(of metrics: [MetricID], columns: Int, theme: Theme) -> LineChart {
    chart(
      of: metrics.enumerated().map { (id: $1, color: theme.seriesColor($0)) }, columns: columns, points: columns,
      theme: theme)
  }

  /// - Parameters:
  ///   - columns: the chart's width, which decides how near to each other marks are.
  ///   - points: how many points each line has.
  func chart(of metrics: [(id: MetricID, color: Color)], columns: Int, points: Int, theme: Theme) -> LineChart {
    let metrics = filtered(metrics, id: \.id)
    let range = chartRange
    let axis = ChartScale.isKnown(charts.xAxis, in: history) ? charts.xAxis : .step
    let scale = ChartScale(axis, history: history, range: range)
    var series: [ChartSeries] = []
    series.reserveCapacity(metrics.count * (1 + charts.overlays.count))
    func line(of history: History?, _ scale: ChartScale) -> [ChartPoint] {
      guard let history else { return [] }
      return scale.columns(of: history, range: range, count: points, isLogarithmic: charts.isLogarithmicX).map {
        bucket in
        // Where the view is narrower than a bucket, the bucket is all that is known of it.
        ChartPoint(
          x: scale.x(Double(min(bucket.lastStep, range.upperBound))), minimum: bucket.minimum, maximum: bucket.maximum,
          last: bucket.count > 0 ? bucket.mean : bucket.last, hasNonFinite: bucket.nonFiniteCount > 0)
      }
    }
    func newest(_ history: History?) -> Double? {
      history?.last.flatMap { $0.lastStep <= range.upperBound ? $0.last : nil }
    }
    for metric in metrics {
      let own = history.metrics[metric.id]
      series.append(
        ChartSeries(
          label: title(of: metric.id), color: metric.color, columns: line(of: own, scale), newest: newest(own)))
    }
    // One run beside this has its colours, fainter; of several each has a colour of its own.
    for (place, overlay) in charts.overlays.enumerated() {
      let isKnown = ChartScale.isKnown(axis, in: overlay.history)
      let scale = ChartScale(axis, history: overlay.history, range: range)
      let isAlone = charts.overlays.count == 1
      for metric in metrics where overlay.history.metrics[metric.id] != nil {
        let color = isAlone ? metric.color : theme.seriesColor(metrics.count + place)
        series.append(
          ChartSeries(
            label: "\(title(of: metric.id)) \(overlay.name)",
            color: color.mixed(with: theme.background.background, share: isAlone ? 0.6 : 0.4) ?? color,
            columns: isKnown ? line(of: overlay.history.metrics[metric.id], scale) : [], isFaint: true,
            group: overlay.name, newest: newest(overlay.history.metrics[metric.id])))
      }
    }
    let start = scale.x(Double(range.lowerBound))
    let end = scale.x(Double(max(range.upperBound, range.lowerBound + 1)))
    var chart = LineChart(
      series: series, marks: marks(in: range, columns: columns, scale: scale),
      references: references(of: metrics.map(\.id)), xRange: start < end ? start...end : nil,
      yScale: charts.isLogarithmic ? .logarithmic : .linear, smoothing: charts.smoothing, robust: charts.isRobust,
      cursor: charts.cursor.map { scale.x(Double($0)) })
    chart.xScale = charts.isLogarithmicX ? .logarithmic : .linear
    chart.xUnit =
      switch axis {
      case .step, .updates: .count
      case .relative: .seconds
      case .wall: .date(secondsFromGMT: charts.secondsFromGMT)
      }
    chart.cursorLabel = charts.cursor.map { step in
      let steps = "step \(grouped(step))"
      switch axis {
      case .step: return steps
      case .updates: return "\(steps), update \(grouped(Int(bounded: scale.x(Double(step)))))"
      case .relative, .wall: return "\(steps), \(chart.xUnit.text(scale.x(Double(step))))"
      }
    }
    chart.backdrop = charts.backdrop
    chart.isDetailed = fullScreen != nil
    return chart
  }

  /// What a pane's border says of how its curves are drawn.
  var chartNotes: String {
    var notes: [String] = []
    if charts.smoothing > 0 { notes.append("smooth \(decimalText(charts.smoothing))") }
    if charts.isLogarithmic { notes.append(charts.isLogarithmicX ? "log x y" : "log") }
    if charts.isLogarithmicX, !charts.isLogarithmic { notes.append("log x") }
    if charts.isRobust { notes.append("no outliers") }
    switch charts.xAxis {
    case .step: break
    case .updates: notes.append("x: D updates")
    case .relative: notes.append("x: training time")
    case .wall: notes.append("x: time")
    }
    switch charts.window {
    case .all: break
    case .newest(let span): notes.append("newest \(formatted(Double(span)))")
    case .fixed: notes.append("still")
    }
    return notes.joined(separator: " ")
  }
}

extension Int {
  /// A number rounded down, or the nearest that there is.
  fileprivate init(bounded value: Double) {
    self = value.isNaN ? 0 : Int(Swift.min(Swift.max(value, -9e18), 9e18))
  }
}

extension Painter {
  /// Draws metrics over steps, with the marks of everything that was done to the run; on a full screen their numbers too.
  mutating func chart(_ metrics: [(id: MetricID, color: Color)], in rect: Rect, state: DashboardState) {
    guard !rect.isEmpty else { return }
    // Two points a column: as many as braille has dots.
    let points = rect.width * (capabilities.glyphs == .braille ? 2 : 1)
    let chart = state.chart(of: metrics, columns: rect.width, points: points, theme: theme)
    let table =
      state.fullScreen == nil || rect.width < 32 || rect.height < 14 ? 0 : min(chart.tableHeight, rect.height / 3)
    let (top, below) = rect.splitTop(rect.height - table)
    chartPlaces?.append(contentsOf: chart.place(in: top, theme: theme, capabilities: capabilities).map { [$0] } ?? [])
    chart.draw(in: top, into: &buffer, theme: theme, capabilities: capabilities)
    chart.drawTable(in: below, into: &buffer, theme: theme, capabilities: capabilities)
  }
}
