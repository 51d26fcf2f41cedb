import Measures
import Models
import Networks
import Stability

/// The exit codes of `gantui`, those of sysexits.h.
public enum ExitCode {
  /// The command line asks for something that does not exist.
  public static let usage: Int32 = 64
  /// Bad data or a bad configuration.
  public static let data: Int32 = 65
  /// An error of the program itself.
  public static let software: Int32 = 70
  /// A file cannot be read or written.
  public static let inputOutput: Int32 = 74
}

/// An error that knows which exit code it ends the program with.
public protocol ExitCoded: Error {
  var exitCode: Int32 { get }
}

// Networks, games and samples that a configuration or a file asks for, and that cannot be.

extension SystemError: ExitCoded { public var exitCode: Int32 { ExitCode.data } }
extension NetworkError: ExitCoded { public var exitCode: Int32 { ExitCode.data } }
extension GameAnalysisError: ExitCoded { public var exitCode: Int32 { ExitCode.data } }
extension StabilityError: ExitCoded { public var exitCode: Int32 { ExitCode.data } }
extension MeasureError: ExitCoded { public var exitCode: Int32 { ExitCode.data } }
