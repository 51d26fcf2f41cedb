import Tensors

/// A learned vector for each of `count` classes.
public struct Embedding: Layer {
  public let name: String
  /// `[count, dimension]`.
  public let table: Variable
  public var parameters: [Variable] { [table] }

  public init(
    _ name: String, count: Int, dimension: Int, initializer: Initializer = .normal(deviation: 1), dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(count, "count", of: name)
    try requirePositive(dimension, "dimension", of: name)
    self.name = name
    let fan = Fan(input: count, output: dimension)
    table = initializer.variable("\(name)/table", shape: [count, dimension], fan: fan, dtype: dtype)
  }

  /// - Parameter x: i32 indices `[batch, ...]`; one outside of 0 ..< count counts as the nearest.
  /// - Returns: `[batch, ..., dimension]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor { pass.value(of: table).gather(x) }
}
