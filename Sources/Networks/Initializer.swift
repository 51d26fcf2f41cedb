import Tensors

/// How a variable is filled before the first step, as a function of (seed, the variable's name) alone.
public enum Initializer: Sendable, Hashable {
  case zeros
  case ones
  case constant(Double)
  /// N(mean, deviation²); DCGAN's is (0, 0.02).
  case normal(mean: Double = 0, deviation: Double)
  /// Uniform on ±`bound`.
  case uniform(bound: Double)
  /// Uniform on ±gain·√(6 / (fanIn + fanOut)). Glorot and Bengio 2010, equation 16.
  case xavierUniform(gain: Double = 1)
  /// N(0, gain²·2 / (fanIn + fanOut)). Glorot and Bengio 2010, equation 12.
  case xavierNormal(gain: Double = 1)
  /// Uniform on ±gain·√(6 / ((1 + slope²)·fanIn)). He et al. 2015, arXiv:1502.01852, equation 15.
  case heUniform(gain: Double = 1, negativeSlope: Double = 0)
  /// N(0, gain²·2 / ((1 + slope²)·fanIn)). He et al. 2015, arXiv:1502.01852, equations 10 and 15.
  case heNormal(gain: Double = 1, negativeSlope: Double = 0)
  /// `gain` times a random matrix with orthonormal rows or columns, whichever are fewer. Saxe et al. 2013,
  /// arXiv:1312.6120.
  case orthogonal(gain: Double = 1)
  /// Uniform on ±1/√fanIn: what PyTorch's `Linear` and `Conv2d` draw weights and biases from.
  case pytorchDefault
}

/// How many inputs each output of a layer sees, and the reverse.
public struct Fan: Sendable, Hashable {
  public var input: Int
  public var output: Int
  /// The fan-in that PyTorch takes for the tensor; it differs for transposed convolutions.
  public var pytorchInput: Int

  public init(input: Int, output: Int, pytorchInput: Int? = nil) {
    self.input = input
    self.output = output
    self.pytorchInput = pytorchInput ?? input
  }
}

extension Initializer {
  /// A variable that this initializer fills.
  ///
  /// - Parameter fan: of the layer, for the initializers that depend on it.
  public func variable(_ name: String, shape: Shape, fan: Fan, dtype: DType) -> Variable {
    Variable(name: name, shape: shape, dtype: dtype) { seed in
      values(shape: shape, fan: fan, generator: Philox(seed: seed, stream: "initial/\(name)"))
    }
  }

  /// The elements in row-major order.
  public func values(shape: Shape, fan: Fan, generator: Philox) -> [Double] {
    func normal(_ mean: Double, _ deviation: Double) -> [Double] {
      generator.draw(.normal, count: shape.count, sample: 0, counter: 0, substep: 0).map { mean + deviation * $0 }
    }
    func uniform(_ bound: Double) -> [Double] {
      generator.draw(.uniform, count: shape.count, sample: 0, counter: 0, substep: 0).map { bound * (2 * $0 - 1) }
    }
    func root(_ numerator: Double, _ fan: Double) -> Double { (numerator / max(1, fan)).squareRoot() }
    let (fanIn, fanOut) = (Double(fan.input), Double(fan.output))
    switch self {
    case .zeros: return Array(repeating: 0, count: shape.count)
    case .ones: return Array(repeating: 1, count: shape.count)
    case .constant(let value): return Array(repeating: value, count: shape.count)
    case .normal(let mean, let deviation): return normal(mean, deviation)
    case .uniform(let bound): return uniform(bound)
    case .xavierUniform(let gain): return uniform(gain * root(6, fanIn + fanOut))
    case .xavierNormal(let gain): return normal(0, gain * root(2, fanIn + fanOut))
    case .heUniform(let gain, let slope): return uniform(gain * root(6 / (1 + slope * slope), fanIn))
    case .heNormal(let gain, let slope): return normal(0, gain * root(2 / (1 + slope * slope), fanIn))
    case .orthogonal(let gain):
      let rows = shape.rank > 0 ? shape[0] : 1
      let columns = rows > 0 ? shape.count / rows : 0
      return orthogonalMatrix(rows: rows, columns: columns, entries: normal(0, 1)).map { gain * $0 }
    case .pytorchDefault: return uniform(root(1, Double(fan.pytorchInput)))
    }
  }
}
