import ArgumentParser
import Runs

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate a configuration and print it with every default filled in.")

  @OptionGroup var options: ConfigurationOptions
  @OptionGroup var store: StoreOptions

  func run() throws {
    let configuration = try options.resolve(store.search)
    print(configuration.yaml, terminator: "")
  }
}
