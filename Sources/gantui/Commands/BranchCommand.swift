import ArgumentParser
import Foundation
import Runs
import Telemetry

struct BranchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "branch", abstract: "Go on from a step of a run as a run of its own.",
    discussion: """
      The new run has the weights, the optimizers' state and the hyperparameters of the step, with what --set changes; \
      the old one stays as it is. Networks must keep their shapes.
      """)

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a key of the configuration.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "The new run's name. [default: RUN-at-STEP]")
  var name: String?

  @Flag(help: "Train without the dashboard.")
  var headless = false

  @Option(name: .customLong("log-format"), help: "With --headless: text, or json, one object a line.")
  var logFormat = LogFormat.text

  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    // An unknown theme must not leave the folder of a run that never was.
    if !headless { _ = try display.resolveTheme() }
    let parent = try store.store.run(runName)
    let branch = try RunBranch(of: parent, at: checkpoint.step, changes: overrides, name: name, in: store.store)
    for warning in branch.warnings { warn(warning) }
    checkpoint.tell(of: branch.origin.step, in: parent.name)
    if headless {
      try HeadlessSession(
        branch.configuration, folder: branch.folder, lock: branch.lock, format: logFormat, isNew: false
      ).run()
    } else {
      try DashboardSession.start(
        branch.configuration, folder: branch.folder, lock: branch.lock, display: display)
    }
  }
}
