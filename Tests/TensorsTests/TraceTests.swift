import Tensors
import Testing

@Suite struct TraceTests {
  private func isPoisoned(_ tensor: Tensor) -> Bool { if case .poison = tensor.node.op { true } else { false } }

  private let x = Input(name: "x", shape: [2]).value
  private let y = Input(name: "y", shape: [3]).value

  @Test func givesTheResultWhereAllFits() throws {
    let sum = try trace { x + 1 }
    #expect(sum.shape == [2])
  }

  @Test func throwsTheFirstOfManyErrors() {
    #expect(throws: TensorError.shapesDoNotBroadcast(operation: "add", lhs: [2], rhs: [3], label: "first")) {
      try trace {
        let sum = labelled("first") { x + y }
        labelled("second") { _ = (sum * y).matmul(x).exp() }
      }
    }
  }

  @Test func operationsOnPoisonedTensorsGiveIt() throws {
    let poisoned = x + y
    #expect(isPoisoned(poisoned))
    let zeros = Tensor.filled(0, shape: [2])
    let results: [Tensor] = [
      -poisoned, poisoned + x, x * poisoned, poisoned .> x, poisoned.sum(axes: [0]), poisoned.reshape([2, 1]),
      poisoned.broadcast(to: [4, 2]), poisoned.matmul(x), x.matmul(poisoned), .concatenate([x, poisoned], axis: 0),
      (x .> Tensor(0)).select(poisoned, zeros), poisoned.detached, poisoned.softmax(), poisoned.variance(),
      poisoned.elu(),
      poisoned.clamped(0...1),
    ]
    for (index, result) in results.enumerated() { #expect(isPoisoned(result), "result \(index)") }
    for gradient in gradients(of: poisoned.sum(), withRespectTo: [x, y]) { #expect(isPoisoned(gradient)) }
    for gradient in gradients(of: x.sum(), withRespectTo: [poisoned]) { #expect(isPoisoned(gradient)) }
  }

  @Test func errorsOfTheCodeItselfComeThrough() {
    struct Refusal: Error {}
    #expect(throws: Refusal.self) { try trace { () throws -> Void in throw Refusal() } }
  }

  @Test func tracesNestAndDoNotMix() throws {
    let outer = try trace { () throws -> Tensor in
      #expect(throws: TensorError.self) { try trace { x + y } }
      return x * 2
    }
    #expect(outer.shape == [2])
  }

  @Test func tracesOfOtherTasksDoNotMix() async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<20 {
        group.addTask {
          let fits = index % 2 == 0
          let failed =
            (try? trace { Input(name: "a", shape: [fits ? 3 : 2]).value + Input(name: "b", shape: [3]).value }) == nil
          return failed != fits
        }
      }
      for try await isRight in group { #expect(isRight) }
    }
  }

  @Test func labelsNest() {
    let (inner, outer) = labelled("generator") { (labelled("dense1") { x + 1 }, x * 2) }
    #expect(inner.node.label == "generator/dense1")
    #expect(outer.node.label == "generator")
    #expect((x + 1).node.label == "")
  }
}
