import Foundation
import Models
import Testing

@testable import Runs

private let sample = """
  data: { kind: ring, modes: 8, radius: 3 }
  objective: { kind: least-squares, real-label: 0.9 }
  penalties: [ { kind: gradient-penalty, weight: 0.1 } ]
  model: { generator: mlp, average: none }
  optimizers: { generator: { kind: adam, beta1: 0.4 } }
  """

private func configuration(_ overrides: String...) throws -> RunConfiguration {
  try RunConfiguration(yaml: sample, file: "x.yaml", overrides: overrides)
}

@Suite struct OverrideTests {
  @Test func replacesAndAddsValues() throws {
    #expect(try configuration("schedule.batch=64").schedule.batch == 64)
    #expect(try configuration("data.modes = 4").data.source == .ring(modes: 4, radius: 3, deviation: 0.02))
    #expect(try configuration("seed=1", "seed=2").seed == 2)
    #expect(try configuration("model.average.decay=0.99").average == AverageConfiguration(decay: 0.99))
    #expect(try configuration("optimizers.generator.clip-norm=none").optimizers.generator.clipNorm == nil)
    #expect(
      try configuration("optimizers.discriminator.rate-schedule=cosine").optimizers.discriminator.rateSchedule
        == .cosine(final: 0))
    #expect(
      try configuration(
        "optimizers.discriminator.rate-schedule.kind=linear",
        "optimizers.discriminator.rate-schedule.final=0.1"
      ).optimizers.discriminator.rateSchedule == .linear(final: 0.1))
  }

  @Test func takesYAMLInBracketsAndBraces() throws {
    let network = try configuration("model.generator={ kind: mlp, hidden: [7, 9] }").generator
    #expect(network == .mlp(MLPConfiguration(hidden: [7, 9])))
    #expect(try configuration("model.generator.hidden=[32]").generator == .mlp(MLPConfiguration(hidden: [32])))
    #expect(try configuration("penalties=[]").penalties == [])
    #expect(try configuration("name='my-run'").name == "my-run")
  }

  @Test func reachesPenaltiesByKind() throws {
    #expect(
      try configuration("penalties.gradient-penalty.weight=1").penalties
        == [.gradientPenalty(weight: 1, target: 1)])
    #expect(try configuration("penalties.gradient-penalty=none").penalties == [])
    #expect(
      try configuration("penalties.gradient-penalty={ target: 0 }").penalties
        == [.gradientPenalty(weight: 10, target: 0)])
    #expect(
      try configuration("penalties=[]", "penalties.weight-clipping.limit=0.1", "objective=wasserstein").penalties
        == [.weightClipping(limit: 0.1)])
    let without = try RunConfiguration(
      yaml: "data: ring", file: "x.yaml", overrides: ["penalties.gradient-penalty.weight=2"])
    #expect(without.penalties == [.gradientPenalty(weight: 2, target: 1)])
  }

  @Test func aKindOfTheCommandLineLeavesOutTheOldKindsKeys() throws {
    let folder = try TemporaryFolder()
    try folder.write("x.yaml", sample)
    let search = ConfigurationSearch(executable: nil, environment: [:], workingDirectory: folder.path)
    let resolved = try search.resolve("x.yaml", overrides: ["data.kind=grid", "data.side=3", "objective.kind=hinge"])
    #expect(resolved.configuration.data.source == .grid(side: 3, spacing: 2, deviation: 0.05))
    #expect(resolved.configuration.objective == .hinge)
    #expect(
      resolved.warnings == [
        .dropped(keys: ["data.modes", "data.radius"], by: "--set data.kind=grid"),
        .dropped(keys: ["objective.real-label"], by: "--set objective.kind=hinge"),
      ])
    #expect(
      resolved.warnings.first?.description
        == "--set data.kind=grid leaves out data.modes, data.radius, which it does not have")
  }

  @Test(arguments: [
    ("schedule.btach=64", "--set schedule.btach=64: unknown key; did you mean \"batch\"?"),
    (
      "generator.rate=1",
      "--set generator.rate=1: unknown key; did you mean \"optimizers.generator.rate\"?"
    ),
    ("schedul.batch=64", "--set schedul.batch=64: schedul: unknown key; did you mean \"schedule\"?"),
    (
      "schedule.batch=few",
      "--set schedule.batch=few: expected a whole number from 1 to 1000000, found \"few\""
    ),
    ("schedule.batch=", "--set schedule.batch=: expected a whole number from 1 to 1000000, found nothing"),
    ("schedule.batch", "--set schedule.batch: expected key=value, such as --set schedule.batch=64"),
    ("=64", "--set =64: expected key=value, such as --set schedule.batch=64"),
    ("schedule..batch=64", "--set schedule..batch=64: expected key=value, such as --set schedule.batch=64"),
    ("seed.low=1", "--set seed.low=1: seed is a value without keys of its own; set it whole"),
    (
      "model.generator.hidden.0=1",
      "--set model.generator.hidden.0=1: model.generator.hidden is a value without keys of its own; set it whole"
    ),
    (
      "penalties.gradient-penalty.wieght=1",
      "--set penalties.gradient-penalty.wieght=1: unknown key; did you mean \"weight\"?"
    ),
    (
      "penalties.gradientpenalty.weight=1",
      "--set penalties.gradientpenalty.weight=1: penalties.gradientpenalty: unknown key; did you mean"
        + " \"gradient-penalty\"?"
    ),
    (
      "penalties.gradient-penalty=1",
      "--set penalties.gradient-penalty=1: expected its keys in braces, or none to remove it, found \"1\""
    ),
    (
      "model.generator={ kind: mlp",
      "--set model.generator={ kind: mlp: is not valid YAML: did not find expected"
        + " ',' or '}'"
    ),
    ("optimizers.generator.rate=-1", "--set optimizers.generator.rate=-1: expected a number above 0, found \"-1\""),
    (
      "objective=minmax",
      "--set objective=minmax: expected a mapping with a kind: minimax, non-saturating,"
        + " wasserstein, least-squares or hinge, found \"minmax\""
    ),
    (
      "model.generator.kind=dcgan",
      "--set model.generator.kind=dcgan: dcgan makes and judges images, and ring data"
        + " are points; use kind: mlp"
    ),
  ])
  func errorsNameTheOption(option: String, sentence: String) {
    let overrides = option == "seed.low=1" ? ["seed=1", option] : [option]
    let error = #expect(throws: ConfigurationError.self) {
      try RunConfiguration(
        yaml: sample, file: "x.yaml",
        overrides: option.contains("hidden.0") ? ["model.generator.hidden=[1]", option] : overrides)
    }
    #expect(error?.description == sentence)
  }

  @Test func whatIsUnwiseIsSaidAndAccepted() throws {
    let search = ConfigurationSearch(executable: nil, environment: [:], workingDirectory: "/")
    func warnings(_ overrides: String...) throws -> [ConfigurationWarning] {
      try search.resolve("ring8", overrides: overrides).warnings
    }
    #expect(try warnings("model.generator.output=tanh") == [.boundedOutputOnPoints])
    let clipped = ["objective=wasserstein", "penalties=[weight-clipping]"]
    #expect(
      try warnings(clipped[0], clipped[1]) == [.momentumWithClipping(key: "optimizers.discriminator.beta1")])
    #expect(
      try warnings(clipped[0], clipped[1], "optimizers.discriminator={ kind: sgd, momentum: 0.5 }")
        == [.momentumWithClipping(key: "optimizers.discriminator.momentum")])
    #expect(try warnings(clipped[0], clipped[1], "optimizers.discriminator=rmsprop") == [])
  }

  @Test func optionsOfTheirOwnAreNamed() throws {
    let search = ConfigurationSearch(executable: nil, environment: [:], workingDirectory: "/")
    let resolved = try search.resolve("ring8", seed: "9", steps: "400", name: "again", threads: "2")
    #expect(resolved.configuration.seed == 9)
    #expect(resolved.configuration.schedule.steps == 400)
    #expect(resolved.configuration.name == "again")
    #expect(resolved.configuration.threads == 2)
    let error = #expect(throws: ConfigurationError.self) { try search.resolve("ring8", steps: "0") }
    #expect(error?.description == "--steps 0: expected a whole number from 1 to 1000000000, found \"0\"")
  }
}

extension RunConfiguration {
  fileprivate var gan: AdversarialConfiguration? { if case .gan(let gan) = model { gan } else { nil } }
  fileprivate var generator: NetworkConfiguration? { gan?.generator }
  fileprivate var average: AverageConfiguration? { gan?.average }
}
