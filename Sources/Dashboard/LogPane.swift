import Telemetry
import TerminalKit

extension Painter {
  /// The newest lines at the bottom, long ones over several rows.
  mutating func drawLog(_ rect: Rect, _ state: DashboardState) {
    let offset = state.log.offset
    let inside = pane(.log, rect, trailing: offset > 0 ? "\(offset) newer" : "", state: state)
    guard !inside.isEmpty else { return }
    let lines = state.log.lines.dropLast(offset)
    guard let last = lines.last else {
      writeCentered("nothing yet", in: inside, y: inside.y + inside.height / 2, style: theme.faint)
      return
    }
    let stepWidth = min("step \(grouped(max(last.step, state.history.step)))".columns, inside.width / 3)
    let textWidth = inside.width - stepWidth - 2
    guard textWidth > 0 else { return }
    var y = inside.maxY
    for line in lines.reversed() where y > inside.y {
      let rows = line.text.wrapped(to: textWidth)
      for (index, row) in rows.enumerated().reversed() where y > inside.y {
        y -= 1
        write(row, x: inside.x + stepWidth + 2, y: y, width: textWidth, style: style(of: line.kind))
        if index == 0 {
          write("step \(grouped(line.step))", x: inside.x, y: y, width: stepWidth, style: theme.faint)
        }
      }
    }
    // A short log begins at the top.
    if y > inside.y { shiftUp(inside, by: y - inside.y) }
  }

  private mutating func shiftUp(_ rect: Rect, by rows: Int) {
    for y in rect.y..<rect.maxY {
      for x in rect.x..<rect.maxX {
        buffer[x, y] = y + rows < rect.maxY ? buffer[x, y + rows] : Cell(" ", style: theme.background)
      }
    }
  }
}
