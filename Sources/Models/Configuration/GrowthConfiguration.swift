/// How progressive networks grow while they train: `start`, then twice as large again and again.
///
///     start  |  2·start fades in  |  2·start  |  4·start fades in  |  4·start  | ...
///     stable |  fade              |  stable   |  fade              |  stable   | ... until the run ends
///
/// Reference: [Progressive GAN](https://arxiv.org/abs/1710.10196), section 2 and appendix A, whose phases have 800,000
/// images each.
public struct GrowthConfiguration: Sendable, Equatable {
  /// Width and height of the first images: 4, 8, 16, ...
  public var start: Int
  /// Steps in which a resolution fades in, at least 1.
  public var fadeSteps: Int
  /// Steps of a resolution before the next one fades in, at least 1.
  public var stableSteps: Int

  public init(start: Int = 4, fadeSteps: Int = 1000, stableSteps: Int = 1000) {
    self.start = start
    self.fadeSteps = fadeSteps
    self.stableSteps = stableSteps
  }

  /// The stage of a step.
  ///
  /// - Parameter maximum: the last resolution, that of the data.
  public func stage(at step: Int, maximum: Int) -> GrowthStage {
    var stage = GrowthStage(resolution: start, isFading: false, firstStep: 0)
    while true {
      let isLast = !stage.isFading && stage.resolution * 2 > maximum
      let end = stage.firstStep + max(1, stage.isFading ? fadeSteps : stableSteps)
      if isLast || step < end { return stage }
      stage = GrowthStage(
        resolution: stage.isFading ? stage.resolution : 2 * stage.resolution, isFading: !stage.isFading, firstStep: end)
    }
  }

  /// How far the stage of a step has faded in: rises evenly from 0 at its first step to 1 after its last.
  public func alpha(at step: Int, maximum: Int) -> Double {
    let stage = stage(at: step, maximum: maximum)
    return stage.isFading ? Double(step - stage.firstStep) / Double(max(1, fadeSteps)) : 1
  }
}

/// Between two changes of a growing run's networks.
public struct GrowthStage: Sendable, Equatable {
  /// Width and height of the networks' images.
  public let resolution: Int
  /// Whether the resolution fades in beside the one before.
  public let isFading: Bool
  /// The step at which the stage begins.
  public let firstStep: Int

  public init(resolution: Int, isFading: Bool, firstStep: Int) {
    self.resolution = resolution
    self.isFading = isFading
    self.firstStep = firstStep
  }
}

/// The networks of a progressive GAN.
///
/// Reference: [Progressive GAN](https://arxiv.org/abs/1710.10196), table 2.
public struct ProgressiveConfiguration: Sendable, Equatable {
  /// Channels of the maps with the most pixels; each halving of the resolution doubles them.
  public var features: Int
  /// No map has more channels than these.
  public var mostFeatures: Int

  public init(features: Int = 16, mostFeatures: Int = 512) {
    self.features = features
    self.mostFeatures = mostFeatures
  }
}

/// StyleGAN's generator.
///
/// Reference: [StyleGAN](https://arxiv.org/abs/1812.04948), section 2 and appendix C.
public struct StyleConfiguration: Sendable, Equatable {
  /// Channels of the maps with the most pixels; each halving of the resolution doubles them.
  public var features: Int
  /// No map has more channels than these.
  public var mostFeatures: Int
  /// Dense layers of the mapping network.
  public var mappingDepth: Int
  /// The dimension of w.
  public var styleDimension: Int
  /// The probability that a training sample takes its later styles from a second latent; live.
  public var mixing: Double
  /// ψ of the truncation trick in sampling: styles are drawn to their mean by this factor; live.
  public var truncation: Double

  public init(
    features: Int = 16, mostFeatures: Int = 512, mappingDepth: Int = 8, styleDimension: Int = 512, mixing: Double = 0.9,
    truncation: Double = 0.7
  ) {
    self.features = features
    self.mostFeatures = mostFeatures
    self.mappingDepth = mappingDepth
    self.styleDimension = styleDimension
    self.mixing = mixing
    self.truncation = truncation
  }
}
