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

  @Option(name: .customLong("from"), help: "Another address than the usual mirrors.")
  var base: String?

  func run() throws {
    let isTerminal = isatty(STDERR_FILENO) == 1
    let folder: String
    do {
      folder = try Downloader.get(name, base: base) { file, received, total in
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\(Self.bar(file, received, total))\u{1B}[K".utf8))
      }
    } catch {
      if isTerminal { FileHandle.standardError.write(Data("\n".utf8)) }
      throw Failure(error)
    }
    if isTerminal { FileHandle.standardError.write(Data("\n".utf8)) }
    print("\(name) is in \(folder)")
  }

  private static func bar(_ file: String, _ received: Int, _ total: Int?) -> String {
    let megabytes = { (bytes: Int) in String(format: "%.1f MB", Double(bytes) / 1e6) }
    guard let total, total > 0 else { return "\(file)  \(megabytes(received))" }
    let width = 30
    let filled = min(width, received * width / total)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    return "\(file)  [\(bar)] \(received * 100 / total) %  \(megabytes(received)) of \(megabytes(total))"
  }
}
