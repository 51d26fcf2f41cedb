import Execution
import Foundation
import Models
import Stability
import Tensors
import Testing

@testable import Runs

@Suite struct RunStabilityTests {
  /// v'·u beside (v(w + h·u) - v(w - h·u))/2h, whose penalty points move with the generator.
  @Test(arguments: [
    "[]", "[{ kind: gradient-penalty, weight: 2 }]", "[{ kind: r1, weight: 2 }, { kind: r2, weight: 3 }]",
    "[{ kind: dragan, weight: 2 }]",
  ])
  func productIsTheFieldsDerivative(penalties: String) throws {
    let model = try RunModel(AnalysisFixture.ring(["penalties=\(penalties)"]), steps: 3)
    let game = try trace {
      let losses = try model.functions.losses()
      return try Game(
        generator: Stability.Player(
          name: "generator", loss: losses.generator, variables: losses.generatorParameters),
        discriminator: Stability.Player(
          name: "discriminator", loss: losses.discriminator, variables: losses.discriminatorParameters))
    }
    let compiled = try CompiledGame(game, backend: ReferenceBackend())
    try compiled.setParameters(game.variables.flatMap { try model.store.values(of: $0.name) })
    let batch = model.functions.batchSamples * 2
    let draws = Tensors.Philox(seed: 5, stream: "test")
    try compiled.setInput(ProgramPort.batch, draws.draw(.normal, count: batch, sample: 0, counter: 0, substep: 0))
    for id in [
      "penalties.gradient-penalty.weight", "penalties.r1.weight", "penalties.r2.weight", "penalties.dragan.weight",
    ] {
      if let weight = model.hyperparameter(id) { try compiled.setInput(id, [weight]) }
    }
    let point = try compiled.parameters()
    let direction = draws.draw(.normal, count: point.count, sample: 1, counter: 0, substep: 0)
    let product = try compiled.product(with: direction)
    let step = 1e-2
    func field(_ sign: Double) throws -> [Double] {
      try compiled.setParameters(zip(point, direction).map { $0 + sign * step * $1 })
      return try compiled.field()
    }
    let (ahead, behind) = (try field(1), try field(-1))
    let scale = product.map { $0 * $0 }.reduce(0, +).squareRoot()
    let error = zip(product, zip(ahead, behind)).map { $0 - ($1.0 - $1.1) / (2 * step) }
    #expect(scale > 0.01)
    #expect(error.map { $0 * $0 }.reduce(0, +).squareRoot() < 5e-3 * scale)
  }

  @Test func reportOfAConfiguration() throws {
    let model = try RunModel(AnalysisFixture.ring(), steps: 5)
    let before = try model.store.values(of: "discriminator/dense1/weight")
    let stability = try RunStability(of: model)
    #expect(stability.step == 5 && stability.samples == 16)
    #expect(stability.isPlainDescent)
    #expect(abs(stability.discriminatorRate - 0.02) < 1e-9)
    #expect(stability.report.dimension == 2 * 3 + 3 + 3 * 2 + 2 + 2 * 4 + 4 + 4 + 1)
    #expect(stability.report.isComplete && stability.report.fieldNorm > 0)
    #expect(try model.store.values(of: "discriminator/dense1/weight") == before)
  }

  @Test func whatHasNoPlainFieldIsRefused() throws {
    let model = try RunModel(AnalysisFixture.ring(["techniques=[{ kind: unrolling, steps: 2 }]"]), steps: 0)
    #expect(throws: GameAnalysisError.notPlain("unrolling")) { _ = try RunStability(of: model) }
  }

  @Test func splattedDensityIsTheKernelDensity() throws {
    let points = [0.1, 0.2, -0.4, 0.3, 0.25, -0.6]
    let grid = try PlanarGrid(x: -2...2, y: -2...2, columns: 200, rows: 200)
    let found = DensityComparison.density(of: points, on: grid, bandwidth: 0.15)
    let mixture = try PlanarMixture.kernelDensity(of: points, bandwidth: 0.15)
    let expected = grid.values { mixture.density(x: $0, y: $1) }
    // Cut at five deviations.
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(abs(found.reduce(0, +) * grid.cellArea - 1) < 1e-12)
    // A kernel narrower than a cell keeps its mass.
    let narrow = DensityComparison.density(of: points, on: grid, bandwidth: 1e-4)
    #expect(abs(narrow.reduce(0, +) * grid.cellArea - 1) < 1e-12)
    #expect(DensityComparison.density(of: [.nan, 0], on: grid, bandwidth: 0.1).allSatisfy { $0 == 0 })
  }

  @Test func densitiesOfAGame() throws {
    let model = try RunModel(AnalysisFixture.ring(), steps: 0)
    let found = try #require(try DensityComparison(of: model, samples: 2_000, columns: 100))
    #expect((0...1).contains(found.meanDifference))
    // An untrained generator is further from the data than data are.
    #expect(found.distance > 2 * found.floor && found.distance <= log(4))
    let critic = try RunModel(
      AnalysisFixture.ring(["objective.kind=wasserstein", "penalties=[{ kind: r1 }]"]), steps: 0)
    #expect(try DensityComparison(of: critic) == nil)
  }
}
