import ArgumentParser
import Foundation
import Runs
import Stability

/// Eigenvalues of a game's gradient field.
struct StabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stability",
    abstract: "Tell by the eigenvalues of the gradient field whether gradient steps converge, circle or run away.",
    subcommands: [RunStabilityCommand.self, DiracStabilityCommand.self],
    defaultSubcommand: RunStabilityCommand.self)
}

/// The stability of a run at a checkpoint, or of a configuration after some steps.
struct RunStabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "The leading eigenvalues of a run, or of a configuration.")

  @Argument(help: ArgumentHelp("A run, or a configuration: a YAML file, or a sample's name.", valueName: "run|config"))
  var target: String

  @Option(help: "Of a configuration: train so many steps first, and keep nothing.")
  var steps = 0

  @Option(help: "Jacobian-vector products of an iteration at most.")
  var products = 120

  @Flag(help: "Search for the largest stable alternating step too; takes some ten times as long.")
  var alternating = false

  @Option(name: .customLong("set"), help: ArgumentHelp("Of a configuration: override a key.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "The seed of the batch; of a configuration, of the run too.")
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard steps >= 0 else { throw ValidationError("--steps takes 0 or more") }
    guard (2...2000).contains(products) else { throw ValidationError("--products takes 2 to 2000") }
  }

  func run() throws {
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let model: RunModel
    if let folder = try? store.store.run(target) {
      guard steps == 0, overrides.isEmpty else {
        throw ValidationError("--steps and --set are of a configuration, and \(target) is a run")
      }
      model = try RunModel(folder, at: checkpoint.step, threads: threads)
    } else {
      if checkpoint.step != nil { throw ValidationError("--at is of a run's checkpoints, and \(target) is no run") }
      let resolved = try store.search.resolve(
        target, overrides: overrides, seed: "\(seed)", steps: nil, name: nil, threads: nil)
      model = try RunModel(resolved.configuration, steps: steps, threads: threads)
    }
    let stability = try RunStability(
      of: model, products: products, asksForAlternating: alternating, seed: seed)
    let densities = try DensityComparison(of: model, seed: seed)
    if json {
      print(try jsonText(RunStabilityRecord(stability: stability, densities: densities)))
    } else {
      print(Self.text(stability, densities).joined(separator: "\n"))
    }
  }

  private static func text(_ stability: RunStability, _ densities: DensityComparison?) -> [String] {
    let report = stability.report
    var lines = [
      "step \(stability.step), \(report.dimension) parameters, a batch of \(stability.samples)",
      "field norm          \(number(report.fieldNorm))\(report.isStationary ? "" : "   (not a stationary point)")",
      "spectral abscissa   \(number(report.spectralAbscissa))",
      "eigenvalues         "
        + report.eigenvalues.prefix(12).map(\.description).joined(separator: "  ")
        + (report.isComplete ? "" : "   (the outer ones)"),
      "simultaneous steps  "
        + (report.knowsLimits ? limit(report.simultaneous, stability) : "not known: more products are needed"),
    ]
    if let alternating = report.alternating { lines.append("alternating steps   " + limit(alternating, stability)) }
    lines.append("rates of the run    G \(number(stability.generatorRate)), D \(number(stability.discriminatorRate))")
    if !stability.isPlainDescent {
      lines.append("                    (its optimizers scale the gradient: their rates are no steps of this kind)")
    }
    if let densities {
      lines += [
        "mean |D - D*|       \(number(densities.meanDifference))",
        "C(G) + ln 4         \(number(densities.distance)) of \(number(log(4)))   "
          + "(\(number(densities.floor)) for \(densities.samples) samples of the data)",
      ]
    }
    return lines + [report.sentence]
  }

  private static func limit(_ limit: StepLimit, _ stability: RunStability) -> String {
    let ratio = stability.generatorRate > 0 ? stability.discriminatorRate / stability.generatorRate : 1
    switch (limit.kind, limit.factor) {
    case (.growing, _): return "none is stable"
    case (_, let factor?):
      return "\(limit.kind == .neutral ? "circle" : "converge") below G \(number(factor)), D \(number(factor * ratio))"
    case (_, nil): return limit.kind == .neutral ? "neither converge nor diverge" : "all that were tried converge"
    }
  }
}

private struct RunStabilityRecord: Encodable {
  var stability: RunStability
  var densities: DensityComparison?
}

/// A number to four significant places.
func number(_ value: Double) -> String { String(format: "%.4g", value) }

/// One JSON object with sorted keys, in rows.
func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
