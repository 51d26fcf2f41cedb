import Datasets
import Execution
import Models
import Telemetry

/// What `gantui sample` writes, and reads.
public struct SampleFiles: Sendable, Equatable {
  /// Samples, as a picture (`.png`) or as numbers (`.npy`).
  public var samples: String
  /// Where the latents come from, `[count, elements]`; nil draws them.
  public var givenLatents: String?
  /// Where the latents go, as `.npy`.
  public var latents: String?
  /// Where D's opinion of each sample goes, as `.npy`: D(x) where the objective has probabilities, else the raw score.
  public var scores: String?

  public init(samples: String, givenLatents: String? = nil, latents: String? = nil, scores: String? = nil) {
    self.samples = samples
    self.givenLatents = givenLatents
    self.latents = latents
    self.scores = scores
  }
}

extension RunSampler {
  /// Random latents, `[count, elements]`: each row a function of the seed and its place. An InfoGAN's code is at the end.
  public func latents(count: Int, seed: UInt64) throws -> [Float] {
    var rows = [Float](repeating: 0, count: count * system.latents.count)
    let drawer = LatentDrawer(system, seed: seed, stream: "sample", inputs: inputs)
    rows.withUnsafeMutableBufferPointer { drawer.fill($0, firstSample: 0, counter: 0) }
    return rows
  }

  /// Latents of a file, `[count, elements]`.
  ///
  /// - Throws: `DatasetError`, `SampleError.wrongLatents`.
  public func latents(of path: String) throws -> (values: [Float], count: Int) {
    let array = try NPY.read(path)
    guard array.shape.count == 2, array.shape[1] == system.latents.count, array.shape[0] > 0 else {
      throw SampleError.wrongLatents(path: path, found: array.shape, elements: system.latents.count)
    }
    return (array.values, array.shape[0])
  }

  /// Samples at latents, `[count, ...shape]`, in the networks' units; sample i is of class i modulo the number of classes.
  ///
  /// - Parameter latents: `[count, elements]`.
  func samples(at latents: [Float], count: Int) throws -> [Float] {
    CPUProgram.prepareThread(threads: backend.threads)
    let program = try backend.compile(try system.sampler(block), store: store)
    program.setInputs(inputs)
    let (elements, size) = (system.latents.count, dataset.shape.size)
    var result: [Float] = []
    result.reserveCapacity(count * size)
    for first in stride(from: 0, to: count, by: block) {
      let made = min(block, count - first)
      put(latents[first * elements..<(first + made) * elements], into: program.input(ProgramPort.latents))
      LatentDrawer.fillClasses(program, system.latents, firstSample: first)
      program.run(counter: UInt64(first / block), substep: 0)
      result.append(contentsOf: try program.outputElements(ProgramPort.samples).prefix(made * size))
    }
    return result
  }

  /// D's opinion of samples, `[count]`, each shown as of its class.
  ///
  /// - Parameter samples: `[count, ...shape]` in the networks' units.
  func scores(of samples: [Float], count: Int) throws -> [Float] {
    let program = try compiled(try system.scorer(block))
    let size = dataset.shape.size
    var result: [Float] = []
    for first in stride(from: 0, to: count, by: block) {
      let judged = min(block, count - first)
      put(samples[first * size..<(first + judged) * size], into: program.input(ProgramPort.points))
      LatentDrawer.fillClasses(program, system.latents, firstSample: first)
      program.run(counter: UInt64(first / block), substep: 0)
      result.append(contentsOf: try program.outputElements(ProgramPort.scores).prefix(judged))
    }
    return result
  }

  /// Copies rows; what is left of the block is zero.
  private func put(_ rows: ArraySlice<Float>, into input: UnsafeMutableBufferPointer<Float>) {
    for (place, value) in zip(input.indices, rows) { input[place] = value }
    for place in input.indices.dropFirst(rows.count) { input[place] = 0 }
  }

  /// Writes samples and what belongs to them. A translation's are of held-out sources: in the picture at most 16, beside
  /// source and target.
  ///
  /// - Parameter count: how many, where no latents are given.
  /// - Returns: how many were written.
  /// - Throws: `DatasetError`, `TrainerError.noPicture`, `SampleError`.
  @discardableResult
  public func write(count: Int, seed: UInt64, to files: SampleFiles) throws -> Int {
    if system.source != nil {
      guard files == SampleFiles(samples: files.samples) else {
        throw SampleError.noLatents(model: configuration.model.kind.rawValue)
      }
      return try writeTranslations(count: count, seed: seed, to: files.samples)
    }
    let given = try files.givenLatents.map { try latents(of: $0) }
    let count = given?.count ?? count
    let rows = try given?.values ?? latents(count: count, seed: seed)
    let made = try samples(at: rows, count: count)
    let values = dataset.shape.isImage ? made : dataset.normalization.inverted(made)
    if let path = files.latents { try NPY.write(rows, shape: [count, system.latents.count], to: path) }
    if let path = files.scores { try NPY.write(try scores(of: made, count: count), shape: [count], to: path) }
    if files.samples.hasSuffix(".npy") {
      try NPY.write(values, shape: [count] + dataset.shape.axes, to: files.samples)
      return count
    }
    guard let image = try picture(values) else { throw TrainerError.noPicture }
    try PNG.write(image, to: files.samples)
    return count
  }
}

extension RunSampler {
  /// Writes a sheet of images at chosen latents as a picture: those that the dashboard shows.
  ///
  /// - Parameters:
  ///   - first: of the fixed latents, or of the held-out data.
  ///   - element: the dimension of the request, where it has one.
  /// - Returns: how many images it has, what they are, and the numbers that stand under them or over their columns.
  /// - Throws: `SampleError.noSheet`, `.noElement` for what the run has not; `DatasetError`.
  public func writeSheet(
    _ kind: SheetRequest.Kind, first: Int = 0, element: Int? = nil, to path: String
  ) throws -> (count: Int, title: String, notes: [String]) {
    CPUProgram.prepareThread(threads: backend.threads)
    let shelf = ProgramShelf(store: store) { [checkpoint, store, checkpointPath] make in
      let program = try make()
      try checkpoint.fill(store, store.variables, path: checkpointPath)
      return program
    }
    let maker = SheetMaker(system, dataset: dataset, configuration: configuration, step: step, shelf: shelf)
    let accepted = maker.dimensions(of: kind)
    if let element, maker.kinds.contains(kind), accepted?.contains(element) != true {
      throw SampleError.noElement(kind, element: element, accepted: accepted)
    }
    let request = SheetRequest(kind: kind, first: first, dimension: element ?? 0)
    guard let sheet = try maker.sheet(request, inputs: inputs, step: step) else {
      throw SampleError.noSheet(request.kind, known: maker.kinds)
    }
    let grid = sheet.grid
    guard
      let image = ImageSheet.arrange(
        grid.pixels, width: grid.width, height: grid.height, channels: grid.channels, columns: grid.columns)
    else { throw TrainerError.noPicture }
    try PNG.write(image, to: path)
    let isMeasured = kind == .toward || kind == .inversions || kind == .neighbours
    let notes = isMeasured ? (grid.columnLabels ?? []) + grid.labels.filter { !$0.isEmpty } : []
    return (grid.count, sheet.title, notes)
  }
}

/// Why samples cannot be drawn as they were asked for.
public enum SampleError: Error, Equatable, CustomStringConvertible, ExitCoded {
  /// A file whose rows are no latents of the run.
  case wrongLatents(path: String, found: [Int], elements: Int)
  /// Samples that are made of images.
  case noLatents(model: String)
  /// A sheet of what the run has not.
  case noSheet(SheetRequest.Kind, known: [SheetRequest.Kind])
  /// An element that the sheet has not.
  case noElement(SheetRequest.Kind, element: Int, accepted: ClosedRange<Int>?)

  public var exitCode: Int32 {
    switch self {
    case .wrongLatents: ExitCode.data
    case .noLatents, .noSheet, .noElement: ExitCode.usage
    }
  }

  public var description: String {
    switch self {
    case .wrongLatents(let path, let found, let elements):
      "\(path): latents of shape \(found); those of the run are [count, \(elements)]"
    case .noSheet(let kind, let known):
      known.isEmpty
        ? "no sheets can be made of this run: it makes no images of latents"
        : "this run has no sheet of \(kind.rawValue); there are \(known.map(\.rawValue).joined(separator: ", "))"
    case .noElement(let kind, let element, let accepted):
      "--element \(element): "
        + (accepted.map { "a sheet of \(kind.rawValue) takes \($0.lowerBound) to \($0.upperBound) here" }
          ?? "a sheet of \(kind.rawValue) has no element to choose")
    case .noLatents(let model): "\(model) runs translate images: there are no latents, and no scores of samples alone"
    }
  }
}
