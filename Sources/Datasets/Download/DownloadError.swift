import Foundation

/// Why a dataset could not be downloaded. Each renders to one sentence.
public enum DownloadError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownName(name: String, known: [String])
  /// The address cannot be parsed.
  case badAddress(String)
  /// No connection; `detail` is the system's reason.
  case unreachable(address: String, detail: String)
  case refused(address: String, status: Int)
  /// The connection broke, again and again; the part that came is kept.
  case interrupted(address: String, received: Int)
  /// `found` is empty when the file could not be unpacked.
  case checksumMismatch(file: String, address: String, expected: String, found: String)
  case diskFull(file: String)
  /// The system refused; `code` is errno.
  case unwritable(file: String, code: Int32)
  /// Another process downloads the same file.
  case busy(file: String)

  public var description: String {
    switch self {
    case .unknownName(let name, let known):
      "\(name) is no dataset that can be downloaded; known are \(known.joined(separator: ", "))."
    case .badAddress(let address): "\(address): is no address to download from."
    case .unreachable(let address, let detail): "\(address): cannot be reached (\(detail))."
    case .refused(let address, let status): "\(address): the server answered \(status)\(Self.meaning(status))."
    case .interrupted(let address, let received):
      "\(address): the connection broke after \(received) bytes; the same command continues from there."
    case .checksumMismatch(let file, let address, _, ""):
      "\(file) from \(address) is damaged: it cannot be unpacked; it was deleted."
    case .checksumMismatch(let file, let address, let expected, let found):
      "\(file) from \(address) has the SHA-256 \(found.prefix(12))..., but \(expected.prefix(12))... is expected; it was deleted."
    case .diskFull(let file): "\(file): the disk is full; the same command continues once there is room."
    case .unwritable(let file, let code): "\(file): cannot be written (\(DatasetError.text(code)))."
    case .busy(let file): "\(file): is being downloaded by another process."
    }
  }

  private static func meaning(_ status: Int) -> String {
    switch status {
    case 403: " (forbidden)"
    case 404: " (not found)"
    case 410: " (gone)"
    case 429: " (too many requests)"
    case 500...599: " (its own error)"
    default: ""
    }
  }

  /// Of the errors of several mirrors the one that says most.
  var weight: Int {
    switch self {
    case .checksumMismatch: 4
    case .interrupted: 3
    case .refused: 2
    case .unreachable: 1
    default: 5
    }
  }
}
