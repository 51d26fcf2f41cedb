import Datasets
import Execution
import Models
import Telemetry
import Tensors

/// Draws samples from a run's checkpoint, for `gantui sample`.
///
/// In f32 whatever the training's precision, so any processor can.
public struct RunSampler {
  public let step: Int
  let configuration: RunConfiguration
  let dataset: any Dataset
  let system: TrainableSystem
  let checkpoint: Checkpoint
  let checkpointPath: String
  let store: CPUStore
  let backend: CPUBackend
  /// Samples that a program makes at a time.
  let block: Int
  let inputs: [String: Double]

  /// - Parameters:
  ///   - limit: the newest checkpoint at or before this step is taken; nil for the newest of all.
  ///   - truncation: how far latents may be from 0, or of a style generator ψ; nil for what the run has.
  /// - Throws: `RunStoreError`, `SafetensorsError`, `CheckpointError`, `ConfigurationError`, `DatasetError`,
  ///   `TruncationError`.
  public init(_ folder: RunFolder, at limit: Int? = nil, threads: Int = 1, truncation: Double? = nil) throws {
    var configuration = try folder.configuration()
    backend = CPUBackend(threads: threads)
    dataset = try DatasetFactory.dataset(configuration.data)
    let loaded = try folder.newestCheckpoint(atMost: limit)
    checkpoint = try Checkpoint(loaded.file, path: loaded.path)
    checkpointPath = loaded.path
    step = checkpoint.step
    configuration.take(checkpoint.hyperparameters)
    if let truncation { try configuration.truncate(at: truncation) }
    self.configuration = configuration
    system = try TrainableSystem(configuration, of: SampleDescription(dataset), step: step)
    inputs = system.inputValues(configuration, step: step)
    store = try backend.makeCPUStore(seed: configuration.seed)
    block = system.source == nil ? 256 : 8
    _ = try backend.compile(try system.sampler(block), store: store)
    if system.source != nil {
      try ComparisonMaker(system, dataset: dataset, seed: configuration.seed, store: store)?.prepare()
    }
    try checkpoint.fill(store, store.variables, path: loaded.path)
  }

  /// A program on the run's weights, which has all its variables from the checkpoint.
  func compiled(_ program: Program) throws -> CPUProgram {
    CPUProgram.prepareThread(threads: backend.threads)
    let compiled = try backend.compile(program, store: store)
    try checkpoint.fill(store, store.variables, path: checkpointPath)
    compiled.setInputs(inputs)
    return compiled
  }

  /// Samples at random latents, `[count, ...shape]`: points in the data's own units, images in −1 ... 1.
  /// Of a translation at most as many as there are held-out sources.
  public func samples(count: Int, seed: UInt64) throws -> [Float] {
    CPUProgram.prepareThread(threads: backend.threads)
    if system.source != nil { return try comparison(count: count, seed: seed)?.columns[ProgramPort.samples] ?? [] }
    let made = try samples(at: try latents(count: count, seed: seed), count: count)
    return dataset.shape.isImage ? made : dataset.normalization.inverted(made)
  }

  /// The columns of the system's comparison on at most `count` held-out samples, all different; nil for a system that
  /// compares nothing.
  func comparison(count: Int, seed: UInt64) throws -> ComparisonMaker.Rows? {
    CPUProgram.prepareThread(threads: backend.threads)
    return try ComparisonMaker(system, dataset: dataset, seed: seed, store: store, limit: count)?.rows(count)
  }

  /// Writes translations of held-out sources.
  func writeTranslations(count: Int, seed: UInt64, to path: String) throws -> Int {
    CPUProgram.prepareThread(threads: 1)
    guard let maker = ComparisonMaker(system, dataset: dataset, seed: seed, store: store, limit: count) else {
      throw TrainerError.noPicture
    }
    if path.hasSuffix(".npy") {
      let rows = try maker.rows(count)
      try NPY.write(
        rows.columns[ProgramPort.samples] ?? [], shape: [rows.count] + dataset.shape.axes, to: path)
      return rows.count
    }
    let grid = try maker.grid(min(count, Observer.pictureRows))
    guard let image = maker.sheet(grid) else { throw TrainerError.noPicture }
    try PNG.write(image, to: path)
    return grid.count
  }

  func picture(_ values: [Float]) throws -> PixelImage? {
    if case .image(let channels, let height, let width) = dataset.shape {
      let pixels = ImageSheet.pixels(of: values, channels: channels, height: height, width: width)
      return ImageSheet.arrange(pixels, width: width, height: height, channels: channels)
    }
    guard dataset.shape.size == 2 else { return nil }
    return PointPicture.image(try PointView(dataset: dataset, seed: store.seed).panel(values))
  }
}

/// A sampler's inputs from a stream of their own, each a function of (seed, stream, sample, counter).
///
/// Classes, and the values of a code's categorical element, take turns: sample i has class i modulo their number.
struct LatentDrawer {
  private let generator: Tensors.Philox
  private let layout: LatentLayout
  private let truncated: TruncatedNormal?

  /// - Parameter inputs: the scalar inputs of the programs, among which is the truncation where a run has one.
  init(_ system: TrainableSystem, seed: UInt64, stream: String, inputs: [String: Double] = [:]) {
    self.init(system.latents, seed: seed, stream: stream, truncation: Self.truncation(inputs))
  }

  /// What the scalar inputs of a run's programs say of the truncation.
  static func truncation(_ inputs: [String: Double]) -> Double? { inputs["sampling.truncation"] }

  /// - Parameter truncation: how far normal latents may be from 0; nil for any distance.
  init(_ layout: LatentLayout, seed: UInt64, stream: String, truncation: Double? = nil) {
    generator = Tensors.Philox(seed: seed, stream: stream)
    self.layout = layout
    truncated = truncation.flatMap { $0 < SamplingConfiguration.noTruncation ? TruncatedNormal(limit: $0) : nil }
  }

  /// Fills the program's latents `[samples, count]`, and its classes where it asks for them.
  func fill(_ program: CPUProgram, firstSample: Int, counter: UInt64) {
    fill(program.input(ProgramPort.latents), firstSample: firstSample, counter: counter)
    Self.fillClasses(program, layout, firstSample: firstSample)
  }

  /// Fills the classes of a program that asks for them.
  static func fillClasses(_ program: CPUProgram, _ layout: LatentLayout, firstSample: Int) {
    let rows = program.input(ProgramPort.classes)
    guard let classes = layout.classes, classes > 0, !rows.isEmpty else { return }
    let count = rows.count / classes
    writeOneHot((0..<count).map { Int32((firstSample + $0) % classes) }, classes: classes, into: rows)
  }

  /// Fills rows of latents, `[rows, count]`.
  func fill(_ latents: UnsafeMutableBufferPointer<Float>, firstSample: Int, counter: UInt64) {
    guard layout.count > 0 else { return }
    let isNormal = layout.distribution == .normal
    for row in 0..<(latents.count / layout.count) {
      let sample = firstSample + row
      let start = row * layout.count
      let draws = generator.draw(
        isNormal ? .normal : .uniform, count: layout.dimension, sample: sample, counter: counter, substep: 0)
      for (column, value) in draws.enumerated() {
        latents[start + column] = Float(isNormal ? truncated?(value) ?? value : 2 * value - 1)
      }
      let category = layout.categories > 0 ? sample % layout.categories : 0
      for index in 0..<layout.categories { latents[start + layout.dimension + index] = index == category ? 1 : 0 }
      guard layout.continuous > 0 else { continue }
      let code = generator.draw(.uniform, count: layout.continuous, sample: sample, counter: counter, substep: 1)
      for (index, value) in code.enumerated() {
        latents[start + layout.dimension + layout.categories + index] = Float(2 * value - 1)
      }
    }
  }
}

extension RunConfiguration {
  /// Draws samples nearer to the middle: latents at most so far from 0, or the styles of a style generator drawn to their
  /// mean by this factor.
  mutating func truncate(at value: Double) throws(TruncationError) {
    guard case .gan(let gan) = model else { throw .noLatents(model: model.kind.rawValue) }
    let isStyle = gan.generator.kind == .style
    let most = isStyle ? 1 : SamplingConfiguration.noTruncation
    guard isStyle ? value >= 0 : value > 0, value <= most else { throw .outOfRange(value, most: most) }
    if isStyle {
      setHyperparameter("model.generator.truncation", to: value)
    } else {
      guard gan.latent.distribution == .normal else { throw .uniformLatents }
      sampling.truncation = value
    }
  }
}
