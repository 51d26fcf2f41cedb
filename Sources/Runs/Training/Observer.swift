import CScheduling
import Datasets
import Dispatch
import Execution
import Foundation
import Measures
import Models
import Synchronization
import Telemetry
import Tensors

/// Looks at a run from beside it: samples, measurements, pictures, on a queue and with variables of its own.
///
/// The trainer lends a copy of the weights between two steps; nothing here can change a bit of the training. It computes
/// in f32 whatever the training's precision: what is shown and measured is what the stored weights give anywhere, and
/// the measures of an f32 and of a bf16 run compare.
final class Observer: @unchecked Sendable {
  // Unchecked: everything but `isBusy` and the budgets is touched by one block of the serial queue at a time, or by the
  // trainer while `isBusy` is false.

  struct Request: Sendable {
    var step: Int
    var measures: Bool
    var pictures: Bool
    /// Samples of the measurement.
    var samples: Int
    /// The scalar inputs of the programs, as they are at the step.
    var inputs: [String: Double]
    /// Whether the picture is for the run's event files too.
    var keepsPicture = false
    /// Whether an earlier moment is looked at: it is shown, and neither reported nor judged again.
    var isOfThePast = false
    /// What pictures show beside samples.
    var shown = PictureRequest()
    /// Whether a person waits for it.
    var isForced = false
  }

  /// What a measurement found, for the verdicts and the report.
  struct Findings: Sendable {
    var step: Int
    var metrics: [MetricID: Double] = [:]
    var observation: Observation
  }

  private var system: TrainableSystem
  private var inputs: [String: Double] = [:]
  private let dataset: any Dataset
  private let configuration: RunConfiguration
  private let store: CPUStore
  private let queue = DispatchQueue(label: "gantui.observer", qos: .utility)
  private let publish: @Sendable (Event) -> Void
  private let found: @Sendable (Findings) -> Void
  private let becameIdle: @Sendable () -> Void
  private let isBusy = Atomic<Bool>(false)
  // Apart, so that a dear measurement does not freeze the cheap pictures; with the dashboard's frames, or without anybody
  // who watches them, below 2 % of the CPU time.
  private let measureBudget: Mutex<MeasurementBudget>
  private let pictureBudget = Mutex(MeasurementBudget(share: 0.005))
  /// CPU seconds of what is made once a run: programs, the clusters and neighbours of the data.
  private var preparation = 0.0

  private var samplers: [Int: CPUProgram] = [:]
  private var scorers: [Int: CPUProgram] = [:]
  private var judge: DistributionJudge?
  /// Where the data have labels and their judge is in the cache.
  private var liveJudge: LiveJudge?
  private var modes: Measures.MixtureModes?
  private var view: PointView?
  private let comparison: ComparisonMaker?
  private var drawn: Panel.Content?
  /// Takes pictures for the event files; set before the first look.
  var keep: (@Sendable (StoredPicture) -> Void)?
  private lazy var shelf = ProgramShelf(store: store) { [unowned self] make in try prepare(make) }
  private lazy var laboratory = Laboratory(
    system, dataset: dataset, configuration: configuration, step: firstStep, shelf: shelf)
  private lazy var sheets = SheetMaker(
    system, dataset: dataset, configuration: configuration, step: firstStep, shelf: shelf)
  private lazy var probe = LayerProbe(system, dataset: dataset, seed: configuration.seed, shelf: shelf)
  private var probedAt = -Double.infinity
  private let firstStep: Int
  /// Whether something was wanted that only the next copy of the weights can show.
  private let owes = Atomic<Bool>(false)

  /// What the system calls the thread of a look.
  static let threadName = "observer"
  static let pictureSamples = 64
  static let pictureRows = 16
  static let pointSamples = 512
  static let fieldColumns = 40
  static let fieldRows = 40
  /// Images of each side whose scores are counted.
  static let scoredImages = 128
  /// Seconds between two looks at the layers.
  static let probeInterval = 2.0

  init(
    _ system: TrainableSystem, dataset: any Dataset, configuration: RunConfiguration, step: Int = 0, isAttended: Bool,
    publish: @escaping @Sendable (Event) -> Void, found: @escaping @Sendable (Findings) -> Void,
    becameIdle: @escaping @Sendable () -> Void
  ) throws {
    measureBudget = Mutex(MeasurementBudget(share: isAttended ? 0.005 : 0.015))
    self.system = system
    self.dataset = dataset
    self.configuration = configuration
    firstStep = step
    self.publish = publish
    self.found = found
    self.becameIdle = becameIdle
    store = try CPUBackend().makeCPUStore(seed: configuration.seed)
    comparison = ComparisonMaker(system, dataset: dataset, seed: configuration.seed, store: store)
    try addVariables()
  }

  /// Variables exist before the first copy of weights.
  private func addVariables() throws {
    _ = try CPUBackend().compile(try system.sampler(1), store: store)
    _ = try CPUBackend().compile(try system.scorer(1), store: store)
    try comparison?.prepare()
  }

  /// Looks at another stage of the run from now on: its networks are others.
  func take(_ system: TrainableSystem, step: Int) throws {
    wait()
    self.system = system
    (samplers, scorers) = ([:], [:])
    shelf.clear()
    laboratory = Laboratory(system, dataset: dataset, configuration: configuration, step: step, shelf: shelf)
    sheets = SheetMaker(system, dataset: dataset, configuration: configuration, step: step, shelf: shelf)
    probe = LayerProbe(system, dataset: dataset, seed: configuration.seed, shelf: shelf)
    try addVariables()
  }

  /// What pictures of this run can show. The caller must have found the queue idle.
  var abilities: PictureAbilities {
    PictureAbilities(
      parts: laboratory.parts, sheets: sheets.kinds, latents: system.latents.count,
      isPlanar: dataset.shape == .vector(2) && system.source == nil)
  }

  /// Whether another look is due at once; asking settles it.
  func takeDebt() -> Bool { owes.exchange(false, ordering: .acquiringAndReleasing) }

  /// What is measured between the columns of the system's comparison.
  var comparisonDescriptors: [MetricDescriptor] { comparison?.descriptors ?? [] }

  /// Whether the budget has room for another measurement.
  ///
  /// - Parameter training: CPU seconds of training so far.
  func mayMeasure(afterTraining training: Double) -> Bool {
    measureBudget.withLock { $0.allows(afterTraining: training) }
  }

  /// Whether the budget has room for another picture.
  ///
  /// - Parameter training: CPU seconds of training so far.
  func mayDraw(afterTraining training: Double) -> Bool {
    pictureBudget.withLock { $0.allows(afterTraining: training) }
  }

  /// The stage of a growing run that it looks at.
  var stage: GrowthStage? { system.stage }

  var isIdle: Bool { !isBusy.load(ordering: .acquiring) }

  /// Copies the weights and looks at them on the queue; the caller must have found `isIdle`.
  func look(_ request: Request, at weights: CPUStore) {
    isBusy.store(true, ordering: .releasing)
    store.copyValues(from: weights)
    begin(request)
  }

  /// Looks at a checkpoint's weights on the queue; the caller must have found `isIdle`.
  /// - Throws: `CheckpointError` where it lacks something that is looked at.
  func look(_ request: Request, at checkpoint: Checkpoint) throws {
    // A run that grows leaves variables of other stages in the store, which the checkpoint has not.
    let own = Set(system.variables.map(\.name))
    try checkpoint.fill(
      store, store.variables.filter { own.contains($0.name) }, path: "step \(checkpoint.step)")
    isBusy.store(true, ordering: .releasing)
    begin(request)
  }

  private func begin(_ request: Request) {
    queue.async { [self] in
      Thread.current.name = Self.threadName
      // The training goes first.
      scheduling_be_nice(2)
      perform(request)
      isBusy.store(false, ordering: .releasing)
      becameIdle()
    }
  }

  /// Waits until the look under way is done.
  func wait() { queue.sync {} }

  private func perform(_ request: Request) {
    CPUProgram.prepareThread(threads: 1)
    inputs = request.inputs
    do {
      if request.isOfThePast {
        // Somebody waits for the picture.
        if request.pictures { try picture(request) }
        if request.measures { try measure(request) }
        return
      }
      if request.measures { try charge(measureBudget) { try measure(request) } }
      if request.pictures {
        // The first picture is there before training is, so that its cold caches cost nobody the second.
        if drawn == nil { try picture(request) } else { try charge(pictureBudget) { try picture(request) } }
        if request.keepsPicture { try charge(pictureBudget) { try keepPicture(step: request.step) } }
        // At last: it leaves the copies of the weights moved by an update.
        if request.shown.layers { try charge(pictureBudget) { try layers(request) } }
      }
    } catch {
      publish(.message(LogMessage(level: .warning, text: "measuring failed: \(error)"), step: request.step))
    }
  }

  /// Does work and charges a budget for it, without what is made only once.
  private func charge(_ budget: borrowing Mutex<MeasurementBudget>, _ work: () throws -> Void) rethrows {
    let start = Clock.thread()
    preparation = 0
    defer {
      let cost = Clock.thread() - start - preparation
      budget.withLock { $0.record(cost: cost) }
    }
    try work()
  }

  private func prepare<Result>(_ work: () throws -> Result) rethrows -> Result {
    let start = Clock.thread()
    defer { preparation += Clock.thread() - start }
    return try work()
  }

  // MARK: Samples

  /// Samples at latents of a stream, `[count, ...]`, normalized as the generator makes them.
  private func samples(_ count: Int, stream: String, counter: UInt64) throws -> [Float] {
    let block = min(count, 512)
    let program = try samplers[block] ?? prepare { try CPUBackend().compile(try system.sampler(block), store: store) }
    samplers[block] = program
    program.setInputs(inputs)
    let size = dataset.shape.size
    var result: [Float] = []
    result.reserveCapacity(count * size)
    let drawer = LatentDrawer(system, seed: configuration.seed, stream: stream, inputs: inputs)
    for first in stride(from: 0, to: count, by: block) {
      drawer.fill(program, firstSample: first, counter: counter)
      // What a generator draws itself, as StyleGAN's does, is another in every block.
      program.run(counter: UInt64(first / block), substep: 0)
      let made = try program.outputElements(ProgramPort.samples)
      result.append(contentsOf: made.prefix(min(block, count - first) * size))
    }
    return result
  }

  // MARK: Measures

  private func prepareMeasures() throws {
    guard judge == nil else { return }
    let count = configuration.measures.samples
    let real = try dataset.evaluationSamples(count: count, seed: configuration.seed)
    let points = try PointSet(
      count: real.count, dimension: dataset.shape.size,
      values: dataset.shape.isImage ? real.values : dataset.normalization.inverted(real.values))
    judge = try DistributionJudge(
      real: points, clusters: configuration.measures.clusters, neighbours: configuration.measures.neighbours,
      seed: configuration.seed)
    if dataset.count != nil, let classifier = try JudgeStore().cached(of: dataset, threads: 1) {
      liveJudge = try LiveJudge(classifier, real: real.values)
    }
    if let known = dataset.modes {
      let means = try PointSet(
        count: known.means.count, dimension: known.means.first?.count ?? 0,
        values: known.means.flatMap { $0.map { Float($0) } })
      modes = try Measures.MixtureModes(means: means, deviation: known.deviation, weights: known.weights)
    }
  }

  private func measure(_ request: Request) throws {
    var findings = Findings(step: request.step, observation: Observation(step: request.step, isCritic: system.isCritic))
    findings.metrics = try comparison?.distances() ?? [:]
    // A translation's samples are as many as its sources: too few for a distribution's measures.
    // One point has no distribution.
    if system.source == nil, !(dataset is PointMass) { try measureDistribution(request, into: &findings) }
    if !request.isOfThePast { found(findings) }
  }

  private func measureDistribution(_ request: Request, into findings: inout Findings) throws {
    try prepare { try prepareMeasures() }
    guard let judge else { return }
    let raw = try samples(request.samples, stream: "measure", counter: UInt64(request.step))
    let values = dataset.shape.isImage ? raw : dataset.normalization.inverted(raw)
    let generated = try PointSet(count: request.samples, dimension: dataset.shape.size, values: values)
    // The entropy and the clusters need no more samples than the real side has.
    let measured = try judge.measure(generated.prefix(configuration.measures.samples))
    findings.observation.include(measured)
    findings.metrics[.generatedEntropy] = measured.entropy.generated.value
    findings.metrics[.realEntropy] = measured.entropy.real.value
    findings.metrics[.entropyGap] = measured.entropy.gap
    findings.metrics[.effectiveClusters] = measured.effectiveClusters
    if let modes {
      let coverage = try ModeCoverage(of: generated, modes: modes)
      findings.observation.include(coverage)
      findings.metrics[.modesCovered] = Double(coverage.covered)
      findings.metrics[.modesWithMass] = Double(coverage.withMass)
      findings.metrics[.highQuality] = coverage.highQuality
      findings.metrics[.modeEntropy] = coverage.entropy ?? 0
      publish(.panel(bars(coverage, modes, step: request.step)))
    }
    // Pictures of points tell it more often.
    if dataset.shape.isImage, system.latents.classes == nil {
      let count = min(Self.scoredImages, request.samples) * dataset.shape.size
      let real = try dataset.evaluationSamples(count: Self.scoredImages, seed: configuration.seed).values
      try publishScores(real: real, generated: Array(raw.prefix(count)), step: request.step)
    }
    if let liveJudge {
      let size = configuration.measures.samples * dataset.shape.size
      findings.metrics.merge(try liveJudge.metrics(of: Array(raw.prefix(size)))) { first, _ in first }
    }
  }

  private func bars(_ coverage: ModeCoverage, _ modes: Measures.MixtureModes, step: Int) -> Panel {
    let total = Double(max(1, coverage.highQualityCount))
    let bars = coverage.histogram.enumerated().map { index, count in
      BarsPanel.Bar(label: "\(index + 1)", value: Double(count) / total, reference: modes.weights[index])
    }
    return Panel(id: Panel.modes, title: "modes", step: step, content: .bars(BarsPanel(bars: bars)))
  }

  // MARK: Pictures

  /// The picture that was last published, for a file; nil before the first and for data that cannot be drawn. The caller
  /// must have found the queue idle.
  func lastPicture() throws -> PixelImage? {
    switch drawn {
    case .images(let grid):
      if let comparison { return comparison.sheet(grid) }
      return ImageSheet.arrange(
        grid.pixels, width: grid.width, height: grid.height, channels: grid.channels)
    case .points(let points): return PointPicture.image(points)
    case .bars, .text, .layers, .scores, nil: return nil
    }
  }

  private func keepPicture(step: Int) throws {
    guard let keep, let image = try lastPicture() else { return }
    keep(StoredPicture(step: step, image: image, encoded: try PNG.bytes(of: image)))
  }

  private func picture(_ request: Request) throws {
    if dataset.shape.isImage {
      let grid = try comparison.map { try $0.grid(Self.pictureRows) } ?? imageGrid(Self.pictureSamples)
      show(.images(grid), step: request.step)
      if let wanted = request.shown.sheet,
        let sheet = try sheets.sheet(wanted, inputs: inputs, step: request.step, mayBeOld: !request.isForced)
      {
        publish(.panel(Panel(id: wanted.panel, title: sheet.title, step: sheet.step, content: .images(sheet.grid))))
      }
      // Asked for by a person, and not again with every picture.
      preparation += sheets.takeSearchSeconds()
    } else if dataset.shape.size == 2 {
      show(.points(try points(request)), step: request.step)
    }
  }

  /// Weights and gradients by layer, now and then: it costs two updates of each player.
  private func layers(_ request: Request) throws {
    guard probe.isPrepared else {
      try prepare { try probe.prepare(inputs: inputs) }
      owes.store(true, ordering: .releasing)
      return
    }
    let now = Clock.monotonic()
    guard now - probedAt >= Self.probeInterval || request.isForced else { return }
    probedAt = now
    let content = Panel.Content.layers(try probe.measure(step: request.step, inputs: inputs))
    publish(.panel(Panel(id: Panel.layers, title: "layers", step: request.step, content: content)))
  }

  private func show(_ content: Panel.Content, step: Int) {
    drawn = content
    publish(.panel(Panel(id: Panel.samples, title: "samples", step: step, content: content)))
  }

  /// Samples at fixed latents, as bytes.
  func imageGrid(_ count: Int) throws -> ImageGrid {
    let values = try samples(count, stream: "samples", counter: 0)
    guard case .image(let channels, let height, let width) = dataset.shape else {
      return ImageGrid(count: 0, width: 1, height: 1, channels: 1, pixels: [])
    }
    return ImageGrid(
      count: count, width: width, height: height, channels: channels,
      pixels: ImageSheet.pixels(of: values, channels: channels, height: height, width: width))
  }

  private func points(_ request: Request) throws -> PointsPanel {
    let view = try self.view ?? PointView(dataset: dataset, seed: configuration.seed)
    self.view = view
    let raw = try samples(Self.pointSamples, stream: "samples", counter: 0)
    let made = dataset.normalization.inverted(raw)
    var panel = view.panel(made, field: try field(view.minimum, view.maximum))
    let parts = request.shown.parts
    if parts.contains(.manifold) { panel.manifold = try laboratory.manifold(inputs: inputs) }
    if parts.contains(.slopes) { panel.slopes = try laboratory.slopes(at: raw, inputs: inputs) }
    if parts.contains(.latents) {
      panel.latents = laboratory.latents(Self.pointSamples, stream: "samples", inputs: inputs)
    }
    if parts.contains(.optimum) {
      panel.optimum = try laboratory.optimum(
        view.minimum, view.maximum, columns: Self.fieldColumns, rows: Self.fieldRows, generated: panel.generated,
        real: view.real)
    }
    if system.source == nil {
      try publishScores(real: view.normalized, generated: raw, step: request.step)
    }
    return panel
  }

  /// What the discriminator says of data and of samples, both normalized.
  private func publishScores(real: [Float], generated: [Float], step: Int) throws {
    let range: ClosedRange<Double>? = system.isCritic ? nil : 0...1
    guard
      let scores = ScoresPanel(real: try scores(of: real), generated: try scores(of: generated), range: range)
    else { return }
    publish(.panel(Panel(id: Panel.scores, title: "scores", step: step, content: .scores(scores))))
  }

  private func scores(of values: [Float]) throws -> [Double] {
    let size = dataset.shape.size
    let block = dataset.shape.isImage ? 64 : 512
    let program = try shelf.program("scorer/\(block)", inputs: inputs) { try system.scorer(block) }
    let classes = system.latents.classes ?? 0
    writeOneHot(
      (0..<block).map { Int32($0 % max(1, classes)) }, classes: classes, into: program.input(ProgramPort.classes))
    var result: [Double] = []
    for first in stride(from: 0, to: values.count / size, by: block) {
      let part = min(block, values.count / size - first)
      program.fill(ProgramPort.points, values[first * size..<(first + part) * size])
      program.run(counter: 0, substep: 0)
      result += try program.outputElements(ProgramPort.scores).prefix(part).map(Double.init)
    }
    return result
  }

  private func field(_ low: PointsPanel.Point, _ high: PointsPanel.Point) throws -> Field {
    let count = Self.fieldColumns * Self.fieldRows
    let program = try scorers[count] ?? prepare { try CPUBackend().compile(try system.scorer(count), store: store) }
    scorers[count] = program
    program.setInputs(inputs)
    let points = program.input(ProgramPort.points)
    for row in 0..<Self.fieldRows {
      for column in 0..<Self.fieldColumns {
        let x = low.x + (Float(column) + 0.5) / Float(Self.fieldColumns) * (high.x - low.x)
        let y = high.y - (Float(row) + 0.5) / Float(Self.fieldRows) * (high.y - low.y)
        points[2 * (row * Self.fieldColumns + column)] = x
        points[2 * (row * Self.fieldColumns + column) + 1] = y
      }
    }
    dataset.normalization.apply(to: points)
    program.run(counter: 0, substep: 0)
    let values = Array(try program.outputElements(ProgramPort.scores))
    // A critic's scores have no fixed zero: the middle colour is their median.
    let middle = system.isCritic ? values.filter(\.isFinite).sorted().middle : Float(system.middleScore)
    return Field(
      columns: Self.fieldColumns, rows: Self.fieldRows, values: values, middle: middle,
      label: system.isCritic ? "critic's score" : "D(x)")
  }
}

extension [Float] {
  fileprivate var middle: Float { isEmpty ? 0 : self[count / 2] }
}
