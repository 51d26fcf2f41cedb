extension CellBuffer {
  /// The frame as text with escape sequences (ECMA-48), a row a line, without trailing empty cells.
  /// - Parameter depth: what colours become.
  public func ansi(colors depth: ColorDepth) -> String {
    var writer = ANSIWriter(depth: depth)
    for y in 0..<size.height {
      if y > 0 { writer.text += "\n" }
      var end = size.width
      while end > 0, cells[y * size.width + end - 1].isEmpty { end -= 1 }
      for x in 0..<end { writer.append(cells[y * size.width + x]) }
      writer.reset()
    }
    return writer.text
  }

  /// What a terminal that shows `shown` must be sent to show this frame; all of it where that is nil or of another size.
  public func ansi(changesFrom shown: CellBuffer?, colors depth: ColorDepth) -> String {
    var writer = ANSIWriter(depth: depth)
    let shown = shown.flatMap { $0.size == size ? $0 : nil }
    if shown == nil { writer.text = "\u{1B}[0m\u{1B}[2J" }
    for y in 0..<size.height {
      var x = 0
      while x < size.width {
        let index = y * size.width + x
        if let shown, shown.cells[index] == cells[index] {
          x += 1
          continue
        }
        // From the cell that a wide character begins in.
        var start = x
        if cells[index].isContinuation, start > 0 { start -= 1 }
        writer.text += "\u{1B}[\(y + 1);\(start + 1)H"
        x = start
        while x < size.width {
          let index = y * size.width + x
          if x > start, let shown, shown.cells[index] == cells[index], !cells[index].isContinuation { break }
          writer.append(cells[index])
          x += 1
        }
      }
    }
    writer.reset()
    return writer.text
  }
}

extension Cell {
  /// A space that nothing tells from the terminal's own.
  fileprivate var isEmpty: Bool {
    scalar == " " && style.background == .standard && style.attributes.isDisjoint(with: [.reverse, .underline])
      && !isContinuation
  }
}

/// Cells as text with the sequences between them that change the style.
private struct ANSIWriter {
  let depth: ColorDepth
  var text = ""
  private var style: Style?

  init(depth: ColorDepth) { self.depth = depth }

  mutating func append(_ cell: Cell) {
    guard !cell.isContinuation else { return }
    if style != cell.style {
      text += "\u{1B}[0" + parameters(cell.style) + "m"
      style = cell.style
    }
    text.append(cell.character)
  }

  mutating func reset() {
    if style != nil, style != .plain { text += "\u{1B}[0m" }
    style = nil
  }

  private func parameters(_ style: Style) -> String {
    var text = ""
    let attributes: [(Style.Attributes, String)] = [(.bold, ";1"), (.dim, ";2"), (.underline, ";4"), (.reverse, ";7")]
    for (attribute, code) in attributes where style.attributes.contains(attribute) { text += code }
    return text + color(style.foreground, 30) + color(style.background, 40)
  }

  private func color(_ color: Color, _ base: Int) -> String {
    switch color.nearest(in: depth) {
    case .standard: ""
    case .indexed(let index) where index < 8: ";\(base + Int(index))"
    case .indexed(let index) where index < 16: ";\(base + 52 + Int(index))"
    case .indexed(let index): ";\(base + 8);5;\(index)"
    case .rgb(let red, let green, let blue): ";\(base + 8);2;\(red);\(green);\(blue)"
    }
  }
}
