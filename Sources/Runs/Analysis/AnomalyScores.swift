import Datasets
import Execution
import Measures
import Models
import Tensors

/// How well a generator of one class tells others: the areas under the ROC curve of anomaly scores on the test set.
///
/// The scores of an image x are its loss after `LatentSearch`, −D(x), and, as the baseline, the squared residual of the
/// leading principal components of the normal class's training data. An area of ½ is chance.
///
/// Reference: T. Schlegl, P. Seeböck et al., arXiv:1703.05921, section 3.
public struct AnomalyScores: Sendable, Codable {
  public let step: Int
  public let normalClass: Int
  /// Test samples of the normal class, and of the others.
  public let normal: Int
  public let anomalous: Int
  /// Areas, 0 ... 1.
  public let reconstruction: Double
  public let discriminator: Double
  public let principalComponents: Double
  /// Mean |x − G(z)| of both kinds.
  public let normalResidual: Double
  public let anomalousResidual: Double

  /// - Parameters:
  ///   - model: trained on the normal class.
  ///   - count: test samples of each kind at most.
  ///   - components: of the baseline.
  /// - Throws: `AnalysisError.noLabels`, `.unknownClass`, `.oneSided`, `DatasetError`, `MeasureError`.
  public init(
    of model: RunModel, normal normalClass: Int, count: Int = 250, components: Int = 32,
    settings: LatentSearch.Settings, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let dataset = model.dataset
    guard let classes = dataset.classCount else { throw AnalysisError.noLabels(data: dataset.name) }
    guard (0..<classes).contains(normalClass) else { throw AnalysisError.unknownClass(normalClass, classes: classes) }
    // A selection of classes is made of the test set too, and those that were left out are the anomalous ones.
    var data = model.configuration.data
    (data.selection.only, data.selection.without) = ([], [])
    let whole = data == model.configuration.data ? dataset : try DatasetFactory.dataset(data)
    let test = try whole.evaluationSamples(count: 10_000, seed: settings.seed)
    guard let labels = test.labels else { throw AnalysisError.noLabels(data: dataset.name) }
    let indices = labels.indices
    let normal = Array(indices.filter { Int(labels[$0]) == normalClass }.prefix(count))
    let other = Array(indices.filter { Int(labels[$0]) != normalClass }.prefix(count))
    for (kind, what) in [(normal, "normal"), (other, "anomalous")] where kind.isEmpty {
      throw AnalysisError.oneSided(normal: normalClass, found: kind.count, what: what)
    }
    let size = dataset.shape.size
    let images = (normal + other).flatMap { test.values[$0 * size..<($0 + 1) * size] }
    let found = try LatentSearch(model, settings: settings).find(images, progress: progress)
    let opinions = try Self.opinions(of: model, on: images, normalClass: normalClass)
    let baseline = try ReconstructionAnomaly(
      fitting: try Self.trainingSamples(of: dataset, class: normalClass, seed: settings.seed), components: components)
    let distances = try baseline.scores(
      of: try PointSet(count: normal.count + other.count, dimension: size, values: images))

    func area(_ scores: [Double]) throws -> Double {
      try areaUnderROC(positives: Array(scores[normal.count...]), negatives: Array(scores[..<normal.count]))
    }
    func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
    step = model.step
    self.normalClass = normalClass
    self.normal = normal.count
    anomalous = other.count
    reconstruction = try area(found.losses)
    discriminator = try area(opinions.map { -$0 })
    principalComponents = try area(distances)
    normalResidual = mean(found.residuals[..<normal.count])
    anomalousResidual = mean(found.residuals[normal.count...])
  }

  /// D of each image; a D that is told classes is told the normal one.
  private static func opinions(of model: RunModel, on images: [Float], normalClass: Int) throws -> [Double] {
    let (block, size) = (64, model.dataset.shape.size)
    let program = try model.compile {
      var program = Program(name: "opinions")
      let points = Input(name: ProgramPort.points, shape: Shape([block] + sampleShape(model.dataset).dimensions)).value
      program.output(ProgramPort.scores, model.functions.opinion(of: points, classes: model.classInput(block)))
      return program
    }
    if let classes = model.functions.classes {
      writeOneHot(
        Array(repeating: Int32(normalClass), count: block), classes: classes, into: program.input(ProgramPort.classes))
    }
    var result: [Double] = []
    for start in stride(from: 0, to: images.count, by: block * size) {
      let end = min(images.count, start + block * size)
      program.fill(ProgramPort.points, images[start..<end])
      program.run(counter: 0, substep: 0)
      result += try program.outputElements(ProgramPort.scores).prefix((end - start) / size).map(Double.init)
    }
    return result
  }

  /// Training samples of a class: up to 5,000 among the first 60,000 of the stream.
  private static func trainingSamples(of dataset: any Dataset, class wanted: Int, seed: UInt64) throws -> PointSet {
    let size = dataset.shape.size
    var values: [Float] = []
    for batch in 0..<60 where values.count < 5_000 * size {
      let set = try dataset.samples(BatchRequest(seed: seed, batch: UInt64(batch), size: 1_000))
      guard let labels = set.labels else { throw AnalysisError.noLabels(data: dataset.name) }
      for (row, label) in labels.enumerated() where Int(label) == wanted && values.count < 5_000 * size {
        values += set.values[row * size..<(row + 1) * size]
      }
    }
    guard !values.isEmpty else { throw AnalysisError.oneSided(normal: wanted, found: 0, what: "normal training") }
    return try PointSet(count: values.count / size, dimension: size, values: values)
  }
}
