import Networks
import Objectives
import Optimizers
import Telemetry
import Tensors

extension AdversarialGame {
  /// What D is asked about: samples as it is shown them, with their classes.
  struct Evidence {
    var samples: Tensor
    var classes: Tensor?
    var code: Tensor?
  }

  // MARK: The discriminator

  func discriminatorStep(_ draw: Draw) -> PlayerStep {
    var fake = draw.fakes.output.detached
    var pool: [(variable: Variable, value: Tensor)] = []
    if let replay {
      let mixed = replay.mix(fake, share: Self.technique(.experienceReplay, "share"), stream: "replay")
      (fake, pool) = (mixed.batch, mixed.assignments)
    }
    let judgement = judgement(
      real: Evidence(samples: shown(realBatch, stream: "real"), classes: realClasses),
      fake: Evidence(samples: shown(fake, stream: "fake"), classes: draw.classes, code: draw.code),
      substituting: [:], collecting: true)
    var metrics = metrics(
      of: judgement.loss, total: judgement.total, real: judgement.realScore, fake: judgement.fakeScore)
    if !judgement.penalties.isEmpty { metrics.append((.penalty, judgement.penalties.sum)) }
    var step = discriminatorStep(
      down: judgement.total, state: judgement.statistics + pool, metrics: metrics + judgement.metrics)
    if configuration.penalties.has(.weightClipping) {
      step.update = step.update.clampingParameters(to: Self.penalty(.weightClipping, "limit"))
    }
    step.state += histories?.discriminator.update(with: step.update.parameters) ?? []
    if isDirac, let psi = step.update.parameters.first { step.metrics.append((.diracPsi, psi.value)) }
    return step
  }

  /// What D makes of data and fakes, and what that costs it.
  struct Judgement {
    var loss: DiscriminatorLoss
    /// Losses of what D is asked beside the score.
    var questions: [Tensor] = []
    var penalties: [Tensor] = []
    var statistics: [(variable: Variable, value: Tensor)]
    var realScore: Tensor
    var fakeScore: Tensor
    var metrics: [(id: MetricID, value: Tensor)] = []
    var total: Tensor { (questions + penalties).reduce(loss.total, +) }
  }

  /// - Parameters:
  ///   - weights: what stands for D's variables.
  ///   - pointsMove: whether the points of slope penalties move with the fakes, as analyses of the game need it; in
  ///     training they are constants.
  func judgement(
    real: Evidence, fake: Evidence, substituting weights: [Variable: Tensor], collecting: Bool, pointsMove: Bool = false
  ) -> Judgement {
    let onReal = discriminator.apply(
      real.samples, substituting: weights, conditions: conditions(real.classes), mode: .training,
      collecting: collecting, stream: "real")
    // The second pass continues the first's statistics.
    let onFake = discriminator.apply(
      fake.samples, substituting: weights.substituting(onReal.statistics), conditions: conditions(fake.classes),
      mode: .training, collecting: collecting, stream: "judged")
    var judgement = Judgement(
      loss: objective.discriminatorLoss(real: onReal.score, fake: onFake.score),
      penalties: slopePenalties(real: real, fake: fake, substituting: weights, pointsMove: pointsMove)
        + weightPenalties("discriminator", discriminator.parameters, weights)
        + drift(onReal.score, onFake.score),
      // The last value of each statistic is the one to keep.
      statistics: onFake.statistics.isEmpty ? onReal.statistics : onFake.statistics, realScore: onReal.score,
      fakeScore: onFake.score)
    if case .auxiliary = settings.condition,
      let (realLogits, fakeLogits) = both(onReal, onFake, NetworkFactory.classHead),
      let realClasses = real.classes, let fakeClasses = fake.classes
    {
      let onData = softmaxCrossEntropy(logits: realLogits, classes: realClasses).mean()
      let onFakes = softmaxCrossEntropy(logits: fakeLogits, classes: fakeClasses).mean()
      judgement.questions.append(Self.scalar("model.condition.weight") * (onData + onFakes))
      judgement.metrics += [
        (.classLoss, onData), (.classAccuracy, share(ofRight: realLogits, classes: realClasses)),
        (.fakeClassAccuracy, share(ofRight: fakeLogits, classes: fakeClasses)),
      ]
    }
    if let code = fake.code, let guess = onFake.outputs[NetworkFactory.codeHead] {
      let loss = codeLoss(guess, code)
      judgement.questions.append(Self.scalar("model.code.weight") * loss)
      judgement.metrics.append((.codeLoss, loss))
    }
    return judgement
  }

  private func both(
    _ real: BranchedNetwork.Result, _ fake: BranchedNetwork.Result, _ head: String
  ) -> (Tensor, Tensor)? {
    guard let first = real.outputs[head], let second = fake.outputs[head] else { return nil }
    return (first, second)
  }

  private func share(ofRight logits: Tensor, classes: Tensor) -> Tensor {
    let best = logits.max(axes: [1], keepingAxes: true)
    return ((logits * classes).sum(axes: [1], keepingAxes: true) .>= best).cast(to: .f32).mean()
  }

  /// -E ln Q(c | x) of InfoGAN's code, up to a constant: cross-entropy of the category, Gaussian of unit variance for the
  /// continuous elements. The bound on the mutual information is H(c) minus this.
  ///
  /// Reference: [Chen et al. 2016](https://arxiv.org/abs/1606.03657), lemma 5.1 and equation 5.
  private func codeLoss(_ guess: Tensor, _ code: Tensor) -> Tensor {
    guard let settings = settings.code else { return Tensor(0) }
    let (categories, all) = (settings.categories, settings.dimension)
    func part(_ tensor: Tensor, _ from: Int, _ to: Int) -> Tensor { tensor.slice(axis: 1, from: from, to: to) }
    var loss = Tensor(0)
    if categories > 0 {
      loss = softmaxCrossEntropy(logits: part(guess, 0, categories), classes: part(code, 0, categories)).mean()
    }
    if settings.continuous > 0 {
      loss =
        loss
        + gaussianNegativeLogLikelihood(part(code, categories, all), mean: part(guess, categories, all)).mean()
    }
    return loss
  }

  // MARK: Penalties

  private func slopePenalties(
    real: Evidence, fake: Evidence, substituting weights: [Variable: Tensor], pointsMove: Bool
  ) -> [Tensor] {
    configuration.penalties.compactMap { penalty -> Tensor? in
      let place: PenaltyPlace
      let shape: PenaltyShape
      switch penalty.kind {
      case .gradientPenalty: (place, shape) = (.interpolated, .centred(at: penalty["target"]))
      case .r1: (place, shape) = (.data, .halfSquare)
      case .r2: (place, shape) = (.samples, .halfSquare)
      case .lipschitz: (place, shape) = (.interpolated, .excess)
      case .dragan: (place, shape) = (.aroundData, .centred(at: 1))
      case .weightClipping, .drift, .orthogonal, .l1, .l2: return nil
      }
      let classes = penalty.kind == .r2 ? fake.classes : real.classes
      let stream = penalty.kind == .gradientPenalty ? "penalty/mix" : "penalty/\(penalty.kind.rawValue)"
      return labelled("penalty") {
        let points =
          pointsMove
          ? place.movingPoints(real: real.samples, fake: fake.samples, stream: stream)
          : place.points(real: real.samples, fake: fake.samples, stream: stream)
        return GradientPenalty(place: place, shape: shape)(
          critic: { points in
            discriminator.apply(
              points, heads: [BranchedNetwork.score], substituting: weights, conditions: conditions(classes),
              mode: .training, stream: "penalty"
            ).score
          }, at: points, weight: Self.penalty(penalty.kind, "weight")
        ).loss
      }
    }
  }

  private func drift(_ real: Tensor, _ fake: Tensor) -> [Tensor] {
    guard configuration.penalties.has(.drift) else { return [] }
    return [driftPenalty(of: real, weight: Self.penalty(.drift, "weight"))]
  }

  /// Penalties on a side's weights and on how far they are from their past.
  ///
  /// - Parameter values: what stands for the parameters.
  func weightPenalties(_ side: String, _ parameters: [Variable], _ values: [Variable: Tensor]) -> [Tensor] {
    let variables = weights(among: parameters)
    let kernels = variables.map { values[$0] ?? $0.value }
    var terms: [Tensor] = configuration.penalties.compactMap { penalty in
      guard penalty.kind == .l1 || penalty.kind == .l2 || penalty.kind == .orthogonal else { return nil }
      let weight = Self.penalty(penalty.kind, side)
      switch penalty.kind {
      case .l1: return l1Penalty(of: kernels, weight: weight)
      case .l2: return l2Penalty(of: kernels, weight: weight)
      case .orthogonal:
        // Rows are filters: convolutions have theirs first, dense layers and transposed convolutions second.
        let rows = zip(variables, kernels).map { variable, kernel in
          filters(of: kernel, outputAxis: kernel.rank == 2 || transposed.contains(variable) ? 1 : 0)
        }
        return orthogonalPenalty(of: rows, weight: weight)
      default: return nil
      }
    }
    if let histories {
      let history = side == "generator" ? histories.generator : histories.discriminator
      terms.append(history.penalty(weight: Self.technique(.historicalAveraging, side), values: values))
    }
    return terms
  }

  // MARK: The generator

  func generatorStep(_ draw: Draw, judge: [Variable: Tensor]) -> PlayerStep {
    let fake = Evidence(
      samples: shown(draw.fakes.output, stream: "generator"), classes: draw.classes, code: draw.code)
    var weights = judge
    if isUnrolled {
      weights = unrolled(
        real: Evidence(samples: shown(realBatch, stream: "unrolled"), classes: realClasses), fake: fake,
        judge: judge)
    }
    let judged = discriminator.apply(
      fake.samples, substituting: weights, conditions: conditions(fake.classes), mode: .training, stream: "judge")
    let adversarial = objective.generatorLoss(fake: judged.score)
    var loss = matchesFeatures ? Self.technique(.featureMatching, "adversarial") * adversarial : adversarial
    if matchesFeatures {
      let real = discriminator.apply(
        shown(realBatch, stream: "matched"), heads: [], substituting: weights, conditions: conditions(realClasses),
        mode: .training, stream: "matched")
      loss =
        loss
        + Self.technique(.featureMatching, "weight")
        * featureMatching(real: real.features.detached, fake: judged.features)
    }
    if case .auxiliary = settings.condition, let logits = judged.outputs[NetworkFactory.classHead],
      let classes = fake.classes
    {
      loss =
        loss
        + Self.scalar("model.condition.weight") * softmaxCrossEntropy(logits: logits, classes: classes).mean()
    }
    if let code = fake.code, let guess = judged.outputs[NetworkFactory.codeHead] {
      loss = loss + Self.scalar("model.code.weight") * codeLoss(guess, code)
    }
    let total = weightPenalties("generator", generator.parameters, [:]).reduce(loss, +)
    var step = generatorStep(down: total, state: draw.fakes.statistics, metrics: [(.generatorLoss, loss)])
    step.state += histories?.generator.update(with: step.update.parameters) ?? []
    if isDirac, let theta = step.update.parameters.first { step.metrics.append((.diracTheta, theta.value)) }
    return step
  }

  func following(_ update: OptimizerUpdate) -> [(variable: Variable, value: Tensor)] {
    average?.update(with: update.parameters, decay: Self.scalar("model.average.decay")) ?? []
  }

  /// D's parameters after its next updates on these batches, as a function of the fakes: G descends through them.
  ///
  ///     φ⁰ = φ,  φⁱ⁺¹ = φⁱ − the optimizer's step on L_D(x, G(z); φⁱ);  G's gradient is the total derivative of L_G(φᵏ)
  ///
  /// Reference: [Metz et al. 2017](https://arxiv.org/abs/1611.02163), equations 8 and 9. D itself takes its one ordinary
  /// step.
  private func unrolled(
    real: Evidence, fake: Evidence, judge: [Variable: Tensor]
  ) -> [Variable: Tensor] {
    labelled("unrolled") {
      var (weights, state) = (judge, judge)
      for _ in 0..<unrolledSteps {
        let judgement = judgement(real: real, fake: fake, substituting: weights, collecting: false)
        let values = discriminator.parameters.map { weights[$0] ?? $0.value }
        let update = discriminatorOptimizer.update(
          discriminator.parameters, gradients: gradients(of: judgement.total, withRespectTo: values),
          rate: Self.scalar("optimizers.discriminator.rate"), values: weights,
          state: OptimizerState(substitutions: state, isDifferentiated: true))
        weights = weights.substituting(update.parameters)
        state = state.substituting(update.state)
      }
      return weights
    }
  }
}

extension BranchedNetwork.Result {
  /// The raw score, `[batch, 1]`.
  var score: Tensor { outputs[BranchedNetwork.score] ?? Tensor(0) }
}

extension [Tensor] {
  fileprivate var sum: Tensor { dropFirst().reduce(first ?? Tensor(0), +) }
}
