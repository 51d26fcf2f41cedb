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
    case DatasetError.fileNotFound, DatasetError.missingFile, DatasetError.notDownloaded, DatasetError.unreadable,
      DatasetError.unwritable:
      code = ExitCode.inputOutput
    case DownloadError.unknownName: code = ExitCode.usage
    case is DatasetError: code = ExitCode.data
    case is DownloadError: code = ExitCode.inputOutput
    case is TerminalError: code = ExitCode.usage
    default: code = ExitCode.software
    }
  }

  func exit() -> Never {
    warn(message)
    Process.end(code)
  }
}

/// One sentence on stderr.
func warn(_ sentence: some CustomStringConvertible) {
  FileHandle.standardError.write(Data("gantui: \(sentence)\n".utf8))
}

extension Process {
  /// Ends the process at once: a run that is left without its last checkpoint still trains, and its libraries must not be
  /// taken down under it.
  static func end(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }
}
