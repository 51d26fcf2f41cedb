import Models

/// Builds a run's configuration from the tree of a YAML document.
struct ConfigurationDecoder {
  private let root: SectionReader
  private let defaultName: String
  private let processor: Processor

  /// - Parameters:
  ///   - node: the document's root.
  ///   - defaultName: the run's name where the document has none.
  ///   - processor: what the configuration is to run on.
  /// - Throws: `ConfigurationError`.
  init(_ node: ConfigurationNode, defaultName: String, pathBase: PathBase, processor: Processor) throws {
    root = try SectionReader(node, path: "", place: node.place, pathBase: pathBase)
    self.defaultName = defaultName
    self.processor = processor
  }

  func decode() throws -> RunConfiguration {
    guard root.has("data") else {
      throw ConfigurationError.missingKey(
        root.place, key: "data", accepted: Catalog.entry("data", kind: nil)?.accepted ?? "a mapping")
    }
    let data = try DataDecoder(section: root.section("data")).decode()
    let penalties = try list(PenaltyKind.self)
    let kind = try root.section("model", defaultKind: ModelKind.gan.rawValue).known(ModelKind.self)
    let objective = try self.objective(kind)
    let schedule = try self.schedule(objective)
    var configuration = RunConfiguration(
      name: try root.name("name", derived: defaultName), data: data,
      model: try model(data, objective, penalties), objective: objective, penalties: penalties,
      techniques: try list(TechniqueKind.self),
      optimizers: try optimizers(), schedule: schedule, measures: try measures(),
      sampling: SamplingConfiguration(truncation: try root.section("sampling").optionalNumber("truncation")),
      alerts: try root.rules("alerts"), seed: try root.unsigned("seed"), threads: try root.optionalInteger("threads"),
      precision: try root.choice("precision"))
    configuration.eventFiles = try root.flag("event-files")
    try ConfigurationChecker(root: root, configuration: configuration, processor: processor).check()
    return configuration
  }

  private func objective(_ model: ModelKind) throws -> ObjectiveConfiguration {
    let standard = model == .cyclegan ? ObjectiveKind.leastSquares : .nonSaturating
    let section = try root.section("objective", defaultKind: standard.rawValue)
    switch try section.known(ObjectiveKind.self) {
    case .minimax: return .minimax
    case .nonSaturating: return .nonSaturating
    case .wasserstein: return .wasserstein
    case .hinge: return .hinge
    case .leastSquares:
      return .leastSquares(
        fake: try section.number("fake-label"), real: try section.number("real-label"),
        target: try section.number("target-label"))
    }
  }

  /// A list of elements that have nothing but numbers.
  private func list<Kind: ParameterizedKind>(_ type: Kind.Type) throws -> [Parameterized<Kind>] {
    let path = Kind.section
    guard let list = root.node(path) else { return [] }
    guard case .sequence(let elements) = list.content else {
      throw ConfigurationError.wrongValue(
        list.place, key: path, found: list.quoted, accepted: Catalog.entry(path, kind: nil)?.accepted ?? "a list")
    }
    let accepted = ValueType.choice(Kind.allCases.map(\.rawValue)).accepted
    var found: [Parameterized<Kind>] = []
    for element in elements {
      let kindNode: ConfigurationNode
      if case .scalar = element.content {
        kindNode = element
      } else if let written = element["kind"] {
        kindNode = written
      } else {
        throw ConfigurationError.missingKey(element.place, key: "\(path).kind", accepted: accepted)
      }
      guard case .scalar(let text, _) = kindNode.content, let kind = Kind(rawValue: text) else {
        throw ConfigurationError.wrongValue(
          kindNode.place, key: "\(path).kind", found: kindNode.quoted, accepted: accepted)
      }
      guard !found.has(kind) else {
        throw ConfigurationError.conflict(element.place, key: path, .repeatedElement(kind: kind.rawValue))
      }
      let section = try SectionReader(element: element, of: path, kind: kind.rawValue, pathBase: root.pathBase)
      var values: [String: Double] = [:]
      for parameter in kind.parameters {
        if case .integer = parameter.accepted {
          values[parameter.key] = Double(try section.integer(parameter.key))
        } else {
          values[parameter.key] = try section.number(parameter.key)
        }
      }
      found.append(Parameterized(kind, values))
    }
    return found
  }

  private func schedule(_ objective: ObjectiveConfiguration) throws -> ScheduleConfiguration {
    let section = try root.section("schedule")
    return ScheduleConfiguration(
      batch: try section.integer("batch"),
      discriminatorSteps: try section.integer("discriminator-steps", derived: objective == .wasserstein ? 5 : 1),
      updates: try section.choice("updates"), steps: try section.integer("steps"),
      checkpointEvery: try section.integer("checkpoint-every"),
      keepCheckpoints: try section.integer("keep-checkpoints"),
      keepBest: section.isAbsent("keep-best") ? nil : try section.choice("keep-best"),
      rewindMemory: try section.integer("rewind-memory"),
      pace: section.isAbsent("pace") ? nil : try section.number("pace"))
  }

  private func measures() throws -> MeasureConfiguration {
    let section = try root.section("measures")
    return MeasureConfiguration(
      every: try section.integer("every"), samples: try section.integer("samples"),
      neighbours: try section.integer("neighbours"), clusters: try section.integer("clusters"))
  }

  private func optimizers() throws -> OptimizersConfiguration {
    let section = try root.section("optimizers")
    return OptimizersConfiguration(
      generator: try optimizer(section.section("generator", defaultKind: OptimizerKind.adam.rawValue)),
      discriminator: try optimizer(section.section("discriminator", defaultKind: OptimizerKind.adam.rawValue)))
  }

  private func optimizer(_ section: SectionReader) throws -> OptimizerConfiguration {
    let rule: UpdateRule =
      switch try section.known(OptimizerKind.self) {
      case .sgd: .sgd(momentum: try section.number("momentum"))
      case .rmsprop:
        .rmsprop(
          decay: try section.number("decay"), epsilon: try section.number("epsilon"),
          momentum: try section.number("momentum"))
      case .adam:
        .adam(
          beta1: try section.number("beta1"), beta2: try section.number("beta2"),
          epsilon: try section.number("epsilon"))
      }
    let scheduled = try section.section("rate-schedule", defaultKind: RateScheduleKind.constant.rawValue)
    let rateSchedule: RateSchedule =
      switch try scheduled.known(RateScheduleKind.self) {
      case .constant: .constant
      case .linear: .linear(final: try scheduled.number("final"))
      case .cosine: .cosine(final: try scheduled.number("final"))
      }
    return OptimizerConfiguration(
      rule: rule, rate: try section.number("rate"), clipNorm: try section.optionalNumber("clip-norm"),
      rateSchedule: rateSchedule)
  }

  private func model(
    _ data: DataConfiguration, _ objective: ObjectiveConfiguration, _ penalties: [PenaltyConfiguration]
  ) throws -> ModelConfiguration {
    let section = try root.section("model", defaultKind: ModelKind.gan.rawValue)
    switch try section.known(ModelKind.self) {
    case .gan:
      let latent = try section.section("latent")
      let generator = try section.section("generator", defaultKind: NetworkKind.mlp.rawValue)
      let discriminator = try section.section("discriminator", defaultKind: NetworkKind.mlp.rawValue)
      let isPenalized = penalties.contains { $0.kind.isOnSlope }
      let condition = try section.section("condition", defaultKind: ConditionKind.none.rawValue)
      return .gan(
        AdversarialConfiguration(
          latent: LatentConfiguration(
            dimension: try latent.integer("dimension", derived: data.kind.isPoints ? 2 : 100),
            distribution: try latent.choice("distribution")),
          generator: try NetworkDecoder(section: generator).decode(convolutionNormalization: nil),
          output: try output(generator, data),
          discriminator: try NetworkDecoder(section: discriminator, equilibriumScore: objective.equilibriumScore)
            .decode(convolutionNormalization: isPenalized ? .layer : .batch),
          shareFakes: try section.flag("share-fakes"), condition: try self.condition(condition),
          code: section.isAbsent("code") ? nil : try code(section.section("code")),
          average: section.isAbsent("average")
            ? nil : AverageConfiguration(decay: try section.section("average").number("decay")),
          growth: section.isAbsent("growth") ? nil : try growth(section.section("growth"))))
    case .bigan: return .bigan(try bidirectional(section, data))
    case .pix2pix:
      let networks = try translation(section, generator: .unet, normalization: .batch)
      return .pix2pix(
        PairedTranslationConfiguration(
          generator: networks.generator, discriminator: networks.discriminator,
          distanceWeight: try section.number("distance-weight"),
          adversarialWeight: try section.number("adversarial-weight")))
    case .cyclegan:
      let networks = try translation(section, generator: .resnet, normalization: .instance)
      return .cyclegan(
        CycleConfiguration(
          generator: networks.generator, discriminator: networks.discriminator,
          cycleWeight: try section.number("cycle-weight"), identityWeight: try section.number("identity-weight"),
          pool: try section.integer("pool")))
    }
  }
}

extension ConfigurationDecoder {
  private func bidirectional(
    _ section: SectionReader, _ data: DataConfiguration
  ) throws -> BidirectionalConfiguration {
    let latent = try section.section("latent")
    let generator = try section.section("generator", defaultKind: NetworkKind.mlp.rawValue)
    let others = try ["encoder", "discriminator"].map { key in
      try NetworkDecoder(section: section.section(key, defaultKind: NetworkKind.mlp.rawValue))
        .decode(convolutionNormalization: .batch)
    }
    return BidirectionalConfiguration(
      latent: LatentConfiguration(
        dimension: try latent.integer("dimension", derived: data.kind.isPoints ? 2 : 100),
        distribution: try latent.choice("distribution")),
      generator: try NetworkDecoder(section: generator).decode(convolutionNormalization: nil),
      output: try output(generator, data), encoder: others[0],
      discriminator: others[1], jointHidden: try section.integers("joint-hidden"))
  }

  /// What the generator's last layer is passed through. A translator's own is refused later, with the network.
  private func output(_ generator: SectionReader, _ data: DataConfiguration) throws -> OutputActivation {
    let kind = try generator.known(NetworkKind.self)
    if kind.isTranslation { return .tanh }
    if kind == .dirac { return .linear }
    return try generator.choice("output", derived: data.kind.isPoints || kind.isProgressive ? .linear : .tanh)
  }

  /// The networks of a translation.
  private func translation(
    _ section: SectionReader, generator kind: NetworkKind, normalization: NormalizationKind
  ) throws -> (generator: NetworkConfiguration, discriminator: NetworkConfiguration) {
    let generator = try section.section("generator", defaultKind: kind.rawValue)
    let discriminator = try section.section("discriminator", defaultKind: NetworkKind.patch.rawValue)
    return (
      try NetworkDecoder(section: generator).decode(convolutionNormalization: nil),
      try NetworkDecoder(section: discriminator).decode(convolutionNormalization: normalization)
    )
  }

  private func condition(_ section: SectionReader) throws -> ConditionConfiguration {
    switch try section.known(ConditionKind.self) {
    case .none: .none
    case .concatenation: .concatenation
    case .projection: .projection
    case .auxiliary: .auxiliary(weight: try section.number("weight"))
    }
  }

  private func growth(_ section: SectionReader) throws -> GrowthConfiguration {
    GrowthConfiguration(
      start: try section.integer("start"), fadeSteps: try section.integer("fade-steps"),
      stableSteps: try section.integer("stable-steps"))
  }

  private func code(_ section: SectionReader) throws -> CodeConfiguration {
    CodeConfiguration(
      categories: try section.integer("categories"), continuous: try section.integer("continuous"),
      weight: try section.number("weight"))
  }
}

extension SectionReader {
  /// The section's kind as an enumeration's case.
  func known<T: RawRepresentable<String>>(_ type: T.Type) throws -> T {
    guard let kind, let value = T(rawValue: kind) else { throw ConfigurationError.unlistedKey(fullPath("kind")) }
    return value
  }
}

/// Builds a player's network.
struct NetworkDecoder {
  let section: SectionReader
  /// What a discriminator says where nothing is left to be told apart.
  var equilibriumScore = 0.0

  /// - Parameter convolutionNormalization: what a DCGAN without a word about it has; nil for the catalog's.
  func decode(convolutionNormalization: NormalizationKind?) throws -> NetworkConfiguration {
    switch try section.known(NetworkKind.self) {
    case .mlp:
      return .mlp(
        MLPConfiguration(
          hidden: try section.integers("hidden"), activation: try activation(),
          normalization: try section.choice("normalization"), dropout: try section.number("dropout"),
          initializer: try initializer(.he), spectral: try spectral(false)))
    case .maxout:
      return .maxout(
        MaxoutConfiguration(
          hidden: try section.integers("hidden"), pieces: try section.integer("pieces"),
          initializer: try initializer(.normal), spectral: try spectral(false)))
    case .dcgan:
      let isSpectral = try spectral(false)
      return .dcgan(
        DCGANConfiguration(
          features: try section.integer("features"), activation: try activation(),
          normalization: try section.choice(
            "normalization", derived: convolutionNormalization.map { isSpectral ? .none : $0 }),
          initializer: try initializer(.normal), spectral: isSpectral))
    case .residual:
      return .residual(
        ResidualConfiguration(
          features: try section.integer("features"), activation: try activation(),
          normalization: try section.choice("normalization"), initializer: try initializer(.xavier),
          spectral: try spectral(convolutionNormalization != nil), attention: try section.optionalInteger("attention")))
    case .bigGAN:
      return .bigGAN(
        BigGANConfiguration(
          features: try section.integer("features"), embedding: try section.integer("embedding"),
          initializer: try initializer(.orthogonal), spectral: try spectral(true),
          attention: try section.optionalInteger("attention")))
    case .progressive:
      return .progressive(
        ProgressiveConfiguration(
          features: try section.integer("features"), mostFeatures: try section.integer("most-features")))
    case .style:
      return .style(
        StyleConfiguration(
          features: try section.integer("features"), mostFeatures: try section.integer("most-features"),
          mappingDepth: try section.integer("mapping-depth"), styleDimension: try section.integer("style-dimension"),
          mixing: try section.number("mixing"), truncation: try section.number("truncation")))
    case .unet:
      return .unet(
        UNetConfiguration(
          features: try section.integer("features"), depth: try section.optionalInteger("depth"),
          dropout: try section.number("dropout"), normalization: try section.choice("normalization")))
    case .resnet:
      return .resnet(
        ResNetConfiguration(
          features: try section.integer("features"), blocks: try section.optionalInteger("blocks"),
          normalization: try section.choice("normalization")))
    case .dirac:
      let isJudge = Catalog.keys(of: section.path, kind: section.kind).contains("offset")
      return .dirac(
        DiracConfiguration(
          start: try section.number("start"),
          offset: isJudge ? try section.number("offset", derived: equilibriumScore) : 0))
    case .layers:
      return .layers(
        LayersConfiguration(
          layers: try LayersDecoder(section).decode(), initializer: try initializer(.he), spectral: try spectral(false))
      )
    case .patch:
      return .patch(
        PatchConfiguration(
          receptiveField: try section.integer("receptive-field"), features: try section.integer("features"),
          normalization: try section.choice("normalization", derived: convolutionNormalization ?? .batch)))
    }
  }

  private func spectral(_ derived: Bool) throws -> Bool { try section.flag("spectral-normalization", derived: derived) }

  private func activation() throws -> ActivationConfiguration { try section.activation("activation") }

  private func initializer(_ standard: InitializerKind) throws -> InitializerConfiguration {
    let initializer = try section.section("initializer", defaultKind: standard.rawValue)
    switch try initializer.known(InitializerKind.self) {
    case .normal: return .normal(deviation: try initializer.number("deviation"))
    case .xavier: return .xavier(gain: try initializer.number("gain"))
    case .he: return .he(gain: try initializer.number("gain"))
    case .orthogonal: return .orthogonal(gain: try initializer.number("gain"))
    }
  }
}
