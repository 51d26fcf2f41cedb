import Datasets

/// The measures of `gantui measure`, by the names that the command line has, the quick ones first.
public enum MeasureKind: String, Sendable, CaseIterable {
  /// Samples by the known modes of a mixture.
  case modes
  /// Differential entropies of samples and data.
  case entropy
  /// Samples by the classes that the judge reads.
  case classes
  case inceptionScore = "inception-score"
  case frechet
  case precisionRecall = "precision-recall"
  case densityCoverage = "density-coverage"
  /// Distances to the nearest real samples.
  case nearest
  /// Whether the judge reads the class that was asked for.
  case classConsistency = "class-consistency"
  /// The category of InfoGAN's code that the discriminator reads, as a classifier of the test set.
  case codeAccuracy = "code-accuracy"
  /// The nearest neighbour in the space of an encoder, as a classifier of the test set.
  case encoderNeighbors = "encoder-neighbors"
  /// Whether held-out images keep their class on the way through encoder and generator.
  case reconstructionClass = "reconstruction-class"
  /// Translations of held-out sources beside their targets.
  case translation
  /// A classifier trained on samples, tested on data.
  case accuracyScore = "accuracy-score"
  /// A classifier trained on few data, with and without samples.
  case augmentation
  /// The divergence that the discriminator sees, trained to its optimum.
  case jensenShannon = "jensen-shannon"

  /// Whether something is trained to measure it, which takes minutes.
  public var trains: Bool { [.accuracyScore, .augmentation, .jensenShannon].contains(self) }

  /// - Throws: `MeasuringError.unknownMeasure`.
  public init(named name: String) throws(MeasuringError) {
    guard let kind = MeasureKind(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue)
      throw .unknownMeasure(name, suggestion: spellingSuggestion(for: name, among: names), known: names)
    }
    self = kind
  }
}

/// What measures are made with.
public struct MeasureParameters: Sendable, Equatable {
  /// Generated samples of a measure.
  public var count = 10_000
  /// Of the latents, of the draw of real samples, and of what is trained for a measure.
  public var seed: UInt64 = 1
  /// The share of generated samples where they are mixed with data, 0...1.
  public var mix = 0.5
  /// The part of the data that samples are compared with.
  public var against = DatasetSplit.training
  /// Updates of a classifier that is trained for a measure.
  public var classifierSteps = 1_000
  /// Updates of a discriminator that is trained to its optimum.
  public var discriminatorSteps = 1_000
  /// Real samples among which the nearest is searched, at least.
  var searched = 20_000

  public init() {}
}

/// Why samples cannot be measured.
public enum MeasuringError: Error, Equatable, CustomStringConvertible, ExitCoded {
  case unknownMeasure(String, suggestion: String?, known: [String])
  /// The measure does not fit the data or the run.
  case unfit(MeasureKind, reason: String)
  /// Nothing can be measured.
  case nothingFits(reason: String)
  /// There are too few samples for what is asked.
  case tooFew(MeasureKind, needed: Int, found: Int)
  /// The discriminator diverged while it was trained on.
  case diverged(step: Int)

  public var exitCode: Int32 {
    switch self {
    case .unknownMeasure: ExitCode.usage
    case .unfit, .nothingFits, .tooFew, .diverged: ExitCode.data
    }
  }

  public var description: String {
    switch self {
    case .unknownMeasure(let name, let suggestion, let known):
      "no measure is named \(name)"
        + (suggestion.map { "; did you mean \($0)?" } ?? "; there are \(known.joined(separator: ", "))")
    case .unfit(let kind, let reason): "\(kind.rawValue) cannot be measured here: \(reason)"
    case .nothingFits(let reason): "there is nothing to measure here: \(reason)"
    case .tooFew(let kind, let needed, let found):
      "\(kind.rawValue) needs at least \(needed) samples, and there are \(found)"
    case .diverged(let step):
      "jensen-shannon cannot be measured here: the discriminator's gradient is not finite at step \(step) of its training"
    }
  }
}
