import Execution
import Tensors
import Testing

/// Convolutions in both precisions against the reference backend, and in bf16 the same bits again and again.
///
/// A number rounded to bf16 is off by 2^-8 of itself at most, and by 2^-9 and less on the average. An operation rounds both
/// operands and what it makes, so each element is off by at most three such parts of the sum of its terms' magnitudes, and
/// many elements together by less than 2^-8 of their norm; a chain of four operations is granted twice that.
@Suite struct PrecisionTests {
  static let halves: [CPUBackend] = CPUBackend.hasBF16 ? [1, 3].map { CPUBackend(threads: $0, precision: .bf16) } : []
  static let floats: [CPUBackend] = [1, 3].map { CPUBackend(threads: $0) }

  /// Every convolution of the other tests, and channels that fill no block.
  static let cases = (OpCase.convolutions + OpCase.transposedConvolutions + OpCase.largeConvolutions).filter { opCase in
    !opCase.operands.contains { $0.shape.contains(0) }
  }

  @Test(.enabled(if: CPUBackend.hasBF16), arguments: cases + OpCase.oddConvolutions)
  func eachElementInBF16IsWithinItsRoundings(_ opCase: OpCase) throws {
    let expected = try results(opCase, on: ReferenceBackend(), dtype: .f64)
    // Sums of products: of magnitudes they are the sums of the terms' magnitudes.
    let magnitudes = try results(opCase, on: ReferenceBackend(), dtype: .f64) { $0.magnitude }
    for backend in Self.halves {
      let found = try results(opCase, on: backend)
      for (name, wanted) in expected {
        let (values, scales) = (try #require(found[name]), try #require(magnitudes[name]))
        #expect(values.count == wanted.count)
        let worst = zip(zip(values, wanted), scales).map { pair, scale in
          scale > 0 ? abs(pair.0 - pair.1) / scale : abs(pair.0)
        }.max()
        // A little more for the products of roundings.
        #expect((worst ?? 1) <= 3.02 * 0x1p-8, "\(name) with \(backend.threads) threads")
      }
    }
  }

  @Test(.enabled(if: CPUBackend.hasBF16), arguments: OpCase.oddConvolutions)
  func halvesAgreeWithTheReference(_ opCase: OpCase) throws {
    for backend in Self.halves { try expectNear(opCase, on: backend, tolerance: 0x1p-8) }
  }

  @Test(arguments: OpCase.oddConvolutions) func floatsAgreeWithTheReference(_ opCase: OpCase) throws {
    for backend in Self.floats { try expectNear(opCase, on: backend, tolerance: 1e-6) }
  }

  /// Kernels so large that matrix products take the place of the library's convolutions.
  @Test(arguments: OpCase.largeKernels) func largeKernelsAgreeWithTheReference(_ opCase: OpCase) throws {
    let oracle = try results(opCase, on: ReferenceBackend(), dtype: .f64)
    for backend in Self.floats {
      expectNear(try results(opCase, on: backend), oracle, tolerance: 1e-6, "\(opCase) \(backend.threads) threads")
    }
    for backend in Self.halves {
      expectNear(
        try results(opCase, on: backend), oracle, tolerance: 0x1p-8, "\(opCase) bf16, \(backend.threads) threads")
    }
  }

  /// Normalization, convolution, normalization, function: what stands around the convolutions of a DCGAN.
  @Test(arguments: chains) func chainsAgreeWithTheReference(_ chain: Chain) throws {
    let oracle = try chain.run(on: ReferenceBackend(), dtype: .f64)
    for backend in Self.floats {
      expectNear(try chain.run(on: backend), oracle, tolerance: 1e-5, "\(chain) \(backend.threads) threads")
    }
    for backend in Self.halves {
      expectNear(try chain.run(on: backend), oracle, tolerance: 0x1p-7, "\(chain) bf16, \(backend.threads) threads")
    }
  }

  @Test(.enabled(if: CPUBackend.hasBF16), arguments: chains) func halvesAreTheSameEveryTime(_ chain: Chain) throws {
    for backend in Self.halves {
      let evaluation = try chain.evaluation(on: backend)
      let first = try evaluation(chain.inputs)
      #expect(try evaluation(chain.inputs) == first, "\(chain)")
      #expect(try chain.run(on: backend) == first, "\(chain) compiled again")
    }
  }

  @Test(.enabled(if: CPUBackend.hasBF16)) func halvesAreRounded() throws {
    let chain = Self.chains[0]
    #expect(try chain.run(on: Self.halves[0]) != chain.run(on: Self.floats[0]))
  }

  static let chains: [Chain] =
    [(1, 3), (3, 5), (5, 100), (100, 1), (100, 100), (16, 32)].map { channels in
      Chain(x: [3, channels.0, 7, 6], kernels: channels.1, size: 4, stride: 2)
    } + [
      Chain(x: [2, 3, 8, 8], kernels: 5, size: 3, stride: 1),
      Chain(x: [2, 512, 4, 4], kernels: 256, size: 4, stride: 2),
    ]

  /// y = tanh(normal(conv(normal(x), w))), and the gradients of Σ p·y.
  struct Chain: Sendable, CustomTestStringConvertible {
    let x: [Int]
    let kernels: Int
    let size: Int
    let stride: Int

    var testDescription: String { "\(x) by \(kernels) kernels of \(size), stride \(stride)" }
    private var kernel: [Int] { [kernels, x[1], size, size] }
    private var result: [Int] { [x[0], kernels] + x[2...].map { ($0 + 2 - size) / stride + 1 } }

    var inputs: [String: [Double]] {
      var values: [String: [Double]] = [:]
      for (name, shape) in [("x", x), ("w", kernel), ("p", result)] {
        let draws = uniforms(shape.reduce(1, *), stream: "\(testDescription) \(name)")
        values[name] = draws.map { Double(Float(2 * $0 - 1)) }
      }
      return values
    }

    func evaluation(on backend: any Backend, dtype: DType = .f32) throws -> Evaluation {
      var program = Program(name: "chain")
      func normal(_ values: Tensor) -> Tensor {
        let centred = values - values.mean(axes: [0, 2, 3], keepingAxes: true)
        return centred * (centred.square().mean(axes: [0, 2, 3], keepingAxes: true) + 1e-5).rsqrt()
      }
      try trace {
        let x = Input(name: "x", shape: Shape(self.x), dtype: dtype).value
        let w = Input(name: "w", shape: Shape(kernel), dtype: dtype).value
        let p = Input(name: "p", shape: Shape(result), dtype: dtype).value
        let y = normal(normal(x).convolution(w, ConvolutionGeometry(stride: stride, padding: 1))).tanh()
        let slopes = gradients(of: (p * y).sum(), withRespectTo: [x, w])
        program.output("result", y)
        program.output("gradient x", slopes[0])
        program.output("gradient w", slopes[1])
      }
      return try Evaluation(program, on: backend)
    }

    func run(on backend: any Backend, dtype: DType = .f32) throws -> [String: [Double]] {
      try evaluation(on: backend, dtype: dtype)(inputs)
    }
  }
}

extension OpCase {
  /// Channels that fill no block of sixteen, few and many to few and many.
  static let oddConvolutions: [OpCase] = [(1, 3), (3, 5), (5, 100), (100, 1), (1, 100), (100, 3), (3, 1)].flatMap {
    channels in
    [
      ConvolutionSetup([2, channels.0, 6, 5], [channels.1, channels.0, 3, 3], .init(padding: 1)),
      ConvolutionSetup([3, channels.0, 8, 6], [channels.1, channels.0, 4, 4], .init(stride: 2, padding: 1)),
    ].flatMap(\.cases)
  }

  /// Kernels of two million weights and more, of few and of odd channels too.
  static let largeKernels: [OpCase] = [
    ConvolutionSetup([2, 256, 4, 4], [512, 256, 4, 4], .init(stride: 2, padding: 1)),
    ConvolutionSetup([1, 301, 3, 4], [777, 301, 3, 3], .init(padding: 1)),
    ConvolutionSetup([2, 512, 1, 1], [256, 512, 4, 4], .init(stride: 1, padding: 2)),
    ConvolutionSetup([1, 4, 32, 33], [601, 4, 30, 30], .init(padding: 1)),
  ].flatMap(\.cases)
}

/// The result and the first gradients of a case.
private func results(
  _ opCase: OpCase, on backend: any Backend, dtype: DType = .f32, of value: (Double) -> Double = { $0 }
) throws -> [String: [Double]] {
  let graph = try OpProgram(opCase, dtype: dtype)
  var program = Program(name: opCase.name)
  for output in graph.everything.outputs where !output.name.hasPrefix("second") {
    program.output(output.name, output.tensor)
  }
  return try Evaluation(program, on: backend)(
    graph.inputs(of: opCase).mapValues { $0.map { value(Double(Float($0))) } })
}

/// Result, first and second gradients of a case against the reference.
private func expectNear(
  _ opCase: OpCase, on backend: CPUBackend, tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  func outputs(_ dtype: DType, on backend: any Backend) throws -> [String: [Double]] {
    let graph = try OpProgram(opCase, dtype: dtype)
    return try Evaluation(graph.everything, on: backend)(
      graph.inputs(of: opCase).mapValues { $0.map { Double(Float($0)) } })
  }
  expectNear(
    try outputs(.f32, on: backend), try outputs(.f64, on: ReferenceBackend()), tolerance: tolerance,
    "\(opCase) \(backend.precision) \(backend.threads) threads", sourceLocation: sourceLocation)
}

/// Expects each output to lie within `tolerance` times the norm of the expected one.
private func expectNear(
  _ found: [String: [Double]], _ expected: [String: [Double]], tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.keys.sorted() == expected.keys.sorted(), sourceLocation: sourceLocation)
  for (name, wanted) in expected {
    let values = found[name] ?? []
    guard values.count == wanted.count else {
      Issue.record("\(what) \(name): \(values.count) numbers, not \(wanted.count)", sourceLocation: sourceLocation)
      continue
    }
    let norm = wanted.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let distance = zip(values, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    #expect(distance <= tolerance * norm, "\(what) \(name): \(distance / norm)", sourceLocation: sourceLocation)
  }
}
