import CKernels
import Tensors

/// One call of the library of tensor kernels, timed alone: what a step takes at least is made of these.
public enum Primitive: Hashable, Sendable {
  /// `[rows, inner]` times `[inner, columns]`; either may be stored transposed.
  case product(rows: Int, columns: Int, inner: Int, transposed: Transposed)
  /// Between images `[batch, channels, size, size]` and `[batch, outChannels, outSize, outSize]`.
  case convolution(Pass, batch: Int, from: Map, to: Map, kernel: Int, stride: Int, padding: Int)

  public enum Transposed: String, Sendable {
    case none = ""
    case first = "first transposed"
    case second = "second transposed"
  }

  /// The three operations that a convolution's forward and backward passes are made of.
  public enum Pass: String, Sendable {
    case forward
    case data
    case weights
  }

  /// A square image.
  public struct Map: Hashable, Sendable {
    public var channels: Int
    public var size: Int
    public init(_ channels: Int, _ size: Int) {
      self.channels = channels
      self.size = size
    }
  }

  /// Floating-point operations, two for a multiplication with its addition.
  public var flops: Double {
    switch self {
    case .product(let rows, let columns, let inner, _): 2 * Double(rows) * Double(columns) * Double(inner)
    case .convolution(_, let batch, let from, let to, let kernel, _, _):
      2 * Double(batch * from.channels * kernel * kernel) * Double(to.channels * to.size * to.size)
    }
  }

  public var description: String {
    switch self {
    case .product(let rows, let columns, let inner, let transposed):
      "product \(rows)x\(inner) by \(inner)x\(columns)\(transposed == .none ? "" : ", \(transposed.rawValue)")"
    case .convolution(let pass, let batch, let from, let to, let kernel, _, _):
      "convolution \(pass.rawValue), \(batch) x \(from.channels)x\(from.size)x\(from.size) to \(to.channels)x\(to.size)x\(to.size), kernel \(kernel)x\(kernel)"
    }
  }

  /// The median seconds of the call in its best form: with as many threads, with the order of memory, that are fastest
  /// for it alone. Call it on the thread that `CPUProgram.prepareThread` was called on.
  ///
  /// - Throws: an `ExecutionError` where memory or the library fails.
  public func seconds(threads: Int, precision: Precision, budget: Double) throws -> Double {
    var best = Double.infinity
    for count in Set([1, threads]).sorted() {
      CPUProgram.prepareThread(threads: count)
      switch self {
      case .product: best = min(best, try productSeconds(budget))
      case .convolution:
        for isFree in [false, true] {
          best = min(best, try convolutionSeconds(isFree: isFree, isHalf: precision == .bf16, budget))
        }
      }
    }
    CPUProgram.prepareThread(threads: threads)
    return best
  }

  private func productSeconds(_ budget: Double) throws -> Double {
    guard case .product(let rows, let columns, let inner, let transposed) = self else { return .infinity }
    let a = try FloatBuffer(count: rows * inner)
    let b = try FloatBuffer(count: inner * columns)
    let c = try FloatBuffer(count: rows * columns)
    var product = ck_matmul(
      a: a.pointer, b: b.pointer, c: c.pointer, m: rows, n: columns, k: inner,
      lda: transposed == .first ? rows : inner, ldb: transposed == .second ? inner : columns, ldc: columns,
      transpose_a: transposed == .first ? 1 : 0, transpose_b: transposed == .second ? 1 : 0)
    return Self.median(budget) { ck_run_matmul(&product) }
  }

  private func convolutionSeconds(isFree: Bool, isHalf: Bool, _ budget: Double) throws -> Double {
    guard case .convolution(let pass, let batch, let from, let to, let kernel, let stride, let padding) = self else {
      return .infinity
    }
    let geometry = ConvolutionGeometry(stride: stride, padding: padding)
    let kind =
      switch pass {
      case .forward: CK_CONVOLUTION_FORWARD
      case .data: CK_CONVOLUTION_DATA
      case .weights: CK_CONVOLUTION_WEIGHTS
      }
    let plan = try ConvolutionPlan(
      kind, geometry, input: [batch, from.channels, from.size, from.size],
      weight: [to.channels, from.channels, kernel, kernel], output: [batch, to.channels, to.size, to.size],
      isHalf: isHalf, threads: 1, isFree: isFree)
    let x = try FloatBuffer(count: plan.imageCount)
    let w = try FloatBuffer(count: plan.packedCount)
    let y = try FloatBuffer(count: plan.outputCount)
    let scratch = try FloatBuffer(count: plan.scratchCount)
    var primitive: OpaquePointer?
    let status = ck_convolution_bind(plan.handle, x.pointer, w.pointer, nil, y.pointer, scratch.pointer, &primitive)
    guard status == 0, let primitive else {
      throw ExecutionError.library(name: "oneDNN", call: description, status: Int(status))
    }
    defer { ck_primitive_destroy(primitive) }
    return Self.median(budget) { ck_run_primitive(primitive) }
  }

  /// The median seconds of a call, of at least five and of as many as fit the budget.
  private static func median(_ budget: Double, _ call: () -> Void) -> Double {
    for _ in 0..<3 { call() }
    var times: [Double] = []
    let end = CPUProgram.now() + budget
    repeat {
      let start = CPUProgram.now()
      call()
      times.append(CPUProgram.now() - start)
    } while times.count < 5 || (CPUProgram.now() < end && times.count < 100_000)
    return times.sorted()[times.count / 2]
  }
}

/// Billions of floating-point operations a second of a large matrix product in f32, by all threads given.
public func peakGigaflops(threads: Int) throws -> Double {
  let large = Primitive.product(rows: 2048, columns: 2048, inner: 2048, transposed: .none)
  return large.flops / (try large.seconds(threads: threads, precision: .f32, budget: 0.5)) / 1e9
}
