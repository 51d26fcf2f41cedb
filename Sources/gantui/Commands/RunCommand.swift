import ArgumentParser
import Runs

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", abstract: "Train with the dashboard.")

  @OptionGroup var options: ConfigurationOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    let configuration = try options.resolve(store.search)
    try DashboardSession.start(configuration, display: display, store: store)
  }
}
