/// The shape and type of an operation's operand or result.
public struct TensorType: Hashable, Sendable {
  public var shape: Shape
  public var dtype: DType
  public init(shape: Shape, dtype: DType) {
    self.shape = shape
    self.dtype = dtype
  }
}

/// What an operation is: how its result is shaped, and how its gradient is made of other operations.
///
/// Neither requirement has a default, so an operation without a gradient does not compile.
public protocol Operation: Hashable, Sendable {
  var name: String { get }
  /// The result's type, or why the operands do not fit.
  func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType
  /// The gradient for each operand, nil where it is zero everywhere.
  ///
  /// - Parameter incoming: the gradient of the loss for `output`, of the same shape.
  func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?]
}

/// The closed set of operations; a backend lowers it by a `switch` without `default`.
public enum Op: Hashable, Sendable {
  case input(Input)
  case variable(Variable)
  case constant(Constant)
  case iota(Iota)
  case random(Random)
  case unary(Unary)
  case binary(Binary)
  case compare(Compare)
  case select(Select)
  case cast(Cast)
  case detach(Detach)
  case reshape(Reshape)
  case transpose(Transpose)
  case broadcast(Broadcast)
  case slice(Slice)
  case pad(Pad)
  case concatenate(Concatenate)
  case reduce(Reduce)
  case gather(Gather)
  case scatterAdd(ScatterAdd)
  case matmul(MatMul)
  case convolution(Convolution)
  case convolutionDataGradient(ConvolutionDataGradient)
  case convolutionWeightGradient(ConvolutionWeightGradient)
  case poison(Poison)

  public var operation: any Operation {
    switch self {
    case .input(let operation): operation
    case .variable(let operation): operation
    case .constant(let operation): operation
    case .iota(let operation): operation
    case .random(let operation): operation
    case .unary(let operation): operation
    case .binary(let operation): operation
    case .compare(let operation): operation
    case .select(let operation): operation
    case .cast(let operation): operation
    case .detach(let operation): operation
    case .reshape(let operation): operation
    case .transpose(let operation): operation
    case .broadcast(let operation): operation
    case .slice(let operation): operation
    case .pad(let operation): operation
    case .concatenate(let operation): operation
    case .reduce(let operation): operation
    case .gather(let operation): operation
    case .scatterAdd(let operation): operation
    case .matmul(let operation): operation
    case .convolution(let operation): operation
    case .convolutionDataGradient(let operation): operation
    case .convolutionWeightGradient(let operation): operation
    case .poison(let operation): operation
    }
  }
}
