import Datasets
import Execution
import Foundation
import Models
import Telemetry
import Tensors

/// Weights, gradients and updates by layer: one update of each player, made on the observer's copy of everything.
final class LayerProbe {
  private let system: TrainableSystem
  private let dataset: any Dataset
  private let seed: UInt64
  private let shelf: ProgramShelf
  private lazy var loader = BatchLoader(
    dataset: dataset, seed: seed, batchSize: system.batchSamples, prefetches: false)

  static let bins = 16

  init(_ system: TrainableSystem, dataset: any Dataset, seed: UInt64, shelf: ProgramShelf) {
    self.system = system
    self.dataset = dataset
    self.seed = seed
    self.shelf = shelf
  }

  /// Whether everything is compiled, so that all variables exist when the weights are copied.
  var isPrepared: Bool { system.players.allSatisfy { shelf.has(key("update", $0)) && shelf.has(key("slopes", $0)) } }

  private func key(_ what: String, _ player: TrainableSystem.Player) -> String { "\(what)/\(player.name)" }

  /// Compiles what is not yet. The variables that this brings have the run's values after the next copy of the weights.
  func prepare(inputs: [String: Double]) throws {
    for player in system.players {
      _ = try shelf.program(key("update", player), inputs: inputs) { player.update }
      _ = try shelf.program(key("slopes", player), inputs: inputs) { player.diagnosis }
    }
  }

  /// Measures, and leaves the observer's variables changed: they are copied anew before the next look.
  ///
  /// - Parameter step: chooses batch and random numbers.
  func measure(step: Int, inputs: [String: Double]) throws -> LayersPanel {
    var layers: [LayersPanel.Layer] = []
    for player in system.players {
      let slopes = try shelf.program(key("slopes", player), inputs: inputs) { player.diagnosis }
      try draw(into: slopes, index: UInt64(step))
      slopes.run(counter: UInt64(step), substep: 0)
      var gradients: [String: Double] = [:]
      for name in slopes.program.outputs.map(\.name) { gradients[name] = Self.square(try slopes.outputElements(name)) }

      var before: [String: [Float]] = [:]
      for parameter in player.parameters {
        before[parameter.name] = Array(try shelf.store.elements(of: parameter.name))
      }
      let update = try shelf.program(key("update", player), inputs: inputs) { player.update }
      try draw(into: update, index: UInt64(step))
      update.run(counter: UInt64(step), substep: 0)
      layers += try Self.groups(player).map { name, parameters in
        let weights = parameters.flatMap { before[$0.name] ?? [] }
        let norm = Self.square(weights).squareRoot()
        var moved = 0.0
        for parameter in parameters {
          let after = try shelf.store.elements(of: parameter.name)
          for (old, new) in zip(before[parameter.name] ?? [], after) { moved += Double(new - old) * Double(new - old) }
        }
        let slope = parameters.reduce(0) { $0 + (gradients[$1.name] ?? .nan) }.squareRoot()
        let ratio = norm > 0 ? moved.squareRoot() / norm : .nan
        let reach = weights.reduce(0) { max($0, Double(abs($1))) }
        return LayersPanel.Layer(
          name: name, player: player.name, parameters: weights.count, weightNorm: norm.isFinite ? norm : nil,
          gradientNorm: slope.isFinite ? slope : nil, updateRatio: ratio.isFinite ? ratio : nil,
          histogram: Self.histogram(weights, reach: reach), reach: reach.isFinite ? reach : 0)
      }
    }
    return LayersPanel(layers: layers)
  }

  /// A player's parameters by layer, in their order: `generator/dense1/weight` is one of `dense1`.
  static func groups(_ player: TrainableSystem.Player) -> [(name: String, parameters: [Variable])] {
    var order: [String] = []
    var groups: [String: [Variable]] = [:]
    for parameter in player.parameters {
      var parts = parameter.name.split(separator: "/").map(String.init)
      if parts.count > 1 { parts.removeLast() }
      if parts.count > 1, parts[0] == player.name { parts.removeFirst() }
      let name = parts.joined(separator: "/")
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(parameter)
    }
    return order.map { ($0, groups[$0] ?? []) }
  }

  /// Shares in equal bins from -reach to reach.
  static func histogram(_ values: [Float], reach: Double) -> [Double] {
    var counts = [Double](repeating: 0, count: bins)
    guard reach > 0, reach.isFinite, !values.isEmpty else { return counts }
    let scale = Double(bins) / (2 * reach)
    for value in values where value.isFinite {
      counts[min(bins - 1, max(0, Int((Double(value) + reach) * scale)))] += 1
    }
    return counts.map { $0 / Double(values.count) }
  }

  private static func square(_ values: some Sequence<Float>) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }
  }

  private func draw(into program: CPUProgram, index: UInt64) throws {
    let samples = program.input(ProgramPort.batch)
    let sources = program.input(ProgramPort.sources)
    let labels = program.input(ProgramPort.classes)
    guard !samples.isEmpty || !sources.isEmpty || !labels.isEmpty else { return }
    let classes = system.latents.classes ?? 0
    try loader.next(index) { batch in
      for (element, value) in zip(samples.indices, batch.samples) { samples[element] = value }
      if let given = batch.sources { for (element, value) in zip(sources.indices, given) { sources[element] = value } }
      if let given = batch.labels { writeOneHot(given, classes: classes, into: labels) }
    }
  }
}
