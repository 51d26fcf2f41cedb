import ArgumentParser
import Foundation
import Models
import Runs

struct AnomalyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anomaly", abstract: "How well a run of one class tells the others: areas under the ROC curve.",
    discussion: """
      Scores are the loss of the nearest sample (200 steps of Adam from 1 start unless told otherwise), the \
      discriminator's opinion, and the residual of principal components as the baseline.
      """)

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(help: "The class that the run was trained on; all others are anomalous.")
  var normal: Int

  @Option(help: "Test samples of each kind.")
  var count = 250

  @Option(help: "Principal components of the baseline.")
  var components = 32

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var search: LatentSearchOptions
  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (1...10_000).contains(count) else { throw ValidationError("--count takes 1 to 10000") }
    guard (1...10_000).contains(components) else { throw ValidationError("--components takes 1 to 10000") }
  }

  func run() throws {
    let model = try RunModel(
      try store.store.run(runName), at: checkpoint.step, threads: ProcessInfo.processInfo.activeProcessorCount)
    let learnt = model.configuration.data.selection
    if learnt.only != [normal] {
      func list(_ classes: [Int]) -> String { classes.map(String.init).joined(separator: ", ") }
      let words =
        learnt.only.isEmpty
        ? "all classes" + (learnt.without.isEmpty ? "" : " but \(list(learnt.without))") : list(learnt.only)
      warn("the run learnt \(words), and is judged as if \(normal) alone were normal")
    }
    let scores = try AnomalyScores(
      of: model, normal: normal, count: count, components: components,
      settings: search.settings(iterations: 200, restarts: 1)
    ) { done, all in
      FileHandle.standardError.write(Data("\ranomaly: \(done) of \(all) images ".utf8))
    }
    FileHandle.standardError.write(Data("\n".utf8))
    if json {
      print(try jsonText(scores))
      return
    }
    print(
      "step \(scores.step), class \(normal) normal: \(scores.normal) normal and \(scores.anomalous) anomalous images")
    print("AUROC  reconstruction        \(String(format: "%.4f", scores.reconstruction))")
    print("       discriminator         \(String(format: "%.4f", scores.discriminator))")
    print("       principal components  \(String(format: "%.4f", scores.principalComponents))")
    print(
      "mean |x - G(z)|: \(number(scores.normalResidual)) normal, \(number(scores.anomalousResidual)) anomalous")
  }
}
