import ArgumentParser
import Runs

struct CatalogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog", abstract: "List every key of a configuration, what it takes and what it means.")

  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    print(json ? try Catalog.json() : Catalog.text())
  }
}
