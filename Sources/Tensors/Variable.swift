/// A tensor that lives between runs of a program: a parameter, a moment, a running statistic.
///
/// Variables are equal when their names are: within a model a name stands for one tensor.
public struct Variable: Sendable {
  public let name: String
  public let shape: Shape
  public let dtype: DType
  /// The initial elements in row-major order, from the run's seed.
  public let initial: @Sendable (_ seed: UInt64) -> [Double]

  public init(
    name: String, shape: Shape, dtype: DType = .f32, initial: @escaping @Sendable (_ seed: UInt64) -> [Double]
  ) {
    self.name = name
    self.shape = shape
    self.dtype = dtype
    self.initial = initial
  }

  /// A variable filled with one value.
  public init(name: String, shape: Shape, dtype: DType = .f32, fill: Double) {
    self.init(name: name, shape: shape, dtype: dtype) { _ in Array(repeating: fill, count: shape.count) }
  }

  /// The variable's value at the start of the run of a program.
  public var value: Tensor { Tensor.apply(.variable(self), []) }
}

extension Variable: Hashable {
  public static func == (lhs: Variable, rhs: Variable) -> Bool { lhs.name == rhs.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Variable: Operation {
  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    TensorType(shape: shape, dtype: dtype)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] { [] }
}
