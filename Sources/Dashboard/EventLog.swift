import Telemetry

/// One line of the event log.
public struct LogLine: Sendable, Equatable {
  public enum Kind: Sendable, Equatable { case info, warning, error, good, edit, checkpoint, verdict }
  public var step: Int
  public var kind: Kind
  public var text: String
  public init(step: Int, kind: Kind, text: String) {
    self.step = step
    self.kind = kind
    self.text = text
  }
}

/// What happened, newest last; the oldest lines are dropped beyond the capacity.
public struct EventLog: Sendable, Equatable {
  public static let capacity = 2000
  public private(set) var lines: [LogLine] = []
  /// How many of the newest lines are scrolled out of view.
  public private(set) var offset = 0

  mutating func append(_ line: LogLine) {
    // A checkpoint after a checkpoint is the same news, only newer: a fast run's would push out what a person did.
    if line.kind == .checkpoint, let last = lines.last, last.kind == .checkpoint, last.text == line.text {
      lines[lines.count - 1] = line
      return
    }
    if lines.count >= Self.capacity { lines.removeFirst(Self.capacity / 4) }
    lines.append(line)
    // A person who reads older lines keeps them in view.
    if offset > 0 { offset = min(offset + 1, lines.count - 1) }
  }

  mutating func scroll(by older: Int) {
    offset = min(max(0, offset + older), max(0, lines.count - 1))
  }

  mutating func scrollToTop() { offset = max(0, lines.count - 1) }
  mutating func scrollToBottom() { offset = 0 }
}
