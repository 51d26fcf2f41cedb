import Tensors

extension Condition {
  /// A second latent of each sample, for style mixing: `[batch, latent]`.
  public static let secondLatent = Condition("second_latent")
  /// Where each layer's style is from: 0 for the input, 1 for the second latent; `[batch, styles]`. `StyleGAN` makes such
  /// masks.
  public static let mixing = Condition("mixing")
  /// ψ of the truncation trick: 1 leaves styles as they are, 0 makes every sample the mean one; a scalar.
  public static let truncation = Condition("truncation")
}

/// StyleGAN's mapping network: latents z to styles w, which it hands to the layers after it as `Condition.styles`.
///
/// z is pixel-normalized, then passes equalized dense layers with leaky rectifiers (slope 0.2), which learn at a
/// hundredth of the rate. Every layer's style is the same w, unless
/// - the pass has `Condition.secondLatent` and `Condition.mixing`: they say which layers take the style of another latent;
/// - the pass is a sampling one and has `Condition.truncation`: w' = mean + ψ·(w − mean).
///
/// The mean is a running statistic: passes that collect move it by mean ← decay·mean + (1 − decay)·(the batch's mean of w).
///
/// Reference: [StyleGAN](https://arxiv.org/abs/1812.04948), sections 2 and 3.1, appendices B and C.
public struct StyleMapping: Layer {
  public let name: String
  public let layers: [any Layer]
  /// The running mean of w, `[width]`.
  public let mean: Variable
  /// How many layers take a style.
  public let styles: Int
  public let decay: Double
  public var parameters: [Variable] { layers.flatMap(\.parameters) }
  public var statistics: [Variable] { [mean] }

  /// - Parameters:
  ///   - latent: the dimension of z.
  ///   - width: the dimension of w and of the hidden layers.
  ///   - depth: how many dense layers there are.
  ///   - styles: how many layers take a style.
  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, latent: Int, width: Int, depth: Int = 8, styles: Int, rateMultiplier: Double = 0.01,
    decay: Double = 0.995, dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(depth, "depth", of: name)
    try requirePositive(styles, "styles", of: name)
    self.name = name
    self.styles = styles
    self.decay = decay
    var layers: [any Layer] = [PixelNorm("\(name)/norm")]
    for number in 1...depth {
      layers += [
        try EqualizedDense(
          "\(name)/dense\(number)", input: number == 1 ? latent : width, output: width,
          rateMultiplier: rateMultiplier, dtype: dtype),
        ActivationLayer("\(name)/activation\(number)", .leakyReLU(slope: 0.2)),
      ]
    }
    self.layers = layers
    mean = Variable(name: "\(name)/mean", shape: [width], dtype: dtype, fill: 0)
  }

  /// - Parameter x: z, `[batch, latent]`.
  /// - Returns: w of the input, `[batch, width]`, neither mixed nor truncated.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let (batch, width) = (batchSize(of: x), mean.shape.count)
    let isMixing = pass.conditions[.secondLatent] != nil || pass.conditions[.mixing] != nil
    // Both latents are one batch of the dense layers.
    let second = isMixing ? [pass.value(of: Condition.secondLatent).cast(to: x.dtype)] : []
    let w = run(layers, in: name, on: Tensor.concatenate([x] + second, axis: 0), in: &pass)
    let first = w.slice(axis: 0, from: 0, to: batch)
    if pass.collectsStatistics {
      let moved = decay * pass.value(of: mean) + (1 - decay) * first.detached.mean(axes: [0])
      pass.assign(moved, to: mean)
    }
    let all: Shape = [batch, styles, width]
    var chosen = first.reshape([batch, 1, width]).broadcast(to: all)
    if isMixing {
      let other = w.slice(axis: 0, from: batch, to: 2 * batch).reshape([batch, 1, width]).broadcast(to: all)
      let mask = pass.value(of: Condition.mixing).cast(to: x.dtype).reshape([batch, styles, 1])
      chosen = (1 - mask) * chosen + mask * other
    }
    if pass.mode == .sampling, let truncation = pass.conditions[.truncation] {
      let centre = pass.value(of: mean)
      chosen = centre + truncation.cast(to: x.dtype) * (chosen - centre)
    }
    pass.conditions[.styles] = chosen
    return first
  }
}
