/// The part of a chart below its legend: axes, marks, references, bands and lines.
struct ChartPlot {
  private let chart: LineChart
  private let data: ChartData
  private let theme: Theme
  private let capabilities: Capabilities
  /// Where the lines are.
  let plot: Rect
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
    let traces = data.lines.map { trace($0, axis) }
    if chart.backdrop != .nothing { drawBands(traces, into: &buffer) }
    drawLines(traces, into: &buffer)
    if capabilities.colors == .monochrome, !isASCII, data.lines.count > 1 { drawLetters(axis, into: &buffer) }
    drawNonFinite(into: &buffer)
    drawReferenceLabels(axis, into: &buffer)
  }

  // MARK: places

  private var canvas: Canvas { Canvas(width: plot.width, height: plot.height, glyphs: capabilities.glyphs) }

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
      let line = Cell(isASCII ? "|" : "│", style: theme.border)
      for y in plot.y..<plot.maxY { buffer[plot.x - 1, y] = line }
      for tick in yTicks {
        guard let y = cellY(tick.value, axis) else { continue }
        buffer[plot.x - 1, y] = Cell(isASCII ? "+" : "┤", style: theme.border)
        buffer.write(tick.label, x: plot.x - 1 - tick.label.columns, y: y, style: theme.faint)
      }
    }
    guard hasXAxis else { return }
    let line = Cell(isASCII ? "-" : "─", style: theme.border)
    for x in plot.x..<plot.maxX { buffer[x, plot.maxY] = line }
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
        var canvas = Canvas(width: plot.width, height: 1, glyphs: .braille)
        let row = dotY(reference.value, axis, plot.height * 4).map { Double(Int($0 + 0.5) % 4) } ?? 0
        canvas.line(
          from: (x: 0, y: row), to: (x: Double(canvas.width - 1), y: row), theme.reference, dash: (on: 2, period: 4))
        canvas.draw(
          in: Rect(x: plot.x, y: y, width: plot.width, height: 1), into: &buffer, colors: capabilities.colors)
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
        where (start..<(start + width)).allSatisfy({ buffer[$0, row].scalar == " " }) {
          buffer.write(reference.label, x: start + 1, y: row, style: theme.style(theme.reference))
          break search
        }
      }
    }
  }

  // MARK: the lines

  /// A line in dots; NaN where it has no place.
  private struct Trace {
    var line: ChartData.Line
    var x: [Double]
    var raw: [Double]
    var smoothed: [Double]
    var top: [Double]
    var bottom: [Double]

    /// Whether a point has more values than one.
    func isWide(_ index: Int) -> Bool { line.points[index].minimum < line.points[index].maximum }
  }

  private func trace(_ line: ChartData.Line, _ axis: ChartAxis) -> Trace {
    let dots = Canvas.dotsPerCell(capabilities.glyphs)
    let (width, height) = (Double(plot.width * dots.x - 1), Double(plot.height * dots.y - 1))
    let hasBand = chart.backdrop == .envelope && !line.isFaint
    let hasRawLine = chart.backdrop != .nothing && !line.isFaint && chart.smoothing > 0
    func row(_ value: Double) -> Double { height - axis.position(value) * height }
    return Trace(
      line: line, x: line.points.map { data.x.position($0.x) * width },
      raw: hasRawLine ? line.points.map { row($0.last) } : [], smoothed: line.values.map(row),
      top: hasBand ? line.points.map { row($0.maximum) } : [],
      bottom: hasBand ? line.points.map { row($0.minimum) } : [])
  }

  /// The raw values behind each line: from the minimum to the maximum of every bucket, and with smoothing the raw line.
  private func drawBands(_ traces: [Trace], into buffer: inout CellBuffer) {
    var canvas = canvas
    let glyph = UInt8(ascii: ":")
    let last = Double(canvas.width - 1)
    let height = Double(canvas.height - 1)
    for trace in traces where !trace.line.isFaint {
      let color = trace.line.color.mixed(with: theme.background.background, share: 0.38) ?? theme.envelope
      var previous: (x: Double, y: Double)?
      var previousBand = (top: Double.infinity, bottom: -Double.infinity)
      for index in trace.x.indices {
        let x = trace.x[index]
        guard x.isFinite else {
          previous = nil
          continue
        }
        var band = (top: Double.infinity, bottom: -Double.infinity)
        if !trace.top.isEmpty, x >= -0.5, x < last + 0.5, trace.top[index].isFinite, trace.isWide(index) {
          let here = Int(Self.inside(x, last) + 0.5)
          let before = index > 0 ? trace.x[index - 1] : .nan
          let after = index + 1 < trace.x.count ? trace.x[index + 1] : .nan
          // As far as half the way to the neighbours.
          let from = before.isFinite ? min(here, Int(Self.inside((before + x) / 2, last).rounded(.up))) : here
          let to = after.isFinite ? max(here, Int(Self.inside((after + x) / 2, last + 1).rounded(.up)) - 1) : here
          // A minimum that a logarithmic axis cannot show lies below the view.
          band = (trace.top[index], trace.bottom[index].isFinite ? trace.bottom[index] : .infinity)
          let rows = (Int(Self.inside(band.top, height) + 0.5), Int(Self.inside(band.bottom, height) + 0.5))
          for column in from...to { canvas.column(column, from: rows.0, to: rows.1, color, glyph: glyph) }
        }
        defer { previousBand = band }
        guard !trace.raw.isEmpty else { continue }
        let here = trace.raw[index].isFinite ? (x: x, y: trace.raw[index]) : nil
        if let here, let previous {
          // Bands meet in the middle: what of the line lies in them is there already.
          let middle = (here.y + previous.y) / 2
          let isCovered = max(band.top, previousBand.top) <= middle && middle <= min(band.bottom, previousBand.bottom)
          if !isCovered { canvas.line(from: previous, to: here, color, glyph: glyph, dash: nil) }
        }
        previous = here
      }
    }
    let attributes: Style.Attributes = capabilities.colors == .monochrome ? .dim : []
    canvas.draw(in: plot, into: &buffer, colors: capabilities.colors, attributes: attributes)
  }

  /// What is outside 0...last, on the edge.
  @inline(__always)
  private static func inside(_ value: Double, _ last: Double) -> Double { min(max(value, 0), last) }

  private func drawLines(_ traces: [Trace], into buffer: inout CellBuffer) {
    var canvas = canvas
    for trace in traces {
      let line = trace.line
      let glyph = LineChart.asciiGlyph(line.index).asciiValue ?? UInt8(ascii: "*")
      let dash = isASCII ? nil : LineChart.dash(line.index, isFaint: line.isFaint, capabilities.colors)
      var before: (x: Double, y: Double)?
      for index in trace.x.indices {
        let place = (x: trace.x[index], y: trace.smoothed[index])
        guard place.x.isFinite, place.y.isFinite else {
          before = nil
          continue
        }
        let isAlone =
          index + 1 == trace.x.count || !trace.x[index + 1].isFinite || !trace.smoothed[index + 1].isFinite
        if let before {
          canvas.line(from: before, to: place, line.color, glyph: glyph, dash: dash)
        } else if isAlone {
          // A value without neighbours would be one dot: make it one that can be seen.
          for (dx, dy) in [(0.0, 0.0), (1, 0), (0, 1), (1, 1)] {
            let dot = (x: place.x + dx, y: place.y + dy)
            canvas.line(from: dot, to: dot, line.color, glyph: glyph, dash: nil)
            if capabilities.glyphs != .braille { break }
          }
        }
        before = place
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
