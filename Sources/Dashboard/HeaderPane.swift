import Telemetry
import TerminalKit

extension Painter {
  /// The run's state as a sign, a word and a colour.
  func stateSpan(_ state: DashboardState) -> Span {
    switch state.runState {
    case .preparing: Span(sign(.preparing) + " preparing", theme.faint)
    case .training: Span(sign(.training) + " training", theme.good)
    case .paused(nil): Span(sign(.paused) + " paused", theme.warning)
    case .paused: Span(sign(.paused) + " paused", theme.critical)
    case .stopping: Span(sign(.stopping) + " stopping", theme.warning)
    case .finished: Span(sign(.done) + " finished", theme.good)
    case .stopped: Span(sign(.stopping) + " stopped", theme.warning)
    case .failed: Span(sign(.failed) + " failed", theme.critical)
    }
  }

  mutating func drawHeader(_ rect: Rect, _ state: DashboardState) {
    guard rect.height >= 3 else {
      let name = write(" " + state.runName + "  ", x: rect.x, y: rect.y, width: rect.width / 3, style: theme.title)
      drawProgress(Rect(x: rect.x + name, y: rect.y, width: rect.width - name, height: 1), state)
      return
    }
    let inside = buffer.box(rect, title: state.runName, trailing: "gantui", theme: theme, capabilities: capabilities)
    drawProgress(Rect(x: inside.x + 1, y: inside.y, width: inside.width - 2, height: 1), state)
  }

  /// State, step, gauge, speed, elapsed time and ETA in one row, as much of it as has room.
  private mutating func drawProgress(_ rect: Rect, _ state: DashboardState) {
    let total = state.run?.totalSteps ?? 0
    let share = total > 0 ? min(1, Double(state.liveHistory.step) / Double(total)) : 0
    let speed = state.speed.map { formatted($0, digits: 3) } ?? "--"
    let elapsed = formatDuration(state.liveHistory.elapsed)
    let remaining = state.remaining.map(formatDuration) ?? "--"
    let isRunning = state.run != nil
    let step = grouped(state.liveHistory.step) + (total > 0 ? "/" + grouped(total) : "")

    var begin = [stateSpan(state)]
    if let frozen = state.shell.frozen {
      begin.append(Span("  ", theme.text))
      begin.append(Span(" FROZEN at \(grouped(frozen.step)) ", theme.warning.with(.reverse)))
    }
    if isRunning { begin += [Span("  step ", theme.faint), Span(step, theme.value)] }
    // A run that is over has nothing left to wait for.
    func rest(before title: String) -> [Span] {
      state.isOver ? [] : [Span(title, theme.faint), Span(remaining, theme.value)]
    }
    let percent = Span(total > 0 ? percentText(share).leftPadded(to: 7) : "", theme.value)
    let long =
      [
        percent, Span("   ", theme.faint), Span(speed, theme.value), Span(" steps/s", theme.faint),
        Span("   elapsed ", theme.faint), Span(elapsed, theme.value),
      ] + rest(before: "   ETA ")
    let short =
      [
        percent, Span("  " + speed, theme.value), Span("/s  in ", theme.faint), Span(elapsed, theme.value),
      ] + rest(before: "  ETA ")
    let shorter = [Span("  " + speed, theme.value), Span("/s", theme.faint)] + rest(before: "  ETA ")
    func columns(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + $1.text.columns } }

    let used = write(begin, x: rect.x, y: rect.y, width: rect.width)
    guard isRunning else { return }
    let room = rect.width - used
    let right =
      [long, short].first { columns($0) + 12 <= room } ?? [short, shorter].first { columns($0) <= room } ?? []
    let width = columns(right)
    write(right, x: rect.maxX - width, y: rect.y, width: width)
    let gauge = Rect(x: rect.x + used + 2, y: rect.y, width: room - width - 2, height: 1)
    if gauge.width >= 6, total > 0 {
      // Progress is nothing to be warned of: the calm half of the gradient.
      var calm = theme
      calm.gradient = Array(theme.gradient.prefix(max(1, theme.gradient.count / 2)))
      Gauge(value: share).draw(in: gauge, into: &buffer, theme: calm, capabilities: capabilities)
    }
  }
}
