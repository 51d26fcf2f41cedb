import CursesTerminal
import Datasets
import Foundation
import Runs

/// An error on its way out of the program: one sentence on stderr, and an exit code.
struct Failure: Error {
  var message: String
  var code: Int32

  init(_ message: String, code: Int32) {
    self.message = message
    self.code = code
  }

  init(_ error: any Error) {
    message = "\(error)"
    switch error {
    case let failure as Failure: self = failure
    case let coded as any ExitCoded: code = coded.exitCode
    case let error as DatasetError: code = error.isInputOutput ? ExitCode.inputOutput : ExitCode.data
    case let error as DownloadError: code = error.isInputOutput ? ExitCode.inputOutput : ExitCode.data
    case is TerminalError: code = ExitCode.usage
    default: code = ExitCode.software
    }
  }

  func exit() -> Never {
    FileHandle.standardError.write(Data("gantui: \(message)\n".utf8))
    Foundation.exit(code)
  }
}
