import Foundation
import Models
import Telemetry

/// All that a run's folder tells without loading data or weights: for `gantui show`.
public struct RunDetails: Sendable {
  public var summary: RunSummary
  /// One line each: data, networks, objective, penalties, optimizers, schedule.
  public var lines: [String]
  /// Small facts by their names: see `RunFact`.
  public var facts: [String: String]
  /// What each process that trained it said of itself, oldest first.
  public var sessions: [JournalRecord]
  /// The curves, and the marks on them.
  public var history: RunHistory
  public var ledger: [LedgerEntry]
  public var checkpoints: [Checkpoint]

  /// A checkpoint on the disk.
  public struct Checkpoint: Sendable, Equatable {
    public var step: Int
    public var path: String
    public var bytes: Int
    /// What the measure of `schedule.keep-best` says about it.
    public var measured: Double?
    /// Whether it is the best by that measure.
    public var isBest = false
  }

  /// Reads what can be read; what cannot is a sentence in `summary.warning` or `summary.status`.
  public init(_ run: RunFolder) {
    summary = RunSummary(run)
    lines = summary.configuration.map(Self.lines) ?? []
    (facts, sessions, history, ledger) = ([:], [], RunHistory(), [])
    var rows: [JournalReader.CheckpointRow] = []
    if summary.warning == nil {
      do throws(RunStoreError) {
        let journal = try run.openReader()
        facts = try journal.facts()
        rows = try journal.checkpoints()
        sessions = try journal.records().filter { if case .session = $0.entry { true } else { false } }
        history = try journal.history(of: run)
        ledger = try journal.ledger()
      } catch {
        // A run that has only begun has none.
        if error != .readFailed(path: run.journalPath, errno: ENOENT) { summary.warning = "\(error)" }
      }
    }
    let schedule = summary.configuration?.schedule ?? ScheduleConfiguration()
    var retention = CheckpointRetention(schedule)
    retention.restore(rows)
    let steps = run.checkpointSteps()
    let best = retention.best(of: steps)
    checkpoints = steps.map { step in
      let path = run.checkpointPath(step: step)
      var status = stat()
      return Checkpoint(
        step: step, path: path, bytes: stat(path, &status) == 0 ? Int(status.st_size) : 0,
        measured: schedule.keepBest == nil ? nil : retention.measurements[step]?.value, isBest: step == best)
    }
  }

  private static func lines(_ configuration: RunConfiguration) -> [String] {
    let (model, schedule) = (configuration.model, configuration.schedule)
    var lines = [
      "data        \(configuration.data.kind.rawValue)",
      "model       \(model.kind.rawValue), \(configuration.objective.kind.rawValue)",
    ]
    let penalties = configuration.penalties.map(\.kind.rawValue)
    if !penalties.isEmpty { lines.append("penalties   \(penalties.joined(separator: ", "))") }
    let (generator, discriminator) = (configuration.optimizers.generator, configuration.optimizers.discriminator)
    func text(_ optimizer: OptimizerConfiguration) -> String { "\(optimizer.rule.kind.rawValue) at \(optimizer.rate)" }
    lines.append("optimizers  G \(text(generator)), D \(text(discriminator))")
    lines.append(
      "schedule    \(schedule.steps) steps, batch \(schedule.batch), \(schedule.discriminatorSteps) of D a step, a "
        + "checkpoint every \(schedule.checkpointEvery)")
    lines.append("seed        \(configuration.seed)")
    return lines
  }
}

/// Names of the small facts that a run's journal keeps.
public enum RunFact {
  /// The folder of the run that this one branched off, and the step.
  public static let parent = "parent"
  public static let parentStep = "parent_step"
  /// CPU seconds of the last process that trained the run, and those of them that its files and moments took.
  public static let processorTime = "processor_time"
  public static let storingTime = "storing_time"
}
