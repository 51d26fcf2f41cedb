import Execution
import Tensors
import Testing

/// Biases and activations that convolutions take over, against the reference backend.
@Suite struct EpilogueTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    var bias: Bool
    /// Below 0; nil for none, NaN for ReLU.
    var slope: Double?
    var isPreactivationRead: Bool
    /// Channels of the images and of the first convolution's output.
    var channels: (Int, Int)

    var testDescription: String {
      "bias \(bias), slope \(slope.map { "\($0)" } ?? "-"), pre-activation read \(isPreactivationRead), \(channels)"
    }
  }

  static let settings: [Setting] = [true, false].flatMap { bias in
    [nil, Double.nan, 0.2, 0, -0.1].flatMap { slope in
      [false, true].flatMap { isRead in
        [(3, 16), (5, 7)].map { Setting(bias: bias, slope: slope, isPreactivationRead: isRead, channels: $0) }
      }
    }
  }

  /// Two convolutions with what follows each, the gradients of their sum, and the gradients of a penalty on the slope.
  @Test(arguments: settings) func agreesWithTheReference(_ setting: Setting) throws {
    let shapes: [(String, Shape)] = [
      ("x", [2, setting.channels.0, 8, 8]), ("v", [setting.channels.1, setting.channels.0, 4, 4]),
      ("b", [setting.channels.1]), ("w", [6, setting.channels.1, 3, 3]), ("c", [6]),
    ]
    func evaluation(on backend: any Backend, _ dtype: DType) throws -> Evaluation {
      var program = Program(name: "epilogue")
      try trace {
        let inputs = shapes.map { Input(name: $0.0, shape: $0.1, dtype: dtype).value }
        func block(_ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ geometry: ConvolutionGeometry) -> (Tensor, Tensor) {
          var sum = x.convolution(weight, geometry)
          if setting.bias { sum = sum + bias.reshape([1, bias.shape[0], 1, 1]) }
          guard let slope = setting.slope else { return (sum, sum) }
          return (sum, slope.isNaN ? sum.relu() : sum.leakyRelu(slope: slope))
        }
        let (first, hidden) = block(inputs[0], inputs[1], inputs[2], .init(stride: 2, padding: 1))
        let (second, result) = block(hidden, inputs[3], inputs[4], .init(padding: 1))
        let slope = gradients(of: result.square().sum(), withRespectTo: [inputs[0]])[0]
        let loss = result.square().sum() + slope.square().sum()
        program.output("result", result)
        if setting.isPreactivationRead {
          program.output("first", first)
          program.output("second", second.tanh())
        }
        for (shape, gradient) in zip(shapes, gradients(of: loss, withRespectTo: inputs)) {
          program.output("gradient \(shape.0)", gradient)
        }
      }
      return try Evaluation(program, on: backend)
    }
    var values: [String: [Double]] = [:]
    for (name, shape) in shapes {
      values[name] = uniforms(shape.count, stream: "epilogue \(name)").map { Double(Float($0 - 0.5)) }
    }
    let oracle = try evaluation(on: ReferenceBackend(), .f64)(values)
    for threads in [1, 3] {
      let found = try evaluation(on: CPUBackend(threads: threads), .f32)(values)
      for (name, expected) in oracle {
        let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let error = zip(try #require(found[name]), expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
          .squareRoot()
        #expect(error <= 1e-5 * norm, "\(name), \(threads) threads")
      }
    }
  }
}
