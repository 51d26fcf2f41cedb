import Models

/// Refuses values that are fine alone and impossible together, or on this processor.
struct ConfigurationChecker {
  let root: SectionReader
  let configuration: RunConfiguration
  let processor: Processor

  /// Image sizes that the DCGAN networks are built for.
  static let convolutionSizes = [8, 16, 28, 32, 56, 64, 112, 128]
  /// The weights of one network, at most: a gigabyte of them, and Adam needs three more.
  static let weightLimit = 0.25e9

  /// - Throws: `ConfigurationError.conflict`.
  func check() throws {
    switch configuration.model {
    case .gan(let gan):
      try check(network: gan.generator, of: "generator", inputs: Double(gan.latent.dimension))
      try check(network: gan.discriminator, of: "discriminator", inputs: Double(sampleCount))
      try checkConstraints(critic: gan.discriminator)
      try checkConditions(gan)
    case .bigan(let bigan):
      let latent = Double(bigan.latent.dimension)
      try check(network: bigan.generator, of: "generator", inputs: latent)
      try check(network: bigan.encoder, of: "encoder", inputs: Double(sampleCount), outputs: latent)
      try check(network: bigan.discriminator, of: "discriminator", inputs: Double(sampleCount) + latent)
      try checkUnsupported(techniques: [.labelSmoothing, .noisyLabels, .criticSchedule])
      try checkConstraints(critic: bigan.discriminator)
    case .pix2pix(let pix2pix):
      try checkPairs()
      try checkTranslation(pix2pix.generator, pix2pix.discriminator)
      try checkUnsupported(techniques: [.labelSmoothing, .noisyLabels, .criticSchedule])
      try checkConstraints(critic: pix2pix.discriminator)
    case .cyclegan(let cyclegan):
      try checkPairs()
      try checkTranslation(cyclegan.generator, cyclegan.discriminator)
      try checkUnsupported(techniques: [.labelSmoothing, .criticSchedule])
      try checkConstraints(critic: cyclegan.discriminator)
    }
    if case .pairs(let pairs) = configuration.data.source, let held = pairs.heldOut, held > 1, held != held.rounded() {
      throw conflict(["data", "held-out"], .unknownHeldOut(held))
    }
    if configuration.precision == .bf16 {
      guard configuration.model.hasConvolutions else { throw conflict(["precision"], .precisionWithoutConvolutions) }
      guard processor.hasBF16 else { throw conflict(["precision"], .precisionWithoutInstructions) }
    }
    if case .leastSquares(let fake, let real, _) = configuration.objective, fake == real {
      throw conflict(["objective", "real-label"], .equalLabels(real))
    }
    let measures = configuration.measures
    if measures.neighbours >= measures.samples {
      throw conflict(
        ["measures", "neighbours"], .tooFewSamples(samples: measures.samples, needed: measures.neighbours + 1))
    }
    if measures.clusters > measures.samples {
      throw conflict(["measures", "clusters"], .tooFewSamples(samples: measures.samples, needed: measures.clusters))
    }
  }

  /// Numbers in one sample, 2 where a file must tell.
  private var sampleCount: Int {
    switch configuration.data.shape {
    case .points(let dimension): dimension ?? 2
    case .images(let size, let channels): size * size * channels
    }
  }

  private func check(
    network: NetworkConfiguration, of player: String, inputs: Double, outputs wanted: Double? = nil
  ) throws {
    try checkKind(network, of: player)
    func require(weights: Double, _ key: String) throws {
      guard weights <= Self.weightLimit else {
        throw conflict(["model", player, key], .tooManyWeights(count: weights, limit: Self.weightLimit))
      }
    }
    switch configuration.data.shape {
    case .points where network.kind.hasConvolutions:
      throw conflict(
        ["model", player, "kind"],
        .convolutionsOnPoints(network: network.kind.rawValue, data: configuration.data.kind.rawValue))
    case .images(let size, _) where network.kind.hasConvolutions && !Self.convolutionSizes.contains(size):
      throw conflict(
        ["model", player, "kind"],
        .convolutionSize(network: network.kind.rawValue, size: size, accepted: Self.convolutionSizes))
    default: break
    }
    let outputs = wanted ?? (player == "generator" ? Double(sampleCount) : 1)
    switch network {
    // The widest pair of layers: 4 * features to 8 * features with 4x4 kernels, for 64 pixels.
    case .dcgan(let dcgan): try require(weights: 16 * 32 * Double(dcgan.features * dcgan.features), "features")
    case .residual(let residual):
      try require(weights: 2 * 9 * 64 * Double(residual.features * residual.features), "features")
    case .bigGAN(let bigGAN): try require(weights: 2 * 9 * 64 * Double(bigGAN.features * bigGAN.features), "features")
    case .unet, .resnet, .patch: return
    case .maxout(let maxout):
      let widths = [inputs] + maxout.hidden.map(Double.init) + [1]
      try require(
        weights: Double(maxout.pieces) * zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }, "hidden")
    case .mlp(let mlp):
      let widths = [inputs] + mlp.hidden.map(Double.init) + [outputs]
      try require(weights: zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }, "hidden")
    }
    if network.normalization == .batch, configuration.schedule.batch == 1 {
      throw conflict(["model", player, "normalization"], .batchNormalizationOfOne)
    }
  }

  /// Whether the model has a place for the network.
  private func checkKind(_ network: NetworkConfiguration, of player: String) throws {
    let model = configuration.model.kind
    let accepted =
      switch player {
      case "generator": model.generators
      case "discriminator": model.discriminators
      default: ModelKind.encoders
      }
    guard accepted.contains(network.kind) else {
      throw conflict(
        ["model", player, "kind"],
        .networkOfOtherModel(
          network: network.kind.rawValue, model: model.rawValue, accepted: accepted.map(\.rawValue)))
    }
  }

  private func checkPairs() throws {
    let model = configuration.model.kind
    guard case .pairs(let pairs) = configuration.data.source else {
      throw conflict(
        ["data", "kind"], .translationWithoutPairs(model: model.rawValue, data: configuration.data.kind.rawValue))
    }
    if model == .pix2pix, !pairs.isAligned {
      throw conflict(["data", "aligned"], .unalignedPairs(model: model.rawValue))
    }
  }

  private func checkTranslation(_ generator: NetworkConfiguration, _ discriminator: NetworkConfiguration) throws {
    try checkKind(generator, of: "generator")
    try checkKind(discriminator, of: "discriminator")
    guard case .images(let size, _) = configuration.data.shape else { return }
    func require(weights: Double, of player: String) throws {
      guard weights <= Self.weightLimit else {
        throw conflict(["model", player, "features"], .tooManyWeights(count: weights, limit: Self.weightLimit))
      }
    }
    let square = { (features: Int) in Double(features) * Double(features) }
    switch generator {
    case .unet(let unet):
      let depth = unet.depth ?? min(8, size.trailingZeroBitCount)
      guard depth <= size.trailingZeroBitCount else {
        throw conflict(["model", "generator", "depth"], .tooManyHalvings(depth: depth, size: size))
      }
      // Past the fourth level each has 8 to 8 times the features on the way down, 16 to 8 on the way up.
      try require(weights: 16 * 192 * Double(max(1, depth - 4)) * square(unet.features), of: "generator")
    case .resnet(let resnet):
      try require(
        weights: (2 * 144 * Double(resnet.blocks ?? 9) + 200) * square(resnet.features), of: "generator")
    default: break
    }
    if case .patch(let patch) = discriminator {
      guard patch.smallestSize <= size else {
        throw conflict(
          ["model", "discriminator", "receptive-field"],
          .patchesTooLarge(
            field: patch.receptiveField, size: size,
            accepted: PatchConfiguration.receptiveFields.filter {
              PatchConfiguration(receptiveField: $0).smallestSize <= size
            }))
      }
      try require(weights: 16 * 128 * square(patch.features), of: "discriminator")
    }
  }

  /// What the model's losses have no place for.
  private func checkUnsupported(techniques accepted: Set<TechniqueKind>) throws {
    let model = configuration.model.kind.rawValue
    if let penalty = configuration.penalties.first {
      throw conflict(["penalties"], .notWithModel(what: penalty.kind.rawValue, model: model))
    }
    if let technique = configuration.techniques.first(where: { !accepted.contains($0.kind) }) {
      throw conflict(["techniques"], .notWithModel(what: technique.kind.rawValue, model: model))
    }
  }

  /// What asks for classes, and what goes with them.
  private func checkConditions(_ gan: AdversarialConfiguration) throws {
    if gan.condition != .none, !configuration.data.source.mayHaveLabels {
      throw conflict(["model", "condition"], .conditionWithoutLabels(data: configuration.data.kind.rawValue))
    }
    if gan.generator.kind == .bigGAN, gan.condition == .none {
      throw conflict(["model", "generator", "kind"], .classesNeeded(network: gan.generator.kind.rawValue))
    }
    if gan.generator.kind == .residual, gan.condition != .none, gan.generator.normalization != .batch {
      throw conflict(["model", "generator", "normalization"], .conditionInBatchNormalization)
    }
    if let code = gan.code, code.dimension == 0 { throw conflict(["model", "code"], .emptyCode) }
    if gan.condition == .concatenation, configuration.techniques.has(.packing) {
      throw conflict(["techniques"], .packingWithClasses)
    }
  }

  private func checkConstraints(critic: NetworkConfiguration) throws {
    let kinds = Set(configuration.penalties.map(\.kind))
    if kinds.contains(where: \.isOnSlope), critic.normalization == .batch {
      throw conflict(["model", "discriminator", "normalization"], .batchNormalizationInPenalizedCritic)
    }
    if kinds.isSuperset(of: [.gradientPenalty, .weightClipping]) { throw conflict(["penalties"], .twoConstraints) }
    let objective = configuration.objective.kind
    if objective == .wasserstein, !kinds.contains(where: \.boundsSlope), !critic.hasSpectralNormalization {
      throw conflict(["objective", "kind"], .unconstrainedCritic)
    }
  }

  /// The conflict at the place of a key, or of the nearest section around it that was written.
  private func conflict(_ components: [String], _ conflict: ConfigurationConflict) -> ConfigurationError {
    var node: ConfigurationNode?
    var place = root.place
    for (depth, component) in components.enumerated() {
      if depth == 0 {
        place = root.place(of: component)
        node = root.node(component)
      } else if let entry = node?.entries?.first(where: { $0.key == component }) {
        place = entry.place
        node = entry.value
      } else {
        node = nil
      }
      if node == nil { break }
    }
    return .conflict(place, key: components.joined(separator: "."), conflict)
  }
}
