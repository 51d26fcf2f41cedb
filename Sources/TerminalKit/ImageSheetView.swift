/// Pictures in rows that mean something, with labels left of the rows, over the columns and under the pictures.
public struct ImageSheetView: Sendable {
  public var images: [PixelImage]
  /// Pictures in a row.
  public var columns: Int
  public var rowLabels: [String]
  public var columnLabels: [String]
  /// Under each picture; empty for none.
  public var labels: [String]

  public init(
    _ images: [PixelImage], columns: Int, rowLabels: [String] = [], columnLabels: [String] = [], labels: [String] = []
  ) {
    self.images = images
    self.columns = max(1, min(columns, images.count))
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.labels = labels
  }

  /// Draws whole rows and whole columns, as many as have room at a size that can be read.
  /// - Returns: how many pictures were drawn.
  @discardableResult
  public func draw(
    in rect: Rect, mode: ImageMode, into buffer: inout CellBuffer, theme: Theme, capabilities: Capabilities
  ) -> Int {
    guard let first = images.first, first.width > 0, first.height > 0, !rect.isEmpty else { return 0 }
    let ellipsis = Borders.ellipsis(for: capabilities.glyphs)
    let rows = (images.count + columns - 1) / columns
    let margin = min(rowLabels.map(\.columns).max() ?? 0, max(0, rect.width / 5))
    let left = rect.x + (margin > 0 ? margin + 1 : 0)
    let head = columnLabels.isEmpty || rect.height < 6 ? 0 : 1
    let width = rect.maxX - left
    func lines(_ row: Int) -> Int { hasLabels(row) ? 1 : 0 }
    let captions = (0..<rows).reduce(0) { $0 + lines($1) }
    func height(_ cells: Int) -> Int {
      max(1, Int((Double(cells) * Double(first.height) / Double(first.width) / 2).rounded()))
    }
    // As large as all of them have room, but never so small that nothing can be told.
    var size = min(max(1, (width + 1) / columns - 1), 2 * first.width)
    while size > Self.least, rows * height(size) + captions > rect.height - head { size -= 1 }
    size = max(size, min(Self.least, width))
    let across = min(columns, (width + 1) / (size + 1))
    guard across > 0 else { return 0 }
    if head > 0 {
      for column in 0..<min(across, columnLabels.count) {
        buffer.write(
          columnLabels[column].truncated(to: size, ellipsis: ellipsis), x: left + column * (size + 1), y: rect.y,
          style: theme.faint)
      }
    }
    var (y, drawn) = (rect.y + head, 0)
    for row in 0..<rows where y + height(size) + lines(row) <= rect.maxY {
      if margin > 0, row < rowLabels.count {
        buffer.write(
          rowLabels[row].truncated(to: margin, ellipsis: ellipsis), x: rect.x, y: y + height(size) / 2,
          style: theme.faint)
      }
      for column in 0..<across {
        let index = row * columns + column
        guard index < images.count else { break }
        let place = Rect(x: left + column * (size + 1), y: y, width: size, height: height(size))
        buffer.drawImage(images[index], in: place, mode: mode, theme: theme, capabilities: capabilities)
        drawn += 1
        guard lines(row) > 0, index < labels.count else { continue }
        buffer.write(
          labels[index].truncated(to: size, ellipsis: ellipsis), x: place.x, y: place.maxY, style: theme.text)
      }
      y += height(size) + lines(row)
    }
    return drawn
  }

  /// The least width of a picture in cells.
  static let least = 4

  private func hasLabels(_ row: Int) -> Bool {
    labels.dropFirst(row * columns).prefix(columns).contains { !$0.isEmpty }
  }
}
