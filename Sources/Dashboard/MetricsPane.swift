import Telemetry
import TerminalKit

/// Which of a run's metrics the metrics panel shows: a group of them, or one.
struct MetricChooser: Sendable, Equatable {
  /// Nil is the first group.
  var group: String?
  /// Nil is the whole group.
  var metric: MetricID?
}

/// The metrics whose names begin alike, such as `loss/generator` and `loss/discriminator`.
struct MetricGroup: Sendable, Equatable {
  var name: String
  var metrics: [MetricID]

  /// The groups that a person looks for first.
  private static let order = [
    "loss", "score", "accuracy", "gradient", "entropy", "modes", "judge", "held_out", "updates", "speed",
  ]

  /// Groups of metrics, those in the order above first, then by name.
  static func groups(_ ids: [MetricID]) -> [MetricGroup] {
    var groups: [String: [MetricID]] = [:]
    for id in ids {
      let name = id.rawValue.firstIndex(of: "/").map { String(id.rawValue[..<$0]) } ?? ""
      groups[name.isEmpty ? "other" : name, default: []].append(id)
    }
    return groups.map { MetricGroup(name: $0.key, metrics: $0.value) }.sorted { first, second in
      let places = (order.firstIndex(of: first.name) ?? order.count, order.firstIndex(of: second.name) ?? order.count)
      return places.0 == places.1 ? first.name < second.name : places.0 < places.1
    }
  }
}

extension DashboardState {
  /// All metrics that the run told of, or says that it will tell of, by groups; those that the filter lets pass.
  var metricGroups: [MetricGroup] {
    var ids = run?.metrics.map(\.id) ?? []
    let known = Set(ids)
    ids += history.metrics.keys.filter { !known.contains($0) }.sorted { $0.rawValue < $1.rawValue }
    return MetricGroup.groups(filtered(ids, id: \.self))
  }

  /// The group that is shown, and what of it.
  func chosenMetrics(_ groups: [MetricGroup]) -> (group: MetricGroup, metric: MetricID?)? {
    guard let group = groups.first(where: { $0.name == charts.chooser.group }) ?? groups.first else { return nil }
    let metric = charts.chooser.metric.flatMap { group.metrics.contains($0) ? $0 : nil }
    return (group, metric)
  }

  /// From a group to its metrics one by one, then to the next group.
  mutating func moveMetric(_ direction: Int) {
    let groups = metricGroups
    guard let chosen = chosenMetrics(groups) else { return }
    let rows = MetricRow.rows(groups)
    let here = rows.firstIndex { $0.group == chosen.group.name && $0.metric == chosen.metric } ?? 0
    let row = rows[min(max(0, here + direction), rows.count - 1)]
    charts.chooser = MetricChooser(group: row.group, metric: row.metric)
  }

  mutating func moveMetricGroup(_ direction: Int) {
    let groups = metricGroups
    guard let chosen = chosenMetrics(groups), let here = groups.firstIndex(of: chosen.group) else { return }
    charts.chooser = MetricChooser(group: groups[(here + direction + groups.count) % groups.count].name)
  }
}

/// A row of the chooser: a group, or one of its metrics.
private struct MetricRow {
  var group: String
  var metric: MetricID?

  static func rows(_ groups: [MetricGroup]) -> [MetricRow] {
    groups.flatMap { group in
      [MetricRow(group: group.name)] + group.metrics.map { MetricRow(group: group.name, metric: $0) }
    }
  }
}

extension Painter {
  mutating func drawMetrics(_ rect: Rect, _ state: DashboardState) {
    let inside = pane(.metrics, rect, trailing: state.chartNotes, state: state)
    guard !inside.isEmpty else { return }
    let groups = state.metricGroups
    guard let chosen = state.chosenMetrics(groups) else {
      let text = state.shell.filter.isActive ? "no metric matches" : "no metrics yet"
      writeCentered(text, in: inside, y: inside.y + inside.height / 2, style: theme.faint)
      return
    }
    // A metric alone keeps the colour that it has in its group.
    let colored = chosen.group.metrics.enumerated().map { (id: $1, color: theme.seriesColor($0)) }
    let shown = chosen.metric.map { metric in colored.filter { $0.id == metric } } ?? colored
    if let list = Self.metricList(inside) {
      let (_, area) = inside.splitLeft(list.width)
      drawMetricList(groups, chosen, colored, in: list, state)
      chart(shown, in: Rect(x: area.x + 1, y: area.y, width: area.width - 1, height: area.height), state: state)
    } else {
      let (head, area) = inside.splitTop(inside.height >= 4 ? 1 : 0)
      if !head.isEmpty {
        let name = chosen.metric?.rawValue ?? "\(chosen.group.name): \(chosen.group.metrics.count) metrics"
        let place = (groups.firstIndex(of: chosen.group) ?? 0) + 1
        write(name, x: head.x, y: head.y, width: head.width - 7, style: theme.title)
        writeRight("\(place)/\(groups.count)", maxX: head.maxX, y: head.y, width: 7, style: theme.faint)
      }
      chart(shown, in: area, state: state)
    }
  }

  /// Where the list of metrics stands; nil where there is no room for it.
  private static func metricList(_ inside: Rect) -> Rect? {
    inside.width >= 64 && inside.height >= 6 ? inside.splitLeft(min(34, inside.width / 3)).left : nil
  }

  /// What a row of the list would choose; nil beside it.
  func metricRow(at event: MouseEvent, in rect: Rect, _ state: DashboardState) -> MetricChooser? {
    let groups = state.metricGroups
    guard let list = Self.metricList(Self.inside(rect)), list.contains(x: event.x, y: event.y),
      let chosen = state.chosenMetrics(groups)
    else { return nil }
    let (rows, _, first) = metricRows(groups, chosen, height: list.height)
    let index = first + event.y - list.y
    return rows.indices.contains(index) ? MetricChooser(group: rows[index].group, metric: rows[index].metric) : nil
  }

  private func metricRows(
    _ groups: [MetricGroup], _ chosen: (group: MetricGroup, metric: MetricID?), height: Int
  ) -> (rows: [MetricRow], here: Int, first: Int) {
    let rows = MetricRow.rows(groups)
    let here = rows.firstIndex { $0.group == chosen.group.name && $0.metric == chosen.metric } ?? 0
    return (rows, here, min(max(0, here - height / 2), max(0, rows.count - height)))
  }

  private mutating func drawMetricList(
    _ groups: [MetricGroup], _ chosen: (group: MetricGroup, metric: MetricID?),
    _ colored: [(id: MetricID, color: Color)],
    in rect: Rect, _ state: DashboardState
  ) {
    let (rows, here, first) = metricRows(groups, chosen, height: rect.height)
    for (offset, row) in rows.dropFirst(first).prefix(rect.height).enumerated() {
      let y = rect.y + offset
      let isChosen = first + offset == here
      if isChosen { fillRow(rect, y: y, style: theme.selected) }
      guard let metric = row.metric else {
        let isOpen = row.group == chosen.group.name
        let style = isChosen ? theme.selected : isOpen ? theme.title : theme.faint
        write("\(sign(isOpen ? .chosen : .bullet)) \(row.group)", x: rect.x, y: y, width: rect.width, style: style)
        continue
      }
      let value = state.history.metrics[metric]?.last.map { formatted($0.last) } ?? "--"
      let name = metric.rawValue.dropFirst(row.group.count + (metric.rawValue.hasPrefix(row.group + "/") ? 1 : 0))
      let color = colored.first { $0.id == metric }?.color
      let style = isChosen ? theme.selected : color.map { theme.style($0) } ?? theme.text
      let title = row.group == "other" ? metric.rawValue : String(name)
      write("  " + title, x: rect.x, y: y, width: rect.width - value.columns - 2, style: style)
      writeRight(
        value, maxX: rect.maxX - 1, y: y, width: rect.width - 1, style: isChosen ? theme.selected : theme.value)
    }
  }
}
