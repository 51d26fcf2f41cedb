/// Random numbers that depend on nothing but (seed, stream, counter, position): Philox4x32-10, counter-based.
///
/// The key is made of the run's seed and the stream's name, the counter of (element block within a sample, sample index
/// along the first axis, the run's counter and sub-step). Two draws are the same numbers exactly when their streams,
/// distributions and types are. Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
public struct Random: Operation {
  public enum Distribution: String, Hashable, Sendable {
    /// Mean 0, deviation 1 (Box-Muller).
    case normal
    /// In the half-open interval from 0 to 1, 24 bits.
    case uniform
  }
  public let stream: String
  public let distribution: Distribution
  public let shape: Shape
  public let dtype: DType
  public var name: String { "random" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    guard dtype.isFloating else {
      throw .typeMismatch(operation: name, types: [dtype], rule: "expected f32 or f64", label: label)
    }
    return TensorType(shape: shape, dtype: dtype)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] { [] }
}

extension Tensor {
  /// Draws from N(0, 1), fresh for each run of the program.
  public static func randomNormal(_ shape: Shape, stream: String, dtype: DType = .f32) -> Tensor {
    .apply(.random(Random(stream: stream, distribution: .normal, shape: shape, dtype: dtype)), [])
  }

  /// Draws uniformly from 0 ..< 1.
  public static func randomUniform(_ shape: Shape, stream: String, dtype: DType = .f32) -> Tensor {
    .apply(.random(Random(stream: stream, distribution: .uniform, shape: shape, dtype: dtype)), [])
  }

  /// True with the given probability.
  public static func randomBernoulli(_ shape: Shape, probability: Double, stream: String) -> Tensor {
    randomUniform(shape, stream: stream) .< Tensor(probability)
  }

  /// One class index for each row of `probabilities` `[batch, classes]`, by inverting the cumulative distribution.
  public static func randomCategorical(probabilities: Tensor, stream: String) -> Tensor {
    guard probabilities.rank == 2 else {
      return .poison(
        .shapeMismatch(
          operation: "categorical", shapes: [probabilities.shape], rule: "expected [batch, classes]", label: Trace.label
        ))
    }
    let classes = probabilities.shape[1]
    let type = probabilities.dtype
    var triangle = Array(repeating: 0.0, count: classes * classes)
    for row in 0..<classes { for column in row..<classes { triangle[row * classes + column] = 1 } }
    let cumulative = probabilities.matmul(Tensor(triangle, shape: [classes, classes], dtype: type))
    let draw = randomUniform([probabilities.shape[0], 1], stream: stream, dtype: type)
    // The last class takes what rounding leaves of the mass.
    let below = (cumulative .<= draw).cast(to: type).sum(axes: [1])
    return below.minimum(Tensor(Double(classes - 1), dtype: type)).cast(to: .i32)
  }
}
