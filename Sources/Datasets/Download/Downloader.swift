import Foundation

/// Fetches named datasets into the cache.
public enum Downloader {
  /// Called as bytes arrive, on a thread of the session's: the file's name, bytes so far, bytes in all where known.
  public typealias Progress = @Sendable (_ file: String, _ received: Int, _ total: Int?) -> Void

  /// Downloads a set, and returns the folder that has it. Blocks; files that are there already are checked and kept.
  ///
  /// A file grows under the name `NAME.part`, continues from where it broke, is checked against its SHA-256 and only then
  /// renamed. Mirrors are tried in order.
  ///
  /// - Parameters:
  ///   - name: of `DownloadableSet.all`.
  ///   - folder: where the files go; nil: the cache's folder of that name.
  ///   - base: an address to use instead of the mirrors.
  public static func get(
    _ name: String, to folder: String? = nil, base: String? = nil, progress: @escaping Progress = { _, _, _ in }
  ) throws(DownloadError) -> String {
    guard let set = DownloadableSet.named(name) else {
      throw .unknownName(name: name, known: DownloadableSet.all.map(\.name))
    }
    let folder = folder ?? DataCache.folder(of: name)
    try get(
      set, to: folder, mirrors: base.map { [$0.hasSuffix("/") ? $0 : $0 + "/"] } ?? set.mirrors, progress: progress)
    return folder
  }

  static func get(
    _ set: DownloadableSet, to folder: String, mirrors: [String], progress: @escaping Progress
  ) throws(DownloadError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      let code = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      throw .unwritable(file: folder, code: Int32(truncatingIfNeeded: code?.code ?? Int(EACCES)))
    }
    for file in set.files { try get(file, to: folder, mirrors: mirrors, progress: progress) }
  }

  private static func get(
    _ file: DownloadableSet.File, to folder: String, mirrors: [String], progress: @escaping Progress
  ) throws(DownloadError) {
    let target = folder + "/" + file.name
    if let found = try? file.checksum.digest(of: target), found == file.checksum.hexadecimal {
      progress(file.name, file.size, file.size)
      return
    }
    let part = try PartialFile(target + ".part")
    defer { part.close() }
    var worst: DownloadError?
    for mirror in mirrors {
      do throws(DownloadError) {
        try fetch(file, from: mirror, into: part, progress: progress)
        try part.finish(as: target)
        return
      } catch {
        if error.weight == 5 { throw error }
        if error.weight >= worst?.weight ?? 0 { worst = error }
      }
    }
    throw worst ?? .badAddress("")
  }

  /// How often a broken connection is taken up again without a byte gained.
  private static let patience = 2

  /// All of a file from one mirror, checked.
  private static func fetch(
    _ file: DownloadableSet.File, from mirror: String, into part: PartialFile, progress: @escaping Progress
  ) throws(DownloadError) {
    let address = mirror + file.name
    guard let url = URL(string: address), let scheme = url.scheme, ["http", "https"].contains(scheme), url.host != nil
    else { throw .badAddress(address) }
    var failures = 0
    var most = part.size
    while true {
      let before = part.size
      do throws(DownloadError) {
        try Transfer(url: url, part: part) { progress(file.name, $0, $1) }.run()
      } catch {
        guard case .interrupted = error else { throw error }
        failures = part.size > most ? 0 : failures + 1
        most = max(most, part.size)
        if failures > patience { throw error }
        continue
      }
      let found = (try? file.checksum.digest(of: part.path)) ?? ""
      if found == file.checksum.hexadecimal { return }
      try part.clear()
      // What was resumed may have begun at another mirror, or another day: once more from the start.
      if before == 0 {
        throw .checksumMismatch(
          file: file.name, address: mirror, expected: file.checksum.hexadecimal, found: found)
      }
    }
  }
}
