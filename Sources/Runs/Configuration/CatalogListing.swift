import Foundation
import Models
import Telemetry

extension Catalog {
  /// The README's table: every key, with both players' keys on one row.
  public static func markdown() -> String {
    var lines = [
      "| key | accepted | default | meaning |",
      "|---|---|---|---|",
    ]
    for row in rows {
      let keys = row.paths.map { "`\($0)`" }.joined(separator: "<br>")
      let kinds = row.entry.kinds.isEmpty ? "" : " (\(row.entry.kinds.joined(separator: ", ")))"
      let live = row.entry.isLive ? " *Live.*" : ""
      lines.append("| \(keys)\(kinds) | \(row.entry.accepted) | \(row.entry.standardText) | \(row.meaning)\(live) |")
    }
    return lines.map { escapedPipes($0) }.joined(separator: "\n") + "\n"
  }

  /// The listing of `gantui catalog`.
  public static func text() -> String {
    var result = ""
    for entry in entries {
      let kinds = entry.kinds.isEmpty ? "" : "  (\(entry.kinds.joined(separator: ", ")))"
      result += "\(entry.path)\(kinds)\n    \(entry.explanation)\n"
      result += "    \(entry.accepted); default: \(entry.standardText)\(live(entry))\n"
    }
    return result
  }

  /// The range in which a live value can be turned.
  private static func live(_ entry: CatalogEntry) -> String {
    guard let live = entry.hyperparameter else { return "" }
    return "; live, from \(decimal(live.minimum)) to \(decimal(live.maximum))"
  }

  /// The listing of `gantui catalog --json`: an array of objects, one a key.
  public static func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let keys = entries.map { entry in
      Listing(
        key: entry.path, kinds: entry.kinds.isEmpty ? nil : entry.kinds, accepted: entry.accepted,
        default: entry.standardText, required: entry.standard == .required, live: entry.isLive,
        minimum: entry.hyperparameter?.minimum, maximum: entry.hyperparameter?.maximum,
        scale: entry.hyperparameter?.scale, explanation: entry.explanation)
    }
    return String(decoding: try encoder.encode(keys), as: UTF8.self) + "\n"
  }

  private struct Listing: Encodable {
    var key: String
    var kinds: [String]?
    var accepted: String
    var `default`: String
    var required: Bool
    var live: Bool
    /// Of live keys: the range in which they can be turned, and whether a key press multiplies or adds.
    var minimum: Double?
    var maximum: Double?
    var scale: Hyperparameter.Scale?
    var explanation: String
  }

  private struct Row {
    var paths: [String]
    var entry: CatalogEntry
    var meaning: String
  }

  /// The entries, with those of the discriminator that say the same as the generator's on the generator's row.
  private static var rows: [Row] {
    var rows: [Row] = []
    for entry in entries {
      let twin = entry.path.replacingOccurrences(of: ".discriminator", with: ".generator")
      let meaning = entry.explanation.replacingOccurrences(of: "discriminator's", with: "generator's")
      if twin != entry.path,
        let index = rows.firstIndex(where: {
          $0.paths == [twin] && $0.entry.accepted == entry.accepted && $0.entry.standard == entry.standard
            && $0.entry.kinds == entry.kinds && $0.meaning == meaning
        })
      {
        rows[index].paths.append(entry.path)
        rows[index].meaning = meaning.replacingOccurrences(of: "the generator's", with: "the player's")
      } else {
        rows.append(Row(paths: [entry.path], entry: entry, meaning: entry.explanation))
      }
    }
    return rows
  }

  /// Keeps the bars of |x| from splitting a cell.
  private static func escapedPipes(_ row: String) -> String {
    guard row.hasPrefix("| `") else { return row }
    let cells = row.dropFirst(2).dropLast(2).components(separatedBy: " | ")
    return "| " + cells.map { $0.replacingOccurrences(of: "|", with: "\\|") }.joined(separator: " | ") + " |"
  }
}

extension CatalogEntry {
  /// The default in words.
  public var standardText: String {
    switch standard {
    case .value(let text): text
    case .derived(let words): words
    case .absent(let word): word
    case .required: "required"
    }
  }
}
