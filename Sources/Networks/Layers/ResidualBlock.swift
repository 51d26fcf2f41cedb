import Tensors

/// Two 3×3 convolutions beside a shortcut, each after normalization and activation, with the map doubled or halved on the
/// way: SNGAN's blocks.
///
///     up:     norm, activation, upsample, conv1, norm, activation, conv2          + shortcut(upsample(x))
///     same:   norm, activation, conv1, norm, activation, conv2                    + shortcut(x)
///     down:   norm, activation, conv1, norm, activation, conv2, average pool      + average pool(shortcut(x))
///     first:  conv1, norm, activation, conv2, average pool                        + shortcut(average pool(x))
///
/// The shortcut is a 1×1 convolution where the extent or the number of channels changes, else x itself.
///
/// Reference: [Spectral Normalization](https://arxiv.org/abs/1802.05957), appendix B.4, figures 8 and 9.
public struct ResidualBlock: Layer {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Doubles the extent.
    case up
    case same
    /// Halves the extent.
    case down
    /// Halves the extent of images as they are: a discriminator's first block, in which nothing precedes `conv1`.
    case first
  }

  public let name: String
  public let kind: Kind
  public let activation: Activation
  private let norm1: (any Layer)?
  private let conv1: Convolution2D
  private let norm2: (any Layer)?
  private let conv2: Convolution2D
  private let shortcut: Convolution2D?
  private var parts: [any Layer] { [norm1, conv1, norm2, conv2, shortcut].compactMap { $0 } }
  public var parameters: [Variable] { parts.flatMap(\.parameters) }
  public var statistics: [Variable] { parts.flatMap(\.statistics) }

  /// - Parameters:
  ///   - hidden: channels between the convolutions; if nil, `output` for `up` and `first`, else `input`.
  ///   - extent: the input's height and width; for layer normalization.
  ///   - modulation: what conditional batch normalization reads; it takes the place of `normalization`.
  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, _ kind: Kind, input: Int, output: Int, hidden: Int? = nil, extent: Int,
    activation: Activation = .relu, normalization: Normalization = .none, modulation: NormModulation? = nil,
    initializer: Initializer = .xavierUniform(), spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws(NetworkError) {
    self.name = name
    self.kind = kind
    self.activation = activation
    let hidden = hidden ?? (kind == .up || kind == .first ? output : input)
    func norm(_ number: Int, _ channels: Int, _ extent: Int) throws(NetworkError) -> (any Layer)? {
      let norm = "\(name)/norm\(number)"
      if let modulation {
        return try ConditionalBatchNorm(norm, channels: channels, modulation: modulation, dtype: dtype)
      }
      return try normalization.layer(norm, sample: [channels, extent, extent], scale: .ones, dtype: dtype)
    }
    func convolution(_ part: String, _ input: Int, _ output: Int, _ kernel: Int) throws(NetworkError) -> Convolution2D {
      try Convolution2D(
        "\(name)/\(part)", input: input, output: output, kernel: kernel,
        geometry: ConvolutionGeometry(padding: kernel / 2), initializer: initializer, spectral: spectral, dtype: dtype)
    }
    norm1 = kind == .first ? nil : try norm(1, input, extent)
    conv1 = try convolution("conv1", input, hidden, 3)
    norm2 = try norm(2, hidden, kind == .up ? 2 * extent : extent)
    conv2 = try convolution("conv2", hidden, output, 3)
    shortcut = kind != .same || input != output ? try convolution("shortcut", input, output, 1) : nil
  }

  /// - Parameter x: `[batch, input, height, width]`.
  /// - Returns: `[batch, output, ...]`, with height and width doubled, halved or the same.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    func apply(_ layer: (any Layer)?, _ x: Tensor) -> Tensor {
      guard let layer else { return x }
      return labelled(String(layer.name.dropFirst(name.count + 1))) { layer(x, in: &pass) }
    }
    var value = x
    if kind != .first { value = activation(apply(norm1, value)) }
    if kind == .up { value = value.upsampledNearest(2) }
    value = apply(conv2, activation(apply(norm2, apply(conv1, value))))
    switch kind {
    // A 1×1 convolution and the repetition of pixels, or their mean, are the same in either order: the smaller map is cheaper.
    case .up: return value + apply(shortcut, x).upsampledNearest(2)
    case .same: return value + apply(shortcut, x)
    case .down, .first: return value.averagePooled(2) + apply(shortcut, x.averagePooled(2))
    }
  }
}
