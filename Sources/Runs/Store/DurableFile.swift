import Foundation

/// Files that are there whole or not at all, whatever happens to the machine.
enum DurableFile {
  /// Puts a file in the place of another, or of none: written to a temporary name beside it, synced, renamed, and the
  /// folder synced.
  /// - Parameter isDurable: without it nothing is synced: the file is whole whatever kills the process, and may be damaged
  ///   where the machine goes down.
  /// - Throws: `RunStoreError.writeFailed`; the old file is untouched and the temporary one is gone.
  static func replace(_ path: String, with chunks: [[UInt8]], isDurable: Bool = true) throws(RunStoreError) {
    let temporary = "\(path).\(getpid()).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .writeFailed(path: path, errno: errno) }
    var failure: Int32 = 0
    // Small chunks go together.
    var gathered: [UInt8] = []
    for chunk in chunks where failure == 0 {
      let isSmall = chunk.count < 1 << 16
      if isSmall { gathered += chunk }
      guard !isSmall || gathered.count >= 1 << 16 else { continue }
      failure = write(gathered, to: descriptor)
      if !isSmall, failure == 0 { failure = write(chunk, to: descriptor) }
      gathered.removeAll(keepingCapacity: true)
    }
    if failure == 0 { failure = write(gathered, to: descriptor) }
    if failure == 0, isDurable, fsync(descriptor) != 0 { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(temporary, path) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(temporary)
      throw .writeFailed(path: path, errno: failure)
    }
    if isDurable { try syncFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path) }
  }

  static func replace(_ path: String, with data: Data) throws(RunStoreError) {
    try replace(path, with: [Array(data)])
  }

  /// Writes all bytes.
  /// - Returns: 0, or the error's number.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
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

  /// Makes renames and removals in a folder last.
  static func syncFolder(_ path: String) throws(RunStoreError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .writeFailed(path: path, errno: errno) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder and say so with EINVAL: they have nothing to sync.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .writeFailed(path: path, errno: errno) }
  }
}
