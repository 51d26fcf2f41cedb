import Foundation

/// The repository as text.
struct SourceTree {
  let root: URL

  /// The package that this file belongs to.
  static let package = SourceTree(
    root: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent())

  func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Names in a folder, hidden ones left out, sorted.
  func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Files below a folder with one of the extensions, as paths from the root, sorted.
  func files(in folder: String, extensions: Set<String>) -> [String] {
    let found = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
    let paths = (found?.compactMap { $0 as? String } ?? []).map { "\(folder)/\($0)" }
    return paths.filter { extensions.contains(URL(fileURLWithPath: $0).pathExtension) }.sorted()
  }

  /// Every folder in `Sources`, with its Swift files.
  func rooms() throws -> [(name: String, files: [String])] {
    try names(in: "Sources").map { ($0, files(in: "Sources/\($0)", extensions: ["swift"])) }
  }

  /// The targets that Package.swift declares, by the functions it declares them with.
  func targets() throws -> (sources: [String], tests: [String]) {
    let manifest = try text("Package.swift")
    let sources = manifest.matches(
      of: /(?:\broom\(|\.systemLibrary\(\s*name:|\.executableTarget\(\s*name:|\.target\(\s*name:)\s*"(\w+)"/)
    let tests = manifest.matches(of: /(?:\btests\(|\.testTarget\(\s*name:)\s*"(\w+)"/)
    return (sources.map { String($0.1) }, tests.map { String($0.1) })
  }
}

/// An `import` of a source file.
struct ImportLine: Equatable {
  var module: String
  var line: Int

  private static let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
  ]

  /// All imports of a Swift source: plain, with attributes, an access level, a kind, or a submodule; also inside `#if`.
  static func all(in source: String) -> [ImportLine] {
    source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().compactMap {
      index, line in
      let words = Substring(line).split(separator: " ")
      let rest = words.drop { $0.hasPrefix("@") || access.contains($0) }
      guard rest.first == "import" else { return nil }
      let name = rest.dropFirst().drop { kinds.contains($0) }.first
      return name.map { ImportLine(module: String($0.prefix { $0 != "." && $0 != ";" }), line: index + 1) }
    }
  }
}
