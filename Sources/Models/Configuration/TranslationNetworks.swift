/// The U-Net that translates images.
///
/// Reference: [Isola et al. 2017](https://arxiv.org/abs/1611.07004), section 3.2.1.
public struct UNetConfiguration: Sendable, Equatable {
  /// Channels of the first map; each halving doubles them, up to 8 times.
  public var features: Int
  /// How often the extent is halved; nil for as often as it goes, at most 8 times.
  public var depth: Int?
  /// The share of units that the first blocks on the way up drop, in sampling too; in [0, 1).
  public var dropout: Double
  public var normalization: NormalizationKind

  public init(
    features: Int = 64, depth: Int? = nil, dropout: Double = 0.5, normalization: NormalizationKind = .batch
  ) {
    self.features = features
    self.depth = depth
    self.dropout = dropout
    self.normalization = normalization
  }
}

/// CycleGAN's generator: two halvings, residual blocks, two doublings.
///
/// Reference: [Zhu et al. 2017](https://arxiv.org/abs/1703.10593), appendix 7.2.
public struct ResNetConfiguration: Sendable, Equatable {
  /// Channels of the first map.
  public var features: Int
  /// Residual blocks; nil for 6, or 9 from 256 pixels on.
  public var blocks: Int?
  public var normalization: NormalizationKind

  public init(features: Int = 64, blocks: Int? = nil, normalization: NormalizationKind = .instance) {
    self.features = features
    self.blocks = blocks
    self.normalization = normalization
  }
}

/// A discriminator that gives each patch of an image a score.
///
/// Reference: [Isola et al. 2017](https://arxiv.org/abs/1611.07004), section 3.2.2.
public struct PatchConfiguration: Sendable, Equatable {
  /// Width and height of a patch, one of `receptiveFields`.
  public var receptiveField: Int
  /// Channels of the first map; each halving doubles them, up to 8 times.
  public var features: Int
  public var normalization: NormalizationKind

  /// Each halving of the extent, of which there are 0 ... 5, about doubles the field.
  public static let receptiveFields = [1, 16, 34, 70, 142, 286]

  /// The smallest image that the network can judge.
  public var smallestSize: Int {
    let halvings = Self.receptiveFields.firstIndex(of: receptiveField) ?? 0
    return halvings == 0 ? 1 : 3 << halvings
  }

  public init(receptiveField: Int = 70, features: Int = 64, normalization: NormalizationKind = .batch) {
    self.receptiveField = receptiveField
    self.features = features
    self.normalization = normalization
  }
}
