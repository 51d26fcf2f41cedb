import ArgumentParser
import Datasets
import Foundation
import Runs

struct WalkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "walk", abstract: "Walk through a run's latent space: between latents, or toward a class.",
    discussion: "Toward a class it climbs the judge's ln p(class | G(z)); the judge is trained where it is missing.")

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(help: "The class to walk toward, counted from 0; without it, great circles between latents.")
  var toward: Int?

  @Option(help: "Paths, one a row.")
  var rows = 8

  @Option(help: "Samples of a path.")
  var columns = 10

  @Option(help: "Length of a path's step from one sample to the next, in radians; toward a class alone.")
  var stride = 0.25

  @Option(help: "The seed of the latents.")
  var seed: UInt64 = 1

  @Option(help: "Where they go: FILE.png for a picture, FILE.npy for the numbers.")
  var out: String

  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    try validateSheet(out)
    guard (1...1000).contains(rows), (2...1000).contains(columns) else {
      throw ValidationError("--rows takes 1 to 1000, --columns 2 to 1000")
    }
    guard stride.isFinite, stride > 0 else { throw ValidationError("--stride takes a number above 0") }
  }

  func run() throws {
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let model = try RunModel(try store.store.run(runName), at: checkpoint.step, threads: threads)
    guard let target = toward else {
      let walk = try LatentWalk(between: model, rows: rows, columns: columns, seed: seed)
      try SampleSheet(walk.samples, of: model, columns: walk.columns).write(to: out)
      print("\(rows) paths of step \(model.step) in \(out)")
      return
    }
    let judge = try JudgeStore().judge(of: model.dataset, threads: threads).classifier
    let walk = try LatentWalk(
      of: model, toward: target, judge: judge, rows: rows, columns: columns, strides: 5, stride: stride / 5, seed: seed)
    try SampleSheet(walk.samples, of: model, columns: walk.columns).write(to: out)
    let course = walk.probabilities.map { String(format: "%.2f", $0) }.joined(separator: " ")
    print("\(rows) paths of step \(model.step) toward class \(target) in \(out)")
    print("mean p(\(target) | G(z)) by column: \(course)")
  }
}

/// A name that a sheet of samples can have.
func validateSheet(_ name: String) throws {
  guard name.hasSuffix(".png") || name.hasSuffix(".npy") else {
    throw ValidationError("--out \(name): expected a name that ends in .png or .npy")
  }
}
