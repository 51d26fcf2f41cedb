import Tensors

/// What the layers of progressive networks share.
struct ProgressiveBuilder {
  let name: String
  let resolution: Int
  let maximum: Int
  let channels: Int
  let features: Int
  let mostFeatures: Int
  /// Whether there is a resolution before this one that it fades in beside.
  let isFading: Bool
  let dtype: DType

  init(
    name: String, resolution: Int, maximum: Int, channels: Int, features: Int, mostFeatures: Int, isFading: Bool,
    dtype: DType
  ) throws(NetworkError) {
    let known = Progressive.resolutions(upTo: maximum)
    guard known.contains(resolution), known.last == maximum else {
      throw .resolutionUnsupported(network: name, resolution: resolution, maximum: maximum)
    }
    try requirePositive(channels, "channels", of: name)
    try requirePositive(features, "features", of: name)
    try requirePositive(mostFeatures, "most features", of: name)
    self.name = name
    self.resolution = resolution
    self.maximum = maximum
    self.channels = channels
    self.features = features
    self.mostFeatures = mostFeatures
    self.isFading = isFading && resolution > 4
    self.dtype = dtype
  }

  var conditions: [Condition: Shape] { isFading ? [.alpha: .scalar] : [:] }

  /// The channels of a map.
  func width(at resolution: Int) -> Int { min(features * (maximum / resolution), mostFeatures) }

  func activation(_ label: String) -> any Layer {
    ActivationLayer("\(name)/\(label)/activation", .leakyReLU(slope: 0.2))
  }

  func normalizedActivation(_ label: String) -> [any Layer] { [activation(label), PixelNorm("\(name)/\(label)/norm")] }

  /// A convolution, kernel 3, and its activation.
  func convolution(_ label: String, _ input: Int, _ output: Int) throws -> [any Layer] {
    [
      try EqualizedConvolution2D("\(name)/\(label)", input: input, output: output, kernel: 3, padding: 1, dtype: dtype),
      activation(label),
    ]
  }

  func generatorConvolution(_ label: String, _ input: Int, _ output: Int) throws -> [any Layer] {
    try convolution(label, input, output) + [PixelNorm("\(name)/\(label)/norm")]
  }

  func toRGB(_ resolution: Int) throws -> any Layer {
    try EqualizedConvolution2D(
      "\(name)/\(resolution)x\(resolution)/to_rgb", input: width(at: resolution), output: channels, kernel: 1, gain: 1,
      dtype: dtype)
  }

  func fromRGB(_ resolution: Int) throws -> [any Layer] {
    let label = "\(resolution)x\(resolution)/from_rgb"
    return [
      try EqualizedConvolution2D(
        "\(name)/\(label)", input: channels, output: width(at: resolution), kernel: 1, dtype: dtype), activation(label),
    ]
  }

  /// A generator's layers: those of 4×4, then the block of each resolution, and the image, faded in where it fades.
  func grown(from start: [any Layer], block: (_ resolution: Int) throws -> [any Layer]) throws -> [any Layer] {
    var layers = start
    for stage in Progressive.resolutions(upTo: isFading ? resolution / 2 : resolution).dropFirst() {
      layers += try block(stage)
    }
    guard isFading else { return layers + [try toRGB(resolution)] }
    let half = resolution / 2
    let old: [any Layer] = [try toRGB(half), try NearestUpsampling("\(name)/\(half)x\(half)/to_rgb/upsample")]
    return layers + [FadeIn("\(name)/fade", old: old, new: try block(resolution) + [try toRGB(resolution)])]
  }
}
