import Datasets
import Execution
import Foundation
import Models
import Tensors

/// The latents whose samples are nearest to given images: the inversion of the generator by gradient descent on z.
///
///     min_z  R(z) + weight·F(z),    R = mean |x − G(z)|,    F = mean |f(x) − f(G(z))|
///
/// with f the features of the discriminator's trunk; both means are over elements, so R is in units of half the range of an
/// image. Adam, from several random z, the best of all points passed. AnoGAN has sums and weighs (1 − λ)·R + λ·F, λ = 0.1.
///
/// Reference: T. Schlegl, P. Seeböck et al., "Unsupervised Anomaly Detection with Generative Adversarial Networks to Guide
/// Marker Discovery", arXiv:1703.05921, section 2.2.
public final class LatentSearch {
  /// How it searches.
  public struct Settings: Sendable, Equatable, Codable {
    /// Steps of Adam from each start.
    public var iterations: Int
    /// Starts for each image.
    public var restarts: Int
    /// Adam's rate, in the units of z.
    public var rate = 0.05
    /// Of the features' distance.
    public var featureWeight = 0.1
    public var seed: UInt64 = 1

    public init(iterations: Int = 300, restarts: Int = 4) {
      self.iterations = iterations
      self.restarts = restarts
    }
  }

  /// What was found for a batch of images.
  public struct Found: Sendable, Equatable {
    /// `[count, latents]`.
    public var latents: [Float]
    /// G(z), `[count] + sample`.
    public var samples: [Float]
    /// R(z) of each image.
    public var residuals: [Double]
    /// R(z) + weight·F(z) of each image, the least found.
    public var losses: [Double]
  }

  private static let residual = "residual"
  private static let loss = "loss"
  private static let slope = "slope"
  private static let target = "target"

  public let settings: Settings
  private let model: RunModel
  private let block: Int
  private let program: CPUProgram

  /// - Parameter block: images that are searched at once.
  /// - Throws: `AnalysisError.noLatents`, what the engine throws.
  public init(_ model: RunModel, settings: Settings = Settings(), block: Int = 64) throws {
    guard model.latents.count > 0 else { throw AnalysisError.noLatents }
    self.model = model
    self.settings = settings
    self.block = max(1, block)
    let count = self.block
    program = try model.compile {
      var program = Program(name: "search")
      let z = model.latentInput(count)
      let wanted = Input(name: Self.target, shape: Shape([count] + sampleShape(model.dataset).dimensions)).value
      let classes = model.classInput(count)
      let samples = model.functions.samples(of: z, classes: classes)
      let residual = (samples - wanted).abs().reshape([count, -1]).mean(axes: [1])
      let difference =
        (model.functions.features(of: samples, classes: classes)
        - model.functions.features(of: wanted, classes: classes))
        .abs().mean(axes: [1])
      let loss = residual + settings.featureWeight * difference
      program.output(ProgramPort.samples, samples)
      program.output(Self.residual, residual)
      program.output(Self.loss, loss)
      program.output(Self.slope, gradients(of: loss.sum(), withRespectTo: [z])[0])
      return program
    }
  }

  /// Searches for images `[count] + sample`, in the networks' units.
  ///
  /// Where the networks are told classes, start r of image i asks for class (i + r) modulo their number: as many starts as
  /// classes try each.
  public func find(_ images: [Float], progress: (Int, Int) -> Void = { _, _ in }) throws -> Found {
    let size = model.dataset.shape.size
    let count = size > 0 ? images.count / size : 0
    var result = Found(latents: [], samples: [], residuals: [], losses: [])
    for first in stride(from: 0, to: count, by: block) {
      let rows = min(block, count - first)
      let input = program.input(Self.target)
      for index in input.indices { input[index] = index < rows * size ? images[first * size + index] : 0 }
      let part = try search(first: first)
      result.latents += part.latents.prefix(rows * model.latents.count)
      result.samples += part.samples.prefix(rows * size)
      result.residuals += part.residuals.prefix(rows)
      result.losses += part.losses.prefix(rows)
      progress(first + rows, count)
    }
    return result
  }

  private func search(first: Int) throws -> Found {
    let (width, size) = (model.latents.count, model.dataset.shape.size)
    var best = Found(
      latents: [Float](repeating: 0, count: block * width), samples: [Float](repeating: 0, count: block * size),
      residuals: [Double](repeating: .infinity, count: block), losses: [Double](repeating: .infinity, count: block))
    for restart in 0..<max(1, settings.restarts) {
      let drawer = LatentDrawer(model.latents, seed: settings.seed, stream: "search/\(restart)")
      var z = [Float](repeating: 0, count: block * width)
      z.withUnsafeMutableBufferPointer { drawer.fill($0, firstSample: first, counter: 0) }
      writeOneHot(
        model.drawClasses(count: block, first: first + restart), classes: model.functions.classes ?? 0,
        into: program.input(ProgramPort.classes))
      var descent = LatentDescent(count: z.count, rate: settings.rate)
      for iteration in 0...max(0, settings.iterations) {
        program.fill(ProgramPort.latents, z)
        program.run(counter: 0, substep: 0)
        let losses = try program.outputElements(Self.loss)
        let residuals = try program.outputElements(Self.residual)
        let samples = try program.outputElements(ProgramPort.samples)
        for row in 0..<block where Double(losses[row]) < best.losses[row] {
          best.losses[row] = Double(losses[row])
          best.residuals[row] = Double(residuals[row])
          for index in row * width..<(row + 1) * width { best.latents[index] = z[index] }
          for index in row * size..<(row + 1) * size { best.samples[index] = samples[index] }
        }
        guard iteration < settings.iterations else { break }
        descent.step(&z, slopes: try program.outputElements(Self.slope))
        if model.latents.distribution == .uniform {
          for index in z.indices where index % width < model.latents.dimension { z[index] = max(-1, min(1, z[index])) }
        }
      }
    }
    return best
  }
}

/// Adam on latents, with the constants of its paper: Kingma and Ba 2015, algorithm 1.
struct LatentDescent {
  private let rate: Double
  private var first: [Double]
  private var second: [Double]
  private var steps = 0

  init(count: Int, rate: Double) {
    self.rate = rate
    first = Array(repeating: 0, count: count)
    second = first
  }

  /// Slopes that are not finite move nothing.
  mutating func step(_ z: inout [Float], slopes: some RandomAccessCollection<Float>) {
    steps += 1
    let (one, two) = (1 - pow(0.9, Double(steps)), 1 - pow(0.999, Double(steps)))
    for (index, slope) in zip(z.indices, slopes) where slope.isFinite {
      let slope = Double(slope)
      first[index] = 0.9 * first[index] + 0.1 * slope
      second[index] = 0.999 * second[index] + 0.001 * slope * slope
      z[index] -= Float(rate * (first[index] / one) / ((second[index] / two).squareRoot() + 1e-8))
    }
  }
}

extension RunModel {
  /// An image file as a sample, in the networks' units.
  ///
  /// - Throws: `AnalysisError.notImages`, `DatasetError`.
  public func picture(_ file: String) throws -> [Float] {
    guard dataset.shape.isImage else { throw AnalysisError.notImages(data: dataset.name) }
    return try SampleFile.picture(file, shape: dataset.shape)
  }

  /// Samples of the test set by their numbers, in the networks' units, `[count] + sample`.
  ///
  /// - Throws: `AnalysisError.badIndex`, `DatasetError`.
  public func testSamples(_ indices: [Int], seed: UInt64 = 1) throws -> [Float] {
    let test = try dataset.evaluationSamples(count: 10_000, seed: seed)
    let size = dataset.shape.size
    return try indices.flatMap { index in
      guard (0..<test.count).contains(index) else { throw AnalysisError.badIndex(index, count: test.count) }
      return Array(test.values[index * size..<(index + 1) * size])
    }
  }
}
