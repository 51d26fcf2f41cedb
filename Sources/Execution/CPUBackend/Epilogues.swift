import CKernels
import Tensors

/// What the primitive of a convolution does to its sums before it stores them: a bias, then (leaky) ReLU.
///
/// The value in between is never in memory. Its other readers, if any, only ask for its sign, which the activated value
/// has too.
struct Epilogues {
  struct Epilogue {
    /// The convolution.
    var source: Int
    /// Of shape `[1, channels, 1, 1]`.
    var bias: Int?
    /// Of the activation below 0; nil without an activation.
    var slope: Double?
    /// The values on the way from the convolution to the result, which stands for them.
    var absorbed: [Int]
  }

  /// By the value that comes out in the end.
  private(set) var byResult: [Int: Epilogue] = [:]
  /// Those of all results.
  private(set) var absorbed: Set<Int> = []

  /// - Parameters:
  ///   - needed: the values that have readers.
  ///   - roots: values that are read after the run.
  ///   - isPossible: whether a convolution's primitive takes an epilogue.
  init(_ values: [Value], needed: Set<Int>, roots: Set<Int>, isPossible: (Value) -> Bool) {
    guard values.contains(where: Self.isConvolution) else { return }
    var readers: [[Int]] = Array(repeating: [], count: values.count)
    for id in values.indices where needed.contains(id) {
      for operand in values[id].operands { readers[operand].append(id) }
    }
    for id in values.indices where needed.contains(id) && Self.isConvolution(values[id]) {
      var epilogue = Epilogue(source: id, absorbed: [id])
      var result = id
      if !roots.contains(id), readers[id].count == 1, let sum = readers[id].first, let bias = Self.bias(sum, id, values)
      {
        epilogue.bias = bias
        result = sum
      }
      let before = result
      if !roots.contains(before), let (activated, slope) = Self.activation(of: before, readers[before], values) {
        epilogue.slope = slope
        if before != id { epilogue.absorbed.append(before) }
        result = activated
      }
      guard result != id, isPossible(values[id]) else { continue }
      byResult[result] = epilogue
      absorbed.formUnion(epilogue.absorbed)
    }
  }

  private static func isConvolution(_ value: Value) -> Bool {
    if case .op(.convolution) = value.kind { true } else { false }
  }

  /// The bias in `sum` = convolution + broadcast bias.
  private static func bias(_ sum: Int, _ convolution: Int, _ values: [Value]) -> Int? {
    guard case .op(.binary(let binary)) = values[sum].kind, binary.function == .add,
      let other = values[sum].operands.first(where: { $0 != convolution }), case .op(.broadcast) = values[other].kind
    else { return nil }
    let source = values[other].operands[0]
    let channels = values[convolution].type.shape[1]
    return values[source].type.shape == Shape([1, channels, 1, 1]) ? source : nil
  }

  /// The one activation that reads the value, where all others ask for its sign, afterwards.
  private static func activation(of id: Int, _ readers: [Int], _ values: [Value]) -> (Int, Double)? {
    var found: (id: Int, slope: Double)?
    var steps: [Int] = []
    for reader in readers {
      guard case .op(.unary(let unary)) = values[reader].kind else { return nil }
      switch unary.function {
      case .step: steps.append(reader)
      case .relu where found == nil: found = (reader, 0)
      case .leakyRelu(let slope) where found == nil && slope >= 0: found = (reader, slope)
      default: return nil
      }
    }
    guard let found, steps.allSatisfy({ $0 > found.id }) else { return nil }
    return found
  }
}
