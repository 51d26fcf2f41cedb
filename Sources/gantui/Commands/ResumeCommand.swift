import ArgumentParser
import Runs

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run from its newest checkpoint.")

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(help: "Steps of the whole run, to prolong or to shorten it.")
  var steps: Int?

  @Flag(help: "Train without the dashboard.")
  var headless = false

  @Option(name: .customLong("log-format"), help: "With --headless: text, or json, one object a line.")
  var logFormat = LogFormat.text

  @OptionGroup var disk: DiskOptions
  @OptionGroup var detachment: DetachOptions

  @OptionGroup var store: StoreOptions
  @OptionGroup var display: DisplayOptions

  func validate() throws {
    if let steps, steps < 1 { throw ValidationError("--steps takes a whole number above 0") }
  }

  func run() throws {
    let folder = try store.store.run(runName)
    // Whoever has it open already is named before anything is written, and not in the log of a detached process.
    let lock = try folder.lock()
    let configuration = try folder.configuration(steps: steps)
    if detachment.detach {
      lock.release()
      return try detachment.start(folder, format: logFormat)
    }
    if headless {
      try HeadlessSession(
        configuration, folder: folder, lock: lock, format: logFormat, interval: detachment.interval, isNew: false,
        waitsForRoom: disk.waitsForRoom
      ).run()
    } else {
      try DashboardSession.start(configuration, folder: folder, lock: lock, display: display)
    }
  }
}
