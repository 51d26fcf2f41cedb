import Datasets
import Execution
import Foundation
import Models
import Telemetry
import Tensors

/// Sheets of images at chosen latents: interpolations, walks, classes, codes, nearest data, mixed styles, walks toward a
/// class, inverted data.
final class SheetMaker {
  private let system: TrainableSystem
  private let dataset: any Dataset
  private let configuration: RunConfiguration
  private var seed: UInt64 { configuration.seed }
  private let shelf: ProgramShelf
  /// Nil for games that are no plain GAN.
  private let functions: AdversarialFunctions?
  /// The data that neighbours are looked for in.
  private var bank: (count: Int, values: [Float])?
  private let searches: SheetSearches?
  /// Data that the training has not seen.
  private var held: SampleSet?
  /// The scalar inputs of the sheet under way.
  private var inputs: [String: Double] = [:]

  static let columns = 8
  static let rows = 5
  /// Rows of a sheet at most: classes may be many.
  static let mostRows = 12
  /// Samples of the training data among which the nearest is looked for.
  static let bankCount = 2048
  private static let block = 64

  init(
    _ system: TrainableSystem, dataset: any Dataset, configuration: RunConfiguration, step: Int, shelf: ProgramShelf,
    judges: JudgeStore = JudgeStore()
  ) {
    self.system = system
    self.dataset = dataset
    self.shelf = shelf
    self.configuration = configuration
    functions = try? AdversarialFunctions(
      configuration, sample: sampleShape(dataset), classes: dataset.classCount, step: step)
    searches = functions.map {
      SheetSearches(
        system, functions: $0, dataset: dataset, configuration: configuration, shelf: shelf, judges: judges)
    }
  }

  private var layout: LatentLayout { system.latents }

  /// What this run can show.
  var kinds: [SheetRequest.Kind] {
    guard dataset.shape.isImage, system.source == nil, layout.count > 0 else { return [] }
    return SheetRequest.Kind.allCases.filter { kind in
      switch kind {
      case .interpolation, .walk, .neighbours: true
      case .classes: (layout.classes ?? 0) > 1
      case .codes: layout.categories + layout.continuous > 0
      case .styles: (functions?.styles ?? 0) > 1
      case .toward: searches?.isJudged == true
      case .inversions: searches != nil || system.encoder != nil
      }
    }
  }

  /// What `dimension` of a request may be; nil for a kind that has none.
  func dimensions(of kind: SheetRequest.Kind) -> ClosedRange<Int>? {
    switch kind {
    case .walk: 0...max(0, layout.dimension - 1)
    case .classes: 0...max(0, (layout.classes ?? 1) - 1)
    case .styles: 1...max(1, (functions?.styles ?? 2) - 1)
    case .toward: 0...max(0, (dataset.classCount ?? 1) - 1)
    case .interpolation, .codes, .neighbours, .inversions: nil
    }
  }

  /// A sheet and the step whose weights it shows.
  struct Sheet {
    var grid: ImageGrid
    var title: String
    var step: Int
  }

  /// CPU seconds of searches since the last call.
  func takeSearchSeconds() -> Double { searches?.takeSeconds() ?? 0 }

  /// - Parameters:
  ///   - step: that the weights are of.
  ///   - mayBeOld: whether a search of some steps ago will do, as nobody waits for a new one.
  /// - Returns: nil for what the run has not.
  func sheet(_ request: SheetRequest, inputs: [String: Double], step: Int, mayBeOld: Bool = false) throws -> Sheet? {
    guard kinds.contains(request.kind), case .image(let channels, let height, let width) = dataset.shape else {
      return nil
    }
    var request = request
    request.first = max(0, request.first)
    if let known = dimensions(of: request.kind) {
      request.dimension = min(max(known.lowerBound, request.dimension), known.upperBound)
    }
    self.inputs = inputs
    let plan: SheetPlan =
      switch request.kind {
      case .interpolation: interpolation(request)
      case .walk: walk(request)
      case .classes: classes(request)
      case .codes: codes(request)
      case .neighbours: try neighbours(request)
      case .styles: try styles(request)
      case .inversions where system.encoder != nil: try reconstructions(request)
      case .toward, .inversions: try search(request, step: step, mayBeOld: mayBeOld)
      }
    let values = try plan.samples ?? samples(of: plan.latents, classes: plan.classes, inputs: inputs)
    var grid = ImageGrid(
      count: values.count / max(1, dataset.shape.size), width: width, height: height, channels: channels,
      pixels: ImageSheet.pixels(of: values, channels: channels, height: height, width: width), labels: plan.labels)
    grid.columns = plan.columns
    grid.rowLabels = plan.rowLabels
    grid.columnLabels = plan.columnLabels
    return Sheet(grid: grid, title: plan.title, step: plan.step ?? step)
  }

  // MARK: Latents

  /// Latents of the fixed samples that pictures show, from `first` on.
  private func drawn(_ count: Int, first: Int) -> [[Float]] {
    let truncation = LatentDrawer.truncation(inputs)
    var values = [Float](repeating: 0, count: count * layout.count)
    values.withUnsafeMutableBufferPointer {
      LatentDrawer(layout, seed: seed, stream: "samples", truncation: truncation).fill(
        $0, firstSample: first, counter: 0)
    }
    return (0..<count).map { Array(values[$0 * layout.count..<($0 + 1) * layout.count]) }
  }

  private func label(_ sample: Int) -> Int32 { layout.classes.map { Int32(sample % max(1, $0)) } ?? 0 }

  /// From each latent to the next: along great circles, or straight.
  ///
  /// Reference: T. White, "Sampling Generative Networks", arXiv:1609.04468, section 2.1.
  private func interpolation(_ request: SheetRequest) -> SheetPlan {
    let first = request.first
    // Uniform latents lie in a cube, and are joined by lines.
    let isSpherical = request.isSpherical && layout.distribution == .normal
    var plan = SheetPlan(title: "\(isSpherical ? "spherical" : "linear") interpolation")
    let ends = drawn(Self.rows + 1, first: first)
    for row in 0..<Self.rows {
      for column in 0..<Self.columns {
        let share = Double(column) / Double(Self.columns - 1)
        plan.latents +=
          request.isSpherical
          ? LatentWalk.between(ends[row], ends[row + 1], at: share, layout: layout)
          : Self.line(ends[row], ends[row + 1], at: share, layout: layout)
        plan.classes.append(label(first + row))
      }
    }
    plan.rowLabels = (0..<Self.rows).map { "\(first + $0)-\(first + $0 + 1)" }
    return plan
  }

  /// (1 − t)·a + t·b; a code's categorical element stays that of a.
  static func line(_ a: [Float], _ b: [Float], at share: Double, layout: LatentLayout) -> [Float] {
    var result = a
    for index in 0..<layout.count where index < layout.dimension || index >= layout.dimension + layout.categories {
      result[index] = Float((1 - share) * Double(a[index]) + share * Double(b[index]))
    }
    return result
  }

  /// One coordinate of z from −2.5 to 2.5 (normal) or −1 to 1 (uniform), the others as they were drawn.
  private func walk(_ request: SheetRequest) -> SheetPlan {
    let first = request.first
    let dimension = request.dimension
    let reach: Float = layout.distribution == .normal ? 2.5 : 1
    var plan = SheetPlan(title: "walk along z[\(dimension)]")
    let values = Self.steps(reach)
    for (row, latent) in drawn(Self.rows, first: first).enumerated() {
      for value in values {
        var moved = latent
        if dimension < layout.dimension { moved[dimension] = value }
        plan.latents += moved
        plan.classes.append(label(first + row))
      }
    }
    plan.rowLabels = (0..<Self.rows).map { "\(first + $0)" }
    plan.columnLabels = values.map(Self.text)
    return plan
  }

  private static func steps(_ reach: Float) -> [Float] {
    (0..<columns).map { reach * (2 * Float($0) / Float(columns - 1) - 1) }
  }

  private static func text(_ value: Float) -> String { String(format: "%+.1f", Double(value)) }

  /// A class a row, the same latents in every row.
  private func classes(_ request: SheetRequest) -> SheetPlan {
    let all = layout.classes ?? 0
    // Where there are more classes than rows, the sheet begins at the one asked for.
    let start = all > Self.mostRows ? min(request.dimension, all - Self.mostRows) : 0
    let shown = start..<min(all, start + Self.mostRows)
    let latents = drawn(Self.columns, first: request.first)
    var plan = SheetPlan(title: "by class")
    for number in shown {
      for latent in latents {
        plan.latents += latent
        plan.classes.append(Int32(number))
      }
    }
    let names = dataset.classNames
    plan.rowLabels = shown.map { $0 < names.count ? names[$0] : "\($0)" }
    return plan
  }

  /// The code's category in the first rows, then each continuous element from −2 to 2, as the paper's figure 2 has it.
  ///
  /// Reference: [Chen et al. 2016](https://arxiv.org/abs/1606.03657).
  private func codes(_ request: SheetRequest) -> SheetPlan {
    var plan = SheetPlan(title: "codes")
    guard var base = drawn(1, first: request.first).first else { return plan }
    var rowLabels: [String] = []
    func put(_ latent: [Float]) {
      plan.latents += latent
      plan.classes.append(label(request.first))
    }
    let rows = (layout.categories + Self.columns - 1) / Self.columns
    for row in 0..<rows {
      for column in 0..<Self.columns {
        var moved = base
        let category = (row * Self.columns + column) % max(1, layout.categories)
        for index in 0..<layout.categories { moved[layout.dimension + index] = index == category ? 1 : 0 }
        put(moved)
      }
      let last = min(layout.categories, (row + 1) * Self.columns) - 1
      rowLabels.append("c \(row * Self.columns)-\(last)")
    }
    for index in layout.dimension + layout.categories..<layout.count { base[index] = 0 }
    for element in 0..<min(layout.continuous, Self.mostRows - rows) {
      for value in Self.steps(2) {
        var moved = base
        moved[layout.dimension + layout.categories + element] = value
        put(moved)
      }
      rowLabels.append("c\(element + 1) ±2")
    }
    plan.rowLabels = rowLabels
    return plan
  }

  // MARK: Neighbours

  /// Samples over the training data that are nearest to them, by the root mean square of the difference of their values.
  private func neighbours(_ request: SheetRequest) throws -> SheetPlan {
    let first = request.first
    let count = 2 * Self.columns
    let made = try samples(
      of: drawn(count, first: first).flatMap { $0 }, classes: (0..<count).map { label(first + $0) }, inputs: inputs)
    let bank = try nearestBank()
    let size = dataset.shape.size
    var (nearest, labels): ([Float], [String]) = ([], [])
    for index in 0..<count {
      let sample = Array(made[index * size..<(index + 1) * size])
      let found = Self.nearest(to: sample, in: bank.values, size: size)
      nearest += found.index.map { Array(bank.values[$0 * size..<($0 + 1) * size]) } ?? sample
      labels.append(String(format: "%.2f", found.distance))
    }
    return SheetPlan(
      "nearest of \(bank.count) data", made, over: nearest, labels: labels, names: ("G(z)", "data"), size: size)
  }

  /// The index of the nearest of a bank's samples, and the root mean square of the difference.
  static func nearest(to sample: [Float], in bank: [Float], size: Int) -> (index: Int?, distance: Double) {
    var best: (index: Int?, sum: Float) = (nil, .infinity)
    guard size > 0 else { return (nil, .nan) }
    sample.withUnsafeBufferPointer { sample in
      bank.withUnsafeBufferPointer { bank in
        for index in 0..<bank.count / size {
          var sum: Float = 0
          var place = 0
          // Blocks, so that those far away are left early and the loop between is a vector's.
          while place < size, sum < best.sum {
            let end = min(size, place + 64)
            for element in place..<end {
              let difference = sample[element] - bank[index * size + element]
              sum += difference * difference
            }
            place = end
          }
          if sum < best.sum { best = (index, sum) }
        }
      }
    }
    return (best.index, (Double(best.sum) / Double(size)).squareRoot())
  }

  private func nearestBank() throws -> (count: Int, values: [Float]) {
    if let bank { return bank }
    let count = min(Self.bankCount, dataset.count ?? Self.bankCount)
    let made = try dataset.samples(BatchRequest(seed: seed, position: 0, size: count)).values
    bank = (count, made)
    return (count, made)
  }

  // MARK: Styles

  /// A latent a row for the coarse styles, a latent a column for those from a layer on.
  ///
  /// Reference: [StyleGAN](https://arxiv.org/abs/1812.04948), figure 3.
  private func styles(_ request: SheetRequest) throws -> SheetPlan {
    guard let functions else { return SheetPlan(title: "style mixing") }
    let count = functions.styles
    let crossover = request.dimension
    let first = request.first
    let rows = drawn(Self.rows, first: first)
    let columns = drawn(Self.columns - 1, first: first + Self.rows)
    // The first column is the row's own latent, unmixed.
    let pairs = rows.flatMap { row in [(row, row)] + columns.map { (row, $0) } }
    let block = pairs.count
    let program = try shelf.program("styles/\(block)", inputs: inputs) {
      try trace {
        var program = Program(name: "styles")
        func input(_ name: String) -> Tensor { Input(name: name, shape: [block, layout.count]).value }
        program.output(
          ProgramPort.samples,
          functions.mixedSamples(
            of: input(ProgramPort.latents), second: input("second"),
            crossover: Input(name: "crossover", shape: []).value,
            classes: functions.classes.map { Input(name: ProgramPort.classes, shape: [block, $0]).value }))
        return program
      }
    }
    program.fill(ProgramPort.latents, pairs.flatMap(\.0))
    program.fill("second", pairs.flatMap(\.1))
    program.fill("crossover", [Float(crossover)])
    writeOneHot(
      Array(repeating: label(first), count: block), classes: functions.classes ?? 0,
      into: program.input(ProgramPort.classes))
    program.run(counter: 0, substep: 0)
    var plan = SheetPlan(title: "styles of layers \(crossover)-\(count - 1) from the column")
    plan.samples = Array(try program.outputElements(ProgramPort.samples))
    plan.rowLabels = (0..<Self.rows).map { "\(first + $0)" }
    plan.columnLabels = ["own"] + (0..<Self.columns - 1).map { "\(first + Self.rows + $0)" }
    return plan
  }

  // MARK: Inverted data

  /// Held-out data, a row or several of them, from the sheet's first on.
  private func heldOut(_ request: SheetRequest, rows: Int) throws -> [Float] {
    let size = dataset.shape.size
    let all = try held ?? dataset.evaluationSamples(count: Self.bankCount, seed: seed)
    held = all
    let wanted = rows * Self.columns
    let first = min(request.first, max(0, all.count - wanted))
    return Array(all.values.dropFirst(first * size).prefix(wanted * size))
  }

  /// Data over what the generator makes of their encodings, with the mean distance of a value.
  private func reconstructions(_ request: SheetRequest) throws -> SheetPlan {
    let title = "data encoded: |x - G(E(x))|"
    guard let encoder = system.encoder else { return SheetPlan(title: title) }
    let data = try heldOut(request, rows: 2)
    let size = max(1, dataset.shape.size)
    let (block, count) = (2 * Self.columns, data.count / size)
    let program = try shelf.program("encoder/\(block)", inputs: inputs) { try encoder(block) }
    program.fill(ProgramPort.points, data)
    program.run(counter: 0, substep: 0)
    let made = Array(try program.outputElements(ProgramPort.reconstructions).prefix(data.count))
    func distance(_ index: Int) -> String {
      let elements = index * size..<(index + 1) * size
      return String(format: "%.2f", elements.reduce(0) { $0 + abs(data[$1] - made[$1]) } / Float(size))
    }
    return SheetPlan(
      title, data, over: made, labels: (0..<count).map(distance), names: ("data", "G(E(x))"), size: size)
  }

  /// - Parameter mayBeOld: whether the search before will do, where it is new enough.
  private func search(_ request: SheetRequest, step: Int, mayBeOld: Bool) throws -> SheetPlan {
    let first = request.first
    let classes = layout.classes == nil ? [] : (0..<Self.rows).map { label(first + $0) }
    return try searches?.plan(
      request, step: step, inputs: inputs, mayBeOld: mayBeOld,
      starts: (drawn(Self.rows, first: first).flatMap { $0 }, classes), data: { try heldOut(request, rows: 1) })
      ?? SheetPlan(title: request.kind.title)
  }

  // MARK: Samples

  private func samples(of latents: [Float], classes: [Int32], inputs: [String: Double]) throws -> [Float] {
    guard layout.count > 0 else { return [] }
    let count = latents.count / layout.count
    let size = dataset.shape.size
    let program = try shelf.program("sampler/\(Self.block)", inputs: inputs) { try system.sampler(Self.block) }
    var result: [Float] = []
    for first in stride(from: 0, to: count, by: Self.block) {
      let part = min(Self.block, count - first)
      program.fill(ProgramPort.latents, latents[first * layout.count..<(first + part) * layout.count])
      writeOneHot(
        classes.dropFirst(first).prefix(part), classes: layout.classes ?? 0, into: program.input(ProgramPort.classes))
      program.run(counter: UInt64(first / Self.block), substep: 0)
      result += try program.outputElements(ProgramPort.samples).prefix(part * size)
    }
    return result
  }
}
