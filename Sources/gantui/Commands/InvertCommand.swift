import ArgumentParser
import Datasets
import Foundation
import Runs

/// How latents are searched for.
struct LatentSearchOptions: ParsableArguments {
  @Option(help: "Steps of Adam from each start.")
  var iterations: Int?

  @Option(help: "Random starts for each image.")
  var restarts: Int?

  @Option(help: "Adam's rate.")
  var rate: Double?

  @Option(name: .customLong("feature-weight"), help: "Of the distance of the discriminator's features. [default: 0.1]")
  var featureWeight: Double?

  @Option(help: "The seed of the starts.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (0...100_000).contains(iterations ?? 0) else { throw ValidationError("--iterations takes 0 to 100000") }
    guard (1...1000).contains(restarts ?? 1) else { throw ValidationError("--restarts takes 1 to 1000") }
    guard (rate ?? 1).isFinite, rate ?? 1 > 0 else { throw ValidationError("--rate takes a number above 0") }
    guard (featureWeight ?? 0).isFinite, featureWeight ?? 0 >= 0 else {
      throw ValidationError("--feature-weight takes 0 or more")
    }
  }

  func settings(iterations standard: Int, restarts starts: Int) -> LatentSearch.Settings {
    var settings = LatentSearch.Settings()
    settings.iterations = iterations ?? standard
    settings.restarts = restarts ?? starts
    settings.rate = rate ?? settings.rate
    settings.featureWeight = featureWeight ?? settings.featureWeight
    settings.seed = seed
    return settings
  }
}

struct InvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invert", abstract: "Find the latents whose samples are nearest to given images.",
    discussion: """
      Adam on |x - G(z)| and the distance of the discriminator's features, 300 steps from 4 starts unless told otherwise. \
      The picture shows the images, and below each what the generator makes of it.
      """)

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(help: "A PNG or JPEG file to invert.")
  var image: String?

  @Option(help: "Samples of the test set to invert, by their numbers; may be given several times. [default: 0 to 7]")
  var index: [Int] = []

  @Option(help: "Where they go: FILE.png for a picture, FILE.npy for the numbers.")
  var out: String

  @OptionGroup var search: LatentSearchOptions
  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    try validateSheet(out)
    guard image == nil || index.isEmpty else { throw ValidationError("give --image or --index, not both") }
  }

  func run() throws {
    let model = try RunModel(
      try store.store.run(runName), at: checkpoint.step, threads: ProcessInfo.processInfo.activeProcessorCount)
    let images: [Float]
    if let image {
      images = try model.picture(image)
    } else {
      images = try model.testSamples(index.isEmpty ? Array(0..<8) : index)
    }
    let count = images.count / model.dataset.shape.size
    let found = try LatentSearch(
      model, settings: search.settings(iterations: 300, restarts: 4), block: min(64, count)
    ).find(images)
    try SampleSheet(images + found.samples, of: model, columns: count).write(to: out)
    print("\(count) images and their nearest samples of step \(model.step) in \(out)")
    print("mean |x - G(z)|: " + found.residuals.map { String(format: "%.4f", $0) }.joined(separator: " "))
  }
}
