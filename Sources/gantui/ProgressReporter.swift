import Foundation
import Telemetry
import TerminalKit

/// Turns events into lines on stdout.
protocol ProgressReporter {
  mutating func take(_ event: Event)
  /// The last line, when the run has ended; with the path of its newest checkpoint.
  mutating func finish(run folder: String, checkpoint: String?)
}

/// Writes a line to stdout at once, into a pipe too.
func printLine(_ text: String) { StandardOutput.write(text + "\n") }

/// A line a second for people; a line a report where stdout is no terminal, or a line after so many seconds.
struct TextReporter: ProgressReporter {
  private let totalSteps: Int
  /// Seconds between two lines of progress.
  private let interval: Double
  private var last: [MetricID: Double] = [:]
  private var shownAt = -Double.infinity
  private var step = 0
  /// The last line of progress.
  private var shown = ""
  /// Steps a second over the last seconds, with the report it was measured at.
  private var speed: Double?
  private var measured: (step: Int, elapsed: Double)?
  /// The first and the latest report of this session.
  private var first: (step: Int, elapsed: Double)?
  private var latest: (step: Int, elapsed: Double)?

  init(totalSteps: Int, isTerminal: Bool, interval: Double? = nil) {
    self.totalSteps = totalSteps
    self.interval = interval ?? (isTerminal ? 1 : 0)
  }

  mutating func take(_ event: Event) {
    switch event {
    case .described(let run):
      printLine("\(run.name): \(run.summary.joined(separator: "; "))")
      printLine("folder \(run.folder)")
    case .metrics(let report):
      for (id, bucket) in report.buckets { last[id] = bucket.last }
      step = max(step, report.step)
      latest = (report.step, report.elapsed)
      first = first ?? latest
      let now = Date().timeIntervalSince1970
      guard now - shownAt >= interval else { return }
      shownAt = now
      measureSpeed(report)
      show(line)
    case .verdict(let verdict):
      printLine(
        "step \(verdict.step)  \(verdict.isActive ? verdict.message : "passed: \(verdict.message)")  (\(verdict.rule))")
    case .edited(let edit):
      printLine("step \(edit.step)  \(edit.id) \(formatted(edit.oldValue)) -> \(formatted(edit.newValue))")
    case .message(let message, let step): printLine("step \(step)  \(message.text)")
    case .state(.paused(let reason?), let step):
      printLine("step \(step)  paused: \(reason); gantui attach steers it, Ctrl-C stops it")
    case .branched(let origin, _): printLine("branched from \(origin.run) at step \(origin.step)")
    case .history(let past):
      step = max(step, past.step)
      for (id, history) in past.metrics { last[id] = history.last?.last }
    case .state, .panel, .checkpointed, .moment, .alert, .reply, .wheel: break
    }
  }

  /// Several reports of one step may look alike.
  private mutating func show(_ line: String) {
    guard line != shown else { return }
    shown = line
    printLine(line)
  }

  /// Averages the speed over some lines: that of a tenth of a second alone jumps about.
  private mutating func measureSpeed(_ report: MetricReport) {
    guard let before = measured, report.step >= before.step, report.elapsed >= before.elapsed else {
      measured = (report.step, report.elapsed)
      return
    }
    let seconds = report.elapsed - before.elapsed
    guard seconds >= 0.5, report.step > before.step else { return }
    let now = Double(report.step - before.step) / seconds
    let weight = 1 - exp(-seconds / 5)
    speed = speed.map { $0 + weight * (now - $0) } ?? now
    measured = (report.step, report.elapsed)
  }

  private var line: String {
    var parts = ["step \(step)/\(totalSteps)"]
    func add(_ title: String, _ id: MetricID) {
      if let value = last[id] { parts.append("\(title) \(formatted(value))") }
    }
    add("G", .generatorLoss)
    add("D", .discriminatorLoss)
    add("D(x)", .realScore)
    add("D(G(z))", .fakeScore)
    add("modes", .modesCovered)
    if let quality = last[.highQuality] { parts.append("high quality \(formatted(quality * 100))%") }
    add("entropy gap", .entropyGap)
    if let speed, speed > 0 {
      parts.append("\(formatted(speed, digits: 3)) steps/s")
      if step < totalSteps { parts.append("ETA \(formatDuration(Double(totalSteps - step) / speed))") }
    }
    return parts.joined(separator: "  ")
  }

  mutating func finish(run folder: String, checkpoint: String?) {
    // A session too short for an average has one speed: that of all of it.
    if speed == nil, let first, let latest, latest.elapsed > first.elapsed {
      speed = Double(latest.step - first.step) / (latest.elapsed - first.elapsed)
    }
    if step > 0 { show(line) }
    if latest == nil, step >= totalSteps, totalSteps > 0 {
      printLine("nothing is left to train; --steps N prolongs it")
    }
    printLine("run \(folder)")
    if let checkpoint { printLine("checkpoint \(checkpoint)") }
  }
}

/// One JSON object a line: `step` and tags, or an event.
struct JSONReporter: ProgressReporter {
  private var last: [String: Double] = [:]
  private var step = 0
  private let encoder: JSONEncoder
  /// Seconds between two lines of metrics.
  private let interval: Double
  private var shownAt = -Double.infinity

  init(interval: Double? = nil) {
    self.interval = interval ?? 0
    encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  /// A value of a JSON object. Numbers that JSON does not have are null.
  private enum Value: Encodable {
    case number(Double)
    case integer(Int)
    case text(String)
    case flag(Bool)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let value): if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
      case .integer(let value): try container.encode(value)
      case .text(let value): try container.encode(value)
      case .flag(let value): try container.encode(value)
      }
    }
  }

  private func write(_ fields: [String: Value]) {
    guard let data = try? encoder.encode(fields) else { return }
    printLine(String(decoding: data, as: UTF8.self))
  }

  mutating func take(_ event: Event) {
    switch event {
    case .metrics(let report):
      step = max(step, report.step)
      var fields: [String: Value] = ["step": .integer(report.step), "elapsed": .number(report.elapsed)]
      for (id, bucket) in report.buckets {
        fields[id.rawValue] = .number(bucket.last)
        last[id.rawValue] = bucket.last
      }
      let now = Date().timeIntervalSince1970
      guard now - shownAt >= interval else { return }
      shownAt = now
      write(fields)
    case .verdict(let verdict):
      write([
        "step": .integer(verdict.step), "event": .text("verdict"), "kind": .text(verdict.kind.rawValue),
        "severity": .text(verdict.severity.rawValue), "active": .flag(verdict.isActive),
        "message": .text(verdict.message),
        "rule": .text(verdict.rule),
      ])
    case .edited(let edit):
      write([
        "step": .integer(edit.step), "event": .text("edit"), "id": .text(edit.id), "old": .number(edit.oldValue),
        "new": .number(edit.newValue),
      ])
    case .checkpointed(let record):
      write(["step": .integer(record.step), "event": .text("checkpoint"), "path": .text(record.path)])
    case .message(let message, let step):
      write([
        "step": .integer(step), "event": .text("message"), "level": .text(message.level.rawValue),
        "text": .text(message.text),
      ])
    case .state(let state, let step):
      var fields: [String: Value] = ["step": .integer(step), "event": .text("state"), "state": .text(state.word)]
      switch state {
      case .paused(let reason?), .failed(let reason): fields["reason"] = .text(reason)
      case .preparing, .training, .paused, .stopping, .finished, .stopped: break
      }
      write(fields)
    case .branched(let origin, _):
      write(["step": .integer(origin.step), "event": .text("branch"), "parent": .text(origin.path)])
    case .history(let past):
      step = max(step, past.step)
      for (id, history) in past.metrics { last[id.rawValue] = history.last?.last }
    case .described, .panel, .moment, .alert, .reply, .wheel: break
    }
  }

  mutating func finish(run folder: String, checkpoint: String?) {
    var fields: [String: Value] = ["final": .flag(true), "run": .text(folder), "step": .integer(step)]
    if let checkpoint { fields["checkpoint"] = .text(checkpoint) }
    for (tag, value) in last { fields[tag] = .number(value) }
    write(fields)
  }
}

extension RunState {
  /// One word for logs.
  var word: String {
    switch self {
    case .preparing: "preparing"
    case .training: "training"
    case .paused: "paused"
    case .stopping: "stopping"
    case .finished: "finished"
    case .stopped: "stopped"
    case .failed: "failed"
    }
  }
}
