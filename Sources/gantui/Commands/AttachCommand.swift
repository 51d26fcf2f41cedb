import ArgumentParser
import Attach
import CursesTerminal
import Foundation
import Runs

struct AttachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach", abstract: "Watch and steer a run that another process trains.",
    discussion: "W takes the wheel and gives it up; q leaves, and the run goes on.")

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    let folder = try store.store.run(runName)
    _ = try display.resolveTheme()
    let viewer = try Self.connect(to: folder)
    let screen: Screen
    do {
      screen = try Screen(display)
    } catch let error as TerminalError {
      throw Failure("\(error); gantui attach draws on a terminal", code: ExitCode.usage)
    }
    try DashboardSession.attach(viewer, to: folder, screen: screen, record: display.record)
  }

  /// Connects to the process that trains a run; one that has just begun gets a moment.
  static func connect(to folder: RunFolder) throws -> Viewer {
    var attempts = 100
    while true {
      do throws(AttachError) {
        return try Viewer(folder: folder.path, program: Gantui.version, name: Person.name)
      } catch {
        switch (error, folder.activity) {
        case (.notServing, .idle):
          throw Failure(
            "\(folder.name): no process trains this run; gantui resume \(folder.name) goes on with it",
            code: ExitCode.usage)
        case (.notServing, .training(let process)):
          attempts -= 1
          if attempts > 0 {
            usleep(20_000)
            continue
          }
          let who = process.map { "process \($0)" } ?? "another process"
          throw Failure("\(folder.name): \(who) trains it, but nobody can attach to it", code: ExitCode.inputOutput)
        default: throw Failure("\(folder.name): \(error)", code: ExitCode.inputOutput)
        }
      }
    }
  }
}
