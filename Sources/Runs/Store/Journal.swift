import Foundation

/// What was read of a journal.
public struct Journal: Sendable, Equatable {
  public var records: [JournalRecord]
  /// The numbers, from 1, of lines that are no records: damaged, or of a later version.
  public var damagedLines: [Int]
  /// Whether the last line is cut off, as after a crash in the middle of a write; it is in neither list.
  public var hasTornEnd: Bool

  /// Reads a journal as far as it is whole; a missing file is an empty journal.
  /// - Throws: `RunStoreError.readFailed`.
  public init(contentsOf path: String) throws(RunStoreError) {
    self.init(data: try readWhole(path) ?? Data())
  }

  init(data: Data) {
    records = []
    damagedLines = []
    let decoder = Journal.decoder
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    hasTornEnd = false
    for (index, line) in lines.enumerated() where !line.isEmpty {
      if let record = try? decoder.decode(JournalRecord.self, from: Data(line)) {
        records.append(record)
      } else if index == lines.count - 1 {
        // No newline follows: a line that was not finished.
        hasTornEnd = true
      } else {
        damagedLines.append(index + 1)
      }
    }
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

/// The end of a journal that is being written, by one process at a time.
public final class JournalWriter {
  private let path: String
  private let descriptor: Int32
  private let encoder = Journal.encoder

  /// Opens a journal at its end, or a new one. A torn last line is closed, so that the next record stands alone.
  /// - Throws: `RunStoreError.writeFailed`.
  public init(path: String) throws(RunStoreError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .writeFailed(path: path, errno: errno) }
    let end = lseek(descriptor, 0, SEEK_END)
    var last: UInt8 = 0
    if end > 0, pread(descriptor, &last, 1, end - 1) == 1, last != UInt8(ascii: "\n") {
      let code = DurableFile.write([UInt8(ascii: "\n")], to: descriptor)
      if code != 0 {
        close(descriptor)
        throw .writeFailed(path: path, errno: code)
      }
    }
  }

  deinit { close(descriptor) }

  /// Appends records, all or none: what a full disk took of them is taken back.
  /// - Parameter sync: whether they must be on the disk when this returns.
  /// - Throws: `RunStoreError.writeFailed`.
  public func append(_ records: [JournalRecord], sync: Bool = false) throws(RunStoreError) {
    var bytes: [UInt8] = []
    for record in records {
      guard let line = try? encoder.encode(record) else { continue }
      bytes += line
      bytes.append(UInt8(ascii: "\n"))
    }
    guard !bytes.isEmpty else { return }
    let end = lseek(descriptor, 0, SEEK_END)
    let code = DurableFile.write(bytes, to: descriptor)
    guard code == 0 else {
      if end >= 0 { ftruncate(descriptor, end) }
      throw .writeFailed(path: path, errno: code)
    }
    if sync { try self.sync() }
  }

  /// Brings everything to the disk.
  /// - Throws: `RunStoreError.writeFailed`.
  public func sync() throws(RunStoreError) {
    guard fdatasync(descriptor) == 0 else { throw .writeFailed(path: path, errno: errno) }
  }
}

/// A file's bytes; nil where there is none.
/// - Throws: `RunStoreError.readFailed`.
func readWhole(_ path: String) throws(RunStoreError) -> Data? { try readEnd(path, limit: .max) }

/// At most the last `limit` bytes of a file; nil where there is none.
/// - Throws: `RunStoreError.readFailed`.
func readEnd(_ path: String, limit: Int) throws(RunStoreError) -> Data? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else {
    if errno == ENOENT { return nil }
    throw .readFailed(path: path, errno: errno)
  }
  defer { close(descriptor) }
  let end = lseek(descriptor, 0, SEEK_END)
  if end > 0 { lseek(descriptor, max(0, end - min(end, off_t(limit))), SEEK_SET) }
  var data = Data()
  var buffer = [UInt8](repeating: 0, count: 1 << 18)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw .readFailed(path: path, errno: errno)
    }
    if count == 0 { return data }
    data.append(contentsOf: buffer[..<count])
  }
}
