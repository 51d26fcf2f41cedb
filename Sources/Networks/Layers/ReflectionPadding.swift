import Tensors

/// What stands around an image where a convolution looks beyond its edge.
public enum ImagePadding: String, Sendable, Hashable, CaseIterable {
  case zero, reflection
}

/// An image continued beyond its edges by its mirror image, in which the edge's pixels are not repeated: of a b c, two
/// pixels before the first are c b.
///
/// `[batch, channels, height, width]` to `[batch, channels, height + 2·extent, width + 2·extent]`; height and width are
/// greater than the extent.
public struct ReflectionPadding: StatelessLayer {
  public let name: String
  public let extent: Int

  /// - Throws: a `NetworkError` for an extent below 1.
  public init(_ name: String, extent: Int) throws(NetworkError) {
    try requirePositive(extent, "extent", of: name)
    self.name = name
    self.extent = extent
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    reflected(reflected(x, axis: 2), axis: 3)
  }

  private func reflected(_ x: Tensor, axis: Int) -> Tensor {
    // An axis that is not there is the slice's error to tell.
    let last = (axis < x.rank ? x.shape[axis] : 0) - 1
    let before = (1...extent).reversed().map { x.slice(axis: axis, from: $0, to: $0 + 1) }
    let after = (1...extent).map { x.slice(axis: axis, from: last - $0, to: last - $0 + 1) }
    return Tensor.concatenate(before + [x] + after, axis: axis)
  }
}
