/// Resizing, cropping, padding of images.
enum ImageGeometry {
  /// The largest side of an image that a network is given.
  static let sides = 4...1024

  /// Images in `[count, channels, height, width]` brought to square images of `side`; nil: as they are.
  static func fitted(
    _ bytes: [UInt8], count: Int, shape: SampleShape, side: Int?, fit: ImageFit, dataset: String
  ) throws(DatasetError) -> ([UInt8], SampleShape) {
    guard case .image(let channels, let height, let width) = shape else { return (bytes, shape) }
    guard let side else { return (bytes, shape) }
    try Parameter.count(side, sides, dataset: dataset, key: "size")
    if side == height, side == width { return (bytes, shape) }
    let target = SampleShape.image(channels: channels, height: side, width: side)
    var result = [UInt8](repeating: 0, count: count * target.size)
    switch fit {
    case .pad:
      guard side >= height, side >= width else {
        throw .invalidParameter(
          dataset: dataset, key: "size", value: String(side),
          accepted: "at least \(max(height, width)) when images are padded (or use fit: resize)")
      }
      let top = (side - height) / 2, left = (side - width) / 2
      for plane in 0..<count * channels {
        for row in 0..<height {
          let source = (plane * height + row) * width
          let start = (plane * side + top + row) * side + left
          for column in 0..<width { result[start + column] = bytes[source + column] }
        }
      }
    case .resize:
      let cover = Cover(width: width, height: height, targetWidth: side, targetHeight: side)
      for plane in 0..<count * channels {
        let source = plane * height * width
        cover.resample(
          start: source, columnStride: 1, rowStride: width, from: bytes, into: &result, at: plane * side * side)
      }
    }
    return (result, target)
  }
}

/// A separable resampling that scales an image to cover a target and crops the overhang evenly.
///
/// Shrinking averages over all source pixels under a triangle of twice the scale; enlarging is bilinear.
struct Cover {
  let width: Int
  let height: Int
  let targetWidth: Int
  let targetHeight: Int
  private let columns: Taps
  private let rows: Taps

  init(width: Int, height: Int, targetWidth: Int, targetHeight: Int) {
    self.width = width
    self.height = height
    self.targetWidth = targetWidth
    self.targetHeight = targetHeight
    let scale = min(Double(width) / Double(targetWidth), Double(height) / Double(targetHeight))
    columns = Taps(source: width, target: targetWidth, scale: scale)
    rows = Taps(source: height, target: targetHeight, scale: scale)
  }

  /// Resamples one plane of bytes; pixel (row, column) is at `start + row * rowStride + column * columnStride`.
  func resample(
    start: Int, columnStride: Int, rowStride: Int, from bytes: [UInt8], into result: inout [UInt8], at target: Int
  ) {
    let rowRange = rows.sourceRange
    // Rows first: each needed source row, narrowed to the target's width.
    var narrowed = [Float](repeating: 0, count: rowRange.count * targetWidth)
    bytes.withUnsafeBufferPointer { bytes in
      narrowed.withUnsafeMutableBufferPointer { narrowed in
        for row in rowRange {
          let line = start + row * rowStride
          let output = (row - rowRange.lowerBound) * targetWidth
          columns.forEach { column, first, weights in
            var sum: Float = 0
            var source = line + first * columnStride
            for weight in weights {
              sum += weight * Float(bytes[source])
              source += columnStride
            }
            narrowed[output + column] = sum
          }
        }
      }
    }
    result.withUnsafeMutableBufferPointer { result in
      narrowed.withUnsafeBufferPointer { narrowed in
        rows.forEach { row, first, weights in
          for column in 0..<targetWidth {
            var sum: Float = 0
            var source = (first - rowRange.lowerBound) * targetWidth + column
            for weight in weights {
              sum += weight * narrowed[source]
              source += targetWidth
            }
            // Weights sum to 1 but for rounding, so the sum is within a hair of 0...255.
            result[target + row * targetWidth + column] = UInt8(max(0, min(255, sum + 0.5)))
          }
        }
      }
    }
  }

  /// For each target pixel of an axis: the first source pixel that counts, and the weights from there on.
  private struct Taps {
    private var first: [Int] = []
    private var offsets: [Int] = [0]
    private var weights: [Float] = []
    /// The source pixels that any target pixel needs.
    private(set) var sourceRange = 0..<0

    init(source: Int, target: Int, scale: Double) {
      let support = max(1, scale)
      let start = (Double(source) - Double(target) * scale) / 2
      var end = 0
      for pixel in 0..<target {
        let centre = start + (Double(pixel) + 0.5) * scale
        let low = max(0, min(source - 1, Int((centre - support).rounded(.down))))
        let high = max(low, min(source - 1, Int((centre + support).rounded(.up))))
        var taps = (low...high).map { max(0, 1 - abs(Double($0) + 0.5 - centre) / support) }
        let sum = taps.reduce(0, +)
        if sum > 0 { taps = taps.map { $0 / sum } } else { taps[0] = 1 }
        // Zeros at either end cost as much as weights.
        let skipped = taps.prefix { $0 == 0 }.count
        let kept = taps.dropFirst(skipped).reversed().drop { $0 == 0 }.reversed()
        first.append(low + skipped)
        weights += kept.map(Float.init)
        offsets.append(weights.count)
        end = max(end, low + skipped + kept.count)
      }
      sourceRange = (first.min() ?? 0)..<end
    }

    @inline(__always)
    func forEach(_ body: (_ pixel: Int, _ first: Int, _ weights: UnsafeBufferPointer<Float>) -> Void) {
      weights.withUnsafeBufferPointer { weights in
        for pixel in first.indices {
          body(pixel, first[pixel], UnsafeBufferPointer(rebasing: weights[offsets[pixel]..<offsets[pixel + 1]]))
        }
      }
    }
  }
}
