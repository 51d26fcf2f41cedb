import ArgumentParser
import CAllocations
import CursesTerminal
import Foundation

@main
struct Gantui: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gantui",
    abstract: "Train generative models in the terminal: watch them, steer them, never lose a run.",
    discussion: "Without a command, a start screen offers sample configurations and earlier runs.",
    version: version,
    subcommands: [
      RunCommand.self, TrainCommand.self, ResumeCommand.self, AttachCommand.self, BranchCommand.self,
      ReplayCommand.self, RunsCommand.self, ShowCommand.self, RemoveCommand.self, ExportCommand.self,
      AlertsCommand.self, ChartCommand.self, WatchCommand.self, SampleCommand.self, MeasureCommand.self,
      WalkCommand.self, InvertCommand.self, AnomalyCommand.self, StabilityCommand.self, JudgeCommand.self,
      CheckCommand.self, CatalogCommand.self, FrameCommand.self, DataCommand.self, BenchCommands.self,
    ])

  static let version = "0.1.0"

  @OptionGroup var display: DisplayOptions
  @OptionGroup var store: StoreOptions

  static func main() {
    ca_limit_heap()
    // Signals become events: they are blocked before the first other thread exists, and taken in one place.
    do {
      Process.signals = try SignalSource()
    } catch {
      Failure(error).exit()
    }
    do {
      var command = try parseAsRoot()
      try command.run()
      Process.end(0)
    } catch {
      // Help and the version are errors too, of code 0.
      switch exitCode(for: error) {
      case .failure: Failure(error).exit()
      case .validationFailure:
        Failure(refusal(of: error), code: ArgumentParser.ExitCode.validationFailure.rawValue).exit()
      default: exit(withError: error)
      }
    }
  }

  /// What is wrong with a command line, as one sentence, and where its options are listed.
  private static func refusal(of error: any Error) -> String {
    let message = message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
    let help = fullMessage(for: error).firstMatch(of: /'(gantui[a-z ]*--help)'/).map { " (see \($0.1))" } ?? ""
    // Options and names keep their letters, the parser's sentences begin small, as ours do.
    let isSentence = message.dropFirst().first?.isLowercase == true && !message.hasPrefix("gantui")
    return (isSentence ? message.prefix(1).lowercased() + message.dropFirst() : message) + help
  }

  func run() throws {
    try StartSession(display: display, store: store).run()
  }
}

/// What belongs to the process as a whole.
enum Process {
  /// Set once, first thing in `main`, before any other thread exists.
  nonisolated(unsafe) static var signals: SignalSource?

  /// Lets Ctrl-C and its like end the process at once again: for commands that have nothing to put in order.
  static func endOnSignals() {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGTSTP] { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }
}
