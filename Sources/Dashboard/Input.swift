import Telemetry
import TerminalKit

/// What happens to the dashboard.
public enum Input: Sendable, Equatable {
  case key(Key)
  case mouse(MouseEvent)
  /// What the machine does, for the panel of that name.
  case system(SystemReport)
  case telemetry(Event)
  case resized(Size)
  /// The runs of the store, the latest first, as `listRuns` asked.
  case runs([StoredRun])
  /// The history of another run, as `loadRun` asked.
  case overlay(String, RunHistory)
  case overlayFailed(String, reason: String)
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
  /// Ring the terminal's bell.
  case bell
  /// Tell the desktop, where the terminal can.
  case notify(String)
  /// Draw every cell anew.
  case redraw
  /// Stop this run with a checkpoint, and train a new one like it on drawn points.
  case trainOnDrawing([DrawnPoint])
  /// Draw with the next theme from now on.
  case nextTheme
  /// Once the run has stopped, go on with it in a process without a terminal.
  case detach
  /// Tell what runs the store has.
  case listRuns
  /// Read the history of another run of the store.
  case loadRun(String)
  /// Draw with the theme of a name from now on; empty for the one that suits the terminal.
  case theme(String)
  /// Take over settings and keep them in the configuration file.
  case save(Settings)
  /// Keep what was done to the view for the next run.
  case remember
  /// Put a text on the clipboard of the terminal.
  case copy(String)
}
