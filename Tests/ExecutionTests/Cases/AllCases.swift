extension OpCase {
  /// Every operation and function of the language, by family.
  static let all: [OpCase] =
    unary + unaryShapes + binary + literals + compare + select + casts + reductions + maxima + softmax + stable
    + shaping
    + transposes + slices + pads + concatenations + indexing + matmul + convolutions + transposedConvolutions

  /// The cases whose operands and results all have elements: a backend for training may refuse the others.
  static let nonEmpty: [OpCase] = all.filter { opCase in
    !opCase.operands.contains { $0.shape.contains(0) } && !opCase.expected(opCase.values).shape.contains(0)
  }

  /// Larger shapes, for the comparison of backends only.
  static let large: [OpCase] = largeMatmul + largeConvolutions
}
