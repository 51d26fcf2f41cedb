import Foundation

/// What can be wrong with a dataset's parameters or its files. Each renders to one sentence.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A parameter that makes no sense; `accepted` says what would.
  case invalidParameter(dataset: String, key: String, value: String, accepted: String)
  case fileNotFound(file: String)
  /// The system refused; `code` is errno.
  case unreadable(file: String, code: Int32)
  case unwritable(file: String, code: Int32)
  case tooLarge(file: String, bytes: Int, limit: Int)
  case malformed(file: String, fault: FileFault)
  /// `line` counts from 1.
  case malformedLine(file: String, line: Int, fault: LineFault)
  /// Samples and labels that do not belong together.
  case countMismatch(samples: String, sampleCount: Int, labels: String, labelCount: Int)
  case emptyFolder(folder: String, accepted: String)
  /// A named set that is neither at `data.path` nor in the cache.
  case notDownloaded(name: String, folder: String)
  /// A folder that should hold a named set but lacks one of its files.
  case missingFile(name: String, folder: String, file: String)
  case unknownName(name: String, known: [String])
  /// An image that has no partner of the same name in the other folder of pairs.
  case unpaired(file: String, folder: String)

  /// What is wrong with a file as a whole.
  public enum FileFault: Equatable, Sendable {
    case wrongMagic(format: String, found: [UInt8])
    case unsupportedElement(format: String, found: String, accepted: String)
    case wrongDimensions(format: String, found: [Int], accepted: String)
    case truncated(expected: Int, found: Int)
    case trailingBytes(expected: Int, found: Int)
    case damagedCompression
    case badHeader(detail: String)
    case empty(what: String)
    case imageTooLarge(width: Int, height: Int, limit: Int)
    /// The decoder's own words.
    case undecodable(format: String, detail: String)
    case unknownFormat(accepted: String)
    case notFinite(index: Int)
    case labelOutOfRange(index: Int, label: String)
    /// Pixels in no range that is known; `low` and `high` are what they span.
    case unknownRange(low: Float, high: Float)
    case missingColumn(column: String, known: String)
  }

  /// What is wrong with one line of a text file.
  public enum LineFault: Equatable, Sendable {
    case wrongFieldCount(found: Int, expected: Int)
    case notANumber(field: Int, text: String)
    case outOfRange(field: Int, text: String, accepted: String)
    case missingLabel(field: Int)
  }

  public var description: String {
    switch self {
    case .invalidParameter(let dataset, let key, let value, let accepted):
      "\(dataset): \(key) is \(value), but must be \(accepted)."
    case .fileNotFound(let file): "\(file): there is no such file."
    case .unreadable(let file, let code): "\(file): cannot be read (\(Self.text(code)))."
    case .unwritable(let file, let code): "\(file): cannot be written (\(Self.text(code)))."
    case .tooLarge(let file, let bytes, let limit):
      "\(file): holds \(bytes) bytes, more than the \(limit) that are accepted."
    case .malformed(let file, let fault): "\(file): \(fault.description)."
    case .malformedLine(let file, let line, let fault): "\(file):\(line): \(fault.description)."
    case .countMismatch(let samples, let sampleCount, let labels, let labelCount):
      "\(samples) holds \(sampleCount) samples, but \(labels) holds \(labelCount) labels."
    case .emptyFolder(let folder, let accepted): "\(folder): holds no images (accepted are \(accepted))."
    case .notDownloaded(let name, let folder):
      "\(name) is not in \(folder): download it with `gantui data get \(name)`, or set data.path to the folder that has it."
    case .missingFile(let name, let folder, let file):
      "\(folder): lacks \(file) of \(name); set data.path to the folder that has it, or run `gantui data get \(name)`."
    case .unpaired(let file, let folder): "\(file): has no partner of the same name in \(folder)."
    case .unknownName(let name, let known): "\(name) is no known dataset; known are \(known.joined(separator: ", "))."
    }
  }

  static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}

extension DatasetError.FileFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wrongMagic(let format, let found):
      "is no \(format) file (it begins with \(Self.hexadecimal(found)))"
    case .unsupportedElement(let format, let found, let accepted):
      "has \(format) elements of type \(found), but accepted are \(accepted)"
    case .wrongDimensions(let format, let found, let accepted):
      "has \(format) dimensions \(found.isEmpty ? "none" : found.map(String.init).joined(separator: " x ")), but accepted are \(accepted)"
    case .truncated(let expected, let found): "is cut off: \(expected) bytes expected, \(found) found"
    case .trailingBytes(let expected, let found): "is too long: \(expected) bytes expected, \(found) found"
    case .damagedCompression: "is damaged or cut off inside its gzip compression"
    case .badHeader(let detail): "has a header that cannot be read: \(detail)"
    case .empty(let what): "holds no \(what)"
    case .imageTooLarge(let width, let height, let limit):
      "is an image of \(width) x \(height) pixels, more than the \(limit) that are accepted"
    case .undecodable(let format, let detail): "is no \(format) image that can be decoded (\(detail))"
    case .unknownFormat(let accepted): "has a format that is not known; accepted are \(accepted)"
    case .notFinite(let index): "has a value that is not finite in sample \(index + 1)"
    case .labelOutOfRange(let index, let label):
      "has label \(label) at sample \(index + 1), but labels are whole numbers from 0 to 65535"
    case .unknownRange(let low, let high):
      "has pixels from \(low) to \(high), which is none of 0...1, -1...1 and 0...255; say which range they are meant in"
    case .missingColumn(let column, let known): "has no column \(column) for labels; its columns are \(known)"
    }
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.isEmpty ? "nothing" : bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}

extension DatasetError.LineFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wrongFieldCount(let found, let expected): "has \(found) fields, but \(expected) are expected"
    case .notANumber(let field, let text): "field \(field) is \"\(text)\", but must be a number"
    case .outOfRange(let field, let text, let accepted): "field \(field) is \(text), but must be \(accepted)"
    case .missingLabel(let field): "field \(field) is empty, but must be a label"
    }
  }
}
