import Execution
import Networks
import Objectives
import Optimizers
import Tensors

/// A small convolutional classifier of images, trained here: the judge that measures ask what a sample shows.
///
/// Convolutions of 3x3, batch norm and ReLU, each but the first with stride 2, down to a map of at most 4x4; dropout; a dense
/// layer of 128 units with ReLU, whose values are the features; a dense layer to the classes. Trained by Adam on the
/// cross-entropy, the rate falling to 0 along a cosine.
///
/// It belongs to one thread at a time.
public final class Classifier {
  /// How many numbers the last hidden layer has.
  public static let featureCount = 128
  static let batch = 128
  static let block = 256

  /// `[channels, height, width]`.
  public let sample: Shape
  public let classes: Int
  let store: CPUStore
  private let trunk: Network
  private let head: Network
  private let optimizer: Optimizer
  private let backend: CPUBackend
  private var evaluator: CPUProgram?

  var variables: [Variable] { trunk.variables + head.variables }

  /// - Parameters:
  ///   - sample: `[channels, height, width]`, of at least 4 pixels a side.
  ///   - seed: of the first weights, and of what is drawn in training.
  /// - Throws: a `NetworkError` for images that are too small.
  public init(sample: Shape, classes: Int, seed: UInt64, threads: Int) throws {
    self.sample = sample
    self.classes = classes
    backend = CPUBackend(threads: threads)
    var layers: [any Layer] = []
    var (width, output, extent) = (sample[0], 32, sample[1])
    var index = 1
    repeat {
      let isFirst = index == 1
      layers += [
        try Convolution2D(
          "judge/conv\(index)", input: width, output: output, kernel: 3,
          geometry: ConvolutionGeometry(stride: isFirst ? 1 : 2, padding: 1), bias: false),
        try BatchNorm("judge/norm\(index)", channels: output),
        ActivationLayer("judge/activation\(index)", .relu),
      ]
      (width, output) = (output, min(2 * output, 128))
      if !isFirst { extent = (extent + 1) / 2 }
      index += 1
    } while extent > 4
    layers += [
      Flatten("judge/flatten"), try Dropout("judge/dropout", probability: 0.3),
      try Dense("judge/features", input: width * extent * extent, output: Self.featureCount),
      ActivationLayer("judge/features/activation", .relu),
    ]
    trunk = try Network(name: "judge", inputShape: sample, layers: layers)
    head = try Network(
      name: "classes", inputShape: [Self.featureCount],
      layers: [try Dense("judge/classes", input: Self.featureCount, output: classes, initializer: .xavierUniform())])
    optimizer = .adam("judge", beta1: Tensor(0.9), beta2: Tensor(0.999), epsilon: Tensor(1e-8))
    store = try backend.makeCPUStore(trunk.variables + head.variables, seed: seed)
  }

  // MARK: Training

  /// Trains on batches.
  ///
  /// - Parameters:
  ///   - steps: updates, of `Classifier.batch` samples each.
  ///   - rate: the first learning rate.
  ///   - fill: writes the samples `[batch] + sample` and the labels of a step.
  ///   - progress: is told the step and the mean loss now and then.
  public func train(
    steps: Int, rate: Double = 1e-3,
    fill: (Int, UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Int32>) throws -> Void,
    progress: (Int, Double) -> Void = { _, _ in }
  ) throws {
    CPUProgram.prepareThread(threads: backend.threads)
    let program = try backend.compile(try trace { try trainingProgram() }, store: store)
    let (samples, classes) = (program.input("samples"), program.input("classes"))
    let rateInput = program.input("rate")
    var labels = [Int32](repeating: 0, count: Self.batch)
    let schedule = Optimizers.RateSchedule.cosine(final: 0)
    var sum = 0.0
    for step in 0..<steps {
      try labels.withUnsafeMutableBufferPointer { try fill(step, samples, $0) }
      writeOneHot(labels, classes: self.classes, into: classes)
      rateInput[0] = Float(rate * schedule.multiplier(step: step, of: steps))
      program.run(counter: UInt64(step), substep: 0)
      sum += Double(try program.outputElements("loss")[0])
      if (step + 1) % 50 == 0 || step + 1 == steps {
        progress(step + 1, sum / Double(step % 50 + 1))
        sum = 0
      }
    }
  }

  private func trainingProgram() throws -> Program {
    var program = Program(name: "judge")
    let x = Input(name: "samples", shape: Shape([Self.batch] + sample.dimensions)).value
    let wanted = Input(name: "classes", shape: [Self.batch, classes]).value
    let pass = trunk.apply(x, mode: .training, collecting: true)
    let logits = head.apply(pass.output, mode: .training).output
    let loss = (logits.logSumExp(axes: [1]) - (logits * wanted).sum(axes: [1])).mean()
    let parameters = trunk.parameters + head.parameters
    let update = optimizer.update(
      parameters, gradients: gradients(of: loss, withRespectTo: parameters.map(\.value)),
      rate: Input(name: "rate", shape: .scalar).value)
    program.output("loss", loss)
    for (variable, value) in update.guarded().assignments + pass.statistics { program.assign(value, to: variable) }
    try program.verify()
    return program
  }

  // MARK: Judging

  /// What the classifier makes of samples.
  public struct Judgement: Sendable {
    public var count: Int
    public var classes: Int
    /// `[count, featureCount]`.
    public var features: [Float]
    /// `[count, classes]`, rows that sum to 1.
    public var probabilities: [Float]

    /// The likeliest class of each sample.
    public var predictions: [Int] {
      (0..<count).map { row in
        (0..<classes).max { probabilities[row * classes + $0] < probabilities[row * classes + $1] } ?? 0
      }
    }
  }

  /// - Parameter samples: `[count] + sample`, in −1 ... 1.
  public func judge(_ samples: [Float]) throws -> Judgement {
    CPUProgram.prepareThread(threads: backend.threads)
    let program = try evaluator ?? backend.compile(try trace { try judgingProgram() }, store: store)
    evaluator = program
    let size = sample.count
    let count = samples.count / size
    var result = Judgement(count: count, classes: classes, features: [], probabilities: [])
    result.features.reserveCapacity(count * Self.featureCount)
    result.probabilities.reserveCapacity(count * classes)
    let input = program.input("samples")
    for first in stride(from: 0, to: count, by: Self.block) {
      let rows = min(Self.block, count - first)
      for index in 0..<(rows * size) { input[index] = samples[first * size + index] }
      for index in (rows * size)..<input.count { input[index] = 0 }
      program.run(counter: 0, substep: 0)
      result.features.append(contentsOf: try program.outputElements("features").prefix(rows * Self.featureCount))
      result.probabilities.append(contentsOf: try program.outputElements("probabilities").prefix(rows * classes))
    }
    return result
  }

  private func judgingProgram() throws -> Program {
    var program = Program(name: "judging")
    let x = Input(name: "samples", shape: Shape([Self.block] + sample.dimensions)).value
    let features = trunk.apply(x, mode: .sampling).output
    program.output("features", features)
    program.output("probabilities", head.apply(features, mode: .sampling).output.softmax())
    return program
  }

  /// The share of labels that the classifier gets right.
  ///
  /// - Parameter samples: `[count] + sample`, in −1 ... 1.
  public func accuracy(on samples: [Float], labels: [Int32]) throws -> Double {
    let found = try judge(samples).predictions
    guard !found.isEmpty else { return .nan }
    return Double(zip(found, labels).count { $0 == Int($1) }) / Double(found.count)
  }

  /// ln p(class | x), and x's features, as tensors of another program: for walks and searches in latent space.
  ///
  /// - Parameter x: `[batch] + sample`.
  func logProbabilities(_ x: Tensor) -> Tensor {
    let logits = head.apply(trunk.apply(x, mode: .sampling).output, mode: .sampling).output
    return logits - logits.logSumExp(axes: [1]).reshape([logits.shape[0], 1])
  }
}

/// Writes labels as rows of zeros with a one.
func writeOneHot(
  _ labels: some Sequence<Int32>, classes: Int, into rows: UnsafeMutableBufferPointer<Float>
) {
  for index in rows.indices { rows[index] = 0 }
  for (row, label) in labels.enumerated() where label >= 0 && Int(label) < classes {
    let place = row * classes + Int(label)
    if place < rows.count { rows[place] = 1 }
  }
}
