import Foundation

/// Numbers that are encoded as their bytes: pictures leave for other processes several times a second, and a list of
/// decimal numbers would cost a core's time. Exact for NaN, too.
///
/// Bytes are in the machine's own order: a message never leaves it.
@propertyWrapper
public struct Packed<Element: BitwiseCopyable & Sendable & Equatable>: Sendable, Equatable {
  public var wrappedValue: [Element]
  public init(wrappedValue: [Element]) { self.wrappedValue = wrappedValue }
}

extension Packed: Codable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue.withUnsafeBytes { Data($0) })
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let data = try container.decode(Data.self)
    let size = MemoryLayout<Element>.stride
    guard data.count % size == 0 else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(data.count) bytes are no list of elements of \(size) bytes")
    }
    wrappedValue = data.withUnsafeBytes { bytes in
      (0..<(data.count / size)).map { bytes.loadUnaligned(fromByteOffset: $0 * size, as: Element.self) }
    }
  }
}
