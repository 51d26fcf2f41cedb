/// A sum or maximum over axes, which stay with extent 1.
public struct Reduce: Operation {
  public enum Function: String, Hashable, Sendable { case sum, maximum }
  public let function: Function
  public let axes: [Int]
  public var name: String { function == .sum ? "sum" : "max" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    var shape = operands[0].shape
    for axis in axes {
      guard axis >= 0, axis < shape.rank else {
        throw .axisOutOfRange(operation: name, axis: axis, shape: shape, label: label)
      }
    }
    guard operands[0].dtype.isFloating else {
      throw .typeMismatch(operation: name, types: operands.map(\.dtype), rule: "expected f32 or f64", label: label)
    }
    for axis in axes {
      guard function == .sum || shape[axis] > 0 else {
        throw .shapeMismatch(operation: name, shapes: [shape], rule: "expected at least one element", label: label)
      }
      shape.dimensions[axis] = 1
    }
    return TensorType(shape: shape, dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    let x = operands[0]
    switch function {
    case .sum: return [incoming.broadcast(to: x.shape)]
    case .maximum:
      // Equal maxima share the gradient.
      let isMaximum = (x .== output).cast(to: x.dtype)
      return [incoming / isMaximum.sum(axes: axes, keepingAxes: true) * isMaximum]
    }
  }
}

extension Tensor {
  private func reduce(_ function: Reduce.Function, _ axes: [Int]?, _ keepingAxes: Bool) -> Tensor {
    let axes = distinct(axes).sorted()
    let reduced = axes.isEmpty ? self : .apply(.reduce(Reduce(function: function, axes: axes)), [self])
    if keepingAxes || axes.isEmpty || reduced.isPoisoned { return reduced }
    return reduced.reshape(Shape((0..<rank).filter { !axes.contains($0) }.map { shape[$0] }))
  }

  /// The sum over `axes`, or over all; negative axes count from the last.
  public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor { reduce(.sum, axes, keepingAxes) }
  public func max(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor { reduce(.maximum, axes, keepingAxes) }

  public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    sum(axes: axes, keepingAxes: keepingAxes) * (1 / Double(Swift.max(1, elements(along: axes))))
  }

  /// The mean squared distance from the mean: divided by n, as batch normalization does, not by n − 1.
  public func variance(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    (self - mean(axes: axes, keepingAxes: true)).square().mean(axes: axes, keepingAxes: keepingAxes)
  }

  /// ln Σ exp(x), without overflow.
  public func logSumExp(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let shift = max(axes: axes, keepingAxes: true).detached
    let result = (self - shift).exp().sum(axes: axes, keepingAxes: true).log() + shift
    return keepingAxes ? result : result.reshape(sum(axes: axes).shape)
  }

  /// exp(x) / Σ exp(x) along an axis.
  public func softmax(axis: Int = -1) -> Tensor {
    let exponential = (self - max(axes: [axis], keepingAxes: true).detached).exp()
    return exponential / exponential.sum(axes: [axis], keepingAxes: true)
  }

  /// ln softmax(x) along an axis.
  public func logSoftmax(axis: Int = -1) -> Tensor { self - logSumExp(axes: [axis], keepingAxes: true) }

  private func elements(along axes: [Int]?) -> Int {
    distinct(axes).reduce(1) { $1 >= 0 && $1 < rank ? $0 * shape[$1] : $0 }
  }

  /// The axes counted from the first, each once.
  private func distinct(_ axes: [Int]?) -> Set<Int> { Set((axes ?? Array(0..<rank)).map { $0 < 0 ? $0 + rank : $0 }) }
}
