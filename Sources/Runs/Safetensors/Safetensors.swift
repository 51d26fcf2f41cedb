import Foundation

/// A tensor as a file holds it: little-endian bytes, row by row.
public struct StoredTensor: Sendable, Equatable {
  public var type: SafetensorsType
  /// Empty for a scalar.
  public var shape: [Int]
  public var bytes: [UInt8]

  /// - Returns: nil where the bytes are not as many as the shape needs.
  public init?(type: SafetensorsType, shape: [Int], bytes: [UInt8]) {
    guard let count = Self.count(shape), bytes.count == count * type.size else { return nil }
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// A tensor of a list's elements; nil where they are not as many as the shape needs.
  public init?<Element: SafetensorsElement>(_ values: [Element], shape: [Int]) {
    let bytes = [UInt8](unsafeUninitializedCapacity: values.count * MemoryLayout<Element>.size) { buffer, count in
      values.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      count = values.count * MemoryLayout<Element>.size
    }
    self.init(type: Element.safetensorsType, shape: shape, bytes: bytes)
  }

  /// The elements; nil where the tensor has another type.
  public func values<Element: SafetensorsElement>(of type: Element.Type = Element.self) -> [Element]? {
    guard self.type == Element.safetensorsType else { return nil }
    let count = bytes.count / MemoryLayout<Element>.size
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      initialized = count
    }
  }

  static func count(_ shape: [Int]) -> Int? {
    if shape.contains(0) { return shape.allSatisfy { $0 >= 0 } ? 0 : nil }
    var product = 1
    for size in shape {
      let (result, overflow) = product.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      product = result
    }
    return product
  }
}

/// A Swift type whose memory is a safetensors element; every supported machine is little-endian.
public protocol SafetensorsElement: BitwiseCopyable, Sendable {
  static var safetensorsType: SafetensorsType { get }
}
extension Float: SafetensorsElement { public static var safetensorsType: SafetensorsType { .float32 } }
extension Double: SafetensorsElement { public static var safetensorsType: SafetensorsType { .float64 } }
extension Int32: SafetensorsElement { public static var safetensorsType: SafetensorsType { .int32 } }
extension Int64: SafetensorsElement { public static var safetensorsType: SafetensorsType { .int64 } }
extension UInt8: SafetensorsElement { public static var safetensorsType: SafetensorsType { .uint8 } }

/// The tensors and texts of one safetensors file.
///
/// Reference: [safetensors](https://github.com/huggingface/safetensors), "Format".
public struct Safetensors: Sendable, Equatable {
  public var tensors: [String: StoredTensor]
  /// Texts beside the tensors, such as the step or the instruction set.
  public var metadata: [String: String]

  public init(tensors: [String: StoredTensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The elements of a tensor, which must have the type and the shape.
  /// - Parameter path: how messages name the file.
  /// - Throws: `SafetensorsError`.
  public func values<Element: SafetensorsElement>(
    _ name: String, shape: [Int], of type: Element.Type = Element.self, path: String
  ) throws(SafetensorsError) -> [Element] {
    guard let tensor = tensors[name] else { throw .missing(path: path, name: name) }
    guard tensor.shape == shape else {
      throw .wrongShape(path: path, name: name, expected: shape, found: tensor.shape)
    }
    guard let values = tensor.values(of: type) else {
      throw .wrongType(path: path, name: name, expected: Element.safetensorsType, found: tensor.type)
    }
    return values
  }

  /// Reads and checks a whole file.
  /// - Throws: `SafetensorsError`.
  public init(contentsOf path: String) throws(SafetensorsError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .isDirectory(path: path) }
    let size = Int(status.st_size)
    guard size >= 8 else { throw .tooShort(path: path, bytes: size) }
    let prefix = try Self.read(8, at: 0, of: descriptor, path: path)
    let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = min(UInt64(size) - 8, SafetensorsHeader.lengthLimit)
    guard length <= limit else { throw .headerLength(path: path, length: length, limit: limit) }
    let json = try Self.read(Int(length), at: 8, of: descriptor, path: path)
    let start = 8 + Int(length)
    let header = try SafetensorsHeader(json: json, dataLength: UInt64(size - start), path: path)
    metadata = header.metadata
    tensors = [:]
    for entry in header.entries {
      let bytes = try Self.read(entry.range.count, at: start + entry.range.lowerBound, of: descriptor, path: path)
      guard let tensor = StoredTensor(type: entry.type, shape: entry.shape, bytes: bytes) else {
        throw .sizeMismatch(path: path, name: entry.name, expected: nil, found: UInt64(bytes.count))
      }
      tensors[entry.name] = tensor
    }
  }

  private static func read(
    _ count: Int, at offset: Int, of descriptor: Int32, path: String
  ) throws(SafetensorsError) -> [UInt8] {
    var failure: SafetensorsError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = 0
      while initialized < count, let base = buffer.baseAddress {
        let result = pread(descriptor, base + initialized, count - initialized, off_t(offset + initialized))
        if result < 0, errno == EINTR { continue }
        guard result > 0 else {
          failure = result < 0 ? .unreadable(path: path, errno: errno) : .changedWhileReading(path: path)
          return
        }
        initialized += result
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The file's bytes: the same for equal contents. Tensors lie in the order of element size, largest first, then of
  /// name, so that each is aligned; the header is padded to 8 bytes.
  public func write(to path: String, isDurable: Bool = true) throws(RunStoreError) {
    let ordered = tensors.sorted { ($1.value.type.size, $0.key) < ($0.value.type.size, $1.key) }
    var offset = 0
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }
        .map { SafetensorsJSON.literal($0.key) + ":" + SafetensorsJSON.literal($0.value) }
      members.append("\"\(SafetensorsHeader.metadataKey)\":{\(texts.joined(separator: ","))}")
    }
    for (name, tensor) in ordered {
      let end = offset + tensor.bytes.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        SafetensorsJSON.literal(name)
          + ":{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    try DurableFile.replace(path, with: [length + header] + ordered.map(\.value.bytes), isDurable: isDurable)
  }
}
