import Tensors

/// Spectral normalization: a layer's weight divided by its largest singular value, W/σ(W), which makes the layer
/// 1-Lipschitz.
///
/// σ comes from power iterations, which go on from where the last pass left them:
///
///     v = Wᵀu/|Wᵀu|     u' = Wv/|Wv|     σ = u'ᵀWv
///
/// with W as the matrix `[output, rest]`. Slopes go through σ with u' and v as constants: ∂σ/∂W = u'vᵀ. A pass in training
/// mode iterates, and yields u' as a statistic where it collects them; in sampling mode the stored u stands, with its v.
///
/// Reference: [Spectral Normalization](https://arxiv.org/abs/1802.05957), algorithm 1 and appendix A.
public struct SpectralNorm: Sendable, Hashable {
  /// Power iterations of each pass in training mode, at least 1.
  public var iterations: Int
  /// The least length that is divided by, and the least σ.
  public var epsilon: Double

  public init(iterations: Int = 1, epsilon: Double = 1e-12) {
    self.iterations = iterations
    self.epsilon = epsilon
  }
}

/// A layer's weight as passes use it: itself, or spectrally normalized.
struct LayerWeight: Sendable {
  let variable: Variable
  /// The estimated first left singular vector, `[output]`, of length 1; named after the weight, `.../weight_u`.
  let vector: Variable?
  private let settings: SpectralNorm
  private let outputAxis: Int

  var statistics: [Variable] { vector.map { [$0] } ?? [] }

  /// - Parameter outputAxis: the axis (0 or 1) of the weight that becomes the matrix's rows.
  init(_ variable: Variable, outputAxis: Int, spectral: SpectralNorm?, layer: String) throws(NetworkError) {
    self.variable = variable
    self.outputAxis = outputAxis
    settings = spectral ?? SpectralNorm()
    guard let spectral else {
      vector = nil
      return
    }
    try requirePositive(spectral.iterations, "power iterations", of: layer)
    let name = "\(variable.name)_u"
    let count = variable.shape[outputAxis]
    vector = Variable(name: name, shape: [count], dtype: variable.dtype) { seed in
      let drawn = Philox(seed: seed, stream: "initial/\(name)")
        .draw(.normal, count: count, sample: 0, counter: 0, substep: 0)
      let length = drawn.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return drawn.map { length > 0 ? $0 / length : 1 / Double(count).squareRoot() }
    }
  }

  func callAsFunction(in pass: inout ForwardPass) -> Tensor {
    let weight = pass.value(of: variable)
    guard let vector, weight.rank > outputAxis else { return weight }
    let matrix = matrix(of: weight)
    var u = pass.value(of: vector).reshape([1, -1])
    var v = unit(u.matmul(matrix))
    // W·v serves twice: its direction is u', and its slope that of σ.
    var product = v.matmul(matrix.transposed())
    if pass.mode == .training {
      u = unit(product)
      for _ in 1..<max(1, settings.iterations) {
        v = unit(u.matmul(matrix))
        product = v.matmul(matrix.transposed())
        u = unit(product)
      }
      pass.assign(u.reshape(vector.shape), to: vector)
    }
    let sigma = (product * u).sum().maximum(Tensor(settings.epsilon, dtype: weight.dtype))
    return weight * sigma.reciprocal()
  }

  /// `[output, rest]`.
  private func matrix(of weight: Tensor) -> Tensor {
    guard outputAxis == 1 else { return weight.reshape([weight.shape[0], -1]) }
    var axes = Array(0..<weight.rank)
    axes.swapAt(0, 1)
    return weight.transpose(axes).reshape([weight.shape[1], -1])
  }

  /// x/|x|, a constant of the differentiation.
  private func unit(_ x: Tensor) -> Tensor {
    let length = x.square().sum().sqrt().maximum(Tensor(settings.epsilon, dtype: x.dtype))
    return (x * length.reciprocal()).detached
  }
}
