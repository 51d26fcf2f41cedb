import ArgumentParser
import Runs

struct CatalogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog", abstract: "List every key of a configuration, what it takes and what it means.")

  @Flag(help: "As JSON.")
  var json = false

  @Flag(help: "As the table of the README.")
  var markdown = false

  func run() throws {
    print(json ? try Catalog.json() : markdown ? Catalog.markdown() : Catalog.text(), terminator: "")
  }
}
