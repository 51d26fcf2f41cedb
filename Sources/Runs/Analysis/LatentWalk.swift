import Datasets
import Execution
import Foundation
import Models
import Tensors

/// A walk through latent space: samples along paths of z, one path a row.
public struct LatentWalk: Sendable {
  /// Samples `[rows, columns] + sample`, in the networks' units.
  public let samples: [Float]
  public let rows: Int
  public let columns: Int
  /// Of a walk toward a class, the mean p(class | G(z)) of each column, by the judge; else empty.
  public let probabilities: [Double]

  /// Great-circle walks between latents, the last back to the first.
  ///
  ///     z(t) = (sin((1 − t)·Ω)·a + sin(t·Ω)·b)/sin Ω,    Ω the angle between a and b
  ///
  /// Uniform latents, which lie in a cube, are joined by straight lines. A code's categorical element and the class stay
  /// those of the row's first latent.
  ///
  /// Reference: T. White, "Sampling Generative Networks", arXiv:1609.04468, section 2.1.
  ///
  /// - Parameters:
  ///   - rows: paths, at least 1.
  ///   - columns: samples of each, at least 2.
  /// - Throws: `AnalysisError.noLatents`, what the engine throws.
  public init(between model: RunModel, rows: Int, columns: Int, seed: UInt64) throws {
    let layout = model.latents
    guard layout.count > 0 else { throw AnalysisError.noLatents }
    let (rows, columns) = (max(1, rows), max(2, columns))
    let drawn = model.drawLatents(count: rows + 1, seed: seed, stream: "walk")
    var path: [Float] = []
    for row in 0..<rows {
      let next = rows == 1 ? 1 : (row + 1) % rows
      let start = Array(drawn[row * layout.count..<(row + 1) * layout.count])
      let end = Array(drawn[next * layout.count..<(next + 1) * layout.count])
      for column in 0..<columns {
        path += Self.between(start, end, at: Double(column) / Double(columns - 1), layout: layout)
      }
    }
    let classes = model.drawClasses(count: rows).flatMap { Array(repeating: $0, count: columns) }
    samples = try model.samples(of: path, classes: classes)
    self.rows = rows
    self.columns = columns
    probabilities = []
  }

  static func between(_ a: [Float], _ b: [Float], at share: Double, layout: LatentLayout) -> [Float] {
    var result = a
    let free = 0..<layout.dimension
    var (first, second) = (1 - share, share)
    if layout.distribution == .normal {
      let dot = free.reduce(0.0) { $0 + Double(a[$1]) * Double(b[$1]) }
      let lengths = [a, b].map { z in free.reduce(0.0) { $0 + Double(z[$1]) * Double(z[$1]) }.squareRoot() }
      let angle = acos(max(-1, min(1, dot / max(lengths[0] * lengths[1], .leastNormalMagnitude))))
      // Parallel latents have no great circle of their own; the line is one.
      if sin(angle) > 1e-6 {
        (first, second) = (sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle))
      }
    }
    for index in free { result[index] = Float(first * Double(a[index]) + second * Double(b[index])) }
    for index in (layout.dimension + layout.categories)..<layout.count {
      result[index] = Float((1 - share) * Double(a[index]) + share * Double(b[index]))
    }
    return result
  }

  /// Walks up the judge's ln p(class | G(z)).
  ///
  ///     z ← the point of z's sphere (or cube) next to  z + stride·√d·g/|g|,    g = ∂ ln p(class | G(z)) / ∂z
  ///
  /// With d latents √d is the typical length of a normal z, so that `stride` is an angle in radians. Normal latents keep
  /// their length, as the generator was trained on that shell; uniform ones stay in the cube.
  ///
  /// - Parameters:
  ///   - judge: of the run's data.
  ///   - rows: latents to start at.
  ///   - columns: samples of each, the start among them.
  ///   - strides: steps of the walk from one column to the next.
  ///   - stride: of one step, in radians.
  ///   - starts: the latents to start at, `[rows, latents]`, and their classes; nil draws them.
  /// - Throws: `AnalysisError.noLatents`, `.notImages`, `.unknownClass`, what the engine throws.
  public init(
    of model: RunModel, toward target: Int, judge: Classifier, rows: Int, columns: Int, strides: Int = 5,
    stride: Double = 0.05, seed: UInt64, starts: (latents: [Float], classes: [Int32])? = nil
  ) throws {
    let layout = model.latents
    guard layout.count > 0 else { throw AnalysisError.noLatents }
    guard model.dataset.shape.isImage, judge.sample == sampleShape(model.dataset) else {
      throw AnalysisError.notImages(data: model.dataset.name)
    }
    guard (0..<judge.classes).contains(target) else {
      throw AnalysisError.unknownClass(target, classes: judge.classes)
    }
    let (rows, columns) = (max(1, rows), max(2, columns))
    let program = try Self.program(model, judge: judge, target: target, rows: rows)
    var z = starts?.latents ?? model.drawLatents(count: rows, seed: seed, stream: "walk")
    writeOneHot(
      starts?.classes ?? model.drawClasses(count: rows), classes: model.functions.classes ?? 0,
      into: program.input(ProgramPort.classes))
    var frames: [[Float]] = []
    var means: [Double] = []
    for column in 0..<columns {
      for step in 0...(column + 1 < columns ? max(1, strides) : 0) {
        program.fill(ProgramPort.latents, z)
        program.run(counter: 0, substep: 0)
        if step == 0 {
          frames.append(Array(try program.outputElements(ProgramPort.samples)))
          let logarithms = try program.outputElements(Self.logarithm)
          means.append(logarithms.reduce(0) { $0 + exp(Double($1)) } / Double(rows))
        }
        guard step < max(1, strides), column + 1 < columns else { break }
        let slopes = Array(try program.outputElements(Self.slope))
        Self.climb(&z, slopes, rows: rows, stride: stride, layout: layout)
      }
    }
    let size = model.dataset.shape.size
    var sheet: [Float] = []
    for row in 0..<rows { for frame in frames { sheet += frame[row * size..<(row + 1) * size] } }
    samples = sheet
    self.rows = rows
    self.columns = columns
    probabilities = means
  }

  private static let slope = "slope"
  private static let logarithm = "logarithm"

  private static func program(
    _ model: RunModel, judge: Classifier, target: Int, rows: Int
  ) throws -> CPUProgram {
    let compiled = try model.compile {
      var program = Program(name: "walk")
      let z = model.latentInput(rows)
      let samples = model.functions.samples(of: z, classes: model.classInput(rows))
      let logarithms = judge.logProbabilities(samples).slice(axis: 1, from: target, to: target + 1)
      program.output(ProgramPort.samples, samples)
      program.output(Self.logarithm, logarithms)
      program.output(Self.slope, gradients(of: logarithms.sum(), withRespectTo: [z])[0])
      return program
    }
    // The judge's variables are new to the run's store.
    for variable in judge.variables {
      try model.store.setValues(judge.store.values(of: variable.name), of: variable.name)
    }
    return compiled
  }

  static func climb(_ z: inout [Float], _ slopes: [Float], rows: Int, stride: Double, layout: LatentLayout) {
    let count = layout.count
    for row in 0..<rows {
      let free = row * count..<row * count + layout.dimension
      let slope = free.reduce(0.0) { $0 + Double(slopes[$1]) * Double(slopes[$1]) }.squareRoot()
      guard slope.isFinite, slope > 0 else { continue }
      let length = free.reduce(0.0) { $0 + Double(z[$1]) * Double(z[$1]) }.squareRoot()
      let step = stride * Double(layout.dimension).squareRoot() / slope
      for index in free { z[index] += Float(step * Double(slopes[index])) }
      if layout.distribution == .normal {
        let now = free.reduce(0.0) { $0 + Double(z[$1]) * Double(z[$1]) }.squareRoot()
        guard now > 0 else { continue }
        for index in free { z[index] *= Float(length / now) }
      } else {
        for index in free { z[index] = max(-1, min(1, z[index])) }
      }
    }
  }
}
