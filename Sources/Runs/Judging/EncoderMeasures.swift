import Datasets
import Execution
import Measures
import Models
import Tensors

/// Measures of BiGAN's encoder.
extension Measurer {
  /// Test samples that are classified, at most.
  private static let queried = 10_000

  /// How well the nearest training sample in the encoder's space tells a test sample's class: in E(x), in the encoder's last
  /// hidden layer, and, for comparison, in the samples' own values.
  ///
  /// Reference: [Donahue et al. 2017](https://arxiv.org/abs/1605.09782), section 4.2: 97.39 % on MNIST after 400 epochs.
  func encoderNeighborLines() throws -> [MeasureLine] {
    guard let run = subject.run, let indexed = dataset as? any IndexedDataset else { return [] }
    let learnt = try indexed.samples(
      of: .training, count: min(indexed.count(of: .training), RealSamples.limit), seed: parameters.seed)
    let test = try dataset.evaluationSamples(count: min(parameters.count, Self.queried), seed: parameters.seed)
    guard let names = learnt.labels, let wanted = test.labels, learnt.count > 0, test.count > 0 else {
      throw MeasuringError.unfit(.encoderNeighbors, reason: "\(dataset.name) data have no labels")
    }
    report("encoding \(learnt.count + test.count) samples")
    let references = try run.encoded(learnt.values)
    let queries = try run.encoded(test.values)
    func accuracy(_ references: [Float], _ queries: [Float]) throws -> Double {
      func points(_ values: [Float], _ count: Int) throws -> PointSet {
        try PointSet(count: count, dimension: values.count / count, values: values)
      }
      return try NearestNeighbourClassifier(
        references: try points(references, learnt.count), labels: names.map(Int.init)
      ).accuracy(on: try points(queries, test.count), labels: wanted.map(Int.init))
    }
    let note = "n \(test.count) \(real.testName), among \(learnt.count) training samples"
    return [
      MeasureLine(
        "codes", title: "accuracy of the nearest neighbour in E(x)",
        .number(try accuracy(references.codes, queries.codes)), note: note),
      MeasureLine(
        "features", title: "  in the encoder's last hidden layer",
        .number(try accuracy(references.features, queries.features))),
      MeasureLine("data", title: "  in the data themselves", .number(try accuracy(learnt.values, test.values))),
    ]
  }

  /// Whether the judge reads in G(E(x)) the class of a held-out x; and the mean |x - G(E(x))| beside that of the mean image,
  /// of the range of a pixel.
  func reconstructionClassLines() throws -> [MeasureLine] {
    guard let run = subject.run else { return [] }
    let judge = try judge()
    let test = try dataset.evaluationSamples(count: min(parameters.count, Self.queried), seed: parameters.seed)
    guard let wanted = test.labels, test.count > 0 else {
      throw MeasuringError.unfit(.reconstructionClass, reason: "\(dataset.name) data have no labels")
    }
    let reconstructed = try run.encoded(test.values).reconstructions
    func share(_ first: [Int], _ second: [Int]) -> Double {
      Double(zip(first, second).count { $0 == $1 }) / Double(max(1, first.count))
    }
    let (read, seen) = (try judge.judge(reconstructed).predictions, try judge.judge(test.values).predictions)
    let images = try images(test.values)
    let learnt = try RealSamples(dataset, against: .training).draw(10_000, seed: parameters.seed)
    return [
      MeasureLine(
        "share", title: "judge reads the class in the reconstruction", .number(share(read, wanted.map(Int.init))),
        note: "n \(test.count) \(real.testName)"),
      MeasureLine("same", title: "  the class that it reads in the image", .number(share(read, seen))),
      MeasureLine(
        "l1", title: "  L1 of image and reconstruction",
        .number(try PixelErrors.meanAbsolute(images, try self.images(reconstructed)) / 2), unit: "of the range"),
      MeasureLine(
        "mean_l1", title: "  L1 of image and mean image",
        .number(try PixelErrors.ofMeanImage(training: try self.images(learnt.values), heldOut: images) / 2),
        unit: "of the range"),
    ]
  }

  /// Images of the data's shape.
  func images(_ values: [Float]) throws -> ImageSet {
    let shape = sampleShape(dataset)
    return try ImageSet(
      count: values.count / max(1, shape.count), channels: shape[0], height: shape[1], width: shape[2], values: values)
  }
}

extension RunSampler {
  /// What an encoder makes of samples.
  struct Encoded {
    /// E(x), `[count, dimension]`.
    var codes: [Float] = []
    /// The last hidden layer, `[count, units]`.
    var features: [Float] = []
    /// G(E(x)), `[count, ...]`.
    var reconstructions: [Float] = []
  }

  /// - Parameter values: `[count, ...]`, normalized.
  func encoded(_ values: [Float]) throws -> Encoded {
    guard let encoder = system.encoder else { return Encoded() }
    let rows = 256
    let program = try compiled(try encoder(rows))
    let size = dataset.shape.size
    let total = values.count / max(1, size)
    let points = program.input(ProgramPort.points)
    var result = Encoded()
    for first in stride(from: 0, to: total, by: rows) {
      let count = min(rows, total - first)
      for index in points.indices { points[index] = index < count * size ? values[first * size + index] : 0 }
      program.run(counter: 0, substep: 0)
      func part(_ port: String) throws -> [Float] {
        let all = try program.outputElements(port)
        return Array(all.prefix(count * (all.count / rows)))
      }
      result.codes += try part(ProgramPort.encodings)
      result.features += try part(ProgramPort.features)
      result.reconstructions += try part(ProgramPort.reconstructions)
    }
    return result
  }
}
