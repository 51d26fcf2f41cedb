import Tensors

/// Attention between all pixels of a map: y = γ·o + x, with γ starting at 0.
///
/// β_ji = softmax_i(f(x_i)ᵀ·g(x_j)) and o_j = v(Σ_i β_ji·h(x_i)); f, g, h, v are 1×1 convolutions without biases, here by
/// the names `key`, `query`, `value` and `output`. As in the authors' code, keys and values may come from a map that 2×2
/// maximum pooling has halved, and values have half of the channels.
///
/// Reference: [SAGAN](https://arxiv.org/abs/1805.08318), equations 1 to 3.
public struct SelfAttention: Layer {
  public let name: String
  /// `[1]`.
  public let gamma: Variable
  /// Whether keys and values are pooled.
  public let isPooled: Bool
  private let key: Convolution2D
  private let query: Convolution2D
  private let value: Convolution2D
  private let output: Convolution2D
  private var maps: [Convolution2D] { [key, query, value, output] }
  public var parameters: [Variable] { maps.flatMap(\.parameters) + [gamma] }
  public var statistics: [Variable] { maps.flatMap(\.statistics) }

  /// - Parameters:
  ///   - keyChannels: of keys and queries; an eighth of the channels if nil.
  ///   - valueChannels: half of the channels if nil.
  /// - Throws: a `NetworkError` for extents below 1.
  public init(
    _ name: String, channels: Int, keyChannels: Int? = nil, valueChannels: Int? = nil, isPooled: Bool = true,
    initializer: Initializer = .xavierUniform(), spectral: SpectralNorm? = nil, dtype: DType = .f32
  ) throws(NetworkError) {
    try requirePositive(channels, "channels", of: name)
    self.name = name
    self.isPooled = isPooled
    func map(_ part: String, _ input: Int, _ output: Int) throws(NetworkError) -> Convolution2D {
      try Convolution2D(
        "\(name)/\(part)", input: input, output: output, kernel: 1, bias: false, initializer: initializer,
        spectral: spectral, dtype: dtype)
    }
    let (keys, values) = (keyChannels ?? max(1, channels / 8), valueChannels ?? max(1, channels / 2))
    key = try map("key", channels, keys)
    query = try map("query", channels, keys)
    value = try map("value", channels, values)
    output = try map("output", values, channels)
    gamma = Variable(name: "\(name)/gamma", shape: [1], dtype: dtype, fill: 0)
  }

  /// - Parameter x: `[batch, channels, height, width]`.
  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    /// `[batch, channels, pixels]`.
    func pixels(_ map: Tensor, pooled: Bool) -> Tensor {
      let map = pooled ? map.maximumPooled(2) : map
      return map.rank == 4 ? map.reshape([map.shape[0], map.shape[1], -1]) : map
    }
    let keys = pixels(key(x, in: &pass), pooled: isPooled)
    let queries = pixels(query(x, in: &pass), pooled: false)
    let values = value(x, in: &pass)
    let attention = queries.transposed().matmul(keys).softmax(axis: -1)
    let mixed = pixels(values, pooled: isPooled).matmul(attention.transposed())
    guard x.rank == 4, values.rank == 4 else { return mixed }
    let map = mixed.reshape([x.shape[0], values.shape[1], x.shape[2], x.shape[3]])
    return pass.value(of: gamma) * output(map, in: &pass) + x
  }
}

extension Tensor {
  /// The greatest pixel of each `factor` by `factor` block of `[batch, channels, height, width]`; rows and columns that
  /// fill no block are left out.
  fileprivate func maximumPooled(_ factor: Int) -> Tensor {
    guard rank == 4, factor > 1, shape[2] >= factor, shape[3] >= factor else { return self }
    let (rows, columns) = (shape[2] / factor, shape[3] / factor)
    return slice(start: [0, 0, 0, 0], end: [shape[0], shape[1], rows * factor, columns * factor])
      .reshape([shape[0], shape[1], rows, factor, columns, factor]).max(axes: [3, 5])
  }
}
