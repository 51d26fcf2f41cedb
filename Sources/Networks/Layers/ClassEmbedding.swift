import Tensors

/// A learned vector for each class, by the pass's one-hot classes: c·E with E of `[classes, dimension]`.
public struct ClassEmbedding: Layer {
  public let name: String
  private let embedding: Embedding
  /// `[classes, dimension]`.
  public var table: Variable { embedding.table }
  public var parameters: [Variable] { embedding.parameters }
  public var statistics: [Variable] { embedding.statistics }

  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, classes: Int, dimension: Int, initializer: Initializer = .normal(deviation: 1),
    spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws(NetworkError) {
    self.name = name
    embedding = try Embedding(
      name, count: classes, dimension: dimension, initializer: initializer, spectral: spectral, dtype: dtype)
  }

  /// - Parameter x: one-hot classes or mixtures of them, `[batch, classes]`.
  /// - Returns: `[batch, dimension]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor { embedding(oneHot: x, in: &pass) }
}

/// The one-hot class beside the input: `[batch, features]` to `[batch, features + classes]`; images get a constant map for
/// each class.
///
/// Reference: [Conditional GAN](https://arxiv.org/abs/1411.1784), section 3.2.
public struct ClassConcatenation: StatelessLayer {
  public let name: String
  public init(_ name: String) { self.name = name }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let classes = pass.value(of: .classes).cast(to: x.dtype)
    guard x.rank > 2, classes.rank == 2 else { return .concatenate([x, classes], axis: 1) }
    let ones = Array(repeating: 1, count: x.rank - 2)
    let maps = classes.reshape(Shape(classes.shape.dimensions + ones))
    return .concatenate(
      [x, maps.broadcast(to: Shape(classes.shape.dimensions + x.shape.dimensions.dropFirst(2)))], axis: 1)
  }
}

/// One linear unit, and the scalar product of its input with the class's embedding: ψ(h) + ⟨e(y), h⟩.
///
/// Reference: [cGANs with Projection Discriminator](https://arxiv.org/abs/1802.05637), equation 5.
public struct ProjectionScore: Layer {
  public let name: String
  private let dense: Dense
  private let embedding: ClassEmbedding
  public var parameters: [Variable] { dense.parameters + embedding.parameters }
  public var statistics: [Variable] { dense.statistics + embedding.statistics }

  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, features: Int, classes: Int, bias: Bool = true, initializer: Initializer = .xavierUniform(),
    biasInitializer: Initializer = .zeros, spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws(NetworkError) {
    self.name = name
    dense = try Dense(
      "\(name)/dense", input: features, output: 1, bias: bias, initializer: initializer,
      biasInitializer: biasInitializer, spectral: spectral, dtype: dtype)
    embedding = try ClassEmbedding(
      "\(name)/embedding", classes: classes, dimension: features, initializer: initializer, spectral: spectral,
      dtype: dtype)
  }

  /// - Parameter x: `[batch, features]`.
  /// - Returns: `[batch, 1]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let classes = pass.value(of: .classes)
    let product = (x * embedding(classes, in: &pass)).sum(axes: [1], keepingAxes: true)
    return dense(x, in: &pass) + product
  }
}
