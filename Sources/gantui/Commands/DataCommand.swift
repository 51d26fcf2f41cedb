import ArgumentParser
import Datasets
import Foundation
import Runs

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch data sets.", subcommands: [DataGetCommand.self])
}

struct DataGetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Download a data set into the cache; a broken download is taken up again.")

  @Argument(help: "mnist, fashion-mnist or digits.")
  var name: String

  func run() throws {
    let isTerminal = isatty(STDERR_FILENO) == 1
    let folder = try Downloader().get(name) { progress in
      guard isTerminal else { return }
      FileHandle.standardError.write(Data("\r\(progress.bar(width: 30))\u{1B}[K".utf8))
    }
    if isTerminal { FileHandle.standardError.write(Data("\n".utf8)) }
    print("\(name) is in \(folder)")
  }
}
