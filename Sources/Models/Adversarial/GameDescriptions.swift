import Objectives
import Telemetry
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// Scalars that a step reports.
typealias GameMetrics = [(id: MetricID, value: Tensor)]

/// What a game's scores mean, and what it reports of them.
extension TwoPlayerGame {
  /// Whether the score has no absolute meaning.
  var isCritic: Bool { objective.decisionThreshold == nil }
  /// The score that separates data from samples.
  var middleScore: Double { objective.scoreIsProbability ? 0.5 : objective.decisionThreshold ?? 0 }

  /// What a discriminator's scores of data and of samples say, and their losses.
  ///
  /// - Parameter total: the loss with what comes on top of the game's; nil for the game's alone.
  func metrics(
    of loss: DiscriminatorLoss, total: Tensor? = nil, real: Tensor, fake: Tensor
  ) -> GameMetrics {
    let (onReal, onFake) = (objective.opinion(real).mean(), objective.opinion(fake).mean())
    var metrics: GameMetrics = [
      (.discriminatorLoss, total ?? loss.total), (.discriminatorRealLoss, loss.real),
      (.discriminatorFakeLoss, loss.fake),
      (.realScore, onReal), (.fakeScore, onFake), (.scoreDifference, onReal - onFake),
    ]
    if let accuracy = objective.accuracy(real: real, fake: fake) {
      metrics += [(.realAccuracy, accuracy.real), (.fakeAccuracy, accuracy.fake)]
    }
    return metrics
  }

  /// The charts of what `metrics` reports and of the gradients.
  ///
  /// - Parameters:
  ///   - made: what a chart calls a sample.
  ///   - share: the factor on the objective's discriminator loss.
  ///   - generatorShare: the factor on its generator loss.
  ///   - knowsDiscriminator: whether D's whole loss has a known value at the equilibrium; not with other terms in it.
  ///   - knowsGenerator: whether G's has.
  func gameMetrics(
    of made: String = "G(z)", share: Double = 1, generatorShare: Double = 1, knowsDiscriminator: Bool = true,
    knowsGenerator: Bool = true
  ) -> [MetricDescriptor] {
    let equilibrium = objective.equilibrium
    func line(_ value: Double?, _ factor: Double = 1) -> ReferenceLine? {
      value.map { ReferenceLine(value: factor * $0, label: GameDescriptions.name(of: factor * $0)) }
    }
    let score = objective.scoreIsProbability ? "D" : "score"
    var list = [
      MetricDescriptor(
        id: .generatorLoss, title: "G loss",
        reference: knowsGenerator ? line(equilibrium.generator, generatorShare) : nil),
      MetricDescriptor(
        id: .discriminatorLoss, title: "D loss",
        reference: knowsDiscriminator ? line(equilibrium.discriminator, share) : nil),
      MetricDescriptor(id: .discriminatorRealLoss, title: "D loss on data", reference: line(equilibrium.real, share)),
      MetricDescriptor(
        id: .discriminatorFakeLoss, title: "D loss on samples", reference: line(equilibrium.fake, share)),
      MetricDescriptor(id: .realScore, title: "\(score)(x)", reference: line(scoreAtEquilibrium)),
      MetricDescriptor(id: .fakeScore, title: "\(score)(\(made))", reference: line(scoreAtEquilibrium)),
      MetricDescriptor(id: .scoreDifference, title: "\(score)(x) - \(score)(\(made))", reference: line(0)),
      MetricDescriptor(id: .discriminatorGradient, title: "D gradient norm"),
      MetricDescriptor(id: .generatorGradient, title: "G gradient norm"),
    ]
    if objective.decisionThreshold != nil {
      list.append(MetricDescriptor(id: .realAccuracy, title: "D right on data", reference: line(0.5)))
      list.append(MetricDescriptor(id: .fakeAccuracy, title: "D right on samples", reference: line(0.5)))
    }
    return list
  }

  private var scoreAtEquilibrium: Double? {
    objective.scoreIsProbability ? objective.equilibrium.score.map { 1 / (1 + exp(-$0)) } : objective.equilibrium.score
  }

  /// The game, with what the labels are made of. The labels' values are scalar inputs.
  static func objective(_ configuration: RunConfiguration) throws -> any AdversarialObjective {
    var objective: any AdversarialObjective =
      switch configuration.objective {
      case .minimax: Minimax()
      case .nonSaturating: NonSaturating()
      case .wasserstein: Wasserstein()
      case .leastSquares(let fake, let real, let target): LeastSquares(fake: fake, real: real, target: target)
      case .hinge: Hinge()
      }
    if configuration.techniques.has(.labelSmoothing) {
      objective = try SmoothedLabels(
        objective, real: AdversarialGame.technique(.labelSmoothing, "real"),
        fake: AdversarialGame.technique(.labelSmoothing, "fake"))
    }
    if configuration.techniques.has(.noisyLabels) {
      objective = NoisyLabels(objective, probability: AdversarialGame.technique(.noisyLabels, "probability"))
    }
    return objective
  }
}

private enum GameDescriptions {
  /// How a chart labels a value: the field's name for it where it has one.
  static func name(of value: Double) -> String {
    let known: [(Double, String)] = [
      (0.693_147_180_559_945, "ln 2"), (1.386_294_361_119_890, "2 ln 2"), (-0.693_147_180_559_945, "-ln 2"),
    ]
    return known.first { abs($0.0 - value) < 1e-9 }?.1 ?? (value == value.rounded() ? "\(Int(value))" : "\(value)")
  }
}
