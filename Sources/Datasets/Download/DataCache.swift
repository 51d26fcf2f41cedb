import Foundation

/// Where downloaded datasets lie: `$XDG_CACHE_HOME/gantui/data`, else `~/.cache/gantui/data`.
public enum DataCache {
  /// The cache's folder, which may not exist yet.
  public static var folder: String { folder(ProcessInfo.processInfo.environment) }

  /// The folder of a named set in the cache.
  public static func folder(of name: String) -> String { folder + "/" + name }

  static func folder(_ environment: [String: String]) -> String {
    // The base directory specification says to ignore paths that are not absolute.
    if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") { return base + "/gantui/data" }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? FilePath.home
    return home + "/.cache/gantui/data"
  }

  /// The path of a named set's files: `path` where given (a `data.path` of the configuration), else the cache's.
  ///
  /// - Parameters:
  ///   - path: a folder or file; `~` is expanded. It goes before the cache, and is not looked into here.
  /// - Throws: `fileNotFound` for a path that is not there, `notDownloaded` for a set that the cache does not have whole,
  ///   `unknownName` for a name without a path that cannot be downloaded.
  public static func locate(
    _ name: String, path: String? = nil, cache: String = DataCache.folder
  ) throws(DatasetError) -> String {
    if let path {
      let expanded = FilePath.expanded(path)
      guard FilePath.exists(expanded) else { throw .fileNotFound(file: path) }
      return expanded
    }
    guard let set = DownloadableSet.named(name) else {
      throw .unknownName(name: name, known: DownloadableSet.all.map(\.name))
    }
    let folder = cache + "/" + name
    let isWhole = set.files.allSatisfy { file in
      FilePath.exists(folder + "/" + file.name)
        || file.name.hasSuffix(".gz") && FilePath.exists(folder + "/" + file.name.dropLast(3))
    }
    guard isWhole else { throw .notDownloaded(name: name, folder: folder) }
    return folder
  }
}
