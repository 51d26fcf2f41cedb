import Models
import Networks
import Telemetry

/// Refuses values that are fine alone and impossible together, or on this processor.
struct ConfigurationChecker {
  let root: SectionReader
  let configuration: RunConfiguration
  let processor: Processor

  /// Those that progressive networks are built for: 4 doubled again and again.
  static let progressiveSizes = [4, 8, 16, 32, 64, 128, 256]
  /// The weights of one network, at most: a gigabyte of them, and Adam needs three more.
  static let weightLimit = 0.25e9

  private func checkAlerts() throws {
    for action in configuration.alerts.flatMap(\.actions) {
      guard case .set(let id, let value) = action else { continue }
      let known = HyperparameterSpecification.hyperparameters(of: configuration)
      guard let found = known.first(where: { $0.id == id }) else {
        throw ConfigurationError.conflict(
          root.place(of: "alerts"), key: "alerts", .alertSets(unknown: id, known: known.map(\.id)))
      }
      guard found.minimum <= value, value <= found.maximum else {
        throw ConfigurationError.conflict(
          root.place(of: "alerts"), key: "alerts",
          .alertSetsOutside(id, value: value, range: found.minimum...found.maximum))
      }
    }
  }

  /// - Throws: `ConfigurationError.conflict`.
  func check() throws {
    try checkAlerts()
    switch configuration.model {
    case .gan(let gan):
      try check(network: gan.generator, of: "generator", inputs: Double(gan.latent.dimension))
      try check(network: gan.discriminator, of: "discriminator", inputs: Double(sampleCount))
      try checkConstraints(critic: gan.discriminator)
      try checkDirac(gan)
      try checkConditions(gan)
      try checkGrowth(gan)
      try checkTechniques()
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
    try checkSelection()
    try checkTruncation()
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
    // Layers of one's own are checked one by one.
    case .points where network.kind.hasConvolutions:
      throw conflict(
        ["model", player, "kind"],
        .convolutionsOnPoints(network: network.kind.rawValue, data: configuration.data.kind.rawValue))
    case .images(let size, _) where network.kind.hasConvolutions:
      let accepted = network.kind.isProgressive ? Self.progressiveSizes : DCGAN.imageSizes
      guard accepted.contains(size) else {
        throw conflict(
          ["model", player, "kind"],
          .convolutionSize(network: network.kind.rawValue, size: size, accepted: accepted))
      }
    default: break
    }
    let outputs = wanted ?? (player == "generator" ? Double(sampleCount) : 1)
    switch network {
    // The widest pair of layers: 4 * features to 8 * features with 4x4 kernels, for 64 pixels.
    case .dcgan(let dcgan): try require(weights: 16 * 32 * Double(dcgan.features * dcgan.features), "features")
    case .residual(let residual):
      try require(weights: 2 * 9 * 64 * Double(residual.features * residual.features), "features")
      try checkAttention(residual.attention, of: player)
    case .bigGAN(let bigGAN):
      try require(weights: 2 * 9 * 64 * Double(bigGAN.features * bigGAN.features), "features")
      try checkAttention(bigGAN.attention, of: player)
    case .progressive(let progressive):
      try require(weights: progressiveWeights(progressive.mostFeatures), "most-features")
    case .style(let style):
      let width = Double(style.styleDimension)
      try require(weights: Double(style.mappingDepth) * width * max(width, inputs), "style-dimension")
      try require(weights: progressiveWeights(style.mostFeatures), "most-features")
    case .unet, .resnet, .patch, .dirac: return
    case .layers(let layers):
      let shapes = try checkLayers(layers, of: player)
      try require(weights: shapes.weights, "layers")
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

  /// Two convolutions of the greatest width at each of seven resolutions.
  private func progressiveWeights(_ mostFeatures: Int) -> Double {
    2 * 9 * 7 * Double(mostFeatures) * Double(mostFeatures)
  }

  /// What progressive networks can do, and what can grow.
  private func checkGrowth(_ gan: AdversarialConfiguration) throws {
    let networks = [("generator", gan.generator.kind), ("discriminator", gan.discriminator.kind)]
    for (_, kind) in networks where kind.isProgressive {
      guard gan.condition == .none else {
        throw conflict(["model", "condition"], .classesInProgressive(network: kind.rawValue))
      }
    }
    if gan.discriminator.kind.isProgressive, configuration.techniques.has(.minibatchDiscrimination) {
      throw conflict(["techniques"], .minibatchInProgressive)
    }
    guard let growth = gan.growth else { return }
    for (player, kind) in networks where !kind.isProgressive {
      throw conflict(["model", "growth"], .growthOf(player: player, network: kind.rawValue))
    }
    if case .images(let size, _) = configuration.data.shape, growth.start > size {
      throw conflict(["model", "growth", "start"], .growthBeyondData(start: growth.start, size: size))
    }
    for technique in configuration.techniques
    where technique.kind == .experienceReplay || technique.kind == .historicalAveraging {
      throw conflict(["techniques"], .growthWith(technique: technique.kind.rawValue))
    }
  }

  private func checkTechniques() throws {
    let techniques = configuration.techniques
    if techniques.has(.minibatchDiscrimination), techniques.has(.minibatchDeviation) {
      throw conflict(["techniques"], .twoMinibatchFeatures)
    }
    guard let labels = techniques[.labelSmoothing] else { return }
    switch configuration.objective.kind {
    case .minimax, .nonSaturating, .leastSquares: break
    case .wasserstein, .hinge:
      throw conflict(["techniques"], .labelsOfCritic(objective: configuration.objective.kind.rawValue))
    }
    guard labels["real"] > labels["fake"] else {
      throw conflict(["techniques"], .labelsOutOfOrder(real: labels["real"], fake: labels["fake"]))
    }
  }

  /// Self-attention follows one of the maps that a network has.
  private func checkAttention(_ extent: Int?, of player: String) throws {
    guard let extent, case .images(let size, _) = configuration.data.shape else { return }
    let base = DCGAN.base(ofSize: size)
    var accepted: [Int] = []
    var map = player == "generator" ? size : size / 2
    let smallest = player == "generator" ? 2 * base : base
    while map >= smallest {
      accepted.append(map)
      map /= 2
    }
    guard accepted.contains(extent) else {
      throw conflict(["model", player, "attention"], .noAttentionMap(extent: extent, accepted: accepted))
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
    if gan.generator.kind == .bigGAN, case .images(let size, _) = configuration.data.shape {
      let parts = (size / DCGAN.base(ofSize: size)).trailingZeroBitCount + 1
      let latent = gan.latent.dimension + (gan.code?.dimension ?? 0)
      if latent < parts {
        throw conflict(
          ["model", "latent", "dimension"], .latentTooShort(network: "biggan", latent: latent, parts: parts))
      }
    }
    if gan.generator.kind == .residual, gan.condition != .none, gan.generator.normalization != .batch {
      throw conflict(["model", "generator", "normalization"], .conditionInBatchNormalization)
    }
    if let code = gan.code, code.dimension == 0 { throw conflict(["model", "code"], .emptyCode) }
    let hasMarks = gan.condition != .none || gan.code != nil
    if hasMarks, configuration.techniques.has(.packing) { throw conflict(["techniques"], .packingWithClasses) }
    if hasMarks, configuration.techniques.has(.experienceReplay) { throw conflict(["techniques"], .replayWithClasses) }
  }

  private func checkConstraints(critic: NetworkConfiguration) throws {
    let kinds = Set(configuration.penalties.map(\.kind))
    if kinds.contains(where: \.isOnSlope), critic.normalization == .batch {
      throw conflict(["model", "discriminator", "normalization"], .batchNormalizationInPenalizedCritic)
    }
    if kinds.isSuperset(of: [.gradientPenalty, .weightClipping]) { throw conflict(["penalties"], .twoConstraints) }
    let objective = configuration.objective.kind
    if objective == .wasserstein, !kinds.contains(where: \.boundsSlope), !critic.hasSpectralNormalization {
      throw conflict(["objective", "kind"], .unconstrainedCritic(takesPenalties: configuration.model.kind == .gan))
    }
  }

  /// The conflict at the place of a key, or of the nearest section around it that was written.
  func conflict(_ components: [String], _ conflict: ConfigurationConflict) -> ConfigurationError {
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
