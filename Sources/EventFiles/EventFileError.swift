import Foundation

/// Why an event file cannot be written.
public enum EventFileError: Error, Sendable, Equatable, CustomStringConvertible {
  case cannotCreate(path: String, errno: Int32)
  case writeFailed(path: String, errno: Int32)

  public var description: String {
    switch self {
    case .cannotCreate(let path, let code):
      "\(path): the event file cannot be created: \(String(cString: strerror(code)))"
    case .writeFailed(let path, let code):
      "\(path): the event file cannot be written: \(String(cString: strerror(code)))"
    }
  }
}

/// Why an event file, or what follows in it, is not read.
public enum EventFileProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// A checksum is wrong: what follows cannot be told apart from rubbish.
  case damaged(path: String, offset: Int)
  /// The file is shorter than what has been read of it.
  case shortened(path: String)
  case unreadable(path: String, errno: Int32)
  /// A whole record that holds no event; it is passed over.
  case noEvent(path: String, offset: Int)
  /// The folder, or a file in it, holds more than is followed.
  case tooManyFiles(folder: String, limit: Int)
  case tooManyTags(folder: String, limit: Int)

  public var description: String {
    switch self {
    case .damaged(let path, 0): "\(path): is no event file, or is damaged at its beginning; it is passed over"
    case .damaged(let path, let offset): "\(path): is damaged at byte \(offset); what follows there is passed over"
    case .shortened(let path): "\(path): has become shorter; what follows there is passed over"
    case .unreadable(let path, let code): "\(path): cannot be read: \(String(cString: strerror(code)))"
    case .noEvent(let path, let offset): "\(path): the record at byte \(offset) is no event; it is passed over"
    case .tooManyFiles(let folder, let limit):
      "\(folder): has more than \(limit) event files; the others are passed over"
    case .tooManyTags(let folder, let limit): "\(folder): has more than \(limit) tags; the others are passed over"
    }
  }
}
