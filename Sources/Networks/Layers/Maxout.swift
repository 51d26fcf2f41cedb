import Tensors

/// Units that each take the greatest of several affine maps: y_u = max_p (x·W + b)_{u, p}.
///
/// Reference: [Maxout Networks](https://arxiv.org/abs/1302.4389), section 3.
public struct Maxout: Layer {
  public let name: String
  public let units: Int
  /// Affine maps of each unit.
  public let pieces: Int
  private let dense: Dense
  /// `[input, units · pieces]` and `[units · pieces]`.
  public var parameters: [Variable] { dense.parameters }
  public var statistics: [Variable] { dense.statistics }

  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, input: Int, units: Int, pieces: Int, initializer: Initializer = .heNormal(),
    biasInitializer: Initializer = .zeros, spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(units, "units", of: name)
    try requirePositive(pieces, "pieces", of: name)
    self.name = name
    self.units = units
    self.pieces = pieces
    dense = try Dense(
      name, input: input, output: units * pieces, initializer: initializer, biasInitializer: biasInitializer,
      spectral: spectral, dtype: dtype)
  }

  /// - Parameter x: `[batch, input]`.
  /// - Returns: `[batch, units]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    dense(x, in: &pass).reshape([-1, units, pieces]).max(axes: [2])
  }
}
