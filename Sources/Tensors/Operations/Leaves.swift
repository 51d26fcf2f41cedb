/// A value given to each run of a program: a batch of data, a hyperparameter.
public struct Input: Operation {
  public let name: String
  public let shape: Shape
  public let dtype: DType

  public init(name: String, shape: Shape, dtype: DType = .f32) {
    self.name = name
    self.shape = shape
    self.dtype = dtype
  }

  public var value: Tensor { Tensor.apply(.input(self), []) }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    TensorType(shape: shape, dtype: dtype)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] { [] }
}

/// Known values: one for each element in row-major order, or a single one for all.
public struct Constant: Operation {
  public let values: [Double]
  public let shape: Shape
  public let dtype: DType
  package init(values: [Double], shape: Shape, dtype: DType) {
    self.values = values
    self.shape = shape
    self.dtype = dtype
  }

  public var name: String { "constant" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    guard values.count == 1 || values.count == shape.count else {
      throw .shapeMismatch(
        operation: name, shapes: [shape], rule: "expected \(shape.count) values for the shape, given \(values.count)",
        label: label)
    }
    return TensorType(shape: shape, dtype: dtype)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] { [] }
}

extension Tensor {
  /// A constant scalar.
  public init(_ value: Double, dtype: DType = .f32) {
    self = .apply(.constant(Constant(values: [value], shape: .scalar, dtype: dtype)), [])
  }

  /// Constant values in row-major order.
  public init(_ values: [Double], shape: Shape, dtype: DType = .f32) {
    self = .apply(.constant(Constant(values: values, shape: shape, dtype: dtype)), [])
  }

  public static func filled(_ value: Double, shape: Shape, dtype: DType = .f32) -> Tensor {
    Tensor(value, dtype: dtype).broadcast(to: shape)
  }
}

/// The index along an axis: 0, 1, 2, ...
public struct Iota: Operation {
  public let shape: Shape
  public let axis: Int
  public let dtype: DType
  public var name: String { "iota" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    guard axis >= 0, axis < shape.rank else {
      throw .axisOutOfRange(operation: name, axis: axis, shape: shape, label: label)
    }
    return TensorType(shape: shape, dtype: dtype)
  }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] { [] }
}

extension Tensor {
  /// The index along an axis.
  public static func iota(_ shape: Shape, axis: Int, dtype: DType = .f32) -> Tensor {
    .apply(.iota(Iota(shape: shape, axis: axis, dtype: dtype)), [])
  }
}

/// What stands for a tensor that could not be made.
public struct Poison: Operation {
  public let error: TensorError
  public var name: String { "poison" }
  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType { throw error }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] { [] }
}

/// The same value, through which no gradient flows.
public struct Detach: Operation {
  public var name: String { "detach" }
  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType { operands[0] }
  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] { [nil] }
}

extension Tensor {
  /// The same value as a constant of the differentiation.
  public var detached: Tensor { .apply(.detach(Detach()), [self]) }
}
