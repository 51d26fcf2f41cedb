import Foundation

/// An event file that is being written: `events.out.tfevents.<time>.<host>.<process>`.
///
/// Records are on the disk when the system writes them there; TensorBoard reads a file while it grows.
public final class EventFileWriter {
  public let path: String
  private let descriptor: Int32

  /// Makes a new file, whose first record tells the format's version.
  ///
  /// - Parameters:
  ///   - folder: an existing one.
  ///   - time: seconds since 1970; TensorBoard reads the files of a folder in the order of their names.
  /// - Throws: `EventFileError`; nothing is left behind then.
  public init(
    folder: String, time: Double, host: String = ProcessInfo.processInfo.hostName, process: Int32 = getpid()
  ) throws(EventFileError) {
    let stem = "\(folder)/\(Self.name(time: time, host: host, process: process))"
    var path = stem
    var number = 0
    var descriptor: Int32 = -1
    // A run that is stopped and resumed within a second by one process.
    repeat {
      descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
      guard descriptor < 0 else { break }
      guard errno == EEXIST, number < 1000 else { throw .cannotCreate(path: path, errno: errno) }
      number += 1
      path = "\(stem).\(number)"
    } while true
    self.path = path
    self.descriptor = descriptor
    do throws(EventFileError) {
      try append([EventRecord(wallTime: time, step: 0, content: .fileVersion(EventRecord.version))])
    } catch {
      unlink(path)
      throw error
    }
  }

  deinit { close(descriptor) }

  static func name(time: Double, host: String, process: Int32) -> String {
    let seconds = String(time.isFinite ? Int(min(max(time, 0), 1e15)) : 0)
    let padded = String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
    let allowed = host.unicodeScalars.filter {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains($0))
    }
    let name = String(String.UnicodeScalarView(allowed.prefix(64)))
    return "events.out.tfevents.\(padded).\(name.isEmpty ? "localhost" : name).\(process)"
  }

  /// Appends records by one write, all or none: what a full disk took of them is taken back.
  /// - Throws: `EventFileError.writeFailed`.
  public func append(_ records: [EventRecord]) throws(EventFileError) {
    var bytes: [UInt8] = []
    for record in records { RecordFraming.append(record.encoded, to: &bytes) }
    guard !bytes.isEmpty else { return }
    let end = lseek(descriptor, 0, SEEK_END)
    let code = write(bytes)
    guard code == 0 else {
      if end >= 0 { ftruncate(descriptor, end) }
      throw .writeFailed(path: path, errno: code)
    }
  }

  /// - Returns: 0, or the error's number.
  private func write(_ bytes: [UInt8]) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      var written = 0
      while written < buffer.count {
        let result = Foundation.write(descriptor, base + written, buffer.count - written)
        if result < 0 {
          if errno == EINTR { continue }
          return errno
        }
        written += result
      }
      return 0
    }
  }
}
