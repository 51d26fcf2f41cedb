import Foundation

/// Reads an event file from its beginning, and what is appended to it later.
///
/// Half a record at the end is one that is being written: reading goes on there when it is whole. Where a checksum is
/// wrong, reading ends for good. Whatever the file holds, a read takes no more memory than the largest record that is
/// read, and a few times that for its values.
public struct EventFileReader: Sendable {
  public let path: String
  /// Where the next record begins.
  public private(set) var offset = 0
  /// Why nothing more is read; nil while it is.
  public private(set) var problem: EventFileProblem?
  private var hasToldOfNoEvent = false

  /// Longer records, such as graphs, are passed over unread.
  static let recordLimit = 1 << 25
  /// No record is longer: a header that says so is rubbish with a good checksum.
  static let lengthLimit = UInt64(1) << 40
  private static let chunk = 1 << 20

  public init(path: String) { self.path = path }

  /// What a read came to.
  public struct Outcome: Sendable, Equatable {
    /// Whether there is more to be read at once.
    public var isBehind = false
    /// What is new to be said about the file.
    public var problems: [EventFileProblem] = []
  }

  /// Reads the next whole records.
  ///
  /// - Parameters:
  ///   - limit: the bytes after which reading pauses.
  ///   - take: called with each record in order.
  public mutating func read(limit: Int = 1 << 24, _ take: (EventRecord) -> Void) -> Outcome {
    guard problem == nil else { return Outcome() }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return stop(.unreadable(path: path, errno: errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return stop(.unreadable(path: path, errno: errno)) }
    // A pipe or a device has no end to wait for.
    guard status.st_mode & S_IFMT == S_IFREG else { return stop(.unreadable(path: path, errno: EINVAL)) }
    let size = Int(status.st_size)
    guard size >= offset else { return stop(.shortened(path: path)) }
    return read(descriptor, size: size, limit: limit, take)
  }

  private mutating func read(_ descriptor: Int32, size: Int, limit: Int, _ take: (EventRecord) -> Void) -> Outcome {
    var outcome = Outcome()
    let start = offset
    var wanted = Self.chunk
    while offset < size {
      guard offset - start < limit else {
        outcome.isBehind = true
        break
      }
      let bytes: [UInt8]
      let count = min(wanted, size - offset)
      switch Self.bytes(descriptor, at: offset, count: count) {
      case .success(let read): bytes = read
      case .failure(let code): return stop(.unreadable(path: path, errno: code.code), after: outcome)
      }
      wanted = Self.chunk
      switch takeRecords(in: bytes, &outcome, take) {
      case .damaged: return stop(.damaged(path: path, offset: offset), after: outcome)
      // A file that becomes shorter meanwhile is seen the next time.
      case .part where bytes.count < count: return outcome
      case .part(nil): if size - offset < RecordFraming.headerSize { return outcome }
      case .part(let length?):
        guard length < Self.lengthLimit else { return stop(.damaged(path: path, offset: offset), after: outcome) }
        let whole = Int(length) + RecordFraming.overhead
        // Half a record.
        guard whole <= size - offset else { return outcome }
        if length > Self.recordLimit { offset += whole } else { wanted = max(wanted, whole) }
      case .record: break
      }
    }
    return outcome
  }

  /// Takes the whole records of a piece of the file that begins at `offset`.
  /// - Returns: what follows them; `.record` where nothing does.
  private mutating func takeRecords(
    in bytes: [UInt8], _ outcome: inout Outcome, _ take: (EventRecord) -> Void
  ) -> RecordFraming.Found {
    let base = offset
    while offset - base < bytes.count {
      let found = RecordFraming.record(in: bytes, at: offset - base)
      guard case .record(let payload) = found else { return found }
      do throws(WireError) {
        take(try EventRecord(decoding: bytes, payload))
      } catch {
        if !hasToldOfNoEvent { outcome.problems.append(.noEvent(path: path, offset: offset)) }
        hasToldOfNoEvent = true
      }
      offset += payload.count + RecordFraming.overhead
    }
    return .record(0..<0)
  }

  private mutating func stop(_ problem: EventFileProblem, after outcome: Outcome = Outcome()) -> Outcome {
    self.problem = problem
    return Outcome(isBehind: false, problems: outcome.problems + [problem])
  }

  private struct SystemError: Error { var code: Int32 }

  private static func bytes(_ descriptor: Int32, at offset: Int, count: Int) -> Result<[UInt8], SystemError> {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let result = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled))
        if result < 0, errno == EINTR { continue }
        if result < 0 { failure = errno }
        if result <= 0 { break }
        filled += result
      }
    }
    return failure == 0 ? .success(bytes) : .failure(SystemError(code: failure))
  }
}
