import Telemetry

/// What constrains the networks beside their objective.
public typealias PenaltyConfiguration = Parameterized<PenaltyKind>

/// The penalties by the names that configurations use. Any goes with any objective.
public enum PenaltyKind: String, ParameterizedKind {
  /// λ E (‖∇D(x̂)‖ − target)² on random points between data and fakes: Gulrajani et al. (2017), equation 3. A target of 0
  /// makes it the zero-centred penalty of Thanh-Tung et al. (2019).
  case gradientPenalty = "gradient-penalty"
  /// γ/2 E ‖∇D(x)‖² on data: Mescheder et al. (2018), equation 9.
  case r1
  /// γ/2 E ‖∇D(G(z))‖² on fakes: Mescheder et al. (2018), equation 10.
  case r2
  /// λ E max(0, ‖∇D(x̂)‖ − 1)² between data and fakes: Petzka et al. (2018), equation 8.
  case lipschitz = "lipschitz-penalty"
  /// λ E (‖∇D(x + δ)‖ − 1)² around data: Kodali et al. (2017).
  case dragan
  /// Every weight of the discriminator is clamped to ±limit after each of its updates: Arjovsky et al. (2017), algorithm 1.
  case weightClipping = "weight-clipping"
  /// ε E D(x)² keeps scores near 0: Karras et al. (2018), appendix A.1.
  case drift
  /// β ‖WᵀW ⊙ (1 − I)‖² of each layer: Brock et al. (2019), equation 3.
  case orthogonal
  /// λ Σ |w|.
  case l1
  /// λ/2 Σ w².
  case l2

  public static let section = "penalties"

  public var parameters: [ParameterSpecification] {
    func weight(_ key: String, _ standard: Double, _ title: String, _ explanation: String) -> ParameterSpecification {
      ParameterSpecification(key, standard, .notNegative, live: .init(title, 0...1e4, .logarithmic), explanation)
    }
    func ofBoth(_ name: String, generator: Double, discriminator: Double) -> [ParameterSpecification] {
      [
        weight("discriminator", discriminator, "D \(name)", "weight of the penalty on the discriminator's weights"),
        weight("generator", generator, "G \(name)", "weight of the penalty on the generator's weights"),
      ]
    }
    switch self {
    case .gradientPenalty:
      return [
        weight("weight", 10, "penalty weight", "lambda in lambda E (|grad D| - target)^2, between data and fakes"),
        ParameterSpecification("target", 1, .notNegative, "the norm that gradients are drawn to"),
      ]
    case .r1: return [weight("weight", 10, "R1 weight", "gamma in gamma/2 E |grad D|^2, on data")]
    case .r2: return [weight("weight", 10, "R2 weight", "gamma in gamma/2 E |grad D|^2, on fakes")]
    case .lipschitz:
      return [weight("weight", 10, "LP weight", "lambda in lambda E max(0, |grad D| - 1)^2, between data and fakes")]
    case .dragan:
      return [
        weight("weight", 10, "DRAGAN weight", "lambda in lambda E (|grad D| - 1)^2, around data"),
        ParameterSpecification(
          "spread", 0.5, .positive, "noise around the data, in deviations of the batch's values"),
      ]
    case .weightClipping:
      return [
        ParameterSpecification(
          "limit", 0.01, .positive, live: .init("clip limit", 1e-6...100, .logarithmic),
          "c: the critic's weights are clamped to [-c, c] after each of its updates")
      ]
    case .drift: return [weight("weight", 1e-3, "drift weight", "epsilon in epsilon E D(x)^2")]
    case .orthogonal: return ofBoth("orthogonal", generator: 1e-4, discriminator: 0)
    case .l1: return ofBoth("L1", generator: 0, discriminator: 1e-5)
    case .l2: return ofBoth("L2", generator: 0, discriminator: 1e-4)
    }
  }

  /// Whether it is a penalty on the slope of each sample's score, which a batch norm in the critic would mix.
  public var isOnSlope: Bool {
    switch self {
    case .gradientPenalty, .r1, .r2, .lipschitz, .dragan: true
    case .weightClipping, .drift, .orthogonal, .l1, .l2: false
    }
  }

  /// Whether it bounds a Wasserstein critic's slope.
  public var boundsSlope: Bool { isOnSlope || self == .weightClipping }
}

extension PenaltyConfiguration {
  public static func gradientPenalty(weight: Double, target: Double) -> Self {
    Self(.gradientPenalty, ["weight": weight, "target": target])
  }
  public static func weightClipping(limit: Double) -> Self { Self(.weightClipping, ["limit": limit]) }
}
