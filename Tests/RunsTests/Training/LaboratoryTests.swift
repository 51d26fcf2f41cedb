import Datasets
import Execution
import Foundation
import Telemetry
import Tensors
import Testing

@testable import Models
@testable import Runs

/// What pictures show beside samples.
@Suite(.serialized) struct LaboratoryTests {
  private let temporary: TemporaryFolder
  private let store: RunStore

  init() throws {
    temporary = try TemporaryFolder()
    store = RunStore(option: temporary.path + "/runs", environment: [:])
  }

  private func laboratory(_ model: RunModel) throws -> Laboratory {
    let system = try TrainableSystem(model.configuration, of: SampleDescription(model.dataset), step: model.step)
    return Laboratory(
      system, dataset: model.dataset, configuration: model.configuration, step: model.step,
      shelf: ProgramShelf(store: model.store) { try $0() })
  }

  // MARK: The plane

  @Test func theGridIsEvenInProbability() {
    let layout = LatentLayout(dimension: 3, distribution: .normal, categories: 2, continuous: 1, classes: nil)
    let grid = Laboratory.grid(layout, columns: 5, rows: 3)
    #expect(grid.count == 15 * 6)
    func probability(_ z: Float) -> Double { 0.5 * erfc(-Double(z) / 2.0.squareRoot()) }
    for (row, column) in [(0, 0), (1, 2), (2, 4)] {
      let start = (row * 5 + column) * 6
      let (across, down) = (0.01 + 0.98 * Double(column) / 4, 0.01 + 0.98 * Double(row) / 2)
      #expect(abs(probability(grid[start]) - across) < 1e-6)
      #expect(abs(probability(grid[start + 1]) - down) < 1e-6)
      #expect(Array(grid[start + 2..<start + 6]) == [0, 1, 0, 0])
    }
    let uniform = LatentLayout(dimension: 1, distribution: .uniform, categories: 0, continuous: 0, classes: nil)
    #expect(Laboratory.grid(uniform, columns: 3, rows: 1) == [-0.98, 0, 0.98])
  }

  @Test func theManifoldIsWhereTheGeneratorPutsTheGrid() throws {
    let model = try RunModel(AnalysisFixture.ring(), steps: 3)
    let manifold = try #require(try laboratory(model).manifold(inputs: [:]))
    let grid = Laboratory.grid(model.latents, columns: manifold.columns, rows: manifold.rows)
    let expected = PointView.points(model.dataset.normalization.inverted(try model.samples(of: grid)))
    #expect(manifold.points.count == 441)
    #expect(zip(manifold.points, expected).allSatisfy { abs($0.x - $1.x) < 1e-6 && abs($0.y - $1.y) < 1e-6 })
  }

  /// The non-saturating generator loses -ln D(x), whose slope is minus that of ln D.
  @Test func thePullIsTheSlopeOfTheLoss() throws {
    let model = try RunModel(AnalysisFixture.ring(), steps: 20)
    let points: [Float] = [0.3, -0.2, 1.1, 0.4, -0.7, 0.9, 0, 0]
    let slopes = try #require(try laboratory(model).slopes(at: points, inputs: [:]))
    func logarithms(_ points: [Float]) throws -> [Double] {
      let program = try model.compile {
        var program = Program(name: "opinions")
        let x = Input(name: ProgramPort.points, shape: [points.count / 2, 2]).value
        program.output(ProgramPort.scores, model.functions.opinion(of: x))
        return program
      }
      program.fill(ProgramPort.points, points)
      program.run(counter: 0, substep: 0)
      return try program.outputElements(ProgramPort.scores).map { log(Double($0)) }
    }
    let h: Float = 0.01
    for axis in 0..<2 {
      let ahead = try logarithms(points.enumerated().map { $0.offset % 2 == axis ? $0.element + h : $0.element })
      let behind = try logarithms(points.enumerated().map { $0.offset % 2 == axis ? $0.element - h : $0.element })
      for (index, slope) in slopes.enumerated() {
        let expected = (ahead[index] - behind[index]) / Double(2 * h)
        #expect(abs(Double(axis == 0 ? slope.dx : slope.dy) - expected) < 2e-3 + 1e-2 * abs(expected))
      }
    }
    #expect(slopes.map(\.at.x) == [0.3, 1.1, -0.7, 0])
  }

  @Test func theBestDiscriminatorTellsWhatCanBeTold() throws {
    let model = try RunModel(AnalysisFixture.ring(), steps: 0)
    let real = try model.dataset.evaluationSamples(count: 2000, seed: 3).values
    let reals = PointView.points(model.dataset.normalization.inverted(real))
    let low = PointsPanel.Point(x: -2, y: -2)
    let high = PointsPanel.Point(x: 2, y: 2)
    func best(_ generated: [PointsPanel.Point]) throws -> Field {
      try #require(
        try laboratory(model).optimum(low, high, columns: 40, rows: 40, generated: generated, real: reals))
    }
    func value(_ field: Field, _ point: PointsPanel.Point) -> Float {
      let column = Int((point.x + 2) * 10)
      let row = Int((2 - point.y) * 10)
      return field.values[row * 40 + column]
    }
    // Samples of the data themselves cannot be told from the data.
    let perfect = try best(reals)
    let mean = reals.reduce(0) { $0 + abs(value(perfect, $1) - 0.5) } / Float(reals.count)
    #expect(mean < 0.1)
    // A generator that is somewhere else is told at once.
    let away = (0..<500).map { PointsPanel.Point(x: -1.5 + 0.0004 * Float($0), y: -1.6) }
    let apart = try best(away)
    #expect(value(apart, PointsPanel.Point(x: 1, y: 0.01)) > 0.99)
    #expect(value(apart, PointsPanel.Point(x: -1.4, y: -1.6)) < 0.01)
    #expect(apart.values.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test func blurringKeepsTheMass() {
    var values = [Double](repeating: 0, count: 30 * 20)
    values[10 * 30 + 15] = 2
    values[9 * 30 + 14] = 1
    let blurred = Laboratory.blurred(values, columns: 30, rows: 20, deviation: 1.3)
    #expect(abs(blurred.reduce(0, +) - 3) < 1e-4)
    // The kernel's weights at 0 and 1.
    let (first, second) = (0.3069, 0.2283)
    let expected: Double = 2 * first * first + second * second
    #expect(abs(blurred[10 * 30 + 15] - expected) < 2e-3)
  }

  // MARK: Truncation

  @Test func truncationIsLiveAndTouchesNoTraining() throws {
    var configuration = try configuration(steps: 6)
    let plain = try Training(store, configuration)
    _ = plain.end()
    let expected = try plain.checkpoint(6)
    #expect(configuration.hyperparameter("sampling.truncation") == nil)
    configuration.sampling.truncation = 0.5
    var options = Trainer.Options()
    options.startsPaused = true
    let training = try Training(store, configuration, options: options)
    try training.waitForPause()
    #expect(try training.command(.set(id: "sampling.truncation", value: 0.25)).text.hasSuffix("0.25"))
    try training.command(.resume)
    _ = training.end()
    let after = try training.checkpoint(6)
    #expect(expected.tensors.keys.filter { after.tensors[$0] != expected.tensors[$0] } == [])
    #expect(try training.folder.configuration().hyperparameter("sampling.truncation") == 0.5)
  }

  // MARK: While it trains

  private func configuration(steps: Int = 30) throws -> RunConfiguration {
    try RunConfiguration(
      yaml: """
        name: run
        data: { kind: ring, modes: 8, radius: 2, deviation: 0.02 }
        model:
          latent: { dimension: 2 }
          generator: { kind: mlp, hidden: [8] }
          discriminator: { kind: mlp, hidden: [8], activation: leaky-relu }
          average: { decay: 0.99 }
        schedule: { batch: 8, steps: \(steps), checkpoint-every: 1000 }
        measures: { every: 1000, samples: 100 }
        """, file: "run.yaml", overrides: [])
  }

  /// What a command is answered with; the panel may come before its reply.
  private func panel(
    _ training: Training, _ id: String, after command: Command? = nil,
    isWanted: @escaping (Panel.Content) -> Bool = { _ in true }
  ) throws -> Panel {
    func wanted(_ event: Event) -> Panel? {
      if case .panel(let panel) = event, panel.id == id, isWanted(panel.content) { panel } else { nil }
    }
    if let command {
      let count = training.events.count
      _ = try training.command(command)
      if let panel = training.events.dropFirst(count).lazy.compactMap(wanted).first { return panel }
    } else if let panel = training.events.lazy.compactMap(wanted).first {
      return panel
    }
    guard let panel = wanted(try training.wait(id) { wanted($0) != nil }) else { throw Training.Missing(what: id) }
    return panel
  }

  @Test func looksLeaveTheRunsBitsAlone() throws {
    let plain = try Training(store, configuration())
    _ = plain.end()
    let expected = try plain.checkpoint(30)

    var options = Trainer.Options()
    options.pausesAt = 10
    let training = try Training(store, configuration(), options: options)
    try training.waitForPause()
    let everything = PictureRequest(parts: Set(PointsPart.allCases), layers: true)
    let layers = try panel(training, Panel.layers, after: .show(everything))
    guard case .layers(let found) = layers.content else { throw Training.Missing(what: "layers") }
    #expect(layers.step == 10)
    #expect(found.layers.map(\.player) == ["discriminator", "discriminator", "generator", "generator"])
    for layer in found.layers {
      #expect((layer.weightNorm ?? 0) > 0 && (layer.gradientNorm ?? 0) > 0)
      // Adam's first steps are about its rate in size.
      #expect((layer.updateRatio ?? 0) > 1e-6 && (layer.updateRatio ?? 1) < 0.1)
      #expect(abs(layer.histogram.reduce(0, +) - 1) < 1e-9)
    }
    let request = PictureRequest(parts: Set(PointsPart.allCases))
    let picture = try panel(training, Panel.samples, after: .show(request)) { content in
      if case .points(let points) = content { points.manifold != nil } else { false }
    }
    guard case .points(let points) = picture.content else { throw Training.Missing(what: "points") }
    #expect(points.manifold?.points.count == 441)
    #expect(points.slopes?.count == Laboratory.slopeCount)
    #expect(points.latents?.count == points.generated.count)
    #expect(points.optimum?.values.count == 1600)
    try training.command(.resume)
    _ = training.end()
    let after = try training.checkpoint(30)
    #expect(Set(after.tensors.keys) == Set(expected.tensors.keys))
    #expect(expected.tensors.keys.filter { after.tensors[$0] != expected.tensors[$0] } == [])
    let described = training.events.compactMap { if case .described(let run) = $0 { run.pictures } else { nil } }.first
    #expect(described?.isPlanar == true && described?.parts == PointsPart.allCases && described?.sheets == [])
  }

  @Test func sheetsOfImages() throws {
    var configuration = try AnalysisFixture.images(in: temporary)
    configuration.name = "images"
    var options = Trainer.Options()
    options.startsPaused = true
    let training = try Training(store, configuration, options: options)
    try training.waitForPause()
    let samples = try panel(training, Panel.samples)
    guard case .images(let grid) = samples.content else { throw Training.Missing(what: "images") }
    let size = grid.width * grid.height
    func image(_ grid: ImageGrid, _ index: Int) -> [UInt8] { Array(grid.pixels[index * size..<(index + 1) * size]) }
    func sheet(_ request: SheetRequest) throws -> (panel: Panel, grid: ImageGrid) {
      let found = try panel(training, request.panel, after: .show(PictureRequest(sheet: request)))
      guard case .images(let grid) = found.content else { throw Training.Missing(what: request.panel) }
      return (found, grid)
    }
    for isSpherical in [true, false] {
      let (panel, walk) = try sheet(SheetRequest(kind: .interpolation, first: 2, isSpherical: isSpherical))
      #expect(panel.title == (isSpherical ? "spherical interpolation" : "linear interpolation"))
      #expect(walk.columns == 8 && walk.count == 40 && walk.rowLabels?.first == "2-3")
      // A row goes from its sample to the next one's.
      #expect(image(walk, 0) == image(grid, 2))
      #expect(zip(image(walk, 7), image(grid, 3)).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }
    let (_, walk) = try sheet(SheetRequest(kind: .walk, first: 0, dimension: 1))
    #expect(walk.columnLabels?.first == "-2.5" && walk.columnLabels?.last == "+2.5")
    #expect(Set((0..<8).map { image(walk, $0) }).count > 1)
    let (_, near) = try sheet(SheetRequest(kind: .neighbours))
    #expect(near.count == 32 && image(near, 0) == image(grid, 0))
    #expect(near.labels.count == 32 && near.labels[0].isEmpty && Double(near.labels[8]) != nil)
    // What the run has not is not answered, and harms nothing.
    _ = try training.command(.show(PictureRequest(sheet: SheetRequest(kind: .classes))))
    _ = try training.command(.stop)
    _ = training.end()
    let described = training.events.compactMap { if case .described(let run) = $0 { run.pictures } else { nil } }.first
    #expect(described?.sheets == [.interpolation, .walk, .neighbours, .inversions] && described?.isPlanar == false)
    // `gantui sample` draws the same.
    let sampler = try RunSampler(training.folder)
    let path = temporary.path + "/walk.png"
    let written = try sampler.writeSheet(.walk, element: 1, to: path)
    #expect(written.count == 40 && written.title == "walk along z[1]")
    let expected = try #require(
      ImageSheet.arrange(walk.pixels, width: walk.width, height: walk.height, channels: walk.channels, columns: 8))
    try PNG.write(expected, to: path + ".expected")
    #expect(FileManager.default.contentsEqual(atPath: path, andPath: path + ".expected"))
    let error = #expect(throws: SampleError.self) { try sampler.writeSheet(.classes, to: path) }
    for (kind, element, words) in [
      (SheetRequest.Kind.walk, 500, "--element 500: a sheet of walk takes 0 to "),
      (.neighbours, 1, "--element 1: a sheet of neighbours has no element to choose"),
    ] {
      let error = #expect(throws: SampleError.self) { try sampler.writeSheet(kind, element: element, to: path) }
      #expect(error?.description.hasPrefix(words) == true, "\(String(describing: error))")
    }
    #expect(
      error?.description == "this run has no sheet of classes; there are interpolation, walk, neighbours, inversions")
  }

  @Test func sheetsThatTakeASearch() throws {
    let configuration = try AnalysisFixture.images(in: temporary)
    let dataset = try DatasetFactory.dataset(configuration.data)
    let judges = JudgeStore(folder: temporary.path + "/judges", epochs: 2)
    let system = try TrainableSystem(configuration, of: SampleDescription(dataset))
    let store = try CPUBackend().makeCPUStore(seed: 3)
    _ = try CPUBackend().compile(try system.sampler(1), store: store)
    let before = store.variables.map(\.name)
    func maker() -> SheetMaker {
      let shelf = ProgramShelf(store: store) { try $0() }
      return SheetMaker(
        system, dataset: dataset, configuration: configuration, step: 0, shelf: shelf, judges: judges)
    }
    let inputs = system.inputValues(configuration, step: 0)
    func sheet(_ maker: SheetMaker, _ request: SheetRequest, step: Int, old: Bool = false) throws -> SheetMaker.Sheet {
      try #require(try maker.sheet(request, inputs: inputs, step: step, mayBeOld: old))
    }
    CPUProgram.prepareThread(threads: 1)
    // Without a judge there is nothing to climb.
    #expect(maker().kinds == [.interpolation, .walk, .neighbours, .inversions])
    _ = try judges.judge(of: dataset, threads: 1)
    let sheets = maker()
    #expect(sheets.kinds.contains(.toward))
    let size = dataset.shape.size
    for target in 0..<2 {
      let walk = try sheet(sheets, SheetRequest(kind: .toward, first: 1, dimension: target), step: 7)
      #expect(walk.grid.count == 40 && walk.step == 7 && walk.title.hasPrefix("toward "))
      let course = (walk.grid.columnLabels ?? []).compactMap { Double($0) }
      #expect(course.count == 8 && zip(course, course.dropFirst()).allSatisfy { $0 <= $1 }, "\(course)")
      // A row starts at the sample that other sheets show.
      let own = try sheet(sheets, SheetRequest(kind: .interpolation, first: 1), step: 7)
      #expect(Array(walk.grid.pixels.prefix(size)) == Array(own.grid.pixels.prefix(size)))
    }
    let request = SheetRequest(kind: .inversions, first: 3)
    let found = try sheet(sheets, request, step: 8)
    let held = try dataset.evaluationSamples(count: SheetMaker.bankCount, seed: configuration.seed).values
    let data = Array(held[3 * size..<11 * size])
    #expect(found.grid.count == 16 && found.grid.rowLabels == ["data", "G(z)"])
    #expect(
      Array(found.grid.pixels.prefix(8 * size))
        == ImageSheet.pixels(of: data, channels: 1, height: found.grid.height, width: found.grid.width))
    #expect(found.grid.labels.suffix(8).allSatisfy { Double($0) ?? 9 < 1 }, "\(found.grid.labels)")
    #expect(sheets.takeSearchSeconds() > 0 && sheets.takeSearchSeconds() == 0)
    // Who does not wait for it gets the one before; who does, a new one.
    #expect(try sheet(sheets, request, step: 9, old: true).step == 8)
    #expect(sheets.takeSearchSeconds() == 0)
    #expect(try sheet(sheets, request, step: 9).step == 9)
    // The store that is looked at has nothing new.
    #expect(store.variables.map(\.name).filter { $0.hasPrefix("judge") } == [] && before.count <= store.variables.count)
  }

  @Test func theNearestIsFound() {
    let bank: [Float] = (0..<50).flatMap { index in (0..<100).map { Float(index) + Float($0) / 1000 } }
    let sample = (0..<100).map { Float(17) + Float($0) / 1000 + ($0 == 3 ? 0.5 : 0) }
    let found = SheetMaker.nearest(to: sample, in: bank, size: 100)
    #expect(found.index == 17)
    #expect(abs(found.distance - 0.05) < 1e-6)
  }

  // MARK: Drawings

  @Test func aRunOnADrawing() throws {
    let drawn = try configuration(steps: 5).onDrawing([DrawnPoint(x: 0, y: 1), DrawnPoint(x: 1, y: -1, weight: 3)])
    #expect(drawn.name == "run-drawn")
    #expect(drawn.onDrawing([DrawnPoint(x: 0, y: 0)]).name == "run-drawn")
    let training = try Training(store, drawn)
    _ = training.end()
    #expect(training.folder.checkpointSteps().last == 5)
    // What the folder keeps is all that the run needs.
    #expect(try training.folder.configuration().data == drawn.data)
  }

  @Test func brokenDrawings() throws {
    for (points, message) in [
      ("[]", "expected a list"), ("[[1]]", "expected a list"), ("[[1, 2, 0]]", "weights above 0"),
      ("[[1, .inf]]", "expected a list"), ("3", "expected a list"),
    ] {
      do {
        _ = try RunConfiguration(yaml: "data: { kind: drawn, points: \(points) }", file: "x.yaml", overrides: [])
        Issue.record("\(points) was accepted")
      } catch {
        #expect("\(error)".contains("data.points") && "\(error)".contains(message), "\(error)")
      }
    }
    let written = try RunConfiguration(
      yaml: "data: { kind: drawn, points: [[1, 2], [-0.5, 3e-1, 4]] }", file: "x.yaml", overrides: [])
    #expect(
      written.data.source
        == .drawn(points: [DrawnPoint(x: 1, y: 2), DrawnPoint(x: -0.5, y: 0.3, weight: 4)], jitter: 0.05))
  }
}
