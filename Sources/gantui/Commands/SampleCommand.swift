import ArgumentParser
import Foundation
import Runs

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draw samples from a run's newest checkpoint.")

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(help: "How many samples.")
  var count = 64

  @Option(help: "The seed of the latents.")
  var seed: UInt64 = 1

  @Option(help: "Latents at most so far from 0 (BigGAN's truncation), or of a style generator psi.")
  var truncation: Double?

  @Option(help: "Where they go: FILE.png for a picture, FILE.npy for the numbers.")
  var out: String

  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard out.hasSuffix(".png") || out.hasSuffix(".npy") else {
      throw ValidationError("--out \(out): expected a name that ends in .png or .npy")
    }
    guard (1...1_000_000).contains(count) else { throw ValidationError("--count takes 1 to 1000000") }
  }

  func run() throws {
    let sampler = try RunSampler(try store.store.run(runName), truncation: truncation)
    let written = try sampler.write(count: count, seed: seed, to: out)
    print("\(written) samples of step \(sampler.step) in \(out)")
  }
}
