import Tensors

/// A trunk and heads that all read its features, such as a discriminator's score and its guess at the class.
///
///     let D = try BranchedNetwork.dcganDiscriminator(name: "discriminator", size: 28, channels: 1, features: 32)
///       .adding(head: "class", outputs: 10)
///     let judged = D.apply(images, mode: .training)
///     let (score, logits, features) = (judged.outputs["score"], judged.outputs["class"], judged.features)
///
/// Where only one head is asked for, `network(head:)` is the trunk and that head as a plain network.
public struct BranchedNetwork: Sendable {
  /// What an application yields.
  public struct Result: Sendable {
    /// The trunk's output, `[batch] + trunk.outputShape`.
    public let features: Tensor
    /// The heads' outputs by name.
    public let outputs: [String: Tensor]
    /// New running statistics, if the pass was asked to collect them.
    public let statistics: [(variable: Variable, value: Tensor)]
  }

  /// A network that reads the trunk's features.
  public struct Head: Sendable {
    public let name: String
    public let network: Network

    public init(_ name: String, _ network: Network) {
      self.name = name
      self.network = network
    }
  }

  /// The head that every discriminator has: the raw score, `[batch, 1]`.
  public static let score = "score"

  public let trunk: Network
  public let heads: [Head]
  /// The trunk's, then each head's.
  public let parameters: [Variable]
  public let statistics: [Variable]
  public var variables: [Variable] { parameters + statistics }
  public var name: String { trunk.name }
  public var inputShape: Shape { trunk.inputShape }
  /// What trunk and heads read beside the input.
  public var conditions: [Condition: Shape] { conditions(of: heads) }

  /// - Throws: a `NetworkError` for heads or variables of equal names, a `TensorError` for a head that does not fit the
  ///   trunk's features.
  public init(trunk: Network, heads: [Head]) throws {
    self.trunk = trunk
    self.heads = heads
    let networks = [trunk] + heads.map(\.network)
    parameters = networks.flatMap(\.parameters)
    statistics = networks.flatMap(\.statistics)
    var names: Set<String> = []
    for head in heads {
      guard names.insert(head.name).inserted else {
        throw NetworkError.duplicateHead(network: trunk.name, head: head.name)
      }
      _ = try network(head: head.name)
    }
    names = []
    for variable in variables {
      guard names.insert(variable.name).inserted else {
        throw NetworkError.duplicateVariable(network: trunk.name, variable: variable.name)
      }
    }
  }

  /// This network with one more head: dense layers after the trunk's flattened features.
  ///
  /// - Parameters:
  ///   - head: the head's name; its variables are named below it.
  ///   - outputs: numbers of each sample: classes for their logits, code elements for their means.
  ///   - hidden: units of the head's own hidden layers.
  /// - Throws: a `NetworkError` for what cannot be built.
  public func adding(
    head: String, outputs: Int, hidden: [Int] = [], activation: Activation = .leakyReLU(slope: 0.2),
    normalization: Normalization = .none, initializer: Initializer = .heNormal(), spectral: SpectralNorm? = nil
  ) throws -> BranchedNetwork {
    let network = try Network.mlp(
      name: "\(name)/\(head)", input: trunk.outputShape, hidden: hidden, output: [outputs], activation: activation,
      normalization: normalization, initializer: initializer, spectral: spectral, dtype: trunk.inputType)
    return try BranchedNetwork(trunk: trunk, heads: heads + [Head(head, network)])
  }

  /// The trunk and one head, as a network of its own that has the same variables.
  ///
  /// - Throws: a `NetworkError` for a head that does not exist.
  public func network(head name: String = BranchedNetwork.score) throws -> Network {
    guard let head = heads.first(where: { $0.name == name }) else {
      throw NetworkError.unknownHead(network: self.name, head: name, heads: heads.map(\.name))
    }
    return try Network(
      name: self.name, inputShape: trunk.inputShape, inputType: trunk.inputType, conditions: conditions(of: [head]),
      layers: trunk.layers + head.network.layers)
  }

  /// One pass through the trunk and the heads.
  ///
  /// - Parameters: as `Network.apply` has them, and:
  ///   - wanted: the heads to run; all if nil. No head at all gives the features alone.
  public func apply(
    _ x: Tensor, heads wanted: Set<String>? = nil, substituting substitutions: [Variable: Tensor] = [:],
    conditions: [Condition: Tensor] = [:], mode: ForwardPass.Mode, collecting: Bool = false, stream: String = ""
  ) -> Result {
    var pass = ForwardPass(
      mode: mode, substitutions: substitutions, conditions: conditions, collectsStatistics: collecting,
      streamPrefix: stream)
    return labelled(name) {
      let features = trunk(x, in: &pass)
      var outputs: [String: Tensor] = [:]
      for head in heads where wanted?.contains(head.name) ?? true {
        let isBelow = head.network.name.hasPrefix(name + "/")
        let run = { (pass: inout ForwardPass) in head.network(features, in: &pass) }
        outputs[head.name] =
          isBelow ? labelled(String(head.network.name.dropFirst(name.count + 1))) { run(&pass) } : run(&pass)
      }
      return Result(features: features, outputs: outputs, statistics: pass.statistics)
    }
  }

  private func conditions(of heads: [Head]) -> [Condition: Shape] {
    heads.reduce(trunk.conditions) { $0.merging($1.network.conditions) { first, _ in first } }
  }
}
