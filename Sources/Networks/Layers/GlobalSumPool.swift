import Tensors

/// The sum of each channel over all pixels: `[batch, channels, height, width]` to `[batch, channels]`.
public struct GlobalSumPool: StatelessLayer {
  public let name: String
  public init(_ name: String) { self.name = name }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    x.sum(axes: Array(min(2, x.rank)..<x.rank))
  }
}
