/// The part of a chart below its legend: axes, marks, references, bands and lines.
struct ChartPlot {
  private let chart: LineChart
  private let data: ChartData
  private let theme: Theme
  private let capabilities: Capabilities
  /// Where the lines are.
  private let plot: Rect
  private let hasYAxis: Bool
  private let hasXAxis: Bool
  private let hasXLabels: Bool
  private let yTicks: [ChartAxis.Tick]

  private var isASCII: Bool { capabilities.glyphs == .ascii }

  init(chart: LineChart, data: ChartData, rect: Rect, theme: Theme, capabilities: Capabilities) {
    self.chart = chart
    self.data = data
    self.theme = theme
    self.capabilities = capabilities
    hasXAxis = rect.height >= 4
    hasXLabels = rect.height >= 5
    let rows = rect.height - (hasXAxis ? 1 : 0) - (hasXLabels ? 1 : 0)
    let limit = data.y?.isLogarithmic == true || chart.isDetailed ? rows / 2 : rows / 3
    let ticks = data.y?.ticks(atMost: min(rows, max(3, limit))) ?? []
    let labelWidth = ticks.map(\.label.columns).max() ?? 0
    hasYAxis = labelWidth > 0 && rows >= 2 && rect.width >= labelWidth + 9
    yTicks = hasYAxis ? ticks : []
    let left = hasYAxis ? labelWidth + 1 : 0
    plot = Rect(x: rect.x + left, y: rect.y, width: rect.width - left, height: rows)
  }

  func draw(into buffer: inout CellBuffer) {
    guard !plot.isEmpty else { return }
    drawAxes(into: &buffer)
    guard !data.isEmpty, let axis = data.y else {
      drawMarks(into: &buffer)
      drawNonFinite(into: &buffer)
      let isUnshowable = data.lines.contains { $0.values.contains { $0.isFinite } }
      let text =
        data.isEmpty
        ? "no data yet"
        : !isUnshowable ? "no finite values" : chart.yScale == .logarithmic ? "no positive values" : "no data in view"
      let room = text.truncated(to: plot.width, ellipsis: Borders.ellipsis(for: capabilities.glyphs))
      buffer.write(room, x: plot.x + (plot.width - room.columns) / 2, y: plot.y + plot.height / 2, style: theme.faint)
      return
    }
    drawMarks(into: &buffer)
    drawReferences(axis, into: &buffer)
    drawBands(axis, into: &buffer)
    drawLines(axis, into: &buffer)
    if capabilities.colors == .monochrome, !isASCII, data.lines.count > 1 { drawLetters(axis, into: &buffer) }
    drawNonFinite(into: &buffer)
    drawReferenceLabels(axis, into: &buffer)
  }

  // MARK: places

  private var canvas: Canvas { Canvas(width: plot.width, height: plot.height, glyphs: capabilities.glyphs) }

  /// The column of dots of a place on the x axis, nil far outside.
  private func dotX(_ x: Double, _ width: Int) -> Double? {
    let place = data.x.position(x)
    return place.isFinite ? place * Double(width - 1) : nil
  }

  private func dotY(_ value: Double, _ axis: ChartAxis, _ height: Int) -> Double? {
    let place = axis.position(value)
    return place.isFinite ? (1 - place) * Double(height - 1) : nil
  }

  /// The cell column of a place on the x axis, nil outside the view.
  private func cellX(_ x: Double) -> Int? {
    let dots = Canvas.dotsPerCell(capabilities.glyphs).x
    guard let place = data.x.place(x), place >= 0, place <= 1 else { return nil }
    return plot.x + Int((place * Double(plot.width * dots - 1)).rounded()) / dots
  }

  /// The cell row of a value, nil outside the view.
  private func cellY(_ value: Double, _ axis: ChartAxis) -> Int? {
    let dots = Canvas.dotsPerCell(capabilities.glyphs).y
    guard let place = axis.place(value), place >= 0, place <= 1 else { return nil }
    return plot.y + Int(((1 - place) * Double(plot.height * dots - 1)).rounded()) / dots
  }

  // MARK: around the lines

  private func drawAxes(into buffer: inout CellBuffer) {
    if hasYAxis, let axis = data.y {
      for y in plot.y..<plot.maxY { buffer[plot.x - 1, y] = Cell(isASCII ? "|" : "│", style: theme.border) }
      for tick in yTicks {
        guard let y = cellY(tick.value, axis) else { continue }
        buffer[plot.x - 1, y] = Cell(isASCII ? "+" : "┤", style: theme.border)
        buffer.write(tick.label, x: plot.x - 1 - tick.label.columns, y: y, style: theme.faint)
      }
    }
    guard hasXAxis else { return }
    for x in plot.x..<plot.maxX { buffer[x, plot.maxY] = Cell(isASCII ? "-" : "─", style: theme.border) }
    if hasYAxis { buffer[plot.x - 1, plot.maxY] = Cell(isASCII ? "+" : "╰", style: theme.border) }
    guard !data.isEmpty else { return }
    var free = plot.x - (hasYAxis ? 2 : 0)
    for tick in data.x.ticks(atMost: max(2, plot.width / (chart.isDetailed ? 9 : 12))) {
      guard let x = cellX(tick.value) else { continue }
      buffer[x, plot.maxY] = Cell(isASCII ? "+" : "┬", style: theme.border)
      guard hasXLabels else { continue }
      let width = tick.label.columns
      let start = max(min(x - width / 2, plot.maxX - width), plot.x - (hasYAxis ? 1 : 0))
      if start >= free, start + width <= plot.maxX {
        buffer.write(tick.label, x: start, y: plot.maxY + 1, style: theme.faint)
        free = start + width + 1
      }
    }
  }

  private func drawMarks(into buffer: inout CellBuffer) {
    if let cursor = chart.cursor, let x = cellX(cursor) {
      for y in plot.y..<plot.maxY { buffer[x, y] = Cell(isASCII ? "|" : "│", style: theme.text) }
      if hasXAxis { buffer[x, plot.maxY] = Cell(isASCII ? "^" : "┴", style: theme.text) }
    }
    // What matters most is drawn last: a verdict hides an edit in its column, an edit a checkpoint.
    for kind in [ChartMark.Kind.checkpoint, .edit, .verdict] {
      for mark in chart.marks where mark.kind == kind {
        guard let x = cellX(mark.x) else { continue }
        let style = theme.style(color(of: kind), kind == .checkpoint ? [] : .bold)
        if hasXAxis { buffer[x, plot.maxY] = Cell(mark.letter, style: style) }
        // Checkpoints are many and expected: a short tick. Edits and verdicts explain what the lines do after them.
        let top = kind == .checkpoint ? plot.maxY - 1 : plot.y
        let line = theme.style(color(of: kind), capabilities.colors == .monochrome ? .dim : [])
        for y in top..<plot.maxY {
          buffer[x, y] = Cell(kind == .checkpoint ? (isASCII ? "'" : "╷") : (isASCII ? ":" : "┊"), style: line)
        }
      }
    }
  }

  private func color(of kind: ChartMark.Kind) -> Color {
    switch kind {
    case .edit: theme.mark
    case .checkpoint: theme.checkpointMark
    case .verdict: theme.verdictMark
    }
  }

  private func drawReferences(_ axis: ChartAxis, into buffer: inout CellBuffer) {
    for reference in chart.references {
      guard let y = cellY(reference.value, axis) else { continue }
      if capabilities.glyphs == .braille {
        var canvas = canvas
        guard let row = dotY(reference.value, axis, canvas.height) else { continue }
        canvas.line(
          from: (x: 0, y: row), to: (x: Double(canvas.width - 1), y: row), theme.reference, dash: (on: 2, period: 4))
        canvas.draw(in: plot, into: &buffer, colors: capabilities.colors)
      } else {
        for x in stride(from: plot.x, to: plot.maxX, by: isASCII ? 2 : 1) {
          buffer[x, y] = Cell(isASCII ? "-" : "╌", style: theme.style(theme.reference))
        }
      }
    }
  }

  /// Labels stand where nothing of the data is, from the right end on; without such a place only the line shows.
  private func drawReferenceLabels(_ axis: ChartAxis, into buffer: inout CellBuffer) {
    for reference in chart.references where !reference.label.isEmpty {
      guard let y = cellY(reference.value, axis) else { continue }
      let label = " " + reference.label + " "
      let width = label.columns
      search: for row in [y - 1, y + 1] where row >= plot.y && row < plot.maxY {
        for start in stride(from: plot.maxX - width, through: plot.x, by: -1)
        where (start..<(start + width)).allSatisfy({ buffer[$0, row].character == " " }) {
          buffer.write(reference.label, x: start + 1, y: row, style: theme.style(theme.reference))
          break search
        }
      }
    }
  }

  // MARK: the lines

  /// The raw values behind each line: from the minimum to the maximum of every bucket, and with smoothing the raw line.
  private func drawBands(_ axis: ChartAxis, into buffer: inout CellBuffer) {
    guard chart.backdrop != .nothing else { return }
    var canvas = canvas
    let (width, height) = (canvas.width, canvas.height)
    let hasBand = chart.backdrop == .envelope
    let hasRawLine = chart.smoothing > 0
    for line in data.lines where !line.isFaint {
      let color = line.color.mixed(with: theme.background.background, share: 0.38) ?? theme.envelope
      var before: Double?
      var previous: (x: Double, y: Double)?
      var x = line.points.first.flatMap { dotX($0.x, width) }
      for (index, point) in line.points.enumerated() {
        let after = index + 1 < line.points.count ? dotX(line.points[index + 1].x, width) : nil
        defer { (before, x) = (x, after) }
        guard let x else { continue }
        let isInView = x >= -0.5 && x < Double(width) - 0.5
        if hasBand, isInView, point.minimum < point.maximum, let top = dotY(point.maximum, axis, height) {
          // A minimum that a logarithmic axis cannot show lies below the view.
          let bottom = dotY(point.minimum, axis, height) ?? Double(height - 1)
          let first = before.map { (($0 + x) / 2).rounded(.up) } ?? x.rounded()
          let last = after.map { (($0 + x) / 2).rounded(.up) - 1 } ?? x.rounded()
          let columns = Self.dots(min(first, x.rounded()), width)...Self.dots(max(last, x.rounded()), width)
          let rows = (Self.dots(top.rounded(), height), Self.dots(bottom.rounded(), height))
          for column in columns { canvas.column(column, from: rows.0, to: rows.1, color, ascii: ":") }
        }
        guard hasRawLine else { continue }
        let here = dotY(point.last, axis, height).map { (x: x, y: $0) }
        if let here, let previous { canvas.line(from: previous, to: here, color, ascii: ":") }
        previous = here
      }
    }
    let attributes: Style.Attributes = capabilities.colors == .monochrome ? .dim : []
    canvas.draw(in: plot, into: &buffer, colors: capabilities.colors, attributes: attributes)
  }

  /// A coordinate as a dot inside the canvas; what is far outside lands on its edge.
  private static func dots(_ value: Double, _ count: Int) -> Int { Int(min(max(value, 0), Double(max(0, count - 1)))) }

  private func drawLines(_ axis: ChartAxis, into buffer: inout CellBuffer) {
    var canvas = canvas
    let (width, height) = (canvas.width, canvas.height)
    for line in data.lines {
      let glyph = LineChart.asciiGlyph(line.index)
      let dash = isASCII ? nil : LineChart.dash(line.index, isFaint: line.isFaint, capabilities.colors)
      func place(_ index: Int) -> (x: Double, y: Double)? {
        guard index < line.points.count, let x = dotX(line.points[index].x, width),
          let y = dotY(line.values[index], axis, height)
        else { return nil }
        return (x, y)
      }
      var before: (x: Double, y: Double)?
      var here = place(0)
      for index in line.points.indices {
        let after = place(index + 1)
        defer { (before, here) = (here, after) }
        guard let place = here else { continue }
        if let before {
          canvas.line(from: before, to: place, line.color, ascii: glyph, dash: dash)
        } else if after == nil {
          // A value without neighbours would be one dot: make it one that can be seen.
          for (dx, dy) in [(0.0, 0.0), (1, 0), (0, 1), (1, 1)] {
            canvas.line(
              from: (place.x + dx, place.y + dy), to: (place.x + dx, place.y + dy), line.color, ascii: glyph)
            if capabilities.glyphs != .braille { break }
          }
        }
      }
    }
    canvas.draw(in: plot, into: &buffer, colors: capabilities.colors)
  }

  /// The letter of each line, every some columns, those of different lines apart.
  private func drawLetters(_ axis: ChartAxis, into buffer: inout CellBuffer) {
    let apart = max(8 * data.lines.count, 24)
    for line in data.lines {
      var column = plot.x + min(4, plot.width / 4) + line.index * apart / data.lines.count
      let letter = Cell(LineChart.letter(line.index), style: theme.style(line.color, .bold))
      for (point, value) in zip(line.points, line.values) {
        guard let x = cellX(point.x), x >= column, let y = cellY(value, axis) else { continue }
        buffer[x, y] = letter
        column = x + apart
      }
    }
  }

  /// A cross at the top of every column that holds a NaN or an infinity.
  private func drawNonFinite(into buffer: inout CellBuffer) {
    for line in data.lines {
      for point in line.points where point.hasNonFinite || !point.last.isFinite {
        guard let x = cellX(point.x) else { continue }
        buffer[x, plot.y] = Cell(isASCII ? "X" : "×", style: theme.critical)
      }
    }
  }
}
