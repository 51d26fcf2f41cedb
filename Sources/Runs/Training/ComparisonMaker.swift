import Datasets
import Execution
import Models
import Telemetry
import Tensors

/// Makes the rows of a system's comparison from held-out data: what a picture shows and what is measured of them.
final class ComparisonMaker {
  /// Columns of the first held-out samples, by port: `[rows, ...]` each.
  struct Rows {
    var count: Int
    var columns: [String: [Float]]
  }

  private let comparison: TrainableSystem.Comparison
  private let system: TrainableSystem
  private let dataset: any Dataset
  private let seed: UInt64
  private let store: CPUStore
  private let limit: Int
  private var program: CPUProgram?
  private var data: (count: Int, ports: [String: [Float]])?

  /// Rows that are made at once.
  private static let block = 8
  /// Held-out samples at most.
  static let limit = 64

  /// - Parameters:
  ///   - seed: chooses the held-out samples and the latents.
  ///   - store: what the weights come from.
  ///   - limit: held-out samples at most.
  /// - Returns: nil for a system that compares nothing.
  init?(_ system: TrainableSystem, dataset: any Dataset, seed: UInt64, store: CPUStore, limit: Int = limit) {
    guard let comparison = system.comparison else { return nil }
    self.comparison = comparison
    self.system = system
    self.dataset = dataset
    self.seed = seed
    self.store = store
    self.limit = limit
  }

  /// What `distances` reports.
  var descriptors: [MetricDescriptor] { meaningful.map(\.descriptor) }

  private var meaningful: [TrainableSystem.Distance] {
    let pairs = dataset as? any PairedDataset
    // What is shown without held-out pairs has been learnt from.
    if let pairs, pairs.count(of: .test) == 0 { return [] }
    let hasPartners = pairs?.isAligned ?? true
    return comparison.distances.filter { hasPartners || !$0.needsPartners }
  }

  /// Compiles the program, which makes the variables that it reads exist in the store.
  @discardableResult
  func prepare() throws -> CPUProgram {
    if let program { return program }
    let compiled = try CPUBackend().compile(try comparison.program(Self.block), store: store)
    program = compiled
    return compiled
  }

  private func heldOut() throws -> (count: Int, ports: [String: [Float]]) {
    if let data { return data }
    let found: (count: Int, ports: [String: [Float]])
    if let pairs = dataset as? any PairedDataset {
      let set = try pairs.evaluationPairs(count: limit, seed: seed)
      found = (set.count, [ProgramPort.sources: set.sources, ProgramPort.batch: set.targets])
    } else {
      let set = try dataset.evaluationSamples(count: limit, seed: seed)
      found = (set.count, [ProgramPort.batch: set.values])
    }
    data = found
    return found
  }

  /// - Parameter count: rows that are wanted; at most `limit` and as many as are held out come.
  func rows(_ count: Int) throws -> Rows {
    let program = try prepare()
    let data = try heldOut()
    let rows = max(0, min(count, data.count))
    let drawer = LatentDrawer(system, seed: seed, stream: "samples")
    let wanted = Set(comparison.columns + comparison.distances.flatMap { [$0.first, $0.second] })
    let made = program.program.outputs.map(\.name).filter(wanted.contains)
    var columns: [String: [Float]] = [:]
    for first in stride(from: 0, to: rows, by: Self.block) {
      for (port, values) in data.ports {
        let input = program.input(port)
        let size = data.count > 0 ? values.count / data.count : 0
        for (index, value) in values[(first * size)...].prefix(input.count).enumerated() { input[index] = value }
      }
      drawer.fill(program, firstSample: first, counter: 0)
      program.run(counter: UInt64(first), substep: 0)
      let part = min(Self.block, rows - first)
      for name in made {
        let values = try program.outputElements(name)
        columns[name, default: []].append(contentsOf: values.prefix(part * values.count / Self.block))
      }
    }
    for (port, values) in data.ports where data.count > 0 {
      columns[port] = Array(values.prefix(rows * (values.count / data.count)))
    }
    return Rows(count: rows, columns: columns)
  }

  /// The mean absolute differences that the system measures; none without held-out samples.
  func distances() throws -> [MetricID: Double] {
    let rows = try rows(limit)
    var result: [MetricID: Double] = [:]
    for distance in meaningful {
      guard let first = rows.columns[distance.first], let second = rows.columns[distance.second], !first.isEmpty,
        first.count == second.count
      else { continue }
      let sum = zip(first, second).reduce(0) { $0 + Double(abs($1.0 - $1.1)) }
      result[distance.descriptor.id] = sum / Double(first.count)
    }
    return result
  }

  /// Rows of images, each one wide image.
  func grid(_ count: Int) throws -> ImageGrid {
    let rows = try rows(count)
    guard case .image(let channels, let height, let width) = dataset.shape else {
      return ImageGrid(count: 0, width: 1, height: 1, channels: 1, pixels: [])
    }
    let size = channels * height * width
    let columns = comparison.columns.compactMap { rows.columns[$0] }.filter { $0.count == rows.count * size }
    var wide: [Float] = []
    wide.reserveCapacity(rows.count * size * columns.count)
    for row in 0..<rows.count {
      for line in 0..<channels * height {
        let start = row * size + line * width
        for column in columns { wide.append(contentsOf: column[start..<start + width]) }
      }
    }
    let across = width * max(1, columns.count)
    return ImageGrid(
      count: rows.count, width: across, height: height, channels: channels,
      pixels: ImageSheet.pixels(of: wide, channels: channels, height: height, width: across))
  }

  /// A sheet of rows, about as wide as high.
  func sheet(_ grid: ImageGrid) -> PixelImage? {
    let share = Double(grid.count * grid.height) / Double(max(1, grid.width))
    return ImageSheet.arrange(
      grid.pixels, width: grid.width, height: grid.height, channels: grid.channels,
      columns: max(1, Int(share.squareRoot().rounded())))
  }
}
