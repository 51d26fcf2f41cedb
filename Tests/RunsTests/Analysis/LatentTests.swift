import Datasets
import Foundation
import Tensors
import Testing

@testable import Models
@testable import Runs

@Suite struct LatentTests {
  private let layout = LatentLayout(dimension: 3, distribution: .normal, categories: 2, continuous: 1, classes: nil)

  private func length(_ z: some Sequence<Float>) -> Double {
    z.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  @Test func sphericalInterpolation() {
    let (a, b): ([Float], [Float]) = ([1, 0, 0, 1, 0, -1], [0, 1, 0, 0, 1, 1])
    let start = LatentWalk.between(a, b, at: 0, layout: layout)
    let middle = LatentWalk.between(a, b, at: 0.5, layout: layout)
    #expect(start == a)
    #expect(abs(Double(middle[0]) - 0.5.squareRoot()) < 1e-6 && abs(Double(middle[1]) - 0.5.squareRoot()) < 1e-6)
    // The category stays, the continuous element goes straight.
    #expect(Array(middle[3...]) == [1, 0, 0])
    var cube = layout
    cube.distribution = .uniform
    #expect(Array(LatentWalk.between(a, b, at: 0.5, layout: cube)[..<3]) == [0.5, 0.5, 0])
    #expect(LatentWalk.between(a, a, at: 0.3, layout: layout) == a)
  }

  @Test func aClimbKeepsTheShell() {
    var z: [Float] = [3, 0, 4, 0, 1, 0.5]
    LatentWalk.climb(&z, [1, 2, -1, 9, 9, 9], rows: 1, stride: 0.1, layout: layout)
    #expect(abs(length(z[..<3]) - 5) < 1e-5)
    #expect(z[1] > 0 && z[2] < 4 && Array(z[3...]) == [0, 1, 0.5])
    var still: [Float] = [3, 0, 4, 0, 1, 0.5]
    LatentWalk.climb(&still, [.nan, 2, -1, 0, 0, 0], rows: 1, stride: 0.1, layout: layout)
    #expect(still == [3, 0, 4, 0, 1, 0.5])
  }

  @Test func aWalkTowardAClassRaisesItsProbability() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let model = try RunModel(AnalysisFixture.images(in: folder), steps: 0)
    let judge = try Classifier(sample: sampleShape(model.dataset), classes: 2, seed: 1, threads: 1)
    for target in 0..<2 {
      let walk = try LatentWalk(of: model, toward: target, judge: judge, rows: 3, columns: 5, seed: 1)
      #expect(walk.samples.count == 3 * 5 * model.dataset.shape.size && walk.probabilities.count == 5)
      #expect(zip(walk.probabilities, walk.probabilities.dropFirst()).allSatisfy { $0 < $1 })
    }
    #expect(throws: AnalysisError.unknownClass(2, classes: 2)) {
      _ = try LatentWalk(of: model, toward: 2, judge: judge, rows: 1, columns: 2, seed: 1)
    }
  }

  @Test func aWalkBetweenLatentsBeginsAndEndsAtThem() throws {
    let model = try RunModel(AnalysisFixture.ring(), steps: 0)
    let walk = try LatentWalk(between: model, rows: 2, columns: 3, seed: 4)
    let ends = try model.samples(of: Array(model.drawLatents(count: 3, seed: 4, stream: "walk").prefix(4)))
    func near(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 } }
    #expect(near(walk.samples[0..<2], ends[0..<2]) && near(walk.samples[4..<6], ends[2..<4]))
    #expect(near(walk.samples[6..<8], ends[2..<4]) && near(walk.samples[10..<12], ends[0..<2]))
  }

  @Test func aGeneratedSampleIsFoundAgain() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let model = try RunModel(AnalysisFixture.images(in: folder), steps: 0)
    let wanted = try model.samples(of: model.drawLatents(count: 3, seed: 9, stream: "wanted"))
    let first = try LatentSearch(model, settings: LatentSearch.Settings(iterations: 0, restarts: 1), block: 2).find(
      wanted)
    let found = try LatentSearch(model, settings: LatentSearch.Settings(iterations: 400, restarts: 3), block: 2).find(
      wanted)
    #expect(found.residuals.count == 3 && found.samples.count == wanted.count && found.latents.count == 3 * 6)
    for (now, then) in zip(found.residuals, first.residuals) { #expect(now < 0.1 * then) }
    // Samples are those of the latents.
    let again = try model.samples(of: found.latents)
    #expect(zip(again, found.samples).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func principalComponentsTellTheOtherClass() throws {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    let model = try RunModel(AnalysisFixture.images(in: folder), steps: 0)
    let settings = LatentSearch.Settings(iterations: 5, restarts: 1)
    let scores = try AnomalyScores(of: model, normal: 0, count: 20, components: 4, settings: settings)
    #expect(scores.principalComponents == 1)
    #expect((0...1).contains(scores.reconstruction) && (0...1).contains(scores.discriminator))
    #expect(scores.normal > 0 && scores.anomalous > 0)
    #expect(throws: AnalysisError.unknownClass(7, classes: 2)) {
      _ = try AnomalyScores(of: model, normal: 7, settings: settings)
    }
    // A run of one class learns from that class alone and is tested on all.
    var selected = try AnalysisFixture.images(in: folder)
    selected.data.selection.only = [0]
    let ofOne = try AnomalyScores(
      of: RunModel(selected, steps: 0), normal: 0, count: 20, components: 4, settings: settings)
    #expect(ofOne.normal == 20 && ofOne.anomalous == 20 && ofOne.principalComponents == 1)
    let points = try RunModel(AnalysisFixture.ring(), steps: 0)
    #expect(throws: (any Error).self) { _ = try points.picture("nothing.png") }
    #expect(throws: AnalysisError.badIndex(-1, count: 200)) { _ = try model.testSamples([-1]) }
  }
}
