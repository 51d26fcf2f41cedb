import Foundation

/// Small questions about paths, and writing that never leaves half a file.
enum FilePath {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What a folder holds, sorted, so that it gives the same data on every file system; hidden files are left out.
  static func names(in folder: String) throws(DatasetError) -> [String] {
    guard exists(folder) else { throw .fileNotFound(file: folder) }
    guard isFolder(folder) else { throw .unreadable(file: folder, code: ENOTDIR) }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw .unreadable(file: folder, code: EACCES)
    }
  }

  /// A leading `~` becomes the home folder.
  static func expanded(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/") else { return path }
    return home + path.dropFirst()
  }

  static var home: String {
    ProcessInfo.processInfo.environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
  }

  /// Writes under another name in the same folder, syncs, and renames.
  static func write(_ bytes: UnsafeRawBufferPointer, to file: String) throws(DatasetError) {
    let temporary = "\(file).\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritable(file: file, code: errno) }
    var failure: Int32?
    var written = 0
    while written < bytes.count, failure == nil {
      let count = Foundation.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count > 0 { written += count } else if errno != EINTR { failure = errno }
    }
    if failure == nil, fsync(descriptor) != 0 { failure = errno }
    if close(descriptor) != 0, failure == nil { failure = errno }
    if failure == nil, rename(temporary, file) != 0 { failure = errno }
    if let failure {
      unlink(temporary)
      throw .unwritable(file: file, code: failure)
    }
    synchronizeFolder(of: file)
  }

  /// Makes a rename durable: the folder's entry is synced too.
  static func synchronizeFolder(of file: String) {
    let folder = (file as NSString).deletingLastPathComponent
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
