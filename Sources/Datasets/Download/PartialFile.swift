import Foundation
import Synchronization

/// A file that grows while it is downloaded; locked against a second process.
final class PartialFile: Sendable {
  let path: String
  /// -1 once closed: sessions let go of their delegates late, and what holds this no longer must not hold the lock.
  private let descriptor: Mutex<Int32>

  init(_ path: String) throws(DownloadError) {
    self.path = path
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    descriptor = Mutex(opened)
    guard opened >= 0 else { throw Self.failure(path, errno) }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0, Self.isSame(opened, path) else {
      // Another process has it, or has just renamed it to its final name. Its part stays, even an empty one.
      release(opened, removesEmpty: false)
      throw .busy(file: path)
    }
  }

  deinit { close() }

  /// Ends the lock; an empty part is removed.
  func close() {
    let opened = descriptor.withLock { $0 }
    if opened >= 0 { release(opened, removesEmpty: true) }
  }

  private func release(_ opened: Int32, removesEmpty: Bool) {
    descriptor.withLock { $0 = -1 }
    // After `finish` the path is no longer this file's.
    if removesEmpty, Self.size(opened) == 0 { unlink(path) }
    Foundation.close(opened)
  }

  var size: Int { descriptor.withLock { Self.size($0) } }

  func append(_ data: Data) throws(DownloadError) {
    let code: Int32? = descriptor.withLock { descriptor in
      guard lseek(descriptor, 0, SEEK_END) >= 0 || errno == ESPIPE else { return errno }
      return data.withUnsafeBytes { bytes in
        var written = 0
        while written < bytes.count {
          let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
          if count > 0 { written += count } else if errno != EINTR { return errno }
        }
        return nil
      }
    }
    if let code { throw Self.failure(path, code) }
  }

  func clear() throws(DownloadError) {
    let code: Int32? = descriptor.withLock { Self.size($0) > 0 && ftruncate($0, 0) != 0 ? errno : nil }
    if let code { throw Self.failure(path, code) }
  }

  /// Synced, then renamed.
  func finish(as target: String) throws(DownloadError) {
    let code: Int32? = descriptor.withLock { fsync($0) == 0 && rename(path, target) == 0 ? nil : errno }
    if let code { throw Self.failure(target, code) }
    FilePath.synchronizeFolder(of: target)
  }

  private static func size(_ descriptor: Int32) -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
  }

  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var mine = stat(), named = stat()
    guard fstat(descriptor, &mine) == 0, stat(path, &named) == 0 else { return false }
    return mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
  }

  private static func failure(_ file: String, _ code: Int32) -> DownloadError {
    code == ENOSPC || code == EDQUOT ? .diskFull(file: file) : .unwritable(file: file, code: code)
  }
}
