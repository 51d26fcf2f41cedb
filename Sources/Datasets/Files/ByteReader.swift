import CZlib
import Foundation

/// Reads a file front to back, through gzip when it begins like one.
///
/// Nothing is allocated for what a header promises, only for what is there.
final class ByteReader {
  let file: String
  /// Bytes handed out so far, after decompression.
  private(set) var position = 0
  private let descriptor: Int32
  private var input: [UInt8]
  private var inputRange = 0..<0
  private var inflater: UnsafeMutablePointer<z_stream>?
  private var isFinished = false

  /// - Parameter unpacks: false: gzip is left as it is.
  init(_ file: String, unpacks: Bool = true) throws(DatasetError) {
    self.file = file
    descriptor = open(file, O_RDONLY | O_CLOEXEC)
    input = [UInt8](repeating: 0, count: 1 << 16)
    guard descriptor >= 0 else { throw Self.failure(file, errno) }
    try refill()
    guard unpacks, inputRange.count >= 2, input[0] == 0x1F, input[1] == 0x8B else { return }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 window bits and 16 for the gzip wrapper; inflateInit2 is a macro.
    guard inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      throw .unreadable(file: file, code: ENOMEM)
    }
    inflater = stream
  }

  deinit {
    if let inflater {
      inflateEnd(inflater)
      inflater.deallocate()
    }
    if descriptor >= 0 { close(descriptor) }
  }

  /// Up to `count` bytes; fewer only at the end.
  func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(count, 1 << 20))
    while bytes.count < count {
      let wanted = min(count - bytes.count, 1 << 20)
      let chunk = try inflater == nil ? plain(wanted) : inflated(wanted)
      if chunk.isEmpty { break }
      bytes.append(contentsOf: chunk)
    }
    position += bytes.count
    return bytes
  }

  /// The whole of a file that may hold at most `limit` bytes.
  static func contents(of file: String, limit: Int) throws(DatasetError) -> [UInt8] {
    let reader = try ByteReader(file)
    let bytes = try reader.read(limit + 1)
    guard bytes.count <= limit else { throw .tooLarge(file: file, bytes: bytes.count, limit: limit) }
    return bytes
  }

  static func failure(_ file: String, _ code: Int32) -> DatasetError {
    code == ENOENT || code == ENOTDIR ? .fileNotFound(file: file) : .unreadable(file: file, code: code)
  }

  private func refill() throws(DatasetError) {
    var got: Int
    repeat {
      got = input.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
    } while got < 0 && errno == EINTR
    guard got >= 0 else { throw .unreadable(file: file, code: errno) }
    inputRange = 0..<got
  }

  private func plain(_ wanted: Int) throws(DatasetError) -> [UInt8] {
    if inputRange.isEmpty { try refill() }
    let taken = inputRange.prefix(wanted)
    inputRange = taken.upperBound..<inputRange.upperBound
    return Array(input[taken])
  }

  private func inflated(_ wanted: Int) throws(DatasetError) -> [UInt8] {
    guard let inflater, !isFinished else { return [] }
    var output = [UInt8](repeating: 0, count: wanted)
    var produced = 0
    while produced < wanted, !isFinished {
      if inputRange.isEmpty { try refill() }
      guard !inputRange.isEmpty else { throw .malformed(file: file, fault: .damagedCompression) }
      let status = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
          inflater.pointee.next_in = input.baseAddress.map { $0 + inputRange.lowerBound }
          inflater.pointee.avail_in = UInt32(inputRange.count)
          inflater.pointee.next_out = output.baseAddress.map { $0 + produced }
          inflater.pointee.avail_out = UInt32(wanted - produced)
          return inflate(inflater, Z_NO_FLUSH)
        }
      }
      inputRange = inputRange.upperBound - Int(inflater.pointee.avail_in)..<inputRange.upperBound
      produced = wanted - Int(inflater.pointee.avail_out)
      switch status {
      case Z_OK: break
      case Z_STREAM_END:
        if inputRange.isEmpty { try refill() }
        // A gzip file may be several, one after the other.
        if inputRange.isEmpty { isFinished = true } else { inflateReset(inflater) }
      default: throw .malformed(file: file, fault: .damagedCompression)
      }
    }
    output.removeLast(wanted - produced)
    return output
  }
}
