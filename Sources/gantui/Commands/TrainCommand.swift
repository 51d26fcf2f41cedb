import ArgumentParser
import Foundation
import Runs
import Telemetry

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train without the dashboard.",
    discussion: """
      Ctrl-C stops at the next step and keeps a checkpoint; gantui resume goes on from it. With --detach the run goes on \
      without the terminal, and gantui attach watches it.
      """)

  @OptionGroup var options: ConfigurationOptions
  @OptionGroup var store: StoreOptions
  @Option(name: .customLong("log-format"), help: "text, or json: one object a line.")
  var logFormat = LogFormat.text

  @OptionGroup var disk: DiskOptions
  @OptionGroup var detachment: DetachOptions

  func run() throws {
    let configuration = try options.resolve(store.search)
    if detachment.detach {
      // The lock is free again at once: the new process takes it.
      let folder = try store.store.create(configuration).run
      do {
        try detachment.start(folder, format: logFormat)
      } catch {
        if let lock = try? folder.lock() {
          folder.removeIfUntrained()
          withExtendedLifetime(lock) {}
        }
        throw error
      }
      return
    }
    let (folder, lock) = try store.store.create(configuration)
    try HeadlessSession(
      configuration, folder: folder, lock: lock, format: logFormat, interval: detachment.interval, isNew: true,
      waitsForRoom: disk.waitsForRoom
    ).run()
  }
}

/// How a run goes on without a terminal.
struct DetachOptions: ParsableArguments {
  @Flag(help: "Train in a process of its own, without the terminal, with its log in the run's folder.")
  var detach = false

  @Option(
    name: .customLong("log-every"),
    help: ArgumentHelp(
      "Seconds between two lines of progress. [default: 1 on a terminal, 10 detached, else 0: every report]",
      valueName: "seconds"))
  var interval: Double?

  func validate() throws {
    if let interval, !(0...1e6).contains(interval) {
      throw ValidationError("--log-every takes seconds, from 0 to 1e6")
    }
  }

  /// Trains a run, whose lock is free, in a process of its own; returns when it does.
  func start(_ folder: RunFolder, format: LogFormat) throws {
    try DetachedProcess(resuming: folder, format: format, interval: interval).introduce()
  }
}

enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
