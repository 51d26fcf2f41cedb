import Telemetry
import TerminalKit

/// What happens to the dashboard.
public enum Input: Sendable, Equatable {
  case key(Key)
  case telemetry(Event)
  case resized(Size)
  /// Seconds on any clock that only moves forward; the dashboard itself reads none.
  case tick(Double)
}

/// What the dashboard wants done.
public enum Effect: Sendable, Equatable {
  /// To the trainer. Requests are numbered by the dashboard, from 1 on, so that it knows which a reply means.
  case send(Request)
  /// Leave; the run is over, or a person asked twice.
  case quit
  /// Stop the process as Ctrl-Z does, and draw anew when it continues.
  case suspend
  /// Draw every cell anew.
  case redraw
  /// Stop this run with a checkpoint, and train a new one like it on drawn points.
  case trainOnDrawing([DrawnPoint])
  /// Draw with the next theme from now on.
  case nextTheme
}
