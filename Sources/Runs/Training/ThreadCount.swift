import Tensors

/// The number of threads for a system: a pure function of its work and of the machine, so that a run made again is the
/// same run. Each thread has to have enough of a turn to itself: 40 MFLOP where one team runs all of it, and ten times
/// as much where each convolution starts its threads anew.
public func threadCount(for program: Program, cores: Int) -> Int {
  let isTeam = !program.nodes.contains { node in
    switch node.op {
    case .convolution, .convolutionDataGradient, .convolutionWeightGradient: true
    default: false
    }
  }
  return max(1, min(cores, 2 * multiplicationCount(of: program) / (isTeam ? 40_000_000 : 400_000_000)))
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
