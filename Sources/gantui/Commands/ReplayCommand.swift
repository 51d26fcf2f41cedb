import ArgumentParser
import Foundation
import Runs
import TerminalKit

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Train a run again and compare its checkpoints bit for bit.",
    discussion: """
      From seed, configuration and ledger, beside the run, which stays as it is. Exit code 0: all are the same; 1: the \
      first that differs is named.
      """)

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(help: ArgumentHelp("Compare no checkpoint of a later step.", valueName: "step"))
  var until: Int?

  @OptionGroup var store: StoreOptions

  func validate() throws {
    if let until, until < 0 { throw ValidationError("--until takes a whole number, 0 or more") }
  }

  func run() throws {
    Process.endOnSignals()
    let folder = try store.store.run(runName)
    let replay = try Replay(folder, until: until)
    for warning in replay.warnings { warn(warning) }
    // The line is for somebody who waits; a file gets the outcome alone.
    let isWatched = isatty(STDERR_FILENO) == 1
    let report = try replay.run { progress in
      guard isWatched else { return }
      let line = "step \(progress.step) of \(progress.lastStep), \(progress.same) checkpoints the same"
      FileHandle.standardError.write(Data("\r\(line)".utf8))
    }
    if isWatched { FileHandle.standardError.write(Data("\n".utf8)) }
    if let difference = report.difference { throw Failure("\(folder.name): \(difference)", code: 1) }
    let count = report.same.count
    let what = count == 1 ? "its checkpoint is" : "all \(count) checkpoints are"
    print("\(folder.name): \(what) the same, bit for bit, up to step \(report.same.last ?? 0)")
  }
}
