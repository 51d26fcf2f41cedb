import ArgumentParser
import Datasets
import Foundation
import Models
import Runs

struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Judge a run's samples, or those of a file: Fréchet distance, precision, classes, modes and more.",
    discussion: """
      Measures: \(MeasureKind.allCases.map(\.rawValue).joined(separator: ", ")). Without a name, all that fit the data. \
      With --samples and --data there is no run to name, and all arguments are measures.
      """)

  @Argument(
    help: ArgumentHelp("The name of a run or the path of its folder, then the measures.", valueName: "run-and-measures")
  )
  var arguments: [String] = []

  @Option(help: ArgumentHelp("Judge the samples of an NPY file instead of a run's.", valueName: "file.npy"))
  var samples: String?

  @Option(
    name: .customLong("data"),
    help: ArgumentHelp("With --samples: a configuration, whose data the samples are judged by.", valueName: "config"))
  var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("With --samples: override a key of the configuration.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "With --samples: what the values of images stand for; auto goes by their extremes.")
  var range = PixelRange.automatic

  @Flag(name: .customLong("channels-last"), help: "With --samples: images are [samples, height, width, channels].")
  var channelsLast = false

  @Option(help: "How many samples.")
  var count = 10_000

  @Option(help: "The seed of the latents, of the real samples, and of what is trained to measure.")
  var seed: UInt64 = 1

  @Option(help: "The share of generated samples where they are mixed with data.")
  var mix = 0.5

  @Option(name: .customLong("classifier-steps"), help: "Updates of each classifier that is trained to measure.")
  var classifierSteps = 1_000

  @Option(name: .customLong("discriminator-steps"), help: "Updates that bring the discriminator to its optimum.")
  var discriminatorSteps = 1_000

  @Option(help: "The part of the data that samples are compared with.")
  var against = ComparedPart.training

  @Option(
    help: ArgumentHelp(
      "Measure at each of these truncations: latents at most so far from 0, or psi of a style generator.",
      valueName: "t1,t2,..."))
  var truncation: String?

  @Option(help: "Threads of the engine. [default: all cores]")
  var threads: Int?

  @Flag(help: "One JSON object.")
  var json = false

  @OptionGroup var checkpoint: CheckpointOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (2...1_000_000).contains(count) else { throw ValidationError("--count takes 2 to 1000000") }
    guard (0...1).contains(mix) else { throw ValidationError("--mix takes a number from 0 to 1") }
    for (name, steps) in [("classifier", classifierSteps), ("discriminator", discriminatorSteps)] {
      guard (1...1_000_000).contains(steps) else { throw ValidationError("--\(name)-steps takes 1 to 1000000") }
    }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes 1 to 1024") }
    if samples != nil, truncation != nil {
      throw ValidationError("--truncation is of a run's latents, and a file of samples has none")
    }
    if samples != nil, checkpoint.step != nil {
      throw ValidationError("--at is of a run's checkpoints, and a file of samples has none")
    }
    if (samples == nil) != (config == nil) {
      throw ValidationError("--samples and --data go together: whose samples, and the data that they are judged by")
    }
    if samples == nil {
      if arguments.isEmpty { throw ValidationError("measure takes a run, or --samples and --data") }
      if let truncation, truncations == nil {
        throw ValidationError("--truncation \(truncation): expected numbers above 0, such as 0.5,1,2")
      }
      if channelsLast || range != .automatic {
        throw ValidationError("--range and --channels-last go with --samples: a run's samples need neither")
      }
      if !overrides.isEmpty { throw ValidationError("--set goes with --samples: a run has its own configuration") }
    }
  }

  func run() throws {
    Process.endOnSignals()
    let kinds = try (samples == nil ? arguments.dropFirst() : arguments[...]).map { try MeasureKind(named: $0) }
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    var parameters = MeasureParameters()
    (parameters.count, parameters.seed, parameters.mix, parameters.against) = (count, seed, mix, against.split)
    (parameters.classifierSteps, parameters.discriminatorSteps) = (classifierSteps, discriminatorSteps)
    func tell(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
    var isFirst = true
    func measured(at truncation: Double?) throws -> MeasureReport {
      let subject = try subject(threads: threads, truncation: truncation)
      let measurer = Measurer(subject, parameters: parameters, threads: threads, progress: tell)
      if isFirst {
        isFirst = false
        if let step = subject.step, let run = arguments.first { checkpoint.tell(of: step, in: run) }
        let slow = measurer.fitting.filter(\.trains).map(\.rawValue).joined(separator: ", ")
        if kinds.isEmpty, !slow.isEmpty {
          tell("\(slow) train, which takes minutes; name the measures to leave them out")
        }
      }
      return try measurer.measure(kinds)
    }
    let truncations = truncations ?? []
    guard truncations.count > 1 else {
      let report = try measured(at: truncations.first)
      print(json ? try report.json() : report.table)
      return
    }
    let sweep = TruncationSweep(try truncations.map { (truncation: $0, report: try measured(at: $0)) })
    print(json ? try sweep.json() : sweep.table)
  }

  /// The numbers of the option; nil without it, and where it is no list of numbers.
  private var truncations: [Double]? {
    guard let parts = truncation?.split(separator: ",", omittingEmptySubsequences: false) else { return nil }
    let numbers = parts.compactMap { Double($0.filter { $0 != " " }) }.filter { $0 > 0 && $0.isFinite }
    return numbers.count == parts.count && !numbers.isEmpty ? numbers : nil
  }

  private func subject(threads: Int, truncation: Double?) throws -> MeasureSubject {
    if let samples, let config {
      let configuration = try store.search.resolve(config, overrides: overrides).configuration
      return try MeasureSubject(
        samples: samples, data: configuration.data, channelsLast: channelsLast, range: range)
    }
    return try MeasureSubject(
      try store.store.run(arguments.first ?? ""), at: checkpoint.step, threads: threads, truncation: truncation)
  }
}

extension PixelRange: ExpressibleByArgument {}

/// A part of the data.
enum ComparedPart: String, ExpressibleByArgument, CaseIterable {
  case training, test

  var split: DatasetSplit { self == .training ? .training : .test }
}
