import Tensors

/// What normalizes the hidden layers of a network.
public enum Normalization: String, Sendable, Hashable, CaseIterable {
  case none, batch, layer, instance

  /// The layer for samples of `[features]` or `[channels, height, width]`, or nil for `none`.
  ///
  /// - Parameter scale: how the factors after the normalization are drawn.
  public func layer(
    _ name: String, sample: Shape, scale: Initializer = .ones, dtype: DType = .f32
  ) throws(NetworkError) -> (any Layer)? {
    let channels = sample.rank > 0 ? sample[0] : 0
    switch self {
    case .none: return nil
    case .batch: return try BatchNorm(name, channels: channels, scale: scale, dtype: dtype)
    case .layer: return try LayerNorm(name, shape: sample, isChannelwise: true, scale: scale, dtype: dtype)
    case .instance: return try InstanceNorm(name, channels: channels, scale: scale, dtype: dtype)
    }
  }
}
