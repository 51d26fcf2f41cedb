import Models

/// Every key of a configuration, in the order in which they are documented and written.
///
/// The parser checks keys and values against this table, its messages quote it, and `gantui catalog` and the README
/// print it.
public enum Catalog {
  public static let entries: [CatalogEntry] =
    top + data + model + network(.generator) + network(.discriminator) + network(.encoder) + objective + penalties
    + techniques
    + optimizer("generator") + optimizer("discriminator") + schedule + measures + sampling + last

  /// The entry of a key for a kind of its section.
  static func entry(_ path: String, kind: String?) -> CatalogEntry? {
    byPath[path]?.first { $0.belongs(to: kind) }
  }

  /// All entries of one path: a key can mean different things to different kinds.
  static func entries(of path: String) -> [CatalogEntry] { byPath[path] ?? [] }

  /// The keys that a section of a kind accepts.
  static func keys(of section: String, kind: String?) -> [String] {
    var seen: Set<String> = []
    return (bySection[section] ?? []).filter { $0.belongs(to: kind) && seen.insert($0.key).inserted }.map(\.key)
  }

  private static let byPath = Dictionary(grouping: entries, by: \.path)
  private static let bySection = Dictionary(grouping: entries, by: \.section)
}

extension Catalog {
  private static let top = [
    CatalogEntry(
      "name", .name, .derived("the file's name"), "the run's name, and the first choice for its folder under runs")
  ]

  private static let last = [
    CatalogEntry(
      "alerts", .rules, .value("[]"),
      "rules METRIC < NUMBER [for N steps] -> pause, checkpoint, branch, set KEY=VALUE, bell, notify [TEXT]; also <=, >, >= and is not finite"
    ),
    CatalogEntry("seed", .seed, .value("1"), "the key of every random stream; the same seed gives the same run"),
    CatalogEntry(
      "threads", .integer(1...1024), .absent("auto"),
      "threads of the engine; auto takes one for small networks and all cores for others"),
    CatalogEntry(
      "precision", .choice(names(PrecisionKind.self)), .value("f32"),
      "numbers of the images that convolutions read and make in training; bf16 needs AVX-512 BF16"
    ),
    CatalogEntry("event-files", .flag, .value("true"), "write TensorBoard's event files into the run's folder"),
  ]

  static func names<T: RawRepresentable<String> & CaseIterable>(
    _ type: T.Type, where isIncluded: (T) -> Bool = { _ in true }
  ) -> [String] {
    type.allCases.filter(isIncluded).map(\.rawValue)
  }
}
