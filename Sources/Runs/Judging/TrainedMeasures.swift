import Datasets
import Tensors

/// Measures for which a classifier of the judge's architecture is trained.
extension Measurer {
  /// Generated samples of a pool, at most; fewer of large images.
  private static let poolLimit = 30_000
  /// Floats of a pool, at most.
  private static let poolValues = 64 << 20
  /// Real samples of each class in the augmentation.
  static let fewOfEach = 100

  /// What a classifier learns from.
  private enum Diet {
    case generated
    case real(any Dataset)
    /// A share of generated samples, the rest real.
    case mixed(Double, any Dataset)
  }

  func accuracyScoreLines() throws -> [MeasureLine] {
    let pool = try pool()
    let steps = parameters.classifierSteps
    let note = "\(steps) steps of \(Classifier.batch)"
    let (generated, tested) = try accuracy(of: .generated, from: pool, name: "generated samples")
    let mixed = try accuracy(of: .mixed(parameters.mix, dataset), from: pool, name: "a mix").accuracy
    let real = try accuracy(of: .real(dataset), from: pool, name: "data").accuracy
    return [
      MeasureLine(
        "generated", title: "accuracy, trained on samples", .number(generated),
        note: "\(note), \(pool.count) samples\(nameOfClasses), tested on \(tested) \(self.real.testName)"),
      MeasureLine(
        "mixed", title: "accuracy, trained on samples and data", .number(mixed),
        note: "\(note), a share of \(MeasureValue.number(parameters.mix).text) generated"),
      MeasureLine("real", title: "accuracy, trained on data", .number(real), note: note),
    ]
  }

  func augmentationLines() throws -> [MeasureLine] {
    guard let indexed = dataset as? any IndexedDataset, let labels = indexed.labels(of: .training) else {
      throw MeasuringError.unfit(.augmentation, reason: "the data cannot be divided by class")
    }
    var counts: [Int32: Int] = [:]
    for label in labels { counts[label, default: 0] += 1 }
    let each = min(Self.fewOfEach, counts.values.min() ?? 0)
    let few = try DatasetSelection(perClass: each, seed: parameters.seed).applied(to: dataset)
    let pool = try pool()
    let (without, tested) = try accuracy(of: .real(few), from: pool, name: "\(each) of each class")
    let with = try accuracy(
      of: .mixed(parameters.mix, few), from: pool, name: "\(each) of each class and samples"
    ).accuracy
    let note = "\(each) of each class, \(parameters.classifierSteps) steps of \(Classifier.batch)"
    return [
      MeasureLine(
        "without", title: "accuracy, trained on few data", .number(without),
        note: "\(note), tested on \(tested) \(real.testName)"),
      MeasureLine(
        "with", title: "accuracy, samples mixed in", .number(with),
        note: "\(note), a share of \(MeasureValue.number(parameters.mix).text) generated"),
      MeasureLine("gain", title: "  gain", .number(with - without)),
    ]
  }

  /// Generated samples with the classes that they were asked for, enough to learn from.
  private func pool() throws -> MeasureSubject.Samples {
    let wanted = max(Classifier.batch, parameters.classifierSteps * Classifier.batch)
    let room = max(Classifier.batch, Self.poolValues / max(1, dataset.shape.size))
    let count = min(wanted, Self.poolLimit, room)
    var pool = try generated()
    if count > pool.count {
      report("drawing \(count) samples to learn from")
      // Other latents than those of the samples that are judged.
      pool = try subject.samples(count: count, seed: parameters.seed &+ 1)
    }
    pool.classes = try classes(of: pool)
    return pool
  }

  private func accuracy(
    of diet: Diet, from pool: MeasureSubject.Samples, name: String
  ) throws -> (accuracy: Double, tested: Int) {
    let classifier = try Classifier(
      sample: sampleShape(dataset), classes: dataset.classCount ?? 1, seed: parameters.seed, threads: threads)
    let size = dataset.shape.size
    let draws = Tensors.Philox(seed: parameters.seed, stream: "measure/classifier")
    let steps = parameters.classifierSteps
    let (share, data): (Double, (any Dataset)?) =
      switch diet {
      case .generated: (1, nil)
      case .real(let data): (0, data)
      case .mixed(let share, let data): (share, data)
      }
    try classifier.train(steps: steps) { step, samples, labels in
      try data?.fill(
        BatchRequest(seed: parameters.seed, batch: UInt64(step), size: Classifier.batch), into: samples, labels: labels)
      guard share > 0, pool.count > 0 else { return }
      // The first rows are generated: the order of a batch does not matter.
      let rows = min(labels.count, Int((share * Double(labels.count)).rounded()))
      let draw = draws.draw(.uniform, count: rows, sample: 0, counter: UInt64(step), substep: 0)
      for row in 0..<rows {
        let source = min(pool.count - 1, Int(draw[row] * Double(pool.count)))
        labels[row] = pool.classes?[source] ?? 0
        for index in 0..<size { samples[row * size + index] = pool.values[source * size + index] }
      }
    } progress: { [self] step, loss in
      if step % 200 == 0 || step == steps {
        report("classifier on \(name): step \(step) of \(steps), loss \(MeasureValue.number(loss).text)")
      }
    }
    let test = try real.test(10_000, seed: parameters.seed)
    return (try classifier.accuracy(on: test.values, labels: test.labels ?? []), test.count)
  }
}
