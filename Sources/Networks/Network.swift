import Tensors

/// Layers one after another, checked against each other when the network is made.
///
///     let score = D(x)                                          // own variables, training mode, no state changes
///     let pass = D.apply(x, substituting: averaged, mode: .sampling)
public struct Network: Layer {
  /// What an application of a network yields.
  public struct Result: Sendable {
    public let output: Tensor
    /// New running statistics, if the pass was asked to collect them.
    public let statistics: [(variable: Variable, value: Tensor)]
  }

  public let name: String
  public let layers: [any Layer]
  /// The shape of one sample, without the batch axis.
  public let inputShape: Shape
  public let inputType: DType
  /// What the layers read beside the input; the shape of one sample's, `.scalar` for what a batch shares.
  public let conditions: [Condition: Shape]
  public let outputShape: Shape
  public let parameters: [Variable]
  public let statistics: [Variable]

  /// - Parameters:
  ///   - name: goes before the layers' labels; the layers' names normally start with it.
  ///   - inputShape: the shape of one sample, without the batch axis.
  ///   - inputType: the samples' type; i32 for a network that starts with an embedding.
  ///   - conditions: what the layers read beside the input: the shape of one sample's, without the batch axis. A shape
  ///     `.scalar` stands for one number that the whole batch shares.
  /// - Throws: a `NetworkError` for variables of equal names, a `TensorError` that names the first layer that does not fit.
  public init(
    name: String, inputShape: Shape, inputType: DType = .f32, conditions: [Condition: Shape] = [:], layers: [any Layer]
  ) throws {
    self.name = name
    self.layers = layers
    self.inputShape = inputShape
    self.inputType = inputType
    self.conditions = conditions
    parameters = layers.flatMap(\.parameters)
    statistics = layers.flatMap(\.statistics)
    var names: Set<String> = []
    for variable in parameters + statistics {
      guard names.insert(variable.name).inserted else {
        throw NetworkError.duplicateVariable(network: name, variable: variable.name)
      }
    }
    // A trace with a batch of two finds the output's shape by the operations' own rules.
    let sample = Input(name: "\(name)/input", shape: Shape([2] + inputShape.dimensions), dtype: inputType)
    let beside = Dictionary(
      uniqueKeysWithValues: conditions.map { condition, shape in
        let whole = shape.rank == 0 ? shape : Shape([2] + shape.dimensions)
        return (condition, Input(name: "\(name)/\(condition.name)", shape: whole).value)
      })
    let result = try trace { () -> Tensor in
      var pass = ForwardPass(mode: .sampling, conditions: beside)
      return Network.run(layers, of: name, on: sample.value, in: &pass)
    }
    outputShape = Shape(Array(result.shape.dimensions.dropFirst()))
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    Network.run(layers, of: name, on: x, in: &pass)
  }

  /// The network with its own variables, leaving its running statistics alone.
  public func callAsFunction(_ x: Tensor, mode: ForwardPass.Mode = .training) -> Tensor {
    var pass = ForwardPass(mode: mode)
    return labelled(name) { self(x, in: &pass) }
  }

  /// The network with other tensors in place of some of its variables.
  ///
  /// Where one program passes several batches in training mode (real ones, then fake ones), the second pass continues the
  /// first one's running statistics when `substituting` holds them: `substitutions.substituting(first.statistics)`.
  ///
  /// - Parameters:
  ///   - x: `[batch] + inputShape`.
  ///   - substituting: what stands in for variables.
  ///   - conditions: what the layers read beside x.
  ///   - collecting: whether to yield new running statistics, in training mode.
  ///   - stream: goes before the names of the pass's random streams.
  public func apply(
    _ x: Tensor, substituting substitutions: [Variable: Tensor] = [:], conditions: [Condition: Tensor] = [:],
    mode: ForwardPass.Mode, collecting: Bool = false, stream: String = ""
  ) -> Result {
    var pass = ForwardPass(
      mode: mode, substitutions: substitutions, conditions: conditions, collectsStatistics: collecting,
      streamPrefix: stream)
    let output = labelled(name) { self(x, in: &pass) }
    return Result(output: output, statistics: pass.statistics)
  }

  /// Runs layers, each labelled with its name below the network's.
  private static func run(_ layers: [any Layer], of name: String, on x: Tensor, in pass: inout ForwardPass) -> Tensor {
    var value = x
    for layer in layers {
      let isBelow = layer.name.hasPrefix(name + "/")
      let label = isBelow ? String(layer.name.dropFirst(name.count + 1)) : layer.name
      value = labelled(label) { layer(value, in: &pass) }
    }
    return value
  }
}
