import ArgumentParser
import Dashboard
import Runs

struct CatalogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog", abstract: "List every key of a configuration, what it takes and what it means.")

  @Flag(help: "As JSON.")
  var json = false

  @Flag(help: "As the table of the README.")
  var markdown = false

  @Flag(help: "The dashboard's keys instead, as the table of the README.")
  var keys = false

  func run() throws {
    if keys {
      for row in ["| | keys | meaning |", "|---|---|---|"] + KeyTable.markdownRows { print(row) }
      return
    }
    print(json ? try Catalog.json() : markdown ? Catalog.markdown() : Catalog.text(), terminator: "")
  }
}
