import ArgumentParser
import Foundation
import Runs
import Telemetry

extension SheetRequest.Kind: ExpressibleByArgument {}

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draw samples from a run.")

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(help: "How many samples. [default: 64]")
  var count: Int?

  @Option(help: "The seed of the latents.")
  var seed: UInt64 = 1

  @Option(help: "Latents at most so far from 0 (BigGAN's truncation), or of a style generator psi.")
  var truncation: Double?

  @Option(help: "Where they go: FILE.png for a picture, FILE.npy for the numbers.")
  var out: String

  @Option(help: ArgumentHelp("The latents, [count, elements], instead of random ones.", valueName: "file.npy"))
  var latents: String?

  @Option(help: ArgumentHelp("Where the latents of the samples go.", valueName: "file.npy"))
  var latentsOut: String?

  @Option(help: ArgumentHelp("Where D's opinion of each sample goes.", valueName: "file.npy"))
  var scoresOut: String?

  @Option(
    help: ArgumentHelp(
      "A sheet at chosen latents instead: interpolation, walk, classes, codes, neighbours, styles, toward or inversions.",
      valueName: "kind"))
  var sheet: SheetRequest.Kind?

  @Option(help: "Of a sheet: the first of the fixed latents.")
  var first: Int?

  @Option(
    help: "Of a sheet: the element of z or the class to walk along, the first class, the layer of the other's styles.")
  var element: Int?

  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard out.hasSuffix(".png") || out.hasSuffix(".npy") else {
      throw ValidationError("--out \(out): expected a name that ends in .png or .npy")
    }
    for (option, file) in [("latents", latents), ("latents-out", latentsOut), ("scores-out", scoresOut)] {
      guard file?.hasSuffix(".npy") ?? true else {
        throw ValidationError("--\(option) \(file ?? ""): expected a name that ends in .npy")
      }
    }
    if sheet != nil {
      guard out.hasSuffix(".png") else { throw ValidationError("--sheet draws a picture: --out takes FILE.png") }
      guard latents == nil, count == nil, latentsOut == nil, scoresOut == nil else {
        throw ValidationError(
          "--sheet has latents of its own: no --count, --latents, --latents-out or --scores-out then")
      }
    } else if first != nil || element != nil {
      throw ValidationError("--first and --element are of a --sheet")
    }
    guard (0...1_000_000).contains(first ?? 0), (0...1_000_000).contains(element ?? 0) else {
      throw ValidationError("--first and --element take 0 to 1000000")
    }
    guard latents == nil || count == nil else { throw ValidationError("--latents says how many: no --count then") }
    guard (1...1_000_000).contains(count ?? 1) else { throw ValidationError("--count takes 1 to 1000000") }
  }

  func run() throws {
    let folder = try store.store.run(runName)
    let sampler = try RunSampler(folder, at: checkpoint.step, truncation: truncation)
    checkpoint.tell(of: sampler.step, in: folder.name)
    if let sheet {
      let (count, title, notes) = try sampler.writeSheet(sheet, first: first ?? 0, element: element, to: out)
      print("\(title): \(count) images of step \(sampler.step) in \(out)")
      if !notes.isEmpty { print(notes.joined(separator: " ")) }
      return
    }
    let files = SampleFiles(samples: out, givenLatents: latents, latents: latentsOut, scores: scoresOut)
    let written = try sampler.write(count: count ?? 64, seed: seed, to: files)
    print("\(written) samples of step \(sampler.step) in \(out)")
  }
}
