extension StringProtocol {
  /// Columns that a terminal gives this text.
  public var columns: Int { reduce(0) { $0 + $1.columns } }

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
