import Tensors

/// Tells a sample how much its group of the batch varies: one more feature (or map), equal for the whole group.
///
/// The standard deviation over the group's samples of each feature at each position, √(variance + ε), and its mean over
/// features and positions. Sample n of N belongs to group n mod (N / size).
///
/// Reference: [Progressive Growing of GANs](https://arxiv.org/abs/1710.10196), section 3.
public struct MinibatchStandardDeviation: StatelessLayer {
  public let name: String
  /// The most samples of a group: it is the greatest divisor of the batch up to this number.
  public let groupSize: Int
  public let epsilon: Double

  /// - Throws: a `NetworkError` for a size below 1.
  public init(_ name: String, groupSize: Int = 4, epsilon: Double = 1e-8) throws(NetworkError) {
    try requirePositive(groupSize, "group size", of: name)
    self.name = name
    self.groupSize = groupSize
    self.epsilon = epsilon
  }

  /// - Parameter x: `[batch, features]` or `[batch, channels, height, width]`.
  /// - Returns: the same with one feature or channel more, the last.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    guard x.rank >= 2, x.shape[0] > 0 else { return x }
    let batch = x.shape[0]
    let size = (1...min(groupSize, batch)).last { batch % $0 == 0 } ?? 1
    let groups = x.reshape([size, batch / size, -1])
    let deviation = (groups.variance(axes: [0]) + epsilon).sqrt().mean(axes: [1])
    let spread = Shape([size, batch / size, 1] + x.shape.dimensions.dropFirst(2))
    let map = deviation.reshape(Shape([1, batch / size] + Array(repeating: 1, count: x.rank - 1))).broadcast(to: spread)
    let added = Shape([batch, 1] + x.shape.dimensions.dropFirst(2))
    return .concatenate([x, map.reshape(added)], axis: 1)
  }
}
