import Telemetry

/// A number of the configuration that a person may turn while the run trains, and where it stands in it.
public struct HyperparameterSpecification: Sendable {
  /// The key's path in the configuration, such as `optimizers.discriminator.rate`.
  public let id: String
  public let title: String
  public let minimum: Double
  public let maximum: Double
  public let scale: Hyperparameter.Scale
  public let isInteger: Bool
  public let explanation: String
  /// The value in a configuration; nil where the run has no such number.
  public let read: @Sendable (RunConfiguration) -> Double?
  /// Puts a value into a configuration that has such a number.
  let write: @Sendable (inout RunConfiguration, Double) -> Void

  init(
    _ id: String, _ title: String, _ range: ClosedRange<Double>, _ scale: Hyperparameter.Scale,
    isInteger: Bool = false, _ explanation: String, read: @escaping @Sendable (RunConfiguration) -> Double?,
    write: @escaping @Sendable (inout RunConfiguration, Double) -> Void
  ) {
    self.id = id
    self.title = title
    minimum = range.lowerBound
    maximum = range.upperBound
    self.scale = scale
    self.isInteger = isInteger
    self.explanation = explanation
    self.read = read
    self.write = write
  }

  /// Every live hyperparameter of any run, in the order of the panel.
  public static let all: [HyperparameterSpecification] =
    optimizer("generator", "G", \.optimizers.generator)
    + optimizer("discriminator", "D", \.optimizers.discriminator)
    + live(\.penalties) + live(\.techniques) + [
      auxiliaryWeight, codeWeight, styleMixing, styleTruncation, distanceWeight, adversarialWeight, cycleWeight,
      identityWeight, discriminatorSteps, averageDecay, measureInterval, truncation,
      pace,
    ]

  /// The live hyperparameters of one run with their values.
  public static func hyperparameters(of configuration: RunConfiguration) -> [Hyperparameter] {
    all.compactMap { specification in
      guard let value = specification.read(configuration) else { return nil }
      return Hyperparameter(
        id: specification.id, title: specification.title, value: value, minimum: specification.minimum,
        maximum: specification.maximum, scale: specification.scale, isInteger: specification.isInteger,
        explanation: specification.explanation)
    }
  }
}

extension RunConfiguration {
  /// The value of a live hyperparameter; nil for an unknown id and for a number that this run does not have.
  public func hyperparameter(_ id: String) -> Double? {
    HyperparameterSpecification.all.first { $0.id == id }?.read(self)
  }

  /// Sets a live hyperparameter.
  /// - Returns: the value that is now in force: clamped to the range, rounded where only integers make sense. Nil, with
  ///   nothing changed, for an unknown id, a number that this run does not have, and a value that is not finite.
  @discardableResult
  public mutating func setHyperparameter(_ id: String, to value: Double) -> Double? {
    guard let specification = HyperparameterSpecification.all.first(where: { $0.id == id }),
      specification.read(self) != nil, value.isFinite
    else { return nil }
    var accepted = min(max(value, specification.minimum), specification.maximum)
    if specification.isInteger { accepted = accepted.rounded() }
    specification.write(&self, accepted)
    return specification.read(self)
  }
}

extension HyperparameterSpecification {
  private typealias OptimizerPath = any WritableKeyPath<RunConfiguration, OptimizerConfiguration> & Sendable

  private static func optimizer(_ player: String, _ short: String, _ path: OptimizerPath)
    -> [HyperparameterSpecification]
  {
    let prefix = "optimizers.\(player)"
    return [
      HyperparameterSpecification(
        "\(prefix).rate", "\(short) rate", 1e-8...1, .logarithmic,
        "the \(player)'s learning rate, before its schedule",
        read: { $0[keyPath: path].rate }, write: { $0[keyPath: path].rate = $1 }),
      HyperparameterSpecification(
        "\(prefix).beta1", "\(short) beta1", 0...0.9999, .linear, "Adam's decay of the \(player)'s mean gradient",
        read: {
          guard case .adam(let beta1, _, _) = $0[keyPath: path].rule else { return nil }
          return beta1
        },
        write: {
          guard case .adam(_, let beta2, let epsilon) = $0[keyPath: path].rule else { return }
          $0[keyPath: path].rule = .adam(beta1: $1, beta2: beta2, epsilon: epsilon)
        }),
      HyperparameterSpecification(
        "\(prefix).beta2", "\(short) beta2", 0...0.999999, .linear,
        "Adam's decay of the \(player)'s mean squared gradient",
        read: {
          guard case .adam(_, let beta2, _) = $0[keyPath: path].rule else { return nil }
          return beta2
        },
        write: {
          guard case .adam(let beta1, _, let epsilon) = $0[keyPath: path].rule else { return }
          $0[keyPath: path].rule = .adam(beta1: beta1, beta2: $1, epsilon: epsilon)
        }),
      HyperparameterSpecification(
        "\(prefix).momentum", "\(short) momentum", 0...0.9999, .linear, "momentum of the \(player)'s updates",
        read: {
          switch $0[keyPath: path].rule {
          case .sgd(let momentum), .rmsprop(_, _, let momentum): momentum
          case .adam: nil
          }
        },
        write: {
          switch $0[keyPath: path].rule {
          case .sgd: $0[keyPath: path].rule = .sgd(momentum: $1)
          case .rmsprop(let decay, let epsilon, _):
            $0[keyPath: path].rule = .rmsprop(decay: decay, epsilon: epsilon, momentum: $1)
          case .adam: break
          }
        }),
      HyperparameterSpecification(
        "\(prefix).clip-norm", "\(short) clip norm", 1e-6...1e6, .logarithmic,
        "largest norm of the \(player)'s gradient; a longer one is scaled down",
        read: { $0[keyPath: path].clipNorm }, write: { $0[keyPath: path].clipNorm = $1 }),
    ]
  }

  private typealias ListPath<Kind: ParameterizedKind> =
    any WritableKeyPath<RunConfiguration, [Parameterized<Kind>]> & Sendable

  /// The live numbers of a list's elements.
  private static func live<Kind>(_ list: ListPath<Kind>) -> [HyperparameterSpecification] {
    Kind.allCases.flatMap { kind in
      kind.parameters.compactMap { parameter in
        guard let live = parameter.live else { return nil }
        let key = parameter.key
        return HyperparameterSpecification(
          Parameterized<Kind>.id(kind, key), live.title, live.range, live.scale, parameter.explanation,
          read: { $0[keyPath: list][kind]?[key] },
          write: { configuration, value in
            guard let index = configuration[keyPath: list].firstIndex(where: { $0.kind == kind }) else { return }
            configuration[keyPath: list][index][key] = value
          })
      }
    }
  }

  private static let discriminatorSteps = HyperparameterSpecification(
    "schedule.discriminator-steps", "D steps", 1...100, .linear, isInteger: true,
    "discriminator updates before each generator update", read: { Double($0.schedule.discriminatorSteps) },
    write: { configuration, steps in configuration.schedule.discriminatorSteps = Int(steps) })

  private static let pace = HyperparameterSpecification(
    "schedule.pace", "pace", 0.1...1e6, .logarithmic, "steps a second at most",
    read: { $0.schedule.pace }, write: { $0.schedule.pace = $1 })

  private static let auxiliaryWeight = HyperparameterSpecification(
    "model.condition.weight", "class weight", 0...1e4, .logarithmic,
    "weight of the class's cross-entropy in both losses",
    read: {
      switch $0.model {
      case .gan(let gan): if case .auxiliary(let weight) = gan.condition { weight } else { nil }
      default: nil
      }
    },
    write: {
      switch $0.model {
      case .gan(var gan):
        guard case .auxiliary = gan.condition else { return }
        gan.condition = .auxiliary(weight: $1)
        $0.model = .gan(gan)
      default: break
      }
    })

  private static let codeWeight = HyperparameterSpecification(
    "model.code.weight", "code weight", 0...1e4, .logarithmic,
    "weight of the bound of the code's mutual information in both losses",
    read: {
      switch $0.model {
      case .gan(let gan): gan.code?.weight
      default: nil
      }
    },
    write: {
      switch $0.model {
      case .gan(var gan):
        gan.code?.weight = $1
        $0.model = .gan(gan)
      default: break
      }
    })

  private static let styleMixing = style(
    "mixing", "style mixing", \.mixing,
    "probability that a training sample takes its later styles from a second latent")

  private static let styleTruncation = style(
    "truncation", "truncation psi", \.truncation,
    "how far the styles of samples may be from their mean: 1 all the way, 0 not at all")

  /// A fraction of a style generator.
  private static func style(
    _ key: String, _ title: String, _ path: any WritableKeyPath<StyleConfiguration, Double> & Sendable,
    _ explanation: String
  ) -> HyperparameterSpecification {
    HyperparameterSpecification(
      "model.generator.\(key)", title, 0...1, .linear, explanation,
      read: {
        switch $0.model {
        case .gan(let gan): if case .style(let style) = gan.generator { style[keyPath: path] } else { nil }
        case .bigan, .pix2pix, .cyclegan: nil
        }
      },
      write: {
        switch $0.model {
        case .gan(var gan):
          guard case .style(var style) = gan.generator else { return }
          style[keyPath: path] = $1
          gan.generator = .style(style)
          $0.model = .gan(gan)
        case .bigan, .pix2pix, .cyclegan: break
        }
      })
  }

  private static func ofPix2Pix(
    _ id: String, _ title: String, _ explanation: String,
    _ path: any WritableKeyPath<PairedTranslationConfiguration, Double> & Sendable
  ) -> HyperparameterSpecification {
    HyperparameterSpecification(
      id, title, 0...1e4, .logarithmic, explanation,
      read: { if case .pix2pix(let pix2pix) = $0.model { pix2pix[keyPath: path] } else { nil } },
      write: {
        guard case .pix2pix(var pix2pix) = $0.model else { return }
        pix2pix[keyPath: path] = $1
        $0.model = .pix2pix(pix2pix)
      })
  }

  private static let distanceWeight = ofPix2Pix(
    "model.distance-weight", "L1 weight", "lambda, the weight of E |y - G(x)| in the generator's loss",
    \.distanceWeight)
  private static let adversarialWeight = ofPix2Pix(
    "model.adversarial-weight", "adversarial", "weight of the objective's term in the generator's loss",
    \.adversarialWeight)

  private static func ofCycleGAN(
    _ id: String, _ title: String, _ explanation: String,
    _ path: any WritableKeyPath<CycleConfiguration, Double> & Sendable
  ) -> HyperparameterSpecification {
    HyperparameterSpecification(
      id, title, 0...1e4, .logarithmic, explanation,
      read: { if case .cyclegan(let cycle) = $0.model { cycle[keyPath: path] } else { nil } },
      write: {
        guard case .cyclegan(var cycle) = $0.model else { return }
        cycle[keyPath: path] = $1
        $0.model = .cyclegan(cycle)
      })
  }

  private static let cycleWeight = ofCycleGAN(
    "model.cycle-weight", "cycle weight", "lambda, the weight of how far images come back from there and back",
    \.cycleWeight)
  private static let identityWeight = ofCycleGAN(
    "model.identity-weight", "identity", "weight, times lambda, of how far a generator changes what is a target",
    \.identityWeight)

  private static let averageDecay = HyperparameterSpecification(
    "model.average.decay", "average decay", 0...0.999999, .linear,
    "decay of the generator's averaged weights; nearer 1 averages longer",
    read: {
      switch $0.model {
      case .gan(let gan): gan.average?.decay
      default: nil
      }
    },
    write: {
      switch $0.model {
      case .gan(var gan):
        gan.average?.decay = $1
        $0.model = .gan(gan)
      default: break
      }
    })

  /// Of runs that truncate, and of BigGAN's, whose generator was made for it.
  private static let truncation = HyperparameterSpecification(
    "sampling.truncation", "truncation", 0.01...SamplingConfiguration.noTruncation, .logarithmic,
    "samples' latents are cut off at plus and minus this; 10 cuts nothing off",
    read: { configuration in
      if let truncation = configuration.sampling.truncation { return truncation }
      guard case .gan(let gan) = configuration.model, gan.generator.kind == .bigGAN, gan.latent.distribution == .normal
      else { return nil }
      return SamplingConfiguration.noTruncation
    },
    write: { configuration, limit in configuration.sampling.truncation = limit })

  private static let measureInterval = HyperparameterSpecification(
    "measures.every", "measure every", 1...1e9, .logarithmic, isInteger: true,
    "steps between two measurements of entropy and modes", read: { Double($0.measures.every) },
    write: { configuration, steps in configuration.measures.every = Int(steps) })
}
