extension KeyTable {
  /// The rows of the README's table of keys, in the order of the help: section, keys, meaning.
  public static var markdownRows: [String] {
    var section = ""
    var rows: [String] = []
    for row in HelpOverlay.rows(ascii: false) {
      if row.keys.isEmpty {
        if !row.text.isEmpty { section = row.text }
      } else {
        let keys = row.keys.split(separator: " ").map { $0 == "|" ? "`\\|`" : "`\($0)`" }.joined(separator: " ")
        rows.append("| \(section) | \(keys) | \(row.text) |")
      }
    }
    return rows
  }
}
