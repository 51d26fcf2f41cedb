import Datasets
import Execution
import Foundation
import Models
import Stability
import Telemetry
import Tensors

/// What a picture of a 2-D run shows beside its points: the generator's manifold, the pull of its loss, the best
/// discriminator.
///
/// Reference for what is worth seeing: GAN Lab, M. Kahng et al., IEEE TVCG 25 (2019), section 5.
final class Laboratory {
  private let system: TrainableSystem
  private let dataset: any Dataset
  private let seed: UInt64
  private let shelf: ProgramShelf
  /// Nil for games that are no plain GAN.
  private let functions: AdversarialFunctions?
  private let hasScoreLoss: Bool
  /// The data's density on the field's grid, blurred; made once.
  private var density: (values: [Double], bandwidth: Double, grid: PlanarGrid)?

  static let manifoldSide = 21
  static let lineCount = 161
  static let slopeCount = 96

  init(
    _ system: TrainableSystem, dataset: any Dataset, configuration: RunConfiguration, step: Int, shelf: ProgramShelf
  ) {
    self.system = system
    self.dataset = dataset
    self.shelf = shelf
    seed = configuration.seed
    functions = try? AdversarialFunctions(
      configuration, sample: sampleShape(dataset), classes: dataset.classCount, step: step)
    // A generator that matches features is not pulled by a score.
    hasScoreLoss = !configuration.techniques.has(.featureMatching)
  }

  /// What this run can show.
  var parts: [PointsPart] {
    guard dataset.shape == .vector(2), system.source == nil, system.latents.count > 0 else { return [] }
    return [.manifold] + (hasSlopes ? [.slopes] : []) + (hasOptimum ? [.optimum] : []) + [.latents]
  }

  private var hasSlopes: Bool { functions != nil && hasScoreLoss }

  private var hasOptimum: Bool {
    guard let functions else { return false }
    return functions.scoreIsProbability && functions.classes == nil && dataset.logDensity(at: [0, 0]) != nil
  }

  // MARK: The manifold

  /// Where G puts a grid of latents whose cells are equally probable; nil where it puts any of them beyond all numbers.
  func manifold(inputs: [String: Double]) throws -> PointsPanel.Manifold? {
    let layout = system.latents
    guard layout.count > 0 else { return nil }
    let (columns, rows) = layout.dimension > 1 ? (Self.manifoldSide, Self.manifoldSide) : (Self.lineCount, 1)
    let program = try shelf.program("sampler/\(columns * rows)", inputs: inputs) { try system.sampler(columns * rows) }
    program.fill(ProgramPort.latents, Self.grid(layout, columns: columns, rows: rows))
    fillClasses(program, ProgramPort.classes) { _ in 0 }
    program.run(counter: 0, substep: 0)
    let made = dataset.normalization.inverted(Array(try program.outputElements(ProgramPort.samples)))
    let points = PointView.points(made)
    guard points.count == columns * rows else { return nil }
    return PointsPanel.Manifold(columns: columns, rows: rows, points: points)
  }

  /// Latents `[rows · columns, count]` at even quantiles of the first two coordinates; the others are 0, of a code the
  /// first category.
  static func grid(_ layout: LatentLayout, columns: Int, rows: Int) -> [Float] {
    func place(_ index: Int, of count: Int) -> Float {
      let quantile = count > 1 ? 0.01 + 0.98 * Double(index) / Double(count - 1) : 0.5
      return Float(layout.distribution == .normal ? normalQuantile(quantile) : 2 * quantile - 1)
    }
    var latents = [Float](repeating: 0, count: rows * columns * layout.count)
    for row in 0..<rows {
      for column in 0..<columns {
        let start = (row * columns + column) * layout.count
        if layout.dimension > 0 { latents[start] = place(column, of: columns) }
        if layout.dimension > 1 { latents[start + 1] = place(row, of: rows) }
        if layout.categories > 0 { latents[start + layout.dimension] = 1 }
      }
    }
    return latents
  }

  /// The standard normal's quantile, by halving: there are a few dozen of them in a run.
  static func normalQuantile(_ probability: Double) -> Double {
    var (low, high) = (-9.0, 9.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  // MARK: The pull of the generator's loss

  /// −∂ℓ_G/∂x at the first samples, as movements in the data's units.
  ///
  /// - Parameter samples: `[count, 2]`, normalized.
  func slopes(at samples: [Float], inputs: [String: Double]) throws -> [PointsPanel.Slope]? {
    guard hasSlopes, let functions else { return nil }
    let count = min(Self.slopeCount, samples.count / 2)
    guard count > 0 else { return nil }
    let program = try shelf.program("pull/\(count)", inputs: inputs) {
      try trace {
        var program = Program(name: "pull")
        let points = Input(name: ProgramPort.points, shape: [count, 2]).value
        let classes = functions.classes.map { Input(name: ProgramPort.classes, shape: [count, $0]).value }
        program.output(Self.pull, functions.pull(on: points, classes: classes))
        return program
      }
    }
    program.fill(ProgramPort.points, samples.prefix(2 * count))
    fillClasses(program, ProgramPort.classes) { $0 }
    program.run(counter: 0, substep: 0)
    let pulls = try program.outputElements(Self.pull)
    let places = dataset.normalization.inverted(Array(samples.prefix(2 * count)))
    let scale = dataset.normalization.isIdentity ? [1, 1] : dataset.normalization.scale
    return (0..<count).compactMap { index in
      let slope = PointsPanel.Slope(
        at: PointsPanel.Point(x: places[2 * index], y: places[2 * index + 1]), dx: pulls[2 * index] * scale[0],
        dy: pulls[2 * index + 1] * (scale.count > 1 ? scale[1] : scale[0]))
      return slope.at.x.isFinite && slope.at.y.isFinite && slope.length.isFinite ? slope : nil
    }
  }

  private static let pull = "pull"

  /// Classes take turns, as a sampler's do.
  private func fillClasses(_ program: CPUProgram, _ port: String, _ label: (Int) -> Int) {
    let rows = program.input(port)
    guard let classes = system.latents.classes, classes > 0, !rows.isEmpty else { return }
    writeOneHot((0..<rows.count / classes).map { Int32(label($0) % classes) }, classes: classes, into: rows)
  }

  // MARK: The latents

  /// The first two coordinates of the samples' latents; a lone one lies on a line.
  func latents(_ count: Int, stream: String, inputs: [String: Double]) -> [PointsPanel.Point] {
    let layout = system.latents
    var values = [Float](repeating: 0, count: count * layout.count)
    values.withUnsafeMutableBufferPointer {
      LatentDrawer(layout, seed: seed, stream: stream, truncation: LatentDrawer.truncation(inputs)).fill(
        $0, firstSample: 0, counter: 0)
    }
    return (0..<count).map { index in
      let start = index * layout.count
      return PointsPanel.Point(
        x: layout.count > 0 ? values[start] : 0, y: layout.dimension > 1 ? values[start + 1] : 0)
    }
  }

  // MARK: The best discriminator

  /// D*(x) = p_data/(p_data + p_g) on a field's grid, both densities blurred by one Gaussian: p_g is known by its samples
  /// alone, and the data's must be as sharp as its estimate for the two to compare.
  ///
  /// Reference: [Goodfellow et al. 2014](https://arxiv.org/abs/1406.2661), proposition 1.
  ///
  /// - Parameter generated: in the data's units.
  func optimum(
    _ low: PointsPanel.Point, _ high: PointsPanel.Point, columns: Int, rows: Int, generated: [PointsPanel.Point],
    real: [PointsPanel.Point]
  ) throws -> Field? {
    guard hasOptimum, !generated.isEmpty else { return nil }
    let known = try density ?? blurredDensity(low, high, columns: columns, rows: rows, real: real)
    density = known
    let samples = generated.flatMap { [Double($0.x), Double($0.y)] }
    let estimate = DensityComparison.density(of: samples, on: known.grid, bandwidth: known.bandwidth)
    let best = try OptimalDiscriminator(data: known.values, generated: estimate, cellArea: known.grid.cellArea)
    // The grid's lowest row is first, the field's highest.
    let values = (0..<rows).flatMap { row in
      (0..<columns).map { Float(best.values[(rows - 1 - row) * columns + $0]) }
    }
    return Field(columns: columns, rows: rows, values: values, middle: 0.5, label: "D*(x)")
  }

  private func blurredDensity(
    _ low: PointsPanel.Point, _ high: PointsPanel.Point, columns: Int, rows: Int, real: [PointsPanel.Point]
  ) throws -> (values: [Double], bandwidth: Double, grid: PlanarGrid) {
    let grid = try PlanarGrid(
      x: Double(low.x)...Double(high.x), y: Double(low.y)...Double(high.y), columns: columns, rows: rows)
    let cell = Double(high.x - low.x) / Double(columns)
    let spread = PlanarMixture.scottBandwidth(of: real.flatMap { [Double($0.x), Double($0.y)] })
    // Narrow modes far apart need their own deviation: the whole's would blur them away.
    let bandwidth = max(cell, dataset.modes?.deviation ?? spread)
    // The mean of each cell: a mode may be narrower than one.
    let parts = 5
    let fine = try PlanarGrid(x: grid.x, y: grid.y, columns: columns * parts, rows: rows * parts)
    let exact = fine.values { x, y in dataset.logDensity(at: [x, y]).map { exp($0) } ?? 0 }
    var means = [Double](repeating: 0, count: columns * rows)
    for row in 0..<rows * parts {
      for column in 0..<columns * parts {
        means[row / parts * columns + column / parts] += exact[row * columns * parts + column] / Double(parts * parts)
      }
    }
    return (Self.blurred(means, columns: columns, rows: rows, deviation: bandwidth / cell), bandwidth, grid)
  }

  /// Convolved with a Gaussian along both axes, cut at five deviations; what would leave the grid is lost.
  ///
  /// - Parameter deviation: in cells.
  static func blurred(_ values: [Double], columns: Int, rows: Int, deviation: Double) -> [Double] {
    let reach = max(1, Int((5 * deviation).rounded(.up)))
    var kernel = (-reach...reach).map { exp(-0.5 * pow(Double($0) / deviation, 2)) }
    let sum = kernel.reduce(0, +)
    for index in kernel.indices { kernel[index] /= sum }
    func along(_ values: [Double], count: Int, lines: Int, step: Int, line: Int) -> [Double] {
      var result = [Double](repeating: 0, count: values.count)
      for other in 0..<lines {
        for index in 0..<count {
          var total = 0.0
          for offset in -reach...reach where (0..<count).contains(index + offset) {
            total += kernel[offset + reach] * values[other * line + (index + offset) * step]
          }
          result[other * line + index * step] = total
        }
      }
      return result
    }
    let across = along(values, count: columns, lines: rows, step: 1, line: columns)
    return along(across, count: rows, lines: columns, step: columns, line: 1)
  }
}
