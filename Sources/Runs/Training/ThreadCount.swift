import Tensors

/// The number of threads for a system: a pure function of its work and of the machine, so that a run made again is the
/// same run. Below some GFLOP a turn, forking and joining for each product costs about what the second core
/// brings, and much more where other programs want that core too.
public func threadCount(for program: Program, cores: Int) -> Int {
  2 * multiplicationCount(of: program) < 1_000_000_000 ? 1 : max(1, cores)
}

/// The multiplications of a program's matrix products and convolutions.
public func multiplicationCount(of program: Program) -> Int {
  var multiplications = 0
  for node in program.nodes {
    switch node.op {
    case .matmul:
      let shape = node.operands[0].type.shape
      multiplications += node.type.shape.count * shape[shape.rank - 1]
    case .convolution:
      let kernel = node.operands[1].type.shape
      multiplications += node.type.shape.count * kernel.dimensions.dropFirst().reduce(1, *)
    case .convolutionDataGradient:
      let kernel = node.operands[1].type.shape
      multiplications += node.operands[0].type.shape.count * kernel.dimensions.dropFirst().reduce(1, *)
    case .convolutionWeightGradient:
      multiplications += node.operands[1].type.shape.count * node.type.shape.dimensions.dropFirst().reduce(1, *)
    default: break
    }
  }
  return multiplications
}
