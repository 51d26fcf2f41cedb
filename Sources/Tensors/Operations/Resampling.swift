/// Images at other resolutions.
///
/// Both are convolutions channel by channel, each the other's derivative: images are channels-last there, so that they
/// take a tenth of the time of the same by reshapes, broadcasts and sums.
extension Tensor {
  /// Each element repeated `factor` times along both image axes of `[batch, channels, height, width]`.
  public func upsampledNearest(_ factor: Int) -> Tensor {
    guard rank == 4, factor > 0 else {
      return .poison(
        .shapeMismatch(
          operation: "upsample", shapes: [shape], rule: "expected [batch, channels, height, width]", label: Trace.label),
        like: self)
    }
    let (weight, geometry) = blocks(of: factor, filled: 1)
    return convolutionDataGradient(weight, inputSize: [shape[2] * factor, shape[3] * factor], geometry)
  }

  /// The mean of each `factor` by `factor` block of `[batch, channels, height, width]`; extents must divide.
  public func averagePooled(_ factor: Int) -> Tensor {
    guard rank == 4, factor > 0, shape[2] % factor == 0, shape[3] % factor == 0 else {
      return .poison(
        .shapeMismatch(
          operation: "averagePool", shapes: [shape],
          rule: "expected [batch, channels, height, width] with extents divisible by \(factor)", label: Trace.label),
        like: self)
    }
    let (weight, geometry) = blocks(of: factor, filled: 1 / Double(factor * factor))
    return convolution(weight, geometry)
  }

  private func blocks(of factor: Int, filled value: Double) -> (weight: Tensor, geometry: ConvolutionGeometry) {
    let channels = shape[1]
    let weight = Tensor.filled(value, shape: [channels, 1, factor, factor], dtype: dtype)
    return (weight, ConvolutionGeometry(stride: factor, groups: channels))
  }
}
