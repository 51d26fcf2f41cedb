import Models

/// Refuses values that are fine alone and impossible together, or on this processor.
struct ConfigurationChecker {
  let root: SectionReader
  let configuration: RunConfiguration
  let processor: Processor

  /// Image sizes that the DCGAN networks are built for.
  static let convolutionSizes = [8, 16, 28, 32, 56, 64, 112, 128]
  /// Those that progressive networks are built for: 4 doubled again and again.
  static let progressiveSizes = [4, 8, 16, 32, 64, 128, 256]
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
      try checkGrowth(gan)
      try checkTechniques()
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

  private func check(network: NetworkConfiguration, of player: String, inputs: Double) throws {
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
    case .images(let size, _) where network.kind.hasConvolutions:
      let accepted = network.kind.isProgressive ? Self.progressiveSizes : Self.convolutionSizes
      guard accepted.contains(size) else {
        throw conflict(
          ["model", player, "kind"],
          .convolutionSize(network: network.kind.rawValue, size: size, accepted: accepted))
      }
    default: break
    }
    let outputs = player == "generator" ? Double(sampleCount) : 1
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
    let base = size % 7 == 0 ? 7 : 4
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
