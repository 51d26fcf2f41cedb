import Tensors

/// A learned vector for each of `count` classes.
public struct Embedding: Layer {
  public let name: String
  /// `[count, dimension]`.
  public var table: Variable { applied.variable }
  private let applied: LayerWeight
  public var parameters: [Variable] { [table] }
  public var statistics: [Variable] { applied.statistics }

  public init(
    _ name: String, count: Int, dimension: Int, initializer: Initializer = .normal(deviation: 1),
    spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(count, "count", of: name)
    try requirePositive(dimension, "dimension", of: name)
    self.name = name
    let fan = Fan(input: count, output: dimension)
    let table = initializer.variable("\(name)/table", shape: [count, dimension], fan: fan, dtype: dtype)
    applied = try LayerWeight(table, outputAxis: 0, spectral: spectral, layer: name)
  }

  /// - Parameter x: i32 indices `[batch, ...]`; one outside of 0 ..< count counts as the nearest.
  /// - Returns: `[batch, ..., dimension]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor { applied(in: &pass).gather(x) }

  /// The rows of classes that are given one-hot, as the product with the table.
  ///
  /// - Parameter oneHot: `[batch, count]`.
  /// - Returns: `[batch, dimension]`.
  public func callAsFunction(oneHot: Tensor, in pass: inout ForwardPass) -> Tensor {
    oneHot.cast(to: table.dtype).matmul(applied(in: &pass))
  }
}
