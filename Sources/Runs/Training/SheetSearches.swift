import Datasets
import Foundation
import Models
import Telemetry

/// The sheets that take a search for latents: walks toward a class, and inverted data. The last one is kept, so that it is
/// not made anew with every picture.
final class SheetSearches {
  private let system: TrainableSystem
  private let functions: AdversarialFunctions
  private let dataset: any Dataset
  private let configuration: RunConfiguration
  private let shelf: ProgramShelf
  private let judges: JudgeStore
  /// Of the data's labels, where it is in the cache.
  private lazy var judge = try? judges.cached(of: dataset, threads: 1)
  /// Whether there is one. Asked once: the judge of data of one's own is found by reading some of them.
  private(set) lazy var isJudged = judges.has(dataset)
  private var last: Search?
  /// CPU seconds, which somebody waits for, since they were last taken.
  private var seconds = 0.0

  /// Steps of Adam, from one start, of a search for latents.
  static let steps = 150
  /// Radians of a walk toward a class from one column to the next, in so many steps.
  static let climb = (radians: 0.25, steps: 5)
  /// A search is repeated, for a run that has trained on, after so many times the seconds that it took.
  private static let interval = 100.0

  private struct Search {
    var request: SheetRequest
    var plan: SheetPlan
    var at: Double
    var seconds: Double
  }

  init(
    _ system: TrainableSystem, functions: AdversarialFunctions, dataset: any Dataset, configuration: RunConfiguration,
    shelf: ProgramShelf, judges: JudgeStore
  ) {
    self.system = system
    self.functions = functions
    self.dataset = dataset
    self.configuration = configuration
    self.shelf = shelf
    self.judges = judges
  }

  /// CPU seconds of searches since the last call.
  func takeSeconds() -> Double {
    defer { seconds = 0 }
    return seconds
  }

  /// - Parameters:
  ///   - mayBeOld: whether the search before will do, where it is new enough.
  ///   - starts: the latents where walks begin, with their classes.
  ///   - data: what is inverted, a row of the sheet.
  func plan(
    _ request: SheetRequest, step: Int, inputs: [String: Double], mayBeOld: Bool,
    starts: (latents: [Float], classes: [Int32]), data: () throws -> [Float]
  ) throws -> SheetPlan {
    if let last, last.request == request,
      last.plan.step == step || (mayBeOld && Clock.monotonic() - last.at < Self.interval * last.seconds)
    {
      return last.plan
    }
    let begin = Clock.thread()
    // The networks on weights of their own, beside the judge's.
    let model = try RunModel(
      system, functions: functions, dataset: dataset, configuration: configuration, step: step, inputs: inputs,
      weights: shelf.store)
    var plan = request.kind == .toward ? try toward(request, model, from: starts) : try inversions(of: data(), model)
    let spent = Clock.thread() - begin
    seconds += spent
    plan.step = step
    last = Search(request: request, plan: plan, at: Clock.monotonic(), seconds: spent)
    return plan
  }

  /// Up the judge's probability of a class, a latent a row.
  private func toward(
    _ request: SheetRequest, _ model: RunModel, from starts: (latents: [Float], classes: [Int32])
  ) throws -> SheetPlan {
    guard let judge, judge.classes > 0 else { return SheetPlan(title: request.kind.title) }
    let target = min(request.dimension, judge.classes - 1)
    let walk = try LatentWalk(
      of: model, toward: target, judge: judge, rows: SheetMaker.rows, columns: SheetMaker.columns,
      strides: Self.climb.steps, stride: Self.climb.radians / Double(Self.climb.steps), seed: configuration.seed,
      starts: starts)
    let names = dataset.classNames
    var plan = SheetPlan(title: "toward \(target < names.count ? names[target] : "\(target)"): mean p by column")
    plan.samples = walk.samples
    plan.rowLabels = (0..<SheetMaker.rows).map { "\(request.first + $0)" }
    plan.columnLabels = walk.probabilities.map { String(format: "%.2f", $0) }
    return plan
  }

  /// Data that were held out, over the nearest samples that were found, with the mean distance of a value.
  private func inversions(of data: [Float], _ model: RunModel) throws -> SheetPlan {
    var settings = LatentSearch.Settings(iterations: Self.steps, restarts: 1)
    settings.seed = configuration.seed
    let found = try LatentSearch(model, settings: settings, block: max(1, data.count / max(1, dataset.shape.size)))
      .find(data)
    return SheetPlan(
      "data inverted: |x - G(z)|", data, over: found.samples,
      labels: found.residuals.map { String(format: "%.2f", $0) }, names: ("data", "G(z)"), size: dataset.shape.size)
  }
}
