import Tensors

extension Reduce {
  /// Accumulates in the operand's row-major order.
  func evaluate(_ operand: Operand, _ shape: Shape) -> [Double] {
    var strides = shape.rowMajorStrides
    for axis in axes { strides[axis] = 0 }
    let slots = offsets(of: operand.shape, strides: strides)
    switch function {
    case .sum:
      var result = Array(repeating: 0.0, count: shape.count)
      for (slot, value) in zip(slots, operand.values) { result[slot] += value }
      return result
    case .maximum:
      var result = Array(repeating: -Double.infinity, count: shape.count)
      for (slot, value) in zip(slots, operand.values) {
        result[slot] = Binary.Function.maximum.evaluate(result[slot], value)
      }
      return result
    }
  }
}

extension Operand {
  func matmul(_ other: Operand, _ shape: Shape) -> [Double] {
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let depth = self.shape[self.shape.rank - 1]
    var result = Array(repeating: 0.0, count: shape.count)
    for matrix in 0..<shape.dimensions.dropLast(2).reduce(1, *) {
      for row in 0..<rows {
        let left = (matrix * rows + row) * depth
        for column in 0..<columns {
          var sum = 0.0
          for index in 0..<depth {
            sum += values[left + index] * other.values[(matrix * depth + index) * columns + column]
          }
          result[(matrix * rows + row) * columns + column] = sum
        }
      }
    }
    return result
  }
}

extension ConvolutionGeometry {
  func convolve(_ x: Operand, _ w: Operand, output: Shape) -> [Double] {
    var result = Array(repeating: 0.0, count: output.count)
    forEachProduct(input: x.shape, weight: w.shape, output: output) { xi, wi, yi in
      result[yi] += x.values[xi] * w.values[wi]
    }
    return result
  }

  func dataGradient(_ y: Operand, _ w: Operand, input: Shape) -> [Double] {
    var result = Array(repeating: 0.0, count: input.count)
    forEachProduct(input: input, weight: w.shape, output: y.shape) { xi, wi, yi in
      result[xi] += y.values[yi] * w.values[wi]
    }
    return result
  }

  func weightGradient(_ x: Operand, _ y: Operand, weight: Shape) -> [Double] {
    var result = Array(repeating: 0.0, count: weight.count)
    forEachProduct(input: x.shape, weight: weight, output: y.shape) { xi, wi, yi in
      result[wi] += x.values[xi] * y.values[yi]
    }
    return result
  }

  /// Visits each term of the trilinear form Σ x·w·y that defines the family, with its three offsets.
  private func forEachProduct(
    input: Shape, weight: Shape, output: Shape, _ visit: (_ input: Int, _ weight: Int, _ output: Int) -> Void
  ) {
    let (inPerGroup, outPerGroup) = (weight[1], weight[0] / groups)
    for image in 0..<output[0] {
      for out in 0..<output[1] {
        for row in 0..<output[2] {
          for column in 0..<output[3] {
            let yi = ((image * output[1] + out) * output[2] + row) * output[3] + column
            for channel in 0..<inPerGroup {
              let plane = image * input[1] + out / outPerGroup * inPerGroup + channel
              for ky in 0..<weight[2] {
                let y = row * stride[0] - paddingLow[0] + ky * dilation[0]
                guard y >= 0, y < input[2] else { continue }
                for kx in 0..<weight[3] {
                  let x = column * stride[1] - paddingLow[1] + kx * dilation[1]
                  guard x >= 0, x < input[3] else { continue }
                  visit(
                    (plane * input[2] + y) * input[3] + x,
                    ((out * inPerGroup + channel) * weight[2] + ky) * weight[3] + kx, yi)
                }
              }
            }
          }
        }
      }
    }
  }
}
