import Foundation

/// The right to train a run, held by one process at a time and gone with it.
///
/// A `flock` on the file `lock` in the run's folder, which holds the process id for messages.
public final class RunLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `RunStoreError.locked` where another process holds it; `RunStoreError.writeFailed`.
  init(folder: String, run: String) throws(RunStoreError) {
    let path = folder + "/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .writeFailed(path: path, errno: errno) }
    // Somebody who lists runs holds a lock for a moment.
    var attempts = 10
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      attempts -= 1
      guard code == EWOULDBLOCK, attempts > 0 else {
        let process = Self.process(descriptor)
        close(descriptor)
        throw code == EWOULDBLOCK ? .locked(run: run, process: process) : .writeFailed(path: path, errno: code)
      }
      usleep(20_000)
    }
    // The id is for messages alone: a full disk that has no room for it does no harm.
    ftruncate(descriptor, 0)
    _ = DurableFile.write(Array("\(getpid())\n".utf8), to: descriptor)
  }

  deinit { close(descriptor) }

  /// Gives the right back before the lock itself goes: a run that has ended may be resumed at once.
  public func release() { flock(descriptor, LOCK_UN) }

  /// Who holds a run's lock.
  enum Holder: Equatable {
    case nobody
    case process(Int32?)
  }

  static func holder(folder: String) -> Holder {
    let descriptor = open(folder + "/lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .nobody }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return .nobody }
    return .process(process(descriptor))
  }

  private static func process(_ descriptor: Int32) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: buffer[..<count], as: UTF8.self).prefix { $0.isNumber })
  }
}
