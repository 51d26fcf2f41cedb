import Foundation

/// The generator's gradient has vanished: a perfect discriminator under the saturating loss log(1 - D(G(z))), whose gradient
/// is -D(G(z)) times that of the logit. (The non-saturating loss keeps its gradient there.)
struct GradientRule: Sendable, Equatable, Codable {
  private static let needed = 10
  private var norms = RunningMedian()
  /// The highest that the running median has been: a slow decay must not take its own yardstick along.
  private var reference: Double?

  mutating func finding(_ observation: Observation, rules: VerdictRules) -> Finding {
    guard let norm = observation.generatorGradient, norm.isFinite else { return .unknown }
    if norm < rules.deadGradient {
      return .holds(
        severity: .critical,
        message: "vanishing gradients: the generator's gradient is \(figure(norm)), it stands still",
        rule: "gradient/generator \(figure(norm)) < \(figure(rules.deadGradient))")
    }
    guard let reference, norms.count >= Self.needed else {
      learn(norm)
      return .unknown
    }
    guard norm < rules.vanishingRatio * reference else {
      if norm >= rules.recoveredGradientRatio * reference { learn(norm) }
      return norm >= rules.recoveredGradientRatio * reference
        ? .clear(
          message: "the generator's gradient is back",
          rule: "gradient/generator \(figure(norm)) >= \(figure(rules.recoveredGradientRatio)) x \(figure(reference))")
        : .between
    }
    guard !observation.isCritic, BalanceRules.discriminatorIsPerfect(observation, rules: rules) == true else {
      return .between
    }
    return .holds(
      severity: .warning,
      message: "vanishing gradients: the discriminator is perfect and the generator learns nothing from it",
      rule: "gradient/generator \(figure(norm)) < \(figure(rules.vanishingRatio)) x its median \(figure(reference))"
        + " and \(BalanceRules.evidence(observation))")
  }

  private mutating func learn(_ norm: Double) {
    norms.append(norm)
    if norms.count >= Self.needed, let median = norms.median { reference = max(reference ?? 0, median) }
  }
}

/// One player has won; for objectives with probabilities only.
enum BalanceRules {
  static func discriminatorWon(_ observation: Observation, rules: VerdictRules) -> Finding {
    guard !observation.isCritic, observation.step >= rules.graceSteps,
      let isPerfect = discriminatorIsPerfect(observation, rules: rules)
    else { return .unknown }
    if isPerfect {
      return .holds(
        severity: .warning,
        message: "the discriminator has won: it tells nearly all real and generated samples right",
        rule: evidence(observation))
    }
    let isStillStrong: Bool
    if let real = observation.realAccuracy, let fake = observation.fakeAccuracy {
      isStillStrong = min(real, fake) > rules.lostAccuracy
    } else {
      isStillStrong = (observation.scoreDifference ?? 0) > 2 * rules.lostAccuracy - 1
    }
    return isStillStrong
      ? .between
      : .clear(message: "the discriminator makes mistakes again", rule: evidence(observation))
  }

  /// At equilibrium the discriminator cannot tell either: it is the bad samples that make it a defeat.
  static func generatorWon(
    _ observation: Observation, samples: CollapseRule.Samples, rules: VerdictRules
  ) -> Finding {
    guard !observation.isCritic, observation.step >= rules.graceSteps, let real = observation.realScore,
      let fake = observation.fakeScore, real.isFinite, fake.isFinite
    else { return .unknown }
    if fake > rules.fooledScore {
      return .holds(
        severity: .warning, message: "the generator has won: the discriminator takes its samples for real",
        rule: "score/fake \(figure(fake)) > \(figure(rules.fooledScore))")
    }
    let difference = abs(real - fake)
    if difference < rules.chanceDifference, isAtChance(observation) {
      // Good samples at chance are the equilibrium, and end a verdict as well as a discriminator that learns again.
      switch samples {
      case .unknown: return .between
      case .good: break
      case .bad:
        return .holds(
          severity: .warning,
          message: "the generator has won: the discriminator cannot tell, and yet the samples are bad",
          rule: "|score/real - score/fake| \(figure(difference)) < \(figure(rules.chanceDifference))")
      }
    } else if difference < rules.tellingDifference {
      return .between
    }
    return .clear(
      message: "the discriminator holds against the generator again",
      rule: "|score/real - score/fake| \(figure(difference)), score/fake \(figure(fake))")
  }

  /// Nil where neither accuracies nor scores are known. What is known must agree.
  static func discriminatorIsPerfect(_ observation: Observation, rules: VerdictRules) -> Bool? {
    var evidence: [Bool] = []
    if let real = observation.realAccuracy, let fake = observation.fakeAccuracy {
      evidence.append(real > rules.wonAccuracy && fake > rules.wonAccuracy)
    }
    if let real = observation.realScore, let fake = observation.fakeScore {
      evidence.append(real > rules.wonScore && fake < 1 - rules.wonScore)
    }
    return evidence.isEmpty ? nil : evidence.allSatisfy { $0 }
  }

  static func evidence(_ observation: Observation) -> String {
    var parts: [String] = []
    if let real = observation.realAccuracy, let fake = observation.fakeAccuracy {
      parts.append("accuracy/real \(figure(real)) and accuracy/fake \(figure(fake))")
    }
    if let real = observation.realScore, let fake = observation.fakeScore {
      parts.append("score/real \(figure(real)) and score/fake \(figure(fake))")
    }
    return parts.joined(separator: ", ")
  }

  private static func isAtChance(_ observation: Observation) -> Bool {
    guard let real = observation.realAccuracy, let fake = observation.fakeAccuracy else { return true }
    return abs((real + fake) / 2 - 0.5) < 0.05
  }
}

/// Three significant figures: "0.0123", "1.5e+09".
func figure(_ value: Double) -> String { String(format: "%.3g", value) }
