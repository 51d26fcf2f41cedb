import ArgumentParser
import Foundation
import Runs
import TerminalKit

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "runs", abstract: "List the runs.")

  @OptionGroup var store: StoreOptions
  @Flag(help: "One JSON object a line.")
  var json = false

  private struct Line: Encodable {
    var name: String
    var folder: String
    var state: String
    var step: Int?
    var steps: Int?
  }

  func run() throws {
    let runs = try store.store.list()
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      for run in runs {
        let line = Line(
          name: run.run.name, folder: run.run.path, state: run.status.word, step: run.checkpointStep,
          steps: run.totalSteps)
        print(String(decoding: try encoder.encode(line), as: UTF8.self))
      }
      return
    }
    guard !runs.isEmpty else {
      print("no runs in \(store.store.folder); gantui run ring8 starts one")
      return
    }
    let now = Date().timeIntervalSince1970
    let width = max(4, runs.map(\.run.name.count).max() ?? 4)
    print(
      "\("name".padding(toLength: width, withPad: " ", startingAt: 0))  state        checkpoint  of steps  last seen")
    for run in runs {
      let name = run.run.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let state = run.status.word.padding(toLength: 11, withPad: " ", startingAt: 0)
      let step = run.checkpointStep.map(String.init) ?? "none"
      let steps = run.totalSteps.map(String.init) ?? "?"
      let age = formatDuration(max(0, now - run.lastActivity))
      print("\(name)  \(state)  \(step.leftPadded(10))  \(steps.leftPadded(8))  \(age) ago")
    }
  }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
