import Tensors
import Testing

/// The graph that the gradient driver makes; its numbers are checked where programs run.
@Suite struct GradientGraphTests {
  private let x = Input(name: "x", shape: [3]).value
  private let y = Input(name: "y", shape: [3]).value

  private func operations(_ tensor: Tensor) -> [String] {
    var program = Program(name: "p")
    program.output("t", tensor)
    return program.nodes.map(\.op.operation.name)
  }

  @Test func unreachableTargetsGetZeros() {
    let other = Input(name: "other", shape: [2, 2], dtype: .f64).value
    let index = Input(name: "index", shape: [3], dtype: .i32).value
    let found = gradients(of: (x * y).sum(), withRespectTo: [other, x, index])
    #expect(found.map(\.shape) == [[2, 2], [3], [3]])
    #expect(found.map(\.dtype) == [.f64, .f32, .i32])
    #expect(operations(found[0]) == ["constant", "reshape", "broadcast"])
    #expect(operations(found[1]).contains("multiply"))
  }

  @Test func theLossItselfIsATarget() {
    let loss = x.sum()
    let found = gradients(of: loss, withRespectTo: [loss, x])
    #expect(operations(found[0]) == ["constant"])
    #expect(found[1].shape == [3])
  }

  @Test func onlyPathsToTargetsAreDifferentiated() {
    // The gradient for y would need the exponential of x; the one for x does not need y's sine.
    let loss = (x.square() + y.sin()).sum()
    let forX = gradients(of: loss, withRespectTo: [x])[0]
    #expect(!operations(forX).contains("cos"))
  }

  @Test func nothingFlowsThroughDetach() {
    let detached = x.square().detached
    let found = gradients(of: (detached * y).sum(), withRespectTo: [x, y])
    #expect(operations(found[0]) == ["constant", "reshape", "broadcast"])
    // A detached node may itself be a target; what is behind it stays out of reach.
    let atIt = gradients(of: (detached * y).sum(), withRespectTo: [detached, x])
    #expect(operations(atIt[0]).first == "y")
    #expect(operations(atIt[1]) == ["constant", "reshape", "broadcast"])
  }

  @Test func gradientsCarryTheLabelOfWhatTheyDifferentiate() {
    let hidden = labelled("layer") { x.tanh() }
    let found = gradients(of: hidden.sum(), withRespectTo: [x])[0]
    #expect(found.node.label == "layer")
    #expect(labelled("outer") { gradients(of: hidden.sum(), withRespectTo: [x])[0] }.node.label == "layer")
  }

  @Test func aSharedSubexpressionIsDifferentiatedOnce() {
    var node = x
    for _ in 0..<40 { node = node * node }
    // Visiting each path would take 2^40 steps.
    let found = gradients(of: node.sum(), withRespectTo: [x])[0]
    #expect(operations(found).count < 400)
  }

  @Test func gradientsOfNoTargetsAreNone() {
    #expect(gradients(of: x.sum(), withRespectTo: []).isEmpty)
  }

  @Test func lossesOfOneElementCountAsScalars() {
    let found = gradients(of: x.sum(keepingAxes: true), withRespectTo: [x])[0]
    #expect(found.shape == [3])
  }

  @Test func longChainsAreBuiltDifferentiatedAndReleased() {
    var node = x
    for _ in 0..<60_000 { node = -node }
    let found = gradients(of: node.sum(), withRespectTo: [x])[0]
    #expect(found.shape == [3])
  }
}
