import Tensors

/// Batch normalization of vectors `[batch, channels]` and of images `[batch, channels, height, width]`.
///
/// Training: y = scale·(x − μ)/√(σ² + ε) + offset with the batch's mean μ and biased variance σ² of each channel.
/// Sampling: the same with the running mean and variance. A pass that collects statistics moves these:
/// running ← (1 − momentum)·running + momentum·batch, where the variance is unbiased (divided by n − 1), as PyTorch has it.
///
/// Reference: [Batch Normalization](https://arxiv.org/abs/1502.03167), algorithms 1 and 2.
public struct BatchNorm: Layer {
  public let name: String
  /// `[channels]`.
  public let scale: Variable
  public let offset: Variable
  private let moments: BatchMoments
  public var runningMean: Variable { moments.runningMean }
  public var runningVariance: Variable { moments.runningVariance }
  public var momentum: Double { moments.momentum }
  public var epsilon: Double { moments.epsilon }
  public var parameters: [Variable] { [scale, offset] }
  public var statistics: [Variable] { moments.statistics }

  public init(
    _ name: String, channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, scale: Initializer = .ones,
    dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(channels, "channels", of: name)
    self.name = name
    moments = BatchMoments(name, channels: channels, momentum: momentum, epsilon: epsilon, dtype: dtype)
    let fan = Fan(input: channels, output: channels)
    self.scale = scale.variable("\(name)/scale", shape: [channels], fan: fan, dtype: dtype)
    offset = Variable(name: "\(name)/offset", shape: [channels], dtype: dtype, fill: 0)
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let spread = channelShape(scale.shape.count, rank: x.rank)
    let scale = pass.value(of: scale).reshape(spread)
    let offset = pass.value(of: offset).reshape(spread)
    return moments.normalize(x, scale: scale, offset: offset, in: &pass)
  }
}

/// The moments of each channel and their running averages: what all kinds of batch normalization share.
struct BatchMoments: Sendable {
  /// `[channels]`.
  let runningMean: Variable
  let runningVariance: Variable
  let momentum: Double
  let epsilon: Double
  var statistics: [Variable] { [runningMean, runningVariance] }

  init(_ name: String, channels: Int, momentum: Double, epsilon: Double, dtype: DType) {
    self.momentum = momentum
    self.epsilon = epsilon
    runningMean = Variable(name: "\(name)/running_mean", shape: [channels], dtype: dtype, fill: 0)
    runningVariance = Variable(name: "\(name)/running_variance", shape: [channels], dtype: dtype, fill: 1)
  }

  /// scale·(x − μ)/√(σ² + ε) + offset, with the batch's moments in training mode, the running ones in sampling mode.
  ///
  /// - Parameters:
  ///   - x: `[batch, channels, ...]`.
  ///   - scale: `[1 or batch, channels, 1, ...]`, of x's rank, as is `offset`.
  func normalize(_ x: Tensor, scale: Tensor, offset: Tensor, in pass: inout ForwardPass) -> Tensor {
    let spread = channelShape(runningMean.shape.count, rank: x.rank)
    switch pass.mode {
    case .sampling:
      let mean = pass.value(of: runningMean).reshape(spread)
      let variance = pass.value(of: runningVariance).reshape(spread)
      return (x - mean) * ((variance + epsilon).rsqrt() * scale) + offset
    case .training:
      // Both moments in one walk over x, about some element of the channel: any shift of x has the same variance, and
      // one by a value of the channel's own loses no digits to a large mean. The slope then takes a single walk too.
      let axes = (0..<x.rank).filter { $0 != 1 }
      let shift = x.slice(start: Array(repeating: 0, count: x.rank), end: spread.dimensions).detached
      let shifted = x - shift
      let first = shifted.mean(axes: axes, keepingAxes: true)
      let second = shifted.square().mean(axes: axes, keepingAxes: true)
      let mean = shift + first
      let variance = (second - first.square()).maximum(Tensor(0))
      collect(mean: mean, variance: variance, count: axes.reduce(1) { $0 * x.shape[$1] }, in: &pass)
      return (x - mean) * ((variance + epsilon).rsqrt() * scale) + offset
    }
  }

  private func collect(mean: Tensor, variance: Tensor, count: Int, in pass: inout ForwardPass) {
    guard pass.collectsStatistics else { return }
    // A single value has no unbiased variance; its zero stands.
    let unbiased = variance.detached * (Double(count) / Double(max(1, count - 1)))
    move(runningMean, towards: mean.detached, in: &pass)
    move(runningVariance, towards: unbiased, in: &pass)
  }

  private func move(_ running: Variable, towards batch: Tensor, in pass: inout ForwardPass) {
    let value = (1 - momentum) * pass.value(of: running) + momentum * batch.reshape(running.shape)
    pass.assign(value, to: running)
  }
}

/// The shape that spreads `[channels]` over `[batch, channels, ...]`.
func channelShape(_ channels: Int, rank: Int) -> Shape {
  Shape([1, channels] + Array(repeating: 1, count: max(0, rank - 2)))
}
