import Models

/// The keys of how a run trains and what it measures.
extension Catalog {
  static let objective = [
    CatalogEntry(
      "objective", .section(kinds: names(ObjectiveKind.self)),
      .derived("non-saturating; least-squares for cyclegan"), "the game of the two players"),
    CatalogEntry(
      "objective.kind", .choice(names(ObjectiveKind.self)),
      .derived("non-saturating; least-squares for cyclegan"), "the kind of game"),
    CatalogEntry(
      "objective.real-label", .number(.any), .value("1"), kinds: ["least-squares"],
      "b, what the discriminator answers to data"),
    CatalogEntry(
      "objective.fake-label", .number(.any), .value("0"), kinds: ["least-squares"],
      "a, what the discriminator answers to fakes"),
    CatalogEntry(
      "objective.target-label", .number(.any), .value("1"), kinds: ["least-squares"],
      "c, the answer to its fakes that the generator aims at"),
  ]

  static let penalties = list(
    PenaltyKind.self, "what constrains the discriminator, and the weights of both networks")
  static let techniques = list(TechniqueKind.self, "ways to train beside the plain game")

  /// A list of elements that have nothing but numbers.
  private static func list<Kind: ParameterizedKind>(_ type: Kind.Type, _ explanation: String) -> [CatalogEntry] {
    let kinds = Kind.allCases.map(\.rawValue)
    return [
      CatalogEntry(Kind.section, .list(kinds: kinds), .value("[]"), explanation),
      CatalogEntry("\(Kind.section).kind", .choice(kinds), .required, "the kind of each element"),
    ]
      + Kind.allCases.flatMap { kind in
        kind.parameters.map { parameter in
          CatalogEntry(
            Parameterized<Kind>.id(kind, parameter.key), ValueType(parameter.accepted),
            .value(decimal(parameter.standard)), parameter.explanation)
        }
      }
  }

  static func optimizer(_ player: String) -> [CatalogEntry] {
    let section = "optimizers.\(player)"
    func rate(_ kind: OptimizerKind, _ value: String) -> CatalogEntry {
      CatalogEntry("\(section).rate", .number(.positive), .value(value), kinds: [kind.rawValue], "learning rate")
    }
    let top =
      player == "generator"
      ? [CatalogEntry("optimizers", .section(kinds: []), .derived("its defaults"), "how the weights are updated")] : []
    return top + [
      CatalogEntry(
        section, .section(kinds: names(OptimizerKind.self)), .value("adam"), "updates of the \(player)'s weights"),
      CatalogEntry("\(section).kind", .choice(names(OptimizerKind.self)), .value("adam"), "the update rule"),
      rate(.adam, "0.0002"), rate(.rmsprop, "0.00005"), rate(.sgd, "0.01"),
      CatalogEntry(
        "\(section).beta1", .number(.belowOne), .value("0.5"), kinds: ["adam"], "decay of the mean gradient"),
      CatalogEntry(
        "\(section).beta2", .number(.belowOne), .value("0.999"), kinds: ["adam"], "decay of the mean squared gradient"),
      CatalogEntry(
        "\(section).decay", .number(.belowOne), .value("0.99"), kinds: ["rmsprop"],
        "decay of the mean squared gradient"),
      CatalogEntry(
        "\(section).momentum", .number(.belowOne), .value("0"), kinds: ["rmsprop", "sgd"],
        "share of the last update that is repeated"),
      CatalogEntry(
        "\(section).epsilon", .number(.positive), .value("1e-8"), kinds: ["adam", "rmsprop"],
        "added to the root that divides the gradient"),
      CatalogEntry(
        "\(section).clip-norm", .number(.positive), .absent("none"),
        "largest norm of the player's gradient; a longer one is scaled down"),
      CatalogEntry(
        "\(section).rate-schedule", .section(kinds: names(RateScheduleKind.self)), .value("constant"),
        "how the learning rate falls over the run's steps"),
      CatalogEntry(
        "\(section).rate-schedule.kind", .choice(names(RateScheduleKind.self)), .value("constant"),
        "the form of the fall"),
      CatalogEntry(
        "\(section).rate-schedule.final", .number(.fraction), .value("0"), kinds: ["linear", "cosine"],
        "the factor at the last step"),
    ]
  }

  static let schedule = [
    CatalogEntry("schedule", .section(kinds: []), .derived("its defaults"), "how long the run trains"),
    CatalogEntry("schedule.batch", .integer(1...1_000_000), .value("64"), "samples in a batch"),
    CatalogEntry(
      "schedule.discriminator-steps", .integer(1...100), .derived("5 for wasserstein, 1 for others"),
      "discriminator updates in a step, before its one generator update"),
    CatalogEntry(
      "schedule.updates", .choice(names(UpdateOrder.self)), .value("alternating"),
      "whether the generator meets the discriminator that a step has just updated, or both move from the old weights"),
    CatalogEntry("schedule.steps", .integer(1...1_000_000_000), .value("20000"), "steps of the run"),
    CatalogEntry(
      "schedule.checkpoint-every", .integer(1...1_000_000_000), .value("1000"), "steps between two checkpoints"),
    CatalogEntry(
      "schedule.keep-checkpoints", .integer(1...10_000), .value("5"), "newest checkpoints kept; older ones are thinned"),
    CatalogEntry(
      "schedule.keep-best", .choice(names(BestMeasure.self)), .absent("none"),
      "the measurement whose best checkpoint is kept too, however old it is"),
    CatalogEntry(
      "schedule.rewind-memory", .integer(0...1_000_000), .value("64"), "megabytes of moments in memory to go back to"),
    CatalogEntry(
      "schedule.pace", .number(.from(0.1, to: 1e6)), .absent("none"),
      "steps a second at most, for who watches a small game; none is as fast as it goes"),
  ]

  static let sampling = [
    CatalogEntry(
      "sampling", .section(kinds: []), .derived("its defaults"),
      "how samples are drawn, for pictures, measures and files"),
    CatalogEntry(
      "sampling.truncation", .number(.from(0.01, to: SamplingConfiguration.noTruncation)), .absent("none"),
      "normal latents are drawn between plus and minus this (BigGAN's truncation); training draws all of them"),
  ]

  static let measures = [
    CatalogEntry("measures", .section(kinds: []), .derived("its defaults"), "what is measured beside the training"),
    CatalogEntry("measures.every", .integer(1...1_000_000_000), .value("500"), "steps between two measurements"),
    CatalogEntry("measures.samples", .integer(100...1_000_000), .value("2500"), "generated samples of a measurement"),
    CatalogEntry(
      "measures.neighbours", .integer(1...100), .value("4"), "k of the k-nearest-neighbour entropy"),
    CatalogEntry(
      "measures.clusters", .integer(1...1000), .value("20"), "k-means clusters of real data, for the effective number"),
  ]
}
