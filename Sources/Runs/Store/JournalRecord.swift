import Foundation
import Telemetry

/// One line of a run's journal: what happened, when, at which step.
///
/// The file is JSON lines, read by other programs too: `time` (seconds since 1970), `step`, `kind`, and the fields of the
/// kind. Numbers that JSON cannot write are the texts `nan`, `inf` and `-inf`.
public struct JournalRecord: Sendable, Equatable {
  public enum Entry: Sendable, Equatable {
    /// A process began to train: facts such as its id, threads, instruction set, version.
    case session([String: String])
    case state(RunState)
    case edited(Edit)
    /// One turn, or one player's update alone, asked for by a person: it changes the bits of the run.
    case singleStep(player: String?)
    case checkpointed(CheckpointRecord)
    case verdict(Verdict)
    case message(LogMessage)
    /// The last value of each metric, written from time to time.
    case metrics([MetricID: Double], elapsed: Double)
  }

  /// Seconds since 1970.
  public var time: Double
  public var step: Int
  public var entry: Entry

  public init(time: Double, step: Int, entry: Entry) {
    self.time = time
    self.step = step
    self.entry = entry
  }

  /// The record of an event that a journal keeps; nil for pictures, descriptions and replies.
  public init?(_ event: Event, time: Double) {
    switch event {
    case .state(let state, let step): self.init(time: time, step: step, entry: .state(state))
    case .edited(let edit): self.init(time: time, step: edit.step, entry: .edited(edit))
    case .checkpointed(let record): self.init(time: time, step: record.step, entry: .checkpointed(record))
    case .verdict(let verdict): self.init(time: time, step: verdict.step, entry: .verdict(verdict))
    case .message(let message, let step): self.init(time: time, step: step, entry: .message(message))
    case .metrics(let report):
      self.init(
        time: time, step: report.step, entry: .metrics(report.buckets.mapValues(\.last), elapsed: report.elapsed))
    case .described, .history, .panel, .moment, .branched, .reply: return nil
    }
  }
}

extension JournalRecord: Codable {
  private enum Key: String, CodingKey {
    case time, step, kind
    case facts, state, reason, id, old, new, player, path, verdict, severity, active, message, rule, level, text
    case values, elapsed
  }

  private enum Kind: String, Codable {
    case session, state, edit, checkpoint, verdict, message, metrics
    case singleStep = "single-step"
  }

  private enum StateName: String, Codable {
    case preparing, training, paused, stopping, finished, stopped, failed
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(time, forKey: .time)
    try container.encode(step, forKey: .step)
    switch entry {
    case .session(let facts):
      try container.encode(Kind.session, forKey: .kind)
      try container.encode(facts, forKey: .facts)
    case .state(let state):
      try container.encode(Kind.state, forKey: .kind)
      let (name, reason) = Self.words(state)
      try container.encode(name, forKey: .state)
      try container.encodeIfPresent(reason, forKey: .reason)
    case .edited(let edit):
      try container.encode(Kind.edit, forKey: .kind)
      try container.encode(edit.id, forKey: .id)
      try container.encode(edit.oldValue, forKey: .old)
      try container.encode(edit.newValue, forKey: .new)
    case .singleStep(let player):
      try container.encode(Kind.singleStep, forKey: .kind)
      try container.encodeIfPresent(player, forKey: .player)
    case .checkpointed(let record):
      try container.encode(Kind.checkpoint, forKey: .kind)
      try container.encode(record.path, forKey: .path)
    case .verdict(let verdict):
      try container.encode(Kind.verdict, forKey: .kind)
      try container.encode(verdict.kind, forKey: .verdict)
      try container.encode(verdict.severity, forKey: .severity)
      try container.encode(verdict.isActive, forKey: .active)
      try container.encode(verdict.message, forKey: .message)
      try container.encode(verdict.rule, forKey: .rule)
    case .message(let message):
      try container.encode(Kind.message, forKey: .kind)
      try container.encode(message.level, forKey: .level)
      try container.encode(message.text, forKey: .text)
    case .metrics(let values, let elapsed):
      try container.encode(Kind.metrics, forKey: .kind)
      try container.encode(
        Dictionary(values.map { ($0.key.rawValue, $0.value) }) { first, _ in first }, forKey: .values)
      try container.encode(elapsed, forKey: .elapsed)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    time = try container.decode(Double.self, forKey: .time)
    let step = try container.decode(Int.self, forKey: .step)
    self.step = step
    switch try container.decode(Kind.self, forKey: .kind) {
    case .session: entry = .session(try container.decode([String: String].self, forKey: .facts))
    case .state:
      let name = try container.decode(StateName.self, forKey: .state)
      let reason = try container.decodeIfPresent(String.self, forKey: .reason)
      entry = .state(Self.state(name, reason))
    case .edit:
      entry = .edited(
        Edit(
          step: step, id: try container.decode(String.self, forKey: .id),
          oldValue: try container.decode(Double.self, forKey: .old),
          newValue: try container.decode(Double.self, forKey: .new)))
    case .singleStep: entry = .singleStep(player: try container.decodeIfPresent(String.self, forKey: .player))
    case .checkpoint:
      entry = .checkpointed(CheckpointRecord(step: step, path: try container.decode(String.self, forKey: .path)))
    case .verdict:
      entry = .verdict(
        Verdict(
          step: step, kind: try container.decode(Verdict.Kind.self, forKey: .verdict),
          severity: try container.decode(Verdict.Severity.self, forKey: .severity),
          isActive: try container.decode(Bool.self, forKey: .active),
          message: try container.decode(String.self, forKey: .message),
          rule: try container.decode(String.self, forKey: .rule)))
    case .message:
      entry = .message(
        LogMessage(
          level: try container.decode(LogMessage.Level.self, forKey: .level),
          text: try container.decode(String.self, forKey: .text)))
    case .metrics:
      let values = try container.decode([String: Double].self, forKey: .values)
      entry = .metrics(
        Dictionary(values.map { (MetricID(rawValue: $0.key), $0.value) }) { first, _ in first },
        elapsed: try container.decode(Double.self, forKey: .elapsed))
    }
  }

  private static func words(_ state: RunState) -> (name: StateName, reason: String?) {
    switch state {
    case .preparing: (.preparing, nil)
    case .training: (.training, nil)
    case .paused(let reason): (.paused, reason)
    case .stopping: (.stopping, nil)
    case .finished: (.finished, nil)
    case .stopped: (.stopped, nil)
    case .failed(let message): (.failed, message)
    }
  }

  private static func state(_ name: StateName, _ reason: String?) -> RunState {
    switch name {
    case .preparing: .preparing
    case .training: .training
    case .paused: .paused(reason: reason)
    case .stopping: .stopping
    case .finished: .finished
    case .stopped: .stopped
    case .failed: .failed(message: reason ?? "")
    }
  }
}
