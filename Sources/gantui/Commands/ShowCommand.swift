import ArgumentParser
import CursesTerminal
import Foundation
import Runs
import Telemetry
import TerminalKit

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what a run is, where it stands, and what was done to it.",
    discussion:
      "A folder of TensorBoard event files that another program writes opens in the dashboard, as with gantui watch; where there is no terminal, its newest values are printed."
  )

  @Argument(
    help: ArgumentHelp("The name of a run, the path of its folder, or a folder of event files.", valueName: "run"))
  var runName: String

  @Flag(help: "One JSON object.")
  var json = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    let run: RunFolder
    do throws(RunStoreError) {
      run = try store.store.run(runName)
    } catch {
      guard let folder = Self.eventFolder(runName) else { throw error }
      return try showEventFiles(folder)
    }
    Process.endOnSignals()
    let details = RunDetails(run)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      printLine(String(decoding: try encoder.encode(ShownRun(details)), as: UTF8.self))
    } else {
      for line in text(details) { printLine(line) }
    }
    if let warning = details.summary.warning { warn(warning) }
  }

  /// The absolute path of a folder that has event files in it or below; nil for any other.
  private static func eventFolder(_ path: String) -> String? {
    let folder = URL(fileURLWithPath: path).standardizedFileURL.path
    return EventFolderFollower.hasEventFiles(folder) ? folder : nil
  }

  private func showEventFiles(_ folder: String) throws {
    guard !json else {
      throw Failure("\(runName): is a folder of another program's event files: --json is of runs", code: ExitCode.usage)
    }
    do {
      return try WatchSession.start(folder: folder, screen: try Screen(display), record: display.record)
    } catch is TerminalError {}
    Process.endOnSignals()
    var follower = EventFolderFollower(folder: folder)
    var problems: [String] = []
    repeat {
      for case .message(let message, _) in follower.poll() { problems.append(message.text) }
    } while follower.isBehind
    let history = follower.history
    printLine("\(URL(fileURLWithPath: folder).lastPathComponent): event files of another program, step \(history.step)")
    for line in Self.table(history) { printLine(line) }
    for problem in problems { warn(problem) }
  }

  /// Newest value, minimum and maximum of each metric.
  private static func table(_ history: RunHistory) -> [String] {
    let metrics = history.metrics.keys.sorted { $0.rawValue < $1.rawValue }
    guard let width = metrics.map(\.rawValue.count).max() else { return [] }
    return ["", "\("metric".padded(width + 2))        last     minimum     maximum        step"]
      + metrics.compactMap { id in
        let curve = history[id]
        guard let last = curve.last else { return nil }
        let numbers = [last.last, curve.minimum, curve.maximum].map { formatted($0).leftPadded(12) }.joined()
        return "  \(id.rawValue.padded(width))\(numbers)\("\(last.lastStep)".leftPadded(12))"
      }
  }

  /// The most lines of a list.
  private static let listed = 20

  private func text(_ details: RunDetails) -> [String] {
    let (summary, history) = (details.summary, details.history)
    var lines = ["\(summary.run.name): \(summary.status.word)" + (summary.status.reason.map { ": \($0)" } ?? "")]
    let total = summary.totalSteps.map { " of \($0)" } ?? ""
    lines.append("  step \(summary.step ?? 0)\(total), \(formatDuration(history.elapsed)) of training")
    lines.append("  folder \(summary.run.path)")
    if let parent = details.facts[RunFact.parent] {
      lines.append("  branched off \(parent)" + (details.facts[RunFact.parentStep].map { " at step \($0)" } ?? ""))
    }
    func seconds(_ name: String) -> Double? { details.facts[name].flatMap(Double.init) }
    if let all = seconds(RunFact.processorTime), let storing = seconds(RunFact.storingTime), all > 0 {
      lines.append(String(format: "  storing took %.2f %% of %.1f s of CPU time", 100 * storing / all, all))
    }
    lines += details.lines.map { "  \($0)" }

    lines += Self.table(history)
    lines += list("active verdicts", history.activeVerdicts.map { "step \($0.step)  \($0.message)  (\($0.rule))" })
    lines += list(
      "ledger",
      details.ledger.map { entry in
        let what =
          switch entry.change {
          case .edit(let id, let old, let new): "\(id) \(formatted(old)) -> \(formatted(new))"
          case .singleStep(let player): "single step" + (player.map { " of \($0)" } ?? "")
          case .data:
            entry.undoneEdit.map { "undo of \($0.id) \(formatted($0.oldValue)) -> \(formatted($0.newValue))" }
              ?? entry.note ?? ""
          }
        return "step \(entry.step)  \(what)  (\(entry.origin))"
      })
    lines += list(
      "checkpoints",
      details.checkpoints.map { checkpoint in
        let size = String(format: "%.1f MB", Double(checkpoint.bytes) / 1e6)
        return "step \(checkpoint.step)  \(size)" + (checkpoint.measured.map { "  \(formatted($0))" } ?? "")
          + (checkpoint.isBest ? "  best" : "")
      })
    return lines
  }

  private func list(_ title: String, _ items: [String]) -> [String] {
    guard !items.isEmpty else { return [] }
    let left = items.count - Self.listed
    return ["", title] + (left > 0 ? ["  \(left) earlier ones"] : []) + items.suffix(Self.listed).map { "  \($0)" }
  }
}

/// A run as `show --json` writes it.
private struct ShownRun: Encodable {
  struct Metric: Encodable {
    var last: MeasureValue
    var minimum: MeasureValue
    var maximum: MeasureValue
    var step: Int
  }
  struct Kept: Encodable {
    var step: Int
    var path: String
    var bytes: Int
    var measured: Double?
    var best: Bool
  }

  var name: String
  var folder: String
  var state: String
  var reason: String?
  var process: Int32?
  var step: Int?
  var steps: Int?
  var elapsed: Double
  var sessions: Int
  var summary: [String]
  var facts: [String: String]
  var metrics: [String: Metric]
  var ledger: [LedgerLine]
  var verdicts: [Verdict]
  var activeVerdicts: [Verdict]
  var checkpoints: [Kept]
  var warning: String?

  init(_ details: RunDetails) {
    let (run, history) = (details.summary, details.history)
    (name, folder, state, reason) = (run.run.name, run.run.path, run.status.word, run.status.reason)
    (process, step, steps, elapsed) = (run.status.process, run.step, run.totalSteps, history.elapsed)
    (sessions, summary, facts, warning) = (details.sessions.count, details.lines, details.facts, run.warning)
    metrics = [:]
    for (id, curve) in history.metrics {
      guard let last = curve.last else { continue }
      metrics[id.rawValue] = Metric(
        last: .number(last.last), minimum: .number(curve.minimum), maximum: .number(curve.maximum), step: last.lastStep)
    }
    ledger = details.ledger.map { LedgerLine($0) }
    (verdicts, activeVerdicts) = (history.verdicts, history.activeVerdicts)
    checkpoints = details.checkpoints.map {
      Kept(step: $0.step, path: $0.path, bytes: $0.bytes, measured: $0.measured, best: $0.isBest)
    }
  }
}
