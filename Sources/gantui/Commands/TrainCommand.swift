import ArgumentParser
import Foundation
import Runs
import Telemetry

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train without the dashboard.",
    discussion: "Ctrl-C stops at the next step and keeps a checkpoint; gantui resume goes on from it.")

  @OptionGroup var options: ConfigurationOptions
  @OptionGroup var store: StoreOptions
  @Option(name: .customLong("log-format"), help: "text, or json: one object a line.")
  var logFormat = LogFormat.text

  @OptionGroup var disk: DiskOptions

  func run() throws {
    let configuration = try options.resolve(store.search)
    let (folder, lock) = try store.store.create(configuration)
    try HeadlessSession(
      configuration, folder: folder, lock: lock, format: logFormat, isNew: true,
      waitsForRoom: disk.waitsForRoom
    ).run()
  }
}

enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
