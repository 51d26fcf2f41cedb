import Glibc

/// Why a run's socket cannot be made or reached.
public enum AttachError: Error, Sendable, Equatable {
  case system(call: String, path: String, errno: Int32)
  /// No process listens: there is no socket, or one that a dead process left.
  case notServing(path: String)
  /// The other side said no, in a sentence of its own.
  case refused(String)
  case versionMismatch(theirs: Int, program: String)
  /// Whoever listens does not answer.
  case silent(path: String)
  /// What came is no message of this protocol.
  case malformed(String)
  case oversized(bytes: Int, limit: Int)
}

extension AttachError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let call, let path, let code): "\(path): \(call): \(String(cString: strerror(code)))"
    case .notServing(let path): "\(path): nobody listens"
    case .refused(let sentence): sentence
    case .versionMismatch(let theirs, let program):
      "the run is trained by gantui \(program), whose socket speaks version \(theirs); this program speaks \(Hello.currentVersion)"
    case .silent(let path): "\(path): no answer"
    case .malformed(let reason): "a message that cannot be read: \(reason)"
    case .oversized(let bytes, let limit): "a message of \(bytes) bytes, more than \(limit)"
    }
  }
}
