import Foundation

/// The element types of a safetensors file that gantui reads and writes.
public enum SafetensorsType: String, Sendable, CaseIterable {
  case float32 = "F32"
  case float64 = "F64"
  case int32 = "I32"
  case int64 = "I64"
  case uint8 = "U8"
  case bool = "BOOL"

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .uint8, .bool: 1
    }
  }
}

/// Why a file is not a safetensors file that can be read.
public enum SafetensorsError: Error, Sendable, Equatable {
  case unreadable(path: String, errno: Int32)
  case isDirectory(path: String)
  case tooShort(path: String, bytes: Int)
  /// The header would be longer than the file, or than the format allows.
  case headerLength(path: String, length: UInt64, limit: UInt64)
  case headerIsNotJSON(path: String, problem: SafetensorsJSON.Problem, offset: Int)
  case headerShape(path: String, name: String, expected: String)
  case unknownType(path: String, name: String, type: String)
  case sizeMismatch(path: String, name: String, expected: UInt64?, found: UInt64)
  case outOfBounds(path: String, name: String, end: UInt64, available: UInt64)
  /// Two tensors share bytes, or bytes belong to none.
  case overlap(path: String, name: String)
  case gap(path: String, offset: UInt64)
  case changedWhileReading(path: String)

  // Asked for by the program.
  case missing(path: String, name: String)
  case wrongType(path: String, name: String, expected: SafetensorsType, found: SafetensorsType)
  case wrongShape(path: String, name: String, expected: [Int], found: [Int])
}

extension SafetensorsError: ExitCoded {
  public var exitCode: Int32 {
    switch self {
    case .unreadable, .isDirectory: ExitCode.inputOutput
    default: ExitCode.data
    }
  }
}

extension SafetensorsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let path, let code): "\(path): cannot be read: \(systemMessage(code))"
    case .isDirectory(let path): "\(path): is a folder, not a checkpoint"
    case .tooShort(let path, let bytes): "\(path): has \(bytes) bytes, too few for a checkpoint; it is cut off"
    case .headerLength(let path, let length, let limit):
      "\(path): claims a header of \(length) bytes where at most \(limit) are possible; it is cut off or no checkpoint"
    case .headerIsNotJSON(let path, let problem, let offset):
      "\(path): has a damaged header: \(problem) at byte \(offset)"
    case .headerShape(let path, let name, let expected):
      "\(path): has a damaged header: \(oneLine(name)) is not \(expected)"
    case .unknownType(let path, let name, let type):
      "\(path): \(oneLine(name)) has the element type \(oneLine(type)); accepted are "
        + SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
    case .sizeMismatch(let path, let name, let expected, let found):
      "\(path): \(oneLine(name)) has \(found) bytes, and its shape needs \(expected.map(String.init) ?? "too many")"
    case .outOfBounds(let path, let name, let end, let available):
      "\(path): \(oneLine(name)) ends at byte \(end) of the data, and only \(available) are there; the file is cut off"
    case .overlap(let path, let name): "\(path): \(oneLine(name)) overlaps another tensor"
    case .gap(let path, let offset): "\(path): byte \(offset) of the data belongs to no tensor"
    case .changedWhileReading(let path): "\(path): changed while it was read"
    case .missing(let path, let name): "\(path): has no tensor \(name)"
    case .wrongType(let path, let name, let expected, let found):
      "\(path): \(name) holds \(found.rawValue), expected \(expected.rawValue)"
    case .wrongShape(let path, let name, let expected, let found):
      "\(path): \(name) has the shape \(found), expected \(expected)"
    }
  }
}

/// Where a tensor lies in a safetensors file.
struct SafetensorsEntry: Sendable, Equatable {
  var name: String
  var type: SafetensorsType
  var shape: [Int]
  /// Offsets from the start of the data.
  var range: Range<Int>
}

/// The checked header of a safetensors file.
///
/// The format: 8 bytes, the little-endian length n of the header; n bytes of JSON,
/// `{ name: { dtype, shape, data_offsets: [begin, end] }, "__metadata__": { key: text } }`; the data, which the tensors
/// cover without holes and overlaps.
///
/// Reference: [safetensors](https://github.com/huggingface/safetensors), "Format".
struct SafetensorsHeader: Sendable, Equatable {
  /// The format's own bound on the header.
  static let lengthLimit: UInt64 = 100_000_000
  static let metadataKey = "__metadata__"

  var entries: [SafetensorsEntry]
  var metadata: [String: String]

  /// - Parameters:
  ///   - json: the header's bytes.
  ///   - dataLength: bytes after the header.
  /// - Throws: `SafetensorsError`.
  init(json: [UInt8], dataLength: UInt64, path: String) throws(SafetensorsError) {
    let root: SafetensorsJSON
    switch SafetensorsJSON.parse(json) {
    case .success(let value): root = value
    case .failure(let error):
      throw .headerIsNotJSON(path: path, problem: error.problem, offset: error.offset)
    }
    guard case .object(let members) = root else {
      throw .headerShape(path: path, name: "the header", expected: "an object of tensors")
    }
    entries = []
    metadata = [:]
    for (name, value) in members {
      if name == Self.metadataKey {
        metadata = try Self.metadata(value, path: path)
      } else {
        entries.append(try Self.entry(name, value, dataLength: dataLength, path: path))
      }
    }
    try checkCoverage(dataLength: dataLength, path: path)
  }

  private static func metadata(
    _ value: SafetensorsJSON, path: String
  ) throws(SafetensorsError) -> [String: String] {
    guard case .object(let members) = value else {
      throw .headerShape(path: path, name: metadataKey, expected: "an object of texts")
    }
    var result: [String: String] = [:]
    for (key, value) in members {
      guard case .string(let text) = value else {
        throw .headerShape(path: path, name: "\(metadataKey).\(key)", expected: "a text")
      }
      result[key] = text
    }
    return result
  }

  private static func entry(
    _ name: String, _ value: SafetensorsJSON, dataLength: UInt64, path: String
  ) throws(SafetensorsError) -> SafetensorsEntry {
    let expected = "a tensor's dtype, shape and data_offsets"
    guard case .object(let members) = value, members.count == 3 else {
      throw .headerShape(path: path, name: name, expected: expected)
    }
    let fields = Dictionary(members) { first, _ in first }
    guard case .string(let typeName)? = fields["dtype"], case .array(let dimensions)? = fields["shape"],
      case .array(let offsets)? = fields["data_offsets"], dimensions.count <= 64, offsets.count == 2,
      let begin = offsets[0].unsigned, let end = offsets[1].unsigned, begin <= end
    else { throw .headerShape(path: path, name: name, expected: expected) }
    guard let type = SafetensorsType(rawValue: typeName) else {
      throw .unknownType(path: path, name: name, type: typeName)
    }
    guard end <= dataLength else { throw .outOfBounds(path: path, name: name, end: end, available: dataLength) }
    var shape: [Int] = []
    var bytes: UInt64? = UInt64(type.size)
    var isEmpty = false
    for dimension in dimensions {
      guard let size = dimension.unsigned, let integer = Int(exactly: size) else {
        throw .headerShape(path: path, name: name, expected: expected)
      }
      shape.append(integer)
      if size == 0 { isEmpty = true }
      bytes = bytes.flatMap { (product: UInt64) -> UInt64? in
        let (result, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
        return overflow ? nil : result
      }
    }
    let needed = isEmpty ? 0 : bytes
    guard needed == end - begin else {
      throw .sizeMismatch(path: path, name: name, expected: needed, found: end - begin)
    }
    return SafetensorsEntry(name: name, type: type, shape: shape, range: Int(begin)..<Int(end))
  }

  private func checkCoverage(dataLength: UInt64, path: String) throws(SafetensorsError) {
    var covered = 0
    for entry in entries.sorted(by: {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }) {
      if entry.range.lowerBound < covered { throw .overlap(path: path, name: entry.name) }
      if entry.range.lowerBound > covered { throw .gap(path: path, offset: UInt64(covered)) }
      covered = entry.range.upperBound
    }
    guard UInt64(covered) == dataLength else { throw .gap(path: path, offset: UInt64(covered)) }
  }
}
