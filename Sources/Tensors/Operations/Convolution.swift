/// How a 2-D convolution walks over its input: (vertical, horizontal) each.
public struct ConvolutionGeometry: Hashable, Sendable {
  public var stride: [Int]
  /// Zeros before the first row and column.
  public var paddingLow: [Int]
  /// Zeros after the last row and column.
  public var paddingHigh: [Int]
  public var dilation: [Int]
  public var groups: Int

  public init(stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
    self.stride = [stride, stride]
    paddingLow = [padding, padding]
    paddingHigh = [padding, padding]
    self.dilation = [dilation, dilation]
    self.groups = groups
  }

  public init(stride: [Int], paddingLow: [Int], paddingHigh: [Int], dilation: [Int], groups: Int) {
    self.stride = stride
    self.paddingLow = paddingLow
    self.paddingHigh = paddingHigh
    self.dilation = dilation
    self.groups = groups
  }

  var isValid: Bool {
    stride.count == 2 && paddingLow.count == 2 && paddingHigh.count == 2 && dilation.count == 2 && groups > 0
      && (stride + dilation).allSatisfy { $0 > 0 } && (paddingLow + paddingHigh).allSatisfy { $0 >= 0 }
  }

  /// The output's extent along image axis `axis`: ⌊(in + pads − dilation·(kernel − 1) − 1) / stride⌋ + 1.
  public func outputExtent(_ input: Int, kernel: Int, axis: Int) -> Int {
    let span = input + paddingLow[axis] + paddingHigh[axis] - dilation[axis] * (kernel - 1) - 1
    return span < 0 ? 0 : span / stride[axis] + 1
  }

  /// What a convolution of these shapes gives, or nil when they do not fit.
  func output(input: Shape, weight: Shape) -> Shape? {
    guard isValid, input.rank == 4, weight.rank == 4, input[1] == weight[1] * groups, weight[0] % groups == 0,
      weight[2] > 0, weight[3] > 0
    else {
      return nil
    }
    let height = outputExtent(input[2], kernel: weight[2], axis: 0)
    let width = outputExtent(input[3], kernel: weight[3], axis: 1)
    return height > 0 && width > 0 ? [input[0], weight[0], height, width] : nil
  }
}

private let imagesAndKernels =
  "expected images [batch, channels, height, width] and kernels [out, in / groups, height, width] that fit"

/// A 2-D convolution (cross-correlation) of `[batch, in, height, width]` with `[out, in / groups, kh, kw]`.
///
/// The family of three is closed: each is the derivative of the others, so any order of derivative exists.
public struct Convolution: Operation {
  public let geometry: ConvolutionGeometry
  public var name: String { "convolution" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    guard operands[0].dtype == operands[1].dtype, operands[0].dtype.isFloating else {
      throw .typeMismatch(
        operation: name, types: operands.map(\.dtype), rule: "expected equal floating types", label: label)
    }
    guard let shape = geometry.output(input: operands[0].shape, weight: operands[1].shape) else {
      throw .shapeMismatch(operation: name, shapes: operands.map(\.shape), rule: imagesAndKernels, label: label)
    }
    return TensorType(shape: shape, dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    let (x, w) = (operands[0], operands[1])
    return [
      incoming.convolutionDataGradient(w, inputSize: [x.shape[2], x.shape[3]], geometry),
      x.convolutionWeightGradient(incoming, kernelSize: [w.shape[2], w.shape[3]], geometry),
    ]
  }
}

/// The gradient of a convolution for its input: of `[batch, out, h', w']` and the kernels; also the transposed convolution.
public struct ConvolutionDataGradient: Operation {
  public let geometry: ConvolutionGeometry
  /// Height and width of the convolution's input.
  public let inputSize: [Int]
  public var name: String { "convolutionDataGradient" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    let (y, w) = (operands[0].shape, operands[1].shape)
    guard operands[0].dtype == operands[1].dtype, operands[0].dtype.isFloating else {
      throw .typeMismatch(
        operation: name, types: operands.map(\.dtype), rule: "expected equal floating types", label: label)
    }
    guard y.rank == 4, w.rank == 4, inputSize.count == 2 else {
      throw .shapeMismatch(operation: name, shapes: [y, w], rule: imagesAndKernels, label: label)
    }
    let input: Shape = [y[0], w[1] * geometry.groups, inputSize[0], inputSize[1]]
    guard geometry.output(input: input, weight: w) == y else {
      throw .shapeMismatch(operation: name, shapes: [y, w, input], rule: imagesAndKernels, label: label)
    }
    return TensorType(shape: input, dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    let (y, w) = (operands[0], operands[1])
    return [
      incoming.convolution(w, geometry),
      incoming.convolutionWeightGradient(y, kernelSize: [w.shape[2], w.shape[3]], geometry),
    ]
  }
}

/// The gradient of a convolution for its kernels: of the input `[batch, in, h, w]` and `[batch, out, h', w']`.
public struct ConvolutionWeightGradient: Operation {
  public let geometry: ConvolutionGeometry
  public let kernelSize: [Int]
  public var name: String { "convolutionWeightGradient" }

  public func result(of operands: [TensorType], label: String) throws(TensorError) -> TensorType {
    let (x, y) = (operands[0].shape, operands[1].shape)
    guard operands[0].dtype == operands[1].dtype, operands[0].dtype.isFloating else {
      throw .typeMismatch(
        operation: name, types: operands.map(\.dtype), rule: "expected equal floating types", label: label)
    }
    guard x.rank == 4, y.rank == 4, kernelSize.count == 2, geometry.groups > 0, x[1] % geometry.groups == 0 else {
      throw .shapeMismatch(operation: name, shapes: [x, y], rule: imagesAndKernels, label: label)
    }
    let weight: Shape = [y[1], x[1] / geometry.groups, kernelSize[0], kernelSize[1]]
    guard geometry.output(input: x, weight: weight) == y else {
      throw .shapeMismatch(operation: name, shapes: [x, y, weight], rule: imagesAndKernels, label: label)
    }
    return TensorType(shape: weight, dtype: operands[0].dtype)
  }

  public func gradient(operands: [Tensor], output: Tensor, incoming: Tensor) -> [Tensor?] {
    let (x, y) = (operands[0], operands[1])
    return [
      y.convolutionDataGradient(incoming, inputSize: [x.shape[2], x.shape[3]], geometry),
      x.convolution(incoming, geometry),
    ]
  }
}

extension Tensor {
  /// This tensor of images convolved with kernels `[out, in / groups, kh, kw]`.
  public func convolution(_ weight: Tensor, _ geometry: ConvolutionGeometry) -> Tensor {
    .apply(.convolution(Convolution(geometry: geometry)), [self, weight])
  }

  public func convolutionDataGradient(_ weight: Tensor, inputSize: [Int], _ geometry: ConvolutionGeometry) -> Tensor {
    .apply(.convolutionDataGradient(ConvolutionDataGradient(geometry: geometry, inputSize: inputSize)), [self, weight])
  }

  public func convolutionWeightGradient(_ output: Tensor, kernelSize: [Int], _ geometry: ConvolutionGeometry) -> Tensor
  {
    .apply(
      .convolutionWeightGradient(ConvolutionWeightGradient(geometry: geometry, kernelSize: kernelSize)), [self, output])
  }

  /// The transposed convolution with kernels `[in, out / groups, kh, kw]`, PyTorch's `conv_transpose2d`.
  ///
  /// The result's extent is (in − 1)·stride − pads + dilation·(kernel − 1) + outputPadding + 1.
  public func transposedConvolution(_ weight: Tensor, _ geometry: ConvolutionGeometry, outputPadding: Int = 0) -> Tensor
  {
    guard rank == 4, weight.rank == 4, geometry.isValid else {
      return .poison(
        .shapeMismatch(
          operation: "transposedConvolution", shapes: [shape, weight.shape], rule: imagesAndKernels, label: Trace.label),
        like: self)
    }
    let size = (0..<2).map { axis in
      (shape[2 + axis] - 1) * geometry.stride[axis] - geometry.paddingLow[axis] - geometry.paddingHigh[axis]
        + geometry.dilation[axis] * (weight.shape[2 + axis] - 1) + outputPadding + 1
    }
    return convolutionDataGradient(weight, inputSize: size, geometry)
  }
}
