import Telemetry
import TerminalKit

extension Painter {
  /// Real and generated points with what a person wants to see of the game, and the caption of a moment.
  mutating func drawPoints(_ points: PointsPanel, in rect: Rect, _ state: DashboardState) {
    var area = rect
    if let caption = state.caption { area = drawCaption(caption, in: area) }
    let hasLegend = area.height >= 8
    let plotArea = Rect(x: area.x, y: area.y, width: area.width, height: area.height - (hasLegend ? 1 : 0))
    let plot = PointsPlot(points, state, theme)
    if state.lab.parts.contains(.optimum), state.lab.slow == nil, let optimum = points.optimum,
      let (left, right) = halves(of: plotArea)
    {
      drawTitled("D(x)", plot.plot, in: left)
      var best = plot.plot
      best.field = (optimum.columns, optimum.rows, optimum.values, optimum.middle)
      best.mesh = nil
      best.arrows = []
      drawTitled("D*(x), the best D", best, in: right)
    } else if state.lab.parts.contains(.optimum), state.lab.slow == nil, let optimum = points.optimum {
      // Without room for both the best one stands alone, and says so in the legend.
      var best = plot.plot
      best.field = (optimum.columns, optimum.rows, optimum.values, optimum.middle)
      best.draw(in: plotArea, into: &buffer, theme: theme, capabilities: capabilities)
    } else {
      plot.plot.draw(in: plotArea, into: &buffer, theme: theme, capabilities: capabilities)
    }
    if state.lab.showsPhase { drawPhase(in: plotArea, state) }
    if hasLegend { drawPointsLegend(points, plot, x: area.x, y: area.maxY - 1, width: area.width, state) }
  }

  private func halves(of rect: Rect) -> (Rect, Rect)? {
    guard rect.width >= 40, rect.height >= 6 else { return nil }
    let (left, right) = rect.splitLeft(rect.width / 2)
    return (left, right)
  }

  private mutating func drawTitled(_ title: String, _ plot: ScatterPlot, in rect: Rect) {
    let (head, rest) = rect.splitTop(1)
    plot.draw(in: rest, into: &buffer, theme: theme, capabilities: capabilities)
    writeCentered(title, in: head, y: head.y, style: theme.faint)
  }

  /// Up to three rows at the top; returns what is left.
  mutating func drawCaption(_ caption: String, in rect: Rect) -> Rect {
    let lines = caption.wrapped(to: rect.width).prefix(min(3, max(0, rect.height - 3)))
    for (index, line) in lines.enumerated() {
      write(line, x: rect.x, y: rect.y + index, width: rect.width, style: theme.title)
    }
    return rect.splitTop(lines.count).rest
  }

  /// The losses of D and G against each other, in the corner.
  private mutating func drawPhase(in rect: Rect, _ state: DashboardState) {
    let size = (width: min(30, max(14, rect.width * 2 / 5)), height: min(12, max(6, rect.height * 2 / 5)))
    guard rect.width >= 2 * size.width || rect.width >= 28, rect.height >= size.height + 3 else { return }
    let references = state.references(of: [.discriminatorLoss]) + state.references(of: [.generatorLoss])
    PhasePortrait(
      points: state.lossTrail(count: 64), xLabel: "D loss", yLabel: "G loss",
      rest: references.count == 2 ? (references[0].value, references[1].value) : nil, color: theme.seriesColor(3)
    ).draw(
      in: Rect(x: rect.maxX - size.width, y: rect.y, width: size.width, height: size.height), into: &buffer,
      theme: theme, capabilities: capabilities)
  }

  /// The plane of a game of two numbers, in the place of samples; false where the run is no such game.
  mutating func drawPortrait(in rect: Rect, _ state: DashboardState) -> Bool {
    let trail = state.diracTrail(count: 1024)
    guard let newest = trail.last else { return false }
    let references = state.references(of: [.diracTheta])
    let rest = references.first.map { ($0.value, state.references(of: [.diracPsi]).first?.value ?? $0.value) }
    PhasePortrait(
      points: trail, xLabel: "theta \(formatted(newest.x))", yLabel: "psi \(formatted(newest.y))", rest: rest,
      color: theme.seriesColor(3)
    ).draw(
      in: rect, into: &buffer, theme: theme, capabilities: capabilities)
    return true
  }

  private mutating func drawPointsLegend(
    _ points: PointsPanel, _ plot: PointsPlot, x: Int, y: Int, width: Int, _ state: DashboardState
  ) {
    let bullets = isASCII || capabilities.colors == .monochrome ? ("o", "x") : (sign(.bullet), sign(.bullet))
    var groups: [[Span]] = []
    if plot.hasReal { groups.append([Span(bullets.0, theme.style(theme.real)), Span(" real", theme.text)]) }
    if plot.hasGenerated {
      groups.append([Span(bullets.1, theme.style(theme.generated)), Span(" \(plot.generatedWord)", theme.text)])
    }
    if let field = plot.plot.field == nil ? nil : plot.isOptimum ? points.optimum ?? points.field : points.field,
      capabilities.colors != .monochrome
    {
      let label =
        state.lab.parts.contains(.optimum) && halves(of: Rect(x: 0, y: 0, width: width, height: 8)) == nil
        ? points.optimum?.label ?? field.label : field.label
      // The palette spans what there is: without numbers a D that has learnt nothing looks like one that has.
      let ends = plot.plot.fieldEnds.map {
        (formatted(Double($0.low), digits: 2), formatted(Double($0.high), digits: 2))
      }
      let palette = [0.0, 0.25, 0.5, 0.75, 1].map { place in
        Span(" ", Style(foreground: theme.text.foreground, background: theme.diverging.color(at: place)))
      }
      groups.append(
        [Span("\(label) ", theme.text), Span(ends.map { $0.0 + " " } ?? "", theme.faint)] + palette
          + [Span(ends.map { " " + $0.1 } ?? "", theme.faint)])
    }
    // Whole entries only: half a palette says nothing.
    func columns(_ groups: [[Span]]) -> Int {
      groups.reduce(0) { $0 + $1.reduce(0) { $0 + $1.text.columns } } + 2 * max(0, groups.count - 1)
    }
    while columns(groups) > width, groups.count > 1 { groups.removeLast() }
    let used = min(width, columns(groups))
    write(groups, x: x + (width - used) / 2, y: y, width: width, limit: width)
  }

  /// The drawing under a person's hands.
  mutating func drawSketch(_ sketch: Sketch, in inside: Rect) {
    let area = DashboardState.sketchArea(inside: inside)
    var plot = sketch.plot(sketch.points.map { (Float($0.x), Float($0.y)) }, color: theme.real)
    let paper = theme.diverging.color(at: 0.5)
    let place = plot.plotRect(in: area)
    buffer.fill(
      place, with: Cell(" ", style: capabilities.colors == .monochrome ? theme.text : theme.text.on(paper)))
    // Heavier points are drawn again in the other colour.
    let heavy = sketch.points.filter { $0.weight > 1 }.map { (Float($0.x), Float($0.y)) }
    plot.layers.append((points: heavy, color: theme.generated, glyph: nil))
    plot.draw(in: area, into: &buffer, theme: theme, capabilities: capabilities)
    if let cell = plot.cell(of: (Float(sketch.cursor.x), Float(sketch.cursor.y)), in: area) {
      buffer[cell.x, cell.y] = Cell("+", style: theme.text.with([.reverse, .bold]))
    }
    let weight = sketch.points.reduce(0) { $0 + $1.weight }
    let words =
      sketch.points.isEmpty
      ? "draw: mouse or space puts points, right button or x erases, enter trains on them"
      : "\(sketch.points.count) points, weight \(formatted(weight)); enter trains a new run on them"
    write(words, x: inside.x, y: inside.maxY - 1, width: inside.width, style: theme.text)
  }
}

/// What of a picture of points is drawn, by the keys and by the moment of a step.
private struct PointsPlot {
  var plot: ScatterPlot
  var hasReal: Bool
  var hasGenerated: Bool
  var generatedWord = "generated"
  var isOptimum = false

  init(_ points: PointsPanel, _ state: DashboardState, _ theme: Theme) {
    func pairs(_ points: [PointsPanel.Point]) -> [(Float, Float)] { points.map { ($0.x, $0.y) } }
    let lab = state.lab
    let moment = lab.slow?.moment
    var (low, high) = (points.minimum, points.maximum)
    var generated = pairs(points.generated)
    hasReal = lab.showsReal
    hasGenerated = lab.showsGenerated
    var hasField = lab.showsField
    var hasArrows = lab.parts.contains(.slopes)
    var glyphs: (real: Character?, generated: Character?) = (nil, nil)
    var trails: [(from: (Float, Float), to: (Float, Float))] = []
    switch moment {
    case .noise?:
      if let latents = points.latents {
        generated = pairs(latents)
        let reach = latents.reduce(Float(1)) { max($0, abs($1.x), abs($1.y)) } * 1.05
        (low, high) = (PointsPanel.Point(x: -reach, y: -reach), PointsPanel.Point(x: reach, y: reach))
        (hasReal, hasField, hasGenerated, generatedWord) = (false, false, true, "latents")
      }
    case .generation?: (hasReal, hasField, hasGenerated) = (false, false, true)
    case .scores?: (hasReal, hasField, hasGenerated) = (true, true, true)
    case .discriminatorGradient?:
      (hasReal, hasField, hasGenerated) = (true, true, true)
      glyphs = ("+", "-")
    case .discriminatorUpdate?: (hasReal, hasField, hasGenerated) = (true, true, true)
    case .generatorGradient?: (hasField, hasGenerated, hasArrows) = (true, true, true)
    case .generatorUpdate?:
      hasGenerated = true
      if let before = lab.slow?.before, before.count == points.generated.count {
        trails = zip(before, points.generated).map { (($0.x, $0.y), ($1.x, $1.y)) }
      }
    case nil: break
    }
    let field = hasField ? points.field : nil
    plot = ScatterPlot(
      minimum: (low.x, low.y), maximum: (high.x, high.y),
      layers: [
        (points: hasReal ? pairs(points.real) : [], color: theme.real, glyph: glyphs.real),
        (points: hasGenerated ? generated : [], color: theme.generated, glyph: glyphs.generated),
      ],
      field: field.map { ($0.columns, $0.rows, $0.values, $0.middle) })
    if moment != .noise, lab.parts.contains(.manifold) || moment == .generation, let manifold = points.manifold {
      plot.mesh = ScatterPlot.Mesh(
        columns: manifold.columns, rows: manifold.rows, points: pairs(manifold.points), color: theme.seriesColor(3))
    }
    if hasArrows, moment == nil || moment == .generatorGradient {
      plot.arrows = (points.slopes ?? []).map {
        ScatterPlot.Arrow(at: ($0.at.x, $0.at.y), dx: $0.dx, dy: $0.dy)
      }
      plot.arrowColor = theme.mark
    }
    plot.trails = trails
    plot.trailColor = theme.mark
  }
}

extension DashboardState {
  /// The newest losses of D and G, oldest first, of the buckets that both have.
  func lossTrail(count: Int) -> [(x: Double, y: Double)] {
    trail(of: .discriminatorLoss, .generatorLoss, count: count) { $0.mean }
  }

  /// Where the Dirac-GAN was: theta and psi at the ends of the reports in view.
  func diracTrail(count: Int) -> [(x: Double, y: Double)] {
    trail(of: .diracTheta, .diracPsi, count: count) { $0.last }
  }

  private func trail(
    of first: MetricID, _ second: MetricID, count: Int, _ value: (Bucket) -> Double
  ) -> [(x: Double, y: Double)] {
    guard let first = history.metrics[first], let second = history.metrics[second] else { return [] }
    let range = chartRange
    let others = Dictionary(
      second.columns(steps: range, count: count).map { ($0.lastStep, value($0)) }, uniquingKeysWith: { $1 })
    return first.columns(steps: range, count: count).compactMap { bucket in
      let x = value(bucket)
      guard let y = others[bucket.lastStep], y.isFinite, x.isFinite else { return nil }
      return (x, y)
    }
  }
}
