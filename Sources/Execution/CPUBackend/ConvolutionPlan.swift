import CKernels
import Tensors

/// A convolution's primitive before its memory is known, and what memory it wants.
final class ConvolutionPlan {
  let handle: OpaquePointer
  /// Whether kernels are read or written as they are, row-major `[out, in, height, width]`.
  let isPlain: Bool
  /// The size of the packed kernels, in floats.
  let packedCount: Int
  /// The size of the scratch memory, in floats.
  let scratchCount: Int
  /// The sizes of the images, in floats.
  let imageCount: Int
  let outputCount: Int

  /// - Parameters:
  ///   - input: the shape of the images, `[batch, in, height, width]`.
  ///   - weight: `[out, in / groups, height, width]`.
  ///   - output: `[batch, out, height, width]`.
  ///   - isHalf: whether images are bf16.
  ///   - threads: of the loops around a product; the library's calls have those of the calling thread.
  ///   - isFree: whether images too may be in the order that the primitive prefers; the compiler's are channels-last.
  init(
    _ kind: ck_convolution_kind, _ geometry: ConvolutionGeometry, input x: Shape, weight w: Shape, output y: Shape,
    isHalf: Bool, threads: Int, isFree: Bool = false, epilogue: Epilogues.Epilogue? = nil
  ) throws(ExecutionError) {
    var shape = Self.shape(kind, geometry, input: x, weight: w, output: y, isHalf: isHalf)
    shape.threads = Int32(threads)
    shape.is_free = isFree ? 1 : 0
    shape.has_bias = epilogue?.bias == nil ? 0 : 1
    shape.has_activation = epilogue?.slope == nil ? 0 : 1
    shape.slope = Float(epilogue?.slope ?? 0)
    var plan: OpaquePointer?
    let status = ck_convolution_plan_create(&shape, &plan)
    guard status == 0, let plan else {
      throw .library(name: "oneDNN", call: "convolution \(x) by \(w)", status: Int(status))
    }
    handle = plan
    isPlain = ck_convolution_is_plain(plan) != 0
    packedCount = (ck_convolution_packed_bytes(plan) + 3) / 4
    imageCount = (ck_convolution_image_bytes(plan) + 3) / 4
    outputCount = (ck_convolution_output_bytes(plan) + 3) / 4
    scratchCount = (ck_convolution_scratch_bytes(plan) + 3) / 4
  }

  /// Whether a bias and an activation can be part of a convolution of these shapes.
  static func takesEpilogue(
    _ geometry: ConvolutionGeometry, input x: Shape, weight w: Shape, output y: Shape, isHalf: Bool
  ) -> Bool {
    var shape = shape(CK_CONVOLUTION_FORWARD, geometry, input: x, weight: w, output: y, isHalf: isHalf)
    return ck_convolution_takes_epilogue(&shape) != 0
  }

  private static func shape(
    _ kind: ck_convolution_kind, _ geometry: ConvolutionGeometry, input x: Shape, weight w: Shape, output y: Shape,
    isHalf: Bool
  ) -> ck_convolution_shape {
    var shape = ck_convolution_shape()
    shape.kind = Int32(kind.rawValue)
    shape.is_bf16 = isHalf ? 1 : 0
    (shape.batch, shape.in_channels, shape.in_height, shape.in_width) = (
      Int64(x[0]), Int64(x[1]), Int64(x[2]), Int64(x[3])
    )
    (shape.out_channels, shape.out_height, shape.out_width) = (Int64(y[1]), Int64(y[2]), Int64(y[3]))
    (shape.kernel_height, shape.kernel_width, shape.groups) = (Int64(w[2]), Int64(w[3]), Int64(geometry.groups))
    shape.stride = (Int64(geometry.stride[0]), Int64(geometry.stride[1]))
    shape.dilation = (Int64(geometry.dilation[0]), Int64(geometry.dilation[1]))
    shape.padding_low = (Int64(geometry.paddingLow[0]), Int64(geometry.paddingLow[1]))
    // oneDNN wants the padding that is used: less than asked for where the stride leaves a remainder.
    func used(_ axis: Int) -> Int64 {
      let span = (y[2 + axis] - 1) * geometry.stride[axis] + geometry.dilation[axis] * (w[2 + axis] - 1) + 1
      return Int64(span - x[2 + axis] - geometry.paddingLow[axis])
    }
    shape.padding_high = (used(0), used(1))
    return shape
  }

  deinit { ck_convolution_plan_destroy(handle) }

  /// Whether both want their kernels in the same order.
  func packsAlike(_ other: ConvolutionPlan) -> Bool { ck_convolution_packs_alike(handle, other.handle) != 0 }
}
