import Tensors

/// Discriminators that judge patches of an image.
///
/// Reference: [Isola et al. 2016](https://arxiv.org/abs/1611.07004), section 3.2.2 and appendix 6.1.2.
public enum PatchGAN {
  /// Heights (and widths) of the patches that a score may see: a single pixel's, or (with n = 1 ... 5 halvings) 16 to 286.
  public static let receptiveFields = [1, 16, 34, 70, 142, 286]

  /// The extent of the patch of the input that one value of the output sees: from the output back, each convolution makes r
  /// to (r − 1)·stride + dilation·(kernel − 1) + 1. Normalization, which sees further, is left out.
  public static func receptiveField(of network: Network) -> Int {
    network.layers.compactMap { $0 as? Convolution2D }.reversed().reduce(1) { field, layer in
      let geometry = layer.geometry
      return (field - 1) * geometry.stride[0] + geometry.dilation[0] * (layer.weight.shape[2] - 1) + 1
    }
  }
}

extension Network {
  /// A discriminator that gives each patch of the image a score: `[batch, 1, height, width]`, linear.
  ///
  /// n convolutions of stride 2 and two of stride 1, kernel 4 all, with C, 2C, 4C, 8C, 8C, ... channels and leaky rectifiers
  /// (slope 0.2) between; normalization follows all but the first and the last. Patches of one pixel are seen through
  /// kernels of 1: C, 2C, then the score.
  ///
  /// - Parameters:
  ///   - size: height and width of the image; the input is `[batch, channels, size, size]`.
  ///   - channels: of the image that is judged.
  ///   - conditionChannels: of an image beside it, `Condition.image`, `[batch, conditionChannels, size, size]`: what was
  ///     translated. 0 where there is none.
  ///   - receptiveField: the patches' extent, one of `PatchGAN.receptiveFields`.
  ///   - features: channels of the first map, C.
  /// - Throws: a `NetworkError` for what cannot be built.
  public static func patchDiscriminator(
    name: String, size: Int, channels: Int, conditionChannels: Int = 0, receptiveField: Int = 70, features: Int = 64,
    normalization: Normalization = .batch, initializer: Initializer = .normal(deviation: 0.02), dtype: DType = .f32
  ) throws -> Network {
    guard let halvings = PatchGAN.receptiveFields.firstIndex(of: receptiveField) else {
      throw NetworkError.receptiveFieldUnsupported(
        network: name, field: receptiveField, supported: PatchGAN.receptiveFields)
    }
    // Kernels of 4 at stride 1 take one pixel each from what the halvings leave.
    let least = halvings == 0 ? 1 : 3 << halvings
    guard size >= least else { throw NetworkError.imageTooSmall(network: name, size: size, least: least) }
    try requirePositive(features, "features", of: name)
    try requirePositive(channels, "channels", of: name)
    let builder = TranslationBuilder(name: name, normalization: normalization, initializer: initializer, dtype: dtype)
    var layers: [any Layer] = []
    var conditions: [Condition: Shape] = [:]
    if conditionChannels != 0 {
      try requirePositive(conditionChannels, "condition channels", of: name)
      conditions[.image] = [conditionChannels, size, size]
      layers.append(ImageCondition("\(name)/condition"))
    }
    var (width, extent) = (channels + conditionChannels, size)
    let blocks = max(2, halvings + 1)
    for block in 1...blocks {
      let output = features * (1 << min(block - 1, 3))
      let stride = block <= halvings ? 2 : 1
      let (kernel, padding) = halvings == 0 ? (1, 0) : (4, 1)
      extent = (extent + 2 * padding - kernel) / stride + 1
      layers.append(
        try builder.convolution(
          "block\(block)/conv", width, output, kernel: kernel,
          geometry: ConvolutionGeometry(stride: stride, padding: padding), isNormalized: block > 1))
      if block > 1 { layers += try builder.norm("block\(block)/norm", [output, extent, extent]) }
      layers.append(ActivationLayer("\(name)/block\(block)/activation", .leakyReLU(slope: 0.2)))
      width = output
    }
    layers.append(
      try builder.convolution(
        "score/conv", width, 1, kernel: halvings == 0 ? 1 : 4,
        geometry: ConvolutionGeometry(padding: halvings == 0 ? 0 : 1), isNormalized: false))
    return try Network(
      name: name, inputShape: [channels, size, size], inputType: dtype, conditions: conditions, layers: layers)
  }
}
