import Models
import Telemetry
import Testing

private let ring = RunConfiguration(
  name: "ring", data: DataConfiguration(source: .ring(modes: 8, radius: 2, deviation: 0.02)),
  model: .gan(
    AdversarialConfiguration(generator: .mlp(MLPConfiguration()), discriminator: .mlp(MLPConfiguration()))))

@Suite struct HyperparameterTests {
  @Test func everyRunHasItsRatesAndItsMeasureInterval() {
    let ids = HyperparameterSpecification.hyperparameters(of: ring).map(\.id)
    #expect(
      ids == [
        "optimizers.generator.rate", "optimizers.generator.beta1", "optimizers.generator.beta2",
        "optimizers.discriminator.rate", "optimizers.discriminator.beta1", "optimizers.discriminator.beta2",
        "schedule.discriminator-steps", "measures.every",
      ])
  }

  @Test func idsAreUniqueAndRangesHoldTheDefaults() {
    var full = ring
    full.penalties = [.gradientPenalty(weight: 10, target: 1), .weightClipping(limit: 0.01)]
    full.optimizers.generator.rule = .rmsprop(decay: 0.99, epsilon: 1e-8, momentum: 0)
    full.optimizers.discriminator.clipNorm = 1
    if case .gan(var gan) = full.model {
      gan.average = AverageConfiguration()
      full.model = .gan(gan)
    }
    let all = HyperparameterSpecification.all.map(\.id)
    #expect(Set(all).count == all.count)
    for hyperparameter in HyperparameterSpecification.hyperparameters(of: full) {
      #expect(hyperparameter.value >= hyperparameter.minimum && hyperparameter.value <= hyperparameter.maximum)
      #expect(!hyperparameter.explanation.isEmpty && !hyperparameter.title.isEmpty)
    }
  }

  @Test func everyHyperparameterReadsBackWhatWasSet() {
    var full = ring
    full.penalties = [.gradientPenalty(weight: 10, target: 1), .weightClipping(limit: 0.01)]
    full.optimizers.generator.rule = .sgd(momentum: 0.5)
    full.optimizers.generator.clipNorm = 1
    full.optimizers.discriminator.clipNorm = 1
    if case .gan(var gan) = full.model {
      gan.average = AverageConfiguration()
      full.model = .gan(gan)
    }
    for specification in HyperparameterSpecification.all {
      guard let old = full.hyperparameter(specification.id) else { continue }
      let new = specification.isInteger ? old + 1 : (old + specification.maximum) / 2
      #expect(full.setHyperparameter(specification.id, to: new) == new, "\(specification.id)")
      #expect(full.hyperparameter(specification.id) == new, "\(specification.id)")
    }
  }

  @Test func settingOneChangesNothingElse() {
    var changed = ring
    changed.setHyperparameter("optimizers.discriminator.beta1", to: 0.25)
    var expected = ring
    expected.optimizers.discriminator.rule = .adam(beta1: 0.25, beta2: 0.999, epsilon: 1e-8)
    #expect(changed == expected)
  }

  @Test(arguments: [
    ("optimizers.generator.rate", 5.0, 1.0), ("optimizers.generator.rate", -1, 1e-8),
    ("measures.every", 10.4, 10), ("measures.every", 0, 1),
  ])
  func valuesAreClampedAndRounded(id: String, asked: Double, accepted: Double) {
    var configuration = ring
    #expect(configuration.setHyperparameter(id, to: asked) == accepted)
  }

  @Test(arguments: [
    ("optimizers.generator.rate", Double.nan), ("optimizers.generator.rate", .infinity),
    ("optimizers.generator.momentum", 0.5), ("model.average.decay", 0.9), ("no.such.id", 1),
  ])
  func whatARunDoesNotHaveIsNotSet(id: String, value: Double) {
    var configuration = ring
    #expect(configuration.setHyperparameter(id, to: value) == nil)
    #expect(configuration == ring)
  }

  @Test func dataKnowsItsShapeAndModes() {
    #expect(DataSource.grid(side: 5, spacing: 2, deviation: 0.05).modes == 25)
    #expect(DataSource.moons(noise: 0.1).modes == nil)
    #expect(DataSource.images(path: "x", size: 32, channels: 3).shape == .images(size: 32, channels: 3))
    #expect(DataSource.points(path: "x").shape == .points(dimension: nil))
  }
}
