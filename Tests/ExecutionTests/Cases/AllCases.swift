extension OpCase {
  /// Every operation and function of the language, by family.
  static let all: [OpCase] =
    unary + unaryShapes + binary + literals + compare + select + casts + reductions + maxima + softmax + stable
    + shaping
    + transposes + slices + pads + concatenations + indexing + matmul + convolutions + transposedConvolutions

  /// Larger shapes, for the comparison of backends only.
  static let large: [OpCase] = largeMatmul + largeConvolutions
}
