import Datasets
import Execution
import Foundation
import Models
import Stability
import Tensors

/// A discriminator beside the best one, on data in the plane whose density is known.
///
///     D*(x) = p_data(x)/(p_data(x) + p_g(x)),    C(G) + ln 4 = 2·JSD(p_data, p_g)
///
/// p_g is a kernel density of samples on a grid. The floor is the same of as many samples of the data: what the estimate
/// says of a perfect generator. Densities and D are in the networks' units.
///
/// Reference: [Goodfellow et al. 2014](https://arxiv.org/abs/1406.2661), proposition 1 and theorem 1.
public struct DensityComparison: Sendable, Codable {
  public let samples: Int
  /// The kernels' deviation, in the networks' units.
  public let bandwidth: Double
  /// The mean of |D − D*| over the mixture of data and samples, 0 ... 1.
  public let meanDifference: Double
  /// C(G) + ln 4, 0 ... ln 4 nats.
  public let distance: Double
  /// The same of samples of the data.
  public let floor: Double

  /// nil for data that are no points of the plane, or of unknown density; for games whose D is no probability; for
  /// conditional games, where each class has an optimum of its own.
  ///
  /// - Parameters:
  ///   - samples: of each distribution.
  ///   - columns: cells of the grid along its longer side.
  public init?(of model: RunModel, samples: Int = 10_000, columns: Int = 600, seed: UInt64 = 1) throws {
    let functions = model.functions
    let dataset = model.dataset
    guard dataset.shape == .vector(2), functions.scoreIsProbability, functions.classes == nil,
      dataset.logDensity(atNormalized: [0, 0]) != nil, model.latents.count > 0
    else { return nil }
    let z = model.drawLatents(count: samples, seed: seed, stream: "analysis")
    let fakes = try model.samples(of: z).map(Double.init)
    let reals = try dataset.samples(BatchRequest(seed: seed, position: 0, size: samples, stream: .evaluation))
      .values.map(Double.init)

    let scott = PlanarMixture.scottBandwidth(of: reals)
    // Narrow modes far apart need their own deviation: the whole's would blur them away.
    let mode = dataset.modes.map { $0.deviation / Double(dataset.normalization.scale[0]) }
    bandwidth = mode.map { $0 * pow(Double(samples), -1.0 / 6) } ?? scott
    let grid = try Self.grid(about: fakes + reals, margin: 6 * max(bandwidth, mode ?? scott / 10), columns: columns)
    let density = grid.values { x, y in dataset.logDensity(atNormalized: [x, y]).map { exp($0) } ?? 0 }
    self.samples = samples
    let optimum = try OptimalDiscriminator(
      data: density, generated: Self.density(of: fakes, on: grid, bandwidth: bandwidth), cellArea: grid.cellArea)
    distance = optimum.distance
    floor = try OptimalDiscriminator(
      data: density, generated: Self.density(of: reals, on: grid, bandwidth: bandwidth), cellArea: grid.cellArea
    ).distance
    meanDifference = try optimum.meanDifference(to: Self.opinions(of: model, at: grid.points))
  }

  private static func grid(about points: [Double], margin: Double, columns: Int) throws -> PlanarGrid {
    var ranges: [ClosedRange<Double>] = []
    for axis in 0..<2 {
      let values = stride(from: axis, to: points.count, by: 2).map { points[$0] }.filter(\.isFinite)
      ranges.append(((values.min() ?? 0) - margin)...((values.max() ?? 0) + margin))
    }
    let (width, height) = (
      ranges[0].upperBound - ranges[0].lowerBound, ranges[1].upperBound - ranges[1].lowerBound
    )
    let cell = max(width, height) / Double(columns)
    return try PlanarGrid(
      x: ranges[0], y: ranges[1], columns: max(1, Int((width / cell).rounded())),
      rows: max(1, Int((height / cell).rounded())))
  }

  /// A round Gaussian about each point, cut at five deviations and of mass 1/count on the grid, so that kernels narrower
  /// than a cell keep their mass. Points that are not finite, or lie outside, add none.
  static func density(of points: [Double], on grid: PlanarGrid, bandwidth: Double) -> [Double] {
    var result = [Double](repeating: 0, count: grid.count)
    let width = (grid.x.upperBound - grid.x.lowerBound) / Double(grid.columns)
    let height = (grid.y.upperBound - grid.y.lowerBound) / Double(grid.rows)
    func weights(_ value: Double, _ start: Double, _ cell: Double, _ count: Int) -> (first: Int, values: [Double]) {
      let place = (value - start) / cell - 0.5
      guard place.isFinite, place > -1, place < Double(count) else { return (0, []) }
      let reach = 5 * bandwidth / cell
      let first = max(0, Int((place - reach).rounded(.down)))
      let last = min(count - 1, Int((place + reach).rounded(.up)))
      guard first <= last else { return (0, []) }
      var values = (first...last).map { index in
        let distance = (Double(index) - place) * cell / bandwidth
        return exp(-0.5 * distance * distance)
      }
      let sum = values.reduce(0, +)
      if sum < 1e-300 {
        // A kernel between two cells, narrower than both: the nearer one has it.
        let nearest = min(max(Int(place.rounded()), first), last) - first
        values = values.indices.map { $0 == nearest ? 1 : 0 }
      } else {
        values = values.map { $0 / sum }
      }
      return (first, values)
    }
    let share = 1 / (Double(points.count / 2) * grid.cellArea)
    for index in stride(from: 0, to: points.count - 1, by: 2) {
      let across = weights(points[index], grid.x.lowerBound, width, grid.columns)
      let down = weights(points[index + 1], grid.y.lowerBound, height, grid.rows)
      for (row, vertical) in down.values.enumerated() {
        let start = (down.first + row) * grid.columns + across.first
        for (column, horizontal) in across.values.enumerated() {
          result[start + column] += share * vertical * horizontal
        }
      }
    }
    return result
  }

  private static func opinions(of model: RunModel, at points: [Double]) throws -> [Double] {
    let block = 4096
    let program = try model.compile {
      var program = Program(name: "opinions")
      program.output(
        ProgramPort.scores, model.functions.opinion(of: Input(name: ProgramPort.points, shape: [block, 2]).value))
      return program
    }
    var result: [Double] = []
    result.reserveCapacity(points.count / 2)
    for start in stride(from: 0, to: points.count, by: 2 * block) {
      let end = min(points.count, start + 2 * block)
      program.fill(ProgramPort.points, points[start..<end].map { Float($0) })
      program.run(counter: 0, substep: 0)
      result += try program.outputElements(ProgramPort.scores).prefix((end - start) / 2).map(Double.init)
    }
    return result
  }
}
