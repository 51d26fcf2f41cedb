import Foundation
import Telemetry

/// Something that happened to a run, when, and at which step; what changed its bits stands in the ledger instead.
///
/// As JSON: `time` (seconds since 1970), `step`, `kind`, and the fields of the kind.
public struct JournalRecord: Sendable, Equatable {
  public enum Entry: Sendable, Equatable {
    /// A process began to train: facts such as its threads and instruction set.
    case session([String: String])
    case state(RunState)
    case verdict(Verdict)
    case message(LogMessage)
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

  /// The record of an event; nil for those that are kept elsewhere or not at all.
  public init?(_ event: Event, time: Double) {
    switch event {
    case .state(let state, let step): self.init(time: time, step: step, entry: .state(state))
    case .verdict(let verdict): self.init(time: time, step: verdict.step, entry: .verdict(verdict))
    case .message(let message, let step): self.init(time: time, step: step, entry: .message(message))
    default: return nil
    }
  }
}

extension JournalRecord: Encodable {
  private enum Key: String, CodingKey { case time, step }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(time, forKey: .time)
    try container.encode(step, forKey: .step)
    try entry.encode(to: encoder)
  }
}

extension JournalRecord.Entry: Codable {
  enum Kind: String, Codable {
    case session, state, verdict, message
  }

  var kind: Kind {
    switch self {
    case .session: .session
    case .state: .state
    case .verdict: .verdict
    case .message: .message
    }
  }

  private enum Key: String, CodingKey {
    case kind, facts, state, reason, verdict, severity, active, message, rule, level, text, at
  }

  private enum StateName: String, Codable {
    case preparing, training, paused, stopping, finished, stopped, failed
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .session(let facts): try container.encode(facts, forKey: .facts)
    case .state(let state):
      let (name, reason) = Self.words(state)
      try container.encode(name, forKey: .state)
      try container.encodeIfPresent(reason, forKey: .reason)
    case .verdict(let verdict):
      try container.encode(verdict.kind, forKey: .verdict)
      try container.encode(verdict.step, forKey: .at)
      try container.encode(verdict.severity, forKey: .severity)
      try container.encode(verdict.isActive, forKey: .active)
      try container.encode(verdict.message, forKey: .message)
      try container.encode(verdict.rule, forKey: .rule)
    case .message(let message):
      try container.encode(message.level, forKey: .level)
      try container.encode(message.text, forKey: .text)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .session: self = .session(try container.decode([String: String].self, forKey: .facts))
    case .state:
      let name = try container.decode(StateName.self, forKey: .state)
      self = .state(Self.state(name, try container.decodeIfPresent(String.self, forKey: .reason)))
    case .verdict:
      self = .verdict(
        Verdict(
          step: try container.decode(Int.self, forKey: .at),
          kind: try container.decode(Verdict.Kind.self, forKey: .verdict),
          severity: try container.decode(Verdict.Severity.self, forKey: .severity),
          isActive: try container.decode(Bool.self, forKey: .active),
          message: try container.decode(String.self, forKey: .message),
          rule: try container.decode(String.self, forKey: .rule)))
    case .message:
      self = .message(
        LogMessage(
          level: try container.decode(LogMessage.Level.self, forKey: .level),
          text: try container.decode(String.self, forKey: .text)))
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

/// JSON that also has infinities and NaN, as texts.
enum JournalJSON {
  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}
