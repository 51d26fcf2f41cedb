import Execution
import Tensors
import Testing

/// The one-centred penalty mean((‖∇x D(x)‖₂ − 1)²) of Gulrajani et al. 2017: its gradient for D's parameters is of second order.
@Suite struct GradientPenaltyTests {
  private struct Critic {
    let parameters: [Input]
    let apply: ([Tensor], Tensor) -> Tensor
  }

  private func input(_ name: String, _ shape: Shape) -> Input { Input(name: name, shape: shape, dtype: .f64) }

  private func check(_ critic: Critic, batch: Shape, _ name: String) throws {
    let x = input("x", batch)
    var value = Program(name: name)
    var first = Program(name: name)
    try trace {
      let nodes = critic.parameters.map(\.value)
      let images = x.value
      let slope = gradients(of: critic.apply(nodes, images).sum(), withRespectTo: [images])[0]
      let norms = slope.square().sum(axes: Array(1..<batch.rank)).sqrt()
      let penalty = (norms - 1).square().mean()
      value.output("value", penalty)
      for (parameter, gradient) in zip(critic.parameters + [x], gradients(of: penalty, withRespectTo: nodes + [images]))
      {
        first.output(parameter.name, gradient)
      }
    }
    var inputs: [String: [Double]] = [:]
    for parameter in critic.parameters + [x] {
      let fan = Double(max(1, parameter.shape.count / (parameter.shape.dimensions.first ?? 1)))
      inputs[parameter.name] = uniforms(parameter.shape.count, stream: "\(name) \(parameter.name)").map {
        (2 * $0 - 1) * (parameter.name == "x" ? 1 : 2 / fan.squareRoot())
      }
    }
    let found = try Evaluation(first)(inputs)
    let evaluation = try Evaluation(value)
    #expect(try evaluation.value(inputs) > 1e-3)
    for parameter in critic.parameters + [x] {
      let gradient = try #require(found[parameter.name])
      // The last bias moves the critic's value alone, not its slope.
      #expect(gradient.contains { $0 != 0 } == (parameter.name != "last bias"), "\(name) \(parameter.name)")
      try expectDerivative(
        gradient, of: evaluation, by: parameter.name, at: inputs, tolerance: 1e-6,
        "\(name): gradient for \(parameter.name)")
    }
  }

  @Test(arguments: ["tanh", "softplus", "elu", "silu", "gelu", "leakyRelu"]) func ofAnMLP(_ activation: String) throws {
    func act(_ x: Tensor) -> Tensor {
      switch activation {
      case "tanh": x.tanh()
      case "softplus": x.softplus()
      case "elu": x.elu()
      case "silu": x * x.sigmoid()
      case "gelu": x.gelu()
      default: x.leakyRelu(slope: 0.2)
      }
    }
    let shapes: [(String, Shape)] = [
      ("w1", [3, 8]), ("b1", [8]), ("w2", [8, 7]), ("b2", [7]), ("w3", [7, 1]), ("last bias", [1]),
    ]
    var critic = Critic(parameters: shapes.map(input)) { p, x in
      act(act(x.matmul(p[0]) + p[1]).matmul(p[2]) + p[3]).matmul(p[4]) + p[5]
    }
    if activation == "leakyRelu" {
      // Piecewise linear: biases of hidden layers do not move the slope either, so they are left out.
      critic = Critic(parameters: [input("w1", [3, 8]), input("w2", [8, 7]), input("w3", [7, 1])]) { p, x in
        act(act(x.matmul(p[0])).matmul(p[1])).matmul(p[2]) + (x * x).sum(axes: [1], keepingAxes: true)
      }
    }
    try check(critic, batch: [5, 3], "MLP with \(activation)")
  }

  @Test(arguments: [1, 2]) func ofAConvolutionalNet(_ groups: Int) throws {
    let shapes: [(String, Shape)] = [
      ("k1", [4, 2, 3, 3]), ("b1", [4, 1, 1]), ("k2", [6, 4 / groups, 3, 3]), ("w", [24, 1]), ("last bias", [1]),
    ]
    let critic = Critic(parameters: shapes.map(input)) { p, x in
      let first = (x.convolution(p[0], .init(stride: 2, padding: 1)) + p[1]).softplus()
      let second = first.convolution(p[2], .init(stride: 2, padding: 1, groups: groups)).tanh()
      return second.flattened().matmul(p[3]) + p[4]
    }
    try check(critic, batch: [3, 2, 7, 6], "convolutional net of \(groups) groups")
  }

  /// Downsampling by average, normalization over the layer, and a transposed convolution on the way.
  @Test func ofANetWithNormalization() throws {
    let shapes: [(String, Shape)] = [
      ("k1", [3, 1, 3, 3]), ("scale", [3, 1, 1]), ("k2", [3, 2, 2, 2]), ("w", [2 * 4 * 4, 1]),
    ]
    let critic = Critic(parameters: shapes.map(input)) { p, x in
      let first = x.convolution(p[0], .init(padding: 1)).averagePooled(2)
      let centred = first - first.mean(axes: [1, 2, 3], keepingAxes: true)
      let deviation = (first.variance(axes: [1, 2, 3], keepingAxes: true) + 1e-3).sqrt()
      let second = (centred / deviation * p[1]).tanh().transposedConvolution(p[2], .init(stride: 2))
      return (second * second.sigmoid()).flattened().matmul(p[3])
    }
    try check(critic, batch: [2, 1, 4, 4], "normalized net")
  }
}
