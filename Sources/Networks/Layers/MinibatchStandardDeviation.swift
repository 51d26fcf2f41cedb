import Tensors

/// One more channel that tells how much the images of a group of the batch differ.
///
/// The deviation √(variance over the group + ε) of each feature at each place, averaged over features and places, is one
/// number a group; it fills the channel. `[batch, channels, height, width]` to `[batch, channels + 1, height, width]`.
///
/// A group has the largest number of images, at most `groupSize`, that divides the batch. Image n is in group n mod
/// (number of groups), as in the authors' code.
///
/// Reference: [Progressive GAN](https://arxiv.org/abs/1710.10196), section 3.
public struct MinibatchStandardDeviation: StatelessLayer {
  public let name: String
  public let groupSize: Int
  public let epsilon: Double

  /// - Throws: a `NetworkError` for groups of less than one image.
  public init(_ name: String, groupSize: Int = 4, epsilon: Double = 1e-8) throws(NetworkError) {
    try requirePositive(groupSize, "group size", of: name)
    self.name = name
    self.groupSize = groupSize
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let batch = batchSize(of: x)
    let members = (1...max(1, min(groupSize, batch))).last { batch % $0 == 0 } ?? 1
    let groups = batch / members
    let sample = Array(x.shape.dimensions.dropFirst())
    let grouped = x.reshape(Shape([members, groups] + sample))
    let deviation = (grouped.variance(axes: [0], keepingAxes: true) + epsilon).sqrt()
    let spread = deviation.mean(axes: Array(2..<max(2, grouped.rank)), keepingAxes: true)
    let map = Shape([1] + sample.dropFirst())
    let channel = spread.broadcast(to: Shape([members, groups] + map.dimensions))
    return Tensor.concatenate([x, channel.reshape(Shape([batch] + map.dimensions))], axis: 1)
  }
}
