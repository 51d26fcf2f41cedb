/// A generator and its inverse, an encoder, against a discriminator of pairs of sample and latents.
///
/// Reference: [Donahue et al. 2017](https://arxiv.org/abs/1605.09782), [Dumoulin et al.
/// 2017](https://arxiv.org/abs/1606.00704).
public struct BidirectionalConfiguration: Sendable, Equatable {
  public var latent: LatentConfiguration
  public var generator: NetworkConfiguration
  /// What the generator's last layer is passed through.
  public var output: OutputActivation
  /// Ends in as many linear units as z has coordinates: `mlp` or `dcgan`.
  public var encoder: NetworkConfiguration
  /// `mlp` sees flattened samples beside latents; the trunk of `dcgan` sees images alone.
  public var discriminator: NetworkConfiguration
  /// Units of the layers that see a `dcgan` discriminator's features beside the latents.
  public var jointHidden: [Int]

  public init(
    latent: LatentConfiguration = LatentConfiguration(), generator: NetworkConfiguration,
    output: OutputActivation = .linear, encoder: NetworkConfiguration, discriminator: NetworkConfiguration,
    jointHidden: [Int] = [512]
  ) {
    self.latent = latent
    self.generator = generator
    self.output = output
    self.encoder = encoder
    self.discriminator = discriminator
    self.jointHidden = jointHidden
  }
}

/// Translation of images with known answers.
///
/// Reference: [Isola et al. 2017](https://arxiv.org/abs/1611.07004), equation 4.
public struct PairedTranslationConfiguration: Sendable, Equatable {
  /// `unet` or `resnet`.
  public var generator: NetworkConfiguration
  /// `patch`.
  public var discriminator: NetworkConfiguration
  /// λ, the weight of E |y − G(x)|.
  public var distanceWeight: Double
  /// The weight of the objective's term in the generator's loss; 0 trains on the distance alone.
  public var adversarialWeight: Double

  public init(
    generator: NetworkConfiguration = .unet(UNetConfiguration()),
    discriminator: NetworkConfiguration = .patch(PatchConfiguration()), distanceWeight: Double = 100,
    adversarialWeight: Double = 1
  ) {
    self.generator = generator
    self.discriminator = discriminator
    self.distanceWeight = distanceWeight
    self.adversarialWeight = adversarialWeight
  }
}

/// Translation between two sets of images without known answers, there and back.
///
/// Reference: [Zhu et al. 2017](https://arxiv.org/abs/1703.10593), equation 3.
public struct CycleConfiguration: Sendable, Equatable {
  /// Of both directions: `resnet` or `unet`.
  public var generator: NetworkConfiguration
  /// Of both sets: `patch`.
  public var discriminator: NetworkConfiguration
  /// λ, the weight of E |F(G(x)) − x| + E |G(F(y)) − y|.
  public var cycleWeight: Double
  /// The weight of E |G(y) − y| + E |F(x) − x|, times λ.
  public var identityWeight: Double
  /// Earlier fakes that a discriminator may be shown, half of the time; 0 for none.
  public var pool: Int

  public init(
    generator: NetworkConfiguration = .resnet(ResNetConfiguration()),
    discriminator: NetworkConfiguration = .patch(PatchConfiguration(normalization: .instance)),
    cycleWeight: Double = 10, identityWeight: Double = 0.5, pool: Int = 50
  ) {
    self.generator = generator
    self.discriminator = discriminator
    self.cycleWeight = cycleWeight
    self.identityWeight = identityWeight
    self.pool = pool
  }
}
