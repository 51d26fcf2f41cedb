import Datasets
import Execution
import Foundation
import Models
import Stability
import Telemetry
import Tensors
import Testing

@testable import Runs

/// Runs whose networks grow from 4 to 16 pixels in a few steps.
@Suite(.serialized) struct GrowthTests {
  private let temporary: TemporaryFolder
  private let store: RunStore
  private static let steps = 16

  init() throws {
    temporary = try TemporaryFolder()
    store = RunStore(option: temporary.path + "/runs", environment: [:])
    var file = Data([0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 16, 0, 0, 0, 16])
    for index in 0..<(9 * 256) { file.append(UInt8(truncatingIfNeeded: index &* index &* 31 >> 3)) }
    try file.write(to: URL(fileURLWithPath: temporary.path + "/images"))
  }

  /// Stages: 4 at 0, 8 fading at 2, 8 at 6, 16 fading at 8, 16 at 12.
  private func configuration(style: Bool = false, checkpointEvery: Int = 100) throws -> RunConfiguration {
    let generator = style ? "style, features: 2, mapping-depth: 2, style-dimension: 5" : "progressive, features: 2"
    let path = try temporary.write(
      "run-\(UUID().uuidString).yaml",
      """
      name: run
      data: { kind: idx, images: "\(temporary.path)/images", size: 16, fit: pad }
      model:
        latent: { dimension: 3 }
        generator: { kind: \(generator) }
        discriminator: { kind: progressive, features: 2 }
        growth: { start: 4, fade-steps: 4, stable-steps: 2 }
        average: { decay: 0.9 }
      penalties: [ { kind: gradient-penalty, weight: 1 } ]
      schedule: { batch: 4, discriminator-steps: 2, steps: \(Self.steps), checkpoint-every: \(checkpointEvery), keep-checkpoints: 100 }
      measures: { every: 1000, samples: 100 }
      threads: 1
      """)
    return try RunConfiguration(contentsOf: path)
  }

  private func ended(_ training: Training) -> Bool {
    if case .finished? = training.end() { true } else { false }
  }

  private func whole(style: Bool = false) throws -> Training {
    let training = try Training(store, configuration(style: style))
    #expect(ended(training))
    return training
  }

  private func expectSame(_ found: Checkpoint, _ expected: Checkpoint, _ location: SourceLocation = #_sourceLocation) {
    let names = Set(found.tensors.keys).union(expected.tensors.keys)
    #expect(names.filter { found.tensors[$0] != expected.tensors[$0] } == [], sourceLocation: location)
    #expect(found.counters == expected.counters, sourceLocation: location)
  }

  private func paused(at step: Int) -> Trainer.Options {
    var options = Trainer.Options()
    options.pausesAt = step
    return options
  }

  @Test func aRunSaysThatItGrows() throws {
    let training = try whole()
    let said = training.events.compactMap { event -> String? in
      if case .message(let message, let step) = event, message.level == .info {
        "\(step): \(message.text)"
      } else {
        nil
      }
    }
    #expect(
      said == [
        "2: grew to 8x8, fading in", "6: 8x8 has faded in", "8: grew to 16x16, fading in", "12: 16x16 has faded in",
      ])
    let names = try training.checkpoint(Self.steps).tensors.keys
    #expect(names.contains("generator/16x16/conv2/weight") && names.contains("average/generator/16x16/conv2/weight"))
    #expect(!names.contains("generator/8x8/to_rgb/weight"))
    #expect(try !training.checkpoint(0).tensors.keys.contains { $0.contains("8x8") })
  }

  /// In the middle of fades, at the steps where the networks change, and in between.
  @Test(arguments: [false, true]) func stoppedAndResumedAnywhere(style: Bool) throws {
    let expected = try whole(style: style).checkpoint(Self.steps)
    for step in style ? [4] : [2, 4, 8] {
      let training = try Training(store, configuration(style: style), options: paused(at: step))
      try training.waitForPause()
      try training.command(.stop)
      _ = training.end()
      #expect(training.folder.checkpointSteps().last == step)
      let resumed = try Training(resuming: training.folder)
      #expect(ended(resumed))
      expectSame(try resumed.checkpoint(Self.steps), expected)
    }
  }

  @Test func aPlayerAfterTheOtherIsAStepWhereverTheRunGrows() throws {
    let expected = try whole().checkpoint(Self.steps)
    let training = try Training(store, configuration(), options: paused(at: 1))
    try training.waitForPause()
    for _ in 1..<9 {
      try training.command(.step(player: "discriminator"))
      #expect(try training.command(.step(player: "generator")).failed == false)
    }
    try training.command(.resume)
    #expect(ended(training))
    expectSame(try training.checkpoint(Self.steps), expected)
  }

  @Test func momentsOfEveryStageAreShown() throws {
    let training = try Training(store, configuration(checkpointEvery: 1), options: paused(at: 14))
    try training.waitForPause()
    for step in [13, 9, 7, 3, 1, 5, 11] {
      let before = training.events.count
      #expect(try training.command(.look(.step(step))).text == "step \(step)")
      func isWanted(_ event: Event) -> Bool {
        if case .panel(let panel) = event { panel.id == Panel.samples && panel.step == step } else { false }
      }
      // It may come before the answer.
      if !training.events.dropFirst(before).contains(where: isWanted) {
        _ = try training.wait("a picture of step \(step)", until: isWanted)
      }
      let warnings = training.events.dropFirst(before).compactMap { event -> String? in
        if case .message(let message, _) = event, message.text.contains("cannot be shown") { message.text } else { nil }
      }
      #expect(warnings == [])
    }
    try training.command(.stop)
    _ = training.end()
  }

  /// Pictures and samples have the data's shape at every stage, and are drawn with the weights of their step.
  @Test(arguments: [false, true]) func samplesOfEveryStage(style: Bool) throws {
    for step in [3, 9] {
      let training = try Training(store, configuration(style: style), options: paused(at: step))
      try training.waitForPause()
      #expect(try training.command(.saveSamples).failed == false)
      try training.command(.stop)
      _ = training.end()
      let sampler = try RunSampler(training.folder)
      let samples = try sampler.samples(count: 3, seed: 1)
      #expect(samples.count == 3 * 256 && samples.allSatisfy { abs($0) <= 1 })
      guard step == 3 else { continue }
      // At 8 pixels of 16, each is shown as four.
      #expect(samples[0] == samples[1] && samples[0] == samples[16] && samples[0] == samples[17])
    }
  }

  /// Walks, inversions and stability take the checkpoint's networks at every stage: 8 fading in, and 16 whole.
  @Test(arguments: [4, 16]) func analysesOfAGrowingRun(step: Int) throws {
    let training = try Training(store, configuration(), options: step < Self.steps ? paused(at: step) : .init())
    if step < Self.steps {
      try training.waitForPause()
      try training.command(.stop)
    }
    _ = training.end()
    let model = try RunModel(training.folder)
    #expect(model.step == step)
    let walk = try LatentWalk(between: model, rows: 1, columns: 3, seed: 1)
    #expect(walk.samples.count == 3 * 256 && walk.samples.allSatisfy { $0.isFinite })
    // The walk begins at what a sampler makes of the latent, up to the clamping of what lies outside of the range.
    let first = try model.samples(of: Array(model.drawLatents(count: 2, seed: 1, stream: "walk").prefix(3)))
    #expect(zip(walk.samples, first).allSatisfy { abs($0 - $1) < 1e-5 })
    let search = try LatentSearch(model, settings: LatentSearch.Settings(iterations: 20, restarts: 1), block: 1)
    let found = try search.find(first)
    #expect(found.samples.count == 256 && found.residuals.allSatisfy { $0.isFinite })
    let stability = try RunStability(of: model, products: 12)
    #expect(stability.step == step && !stability.report.eigenvalues.isEmpty)
  }

  /// At a new resolution the optimizers start anew; what fades in to its end keeps them.
  @Test func optimizersStartAnewAtANewResolution() throws {
    var configuration = try configuration()
    configuration.threads = 1
    let session = try TrainingSession(
      configuration, dataset: try DatasetFactory.dataset(configuration.data), threads: 1)
    defer { session.stop() }
    var counts: [Float] = []
    for _ in 0..<9 {
      #expect(try session.takeTurn() == .done)
      _ = try session.grow()
      counts.append(try session.store.elements(of: "generator/adam/step")[0])
    }
    #expect(counts == [1, 0, 1, 2, 3, 4, 5, 0, 1])
    let kept = try session.store.elements(of: "generator/4x4/conv/weight").map { $0 }
    #expect(kept.count > 0 && session.system.stage?.resolution == 16)
  }
}
