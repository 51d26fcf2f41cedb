import ArgumentParser
import Foundation
import Runs
import TerminalKit

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs, or remove some.",
    subcommands: [ListCommand.self, RemoveCommand.self], defaultSubcommand: ListCommand.self)
}

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the runs, the latest first.",
    discussion: """
      The state follows from facts: the lock that a training process holds, the newest checkpoint, and the last state in \
      the journal. A run is killed where nobody holds its lock and the journal has no end.
      """)

  @OptionGroup var store: StoreOptions
  @Flag(help: "One JSON object a line.")
  var json = false

  private struct Line: Encodable {
    var name: String
    var folder: String
    var state: String
    var reason: String?
    var process: Int32?
    var step: Int?
    var lastStep: Int?
    var steps: Int?
    var lastActivity: Double
    var warning: String?
  }

  func run() throws {
    let runs = try store.store.list()
    for run in runs {
      if let warning = run.warning { warn(warning) }
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      for run in runs {
        let line = Line(
          name: run.run.name, folder: run.run.path, state: run.status.word, reason: run.status.reason,
          process: run.status.process, step: run.checkpointStep, lastStep: run.step, steps: run.totalSteps,
          lastActivity: run.lastActivity, warning: run.warning)
        printLine(String(decoding: try encoder.encode(line), as: UTF8.self))
      }
      return
    }
    guard !runs.isEmpty else {
      print("no runs in \(store.store.folder); gantui run ring8 starts one")
      return
    }
    let now = Date().timeIntervalSince1970
    let width = max(4, runs.map(\.run.name.count).max() ?? 4)
    print("\("name".padded(width))  state            step  checkpoint  of steps  last seen")
    for run in runs {
      let numbers = [(run.step, 10), (run.checkpointStep, 10), (run.totalSteps, 8)].map { number, width in
        (number.map(String.init) ?? "none").leftPadded(width)
      }
      let age = formatDuration(max(0, now - run.lastActivity).rounded())
      print(
        "\(run.run.name.padded(width))  \(run.status.word.padded(9))  \(numbers.joined(separator: "  "))  \(age) ago")
    }
  }
}

struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove runs with all that they hold.",
    discussion: "Asks for each run, unless --yes is given. A run that a process trains is left alone.")

  @Argument(help: ArgumentHelp("Names of runs, or paths of their folders.", valueName: "run"))
  var names: [String]

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    Process.endOnSignals()
    let runs = try names.map { try store.store.run($0) }
    guard yes || isatty(STDIN_FILENO) == 1 else {
      throw Failure("removing is for good; --yes removes where nobody can be asked", code: ExitCode.usage)
    }
    for run in runs {
      if !yes {
        let summary = RunSummary(run)
        let step = summary.step.map { ", step \($0)" } ?? ""
        FileHandle.standardOutput.write(Data("remove \(run.name) (\(summary.status.word)\(step))? [y/N] ".utf8))
        let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased() ?? ""
        guard ["y", "yes"].contains(answer) else {
          print("\(run.name) stays")
          continue
        }
      }
      try store.store.remove(run)
      print("removed \(run.path)")
    }
  }
}

extension String {
  func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
