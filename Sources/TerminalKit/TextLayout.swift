extension StringProtocol {
  /// Columns that a terminal gives this text.
  @inlinable public var columns: Int { isPlain ? utf8.count : reduce(0) { $0 + $1.columns } }

  /// Whether all of it is printable ASCII, a column each: most texts are, and need not be taken apart into characters.
  @inlinable var isPlain: Bool {
    let answer = utf8.withContiguousStorageIfAvailable { bytes in
      for byte in bytes where byte < 0x20 || byte >= 0x7F { return false }
      return true
    }
    return answer ?? utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }

  /// The text in at most `width` columns; what does not fit is replaced by an ellipsis.
  public func truncated(to width: Int, ellipsis: String = "…") -> String {
    guard columns > width else { return String(self) }
    let room = width - ellipsis.columns
    guard room >= 0 else { return String(ellipsis.prefix(Swift.max(0, width))) }
    return prefix(columns: room) + ellipsis
  }

  /// As many leading characters as fit into `width` columns.
  public func prefix(columns width: Int) -> String {
    var used = 0
    var result = ""
    for character in self {
      used += character.columns
      if used > width { break }
      result.append(character)
    }
    return result
  }

  /// Exactly `width` columns, the text at the left; truncated where it is longer.
  public func padded(to width: Int, ellipsis: String = "…") -> String {
    let text = truncated(to: width, ellipsis: ellipsis)
    return text + String(repeating: " ", count: Swift.max(0, width - text.columns))
  }

  /// Exactly `width` columns, the text at the right; truncated where it is longer.
  public func leftPadded(to width: Int, ellipsis: String = "…") -> String {
    let text = truncated(to: width, ellipsis: ellipsis)
    return String(repeating: " ", count: Swift.max(0, width - text.columns)) + text
  }

  /// Lines of at most `width` columns, broken at spaces, and inside words that are longer than a line.
  public func wrapped(to width: Int) -> [String] {
    guard width > 0 else { return [] }
    var lines: [String] = []
    for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        var rest = String(word)
        if !line.isEmpty, line.columns + 1 + rest.columns <= width {
          line += " " + rest
          continue
        }
        if !line.isEmpty { lines.append(line) }
        while rest.columns > width {
          let head = rest.prefix(columns: width)
          // A wide character in a line of one column: it cannot be shown.
          if head.isEmpty { rest.removeFirst() } else { lines.append(head) }
          rest.removeFirst(head.count)
        }
        line = rest
      }
      lines.append(line)
    }
    return lines
  }
}
