import Datasets
import Measures
import Models

/// Carries out measures on a subject, sharing what several of them need: samples, the judge, features.
///
/// The same seed gives the same numbers. It belongs to one thread at a time.
public final class Measurer {
  let subject: MeasureSubject
  let parameters: MeasureParameters
  let threads: Int
  let real: RealSamples
  private let judges: JudgeStore
  private let progress: (String) -> Void

  private var loadedJudge: (classifier: Classifier, report: JudgeStore.Report)?
  private var drawn: MeasureSubject.Samples?
  private var names: [Int32]?
  private var reference: SampleSet?
  private var judged: Classifier.Judgement?
  private var spaces: [String: FeatureSpace] = [:]
  private var features: [String: (generated: PointSet, real: PointSet)] = [:]

  /// - Parameters:
  ///   - threads: of the engine.
  ///   - progress: is told, in a line, what takes long.
  public init(
    _ subject: MeasureSubject, parameters: MeasureParameters = MeasureParameters(), threads: Int,
    judges: JudgeStore = JudgeStore(), progress: @escaping (String) -> Void = { _ in }
  ) {
    self.subject = subject
    self.parameters = parameters
    self.threads = threads
    self.judges = judges
    self.progress = progress
    real = RealSamples(subject.dataset, against: parameters.against)
  }

  var dataset: any Dataset { subject.dataset }

  // MARK: What fits

  /// Whether the data have a judge of their own.
  var hasJudge: Bool { dataset.shape.isImage && dataset.classCount != nil && dataset.count != nil }

  /// Why a measure does not fit the data or the run; nil where it does.
  func unfitness(_ kind: MeasureKind) -> String? {
    if dataset is PointMass { return "dirac data are one point, and samples are where theta is" }
    switch kind {
    case .modes: return dataset.modes == nil ? "\(dataset.name) data are no mixture of known modes" : nil
    case .entropy, .frechet, .precisionRecall, .densityCoverage, .nearest: return nil
    case .classes where dataset is StackedDataset: return nil
    case .classes, .inceptionScore: return unjudgeable
    case .classConsistency, .accuracyScore, .augmentation:
      if let unjudgeable { return unjudgeable }
      return subject.classes == nil && subject.categories == 0
        ? "its samples were asked for no class, as those of a conditional run are" : nil
    case .codeAccuracy:
      if subject.categories == 0 { return "the run has no code with categories, as InfoGAN's" }
      return dataset is any IndexedDataset && dataset.classCount != nil ? nil : "\(dataset.name) data have no labels"
    case .encoderNeighbors, .reconstructionClass:
      if subject.run?.system.encoder == nil { return "the run has no encoder, as BiGAN's" }
      if kind == .reconstructionClass { return unjudgeable }
      return dataset is any IndexedDataset && dataset.classCount != nil ? nil : "\(dataset.name) data have no labels"
    case .translation: return untranslated
    case .jensenShannon: return unestimable
    }
  }

  private var untranslated: String? {
    guard subject.run?.system.source != nil, let pairs = dataset as? any PairedDataset else {
      return "the samples are no translations, as those of pix2pix and cyclegan"
    }
    return pairs.count(of: .test) > 0 ? nil : "no pairs are held out"
  }

  private var unjudgeable: String? {
    guard dataset.shape.isImage else { return "\(JudgeError.notImages(data: dataset.name))" }
    guard hasJudge else { return "\(JudgeError.noLabels(data: dataset.name))" }
    return nil
  }

  private var unestimable: String? {
    guard let run = subject.run else { return "a file of samples has no discriminator" }
    switch run.configuration.objective {
    case .minimax, .nonSaturating: break
    default:
      return
        "the score of a \(run.configuration.objective.kind.rawValue) discriminator is no log-odds; minimax and non-saturating runs have one"
    }
    return run.configuration.techniques.has(.packing) ? "a packing discriminator judges several samples at once" : nil
  }

  /// The measures that fit.
  public var fitting: [MeasureKind] { MeasureKind.allCases.filter { unfitness($0) == nil } }

  // MARK: Measuring

  /// All of these, or where none is named all that fit; of those one that fails is left out, and the report says why.
  ///
  /// - Throws: `MeasuringError` before anything is measured where one does not fit; what measures throw.
  public func measure(_ kinds: [MeasureKind] = []) throws -> MeasureReport {
    for kind in kinds {
      if let reason = unfitness(kind) { throw MeasuringError.unfit(kind, reason: reason) }
    }
    var results: [MeasureResult] = []
    var failures: [(kind: MeasureKind, error: any Error)] = []
    for kind in kinds.isEmpty ? fitting : kinds where !results.contains(where: { $0.kind == kind }) {
      do {
        results.append(MeasureResult(kind: kind, lines: try lines(of: kind)))
      } catch  where kinds.isEmpty {
        failures.append((kind, error))
      }
    }
    if results.isEmpty {
      if let failure = failures.first { throw failure.error }
      throw MeasuringError.nothingFits(reason: MeasureKind.allCases.lazy.compactMap(unfitness).first ?? "")
    }
    return MeasureReport(
      subject: subject.description,
      parameters: [
        "count": .integer(parameters.count), "seed": .integer(Int(clamping: parameters.seed)),
        "mix": .number(parameters.mix), "against": .text(real.what),
        "classifier_steps": .integer(parameters.classifierSteps),
        "discriminator_steps": .integer(parameters.discriminatorSteps),
      ],
      judge: loadedJudge.map { ["accuracy": .number($0.report.accuracy), "path": .text($0.report.path)] },
      results: results, failures: failures.map { MeasureFailure(kind: $0.kind, reason: "\($0.error)") })
  }

  private func lines(of kind: MeasureKind) throws -> [MeasureLine] {
    switch kind {
    case .modes: try modeLines()
    case .entropy: try entropyLines()
    case .classes: try classLines()
    case .inceptionScore: try inceptionScoreLines()
    case .frechet: try frechetLines()
    case .precisionRecall: try precisionRecallLines()
    case .densityCoverage: try densityCoverageLines()
    case .nearest: try nearestLines()
    case .classConsistency: try consistencyLines()
    case .codeAccuracy: try codeAccuracyLines()
    case .encoderNeighbors: try encoderNeighborLines()
    case .reconstructionClass: try reconstructionClassLines()
    case .translation: try translationLines()
    case .accuracyScore: try accuracyScoreLines()
    case .augmentation: try augmentationLines()
    case .jensenShannon: try jensenShannonLines()
    }
  }

  func report(_ line: String) { progress(line) }

  // MARK: What measures share

  /// `parameters.count` samples, or all that a file has.
  func generated() throws -> MeasureSubject.Samples {
    if let drawn { return drawn }
    if subject.run != nil { report("drawing \(parameters.count) samples") }
    let samples = try subject.samples(count: parameters.count, seed: parameters.seed)
    drawn = samples
    return samples
  }

  /// The classes that samples were asked for: of InfoGAN's those that the categories of its code turned out to be.
  func classes(of samples: MeasureSubject.Samples) throws -> [Int32]? {
    if let classes = samples.classes { return classes }
    guard let categories = samples.categories else { return nil }
    let names = try self.names ?? namesOfCategories()
    self.names = names
    return categories.map { names.indices.contains(Int($0)) ? names[Int($0)] : 0 }
  }

  /// What the classes that samples were asked for are called in notes.
  var nameOfClasses: String {
    subject.classes == nil && subject.categories > 0 ? ", classes as the judge names the code's categories" : ""
  }

  /// As many real samples as there are generated ones, or as many as there are.
  func realReference() throws -> SampleSet {
    if let reference { return reference }
    let samples = try real.draw(try generated().count, seed: parameters.seed)
    reference = samples
    return samples
  }

  func points(_ values: [Float]) throws -> PointSet {
    let size = dataset.shape.size
    return try PointSet(count: values.count / max(1, size), dimension: size, values: values)
  }

  /// The judge of the data; trained now where it is missing. Of stacked data: that of one channel.
  func judge() throws -> Classifier {
    if let loadedJudge { return loadedJudge.classifier }
    let labelled: any Dataset = (dataset as? StackedDataset)?.base ?? dataset
    if !judges.has(labelled) { report("training the judge of \(labelled.name) data, once") }
    let judge = try judges.judge(of: labelled, threads: threads) { [progress] step, steps, loss in
      if step % 200 == 0 || step == steps {
        progress("judge: step \(step) of \(steps), loss \(MeasureValue.number(loss).text)")
      }
    }
    loadedJudge = judge
    return judge.classifier
  }

  /// What the judge makes of the generated samples.
  func judgement() throws -> Classifier.Judgement {
    if let judged { return judged }
    let judgement = try judge().judge(try generated().values)
    judged = judgement
    return judgement
  }

  /// The spaces in which samples are compared, the main one first: the judge's features and principal components, or
  /// one of the two, or the coordinates.
  func comparisonSpaces() throws -> [FeatureSpace] {
    if let principal = spaces["principal"] { return (hasJudge ? [.judge(try judge())] : []) + [principal] }
    let principal = try FeatureSpace.fitting(try points(try realReference().values))
    spaces["principal"] = principal
    return try comparisonSpaces()
  }

  /// Generated and real samples in a space.
  func compared(in space: FeatureSpace) throws -> (generated: PointSet, real: PointSet) {
    if let found = features[space.key] { return found }
    let size = dataset.shape.size
    let generated: PointSet
    if case .judge = space {
      let judgement = try judgement()
      generated = try PointSet(
        count: judgement.count, dimension: Classifier.featureCount, values: judgement.features)
    } else {
      generated = try space.features(of: try self.generated().values, size: size)
    }
    let pair = (generated: generated, real: try space.features(of: try realReference().values, size: size))
    features[space.key] = pair
    return pair
  }

  /// Such as `n 10000, against 10000 training samples`.
  func note(_ pair: (generated: PointSet, real: PointSet)) -> String {
    "n \(pair.generated.count), against \(pair.real.count) \(real.what)"
  }
}
