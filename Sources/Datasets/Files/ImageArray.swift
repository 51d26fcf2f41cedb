/// An NPY array of images, brought to `[count, channels, height, width]`.
struct ImageArray {
  let count: Int
  let shape: SampleShape
  let values: [Float]
  private let isBytes: Bool

  /// - Parameter channelsLast: whether an array of four axes is `[count, height, width, channels]`. Never guessed: three
  ///   rows of pixels are as good as three channels.
  /// - Throws: `DatasetError` for an array that holds no images of 1 or 3 channels.
  init(_ array: NPY.Array, file: String, channelsLast: Bool) throws(DatasetError) {
    let axes = array.shape
    let channelAxis = channelsLast ? 3 : 1
    let channels = axes.count == 4 ? axes[channelAxis] : 1
    guard axes.count == 3 || axes.count == 4, channels == 1 || channels == 3, axes.allSatisfy({ $0 > 0 }) else {
      var accepted =
        "[points, dimension], [images, height, width] or "
        + (channelsLast ? "[images, height, width, 1 or 3 channels]" : "[images, 1 or 3 channels, height, width]")
      if !channelsLast, axes.count == 4, axes[3] == 1 || axes[3] == 3 {
        accepted += " (unless it is said that channels come last)"
      }
      throw .malformed(file: file, fault: .wrongDimensions(format: "NPY", found: axes, accepted: accepted))
    }
    let isLast = channelsLast && axes.count == 4
    let height = isLast ? axes[1] : axes[axes.count - 2]
    let width = isLast ? axes[2] : axes[axes.count - 1]
    count = axes[0]
    shape = .image(channels: channels, height: height, width: width)
    isBytes = array.isBytes
    values =
      isLast && channels > 1 ? Self.planes(array.values, channels: channels, plane: height * width) : array.values
  }

  /// What range pixels are meant to have: bytes 0...255, else the narrowest of 0...1, -1...1, 0...255 that holds all
  /// values, else what they span.
  var range: Normalization { NPY.Array(shape: [], values: values, isBytes: isBytes).range }

  /// Interleaved channels to planes, image by image.
  private static func planes(_ values: [Float], channels: Int, plane: Int) -> [Float] {
    var result = values
    for index in values.indices {
      let pixel = index / channels
      result[(pixel / plane * channels + index % channels) * plane + pixel % plane] = values[index]
    }
    return result
  }
}

extension NPY.Array {
  /// What range pixels are meant to have: bytes 0...255, else the narrowest of 0...1, -1...1, 0...255 that holds all
  /// values, else what they span.
  var range: Normalization {
    let low = values.min() ?? 0, high = values.max() ?? 1
    if isBytes { return .pixels() }
    if low >= 0, high <= 1 { return .pixels(maximum: 1) }
    if low >= -1, high <= 1 { return .identity }
    if low >= 0, high <= 255 { return .pixels() }
    return Normalization(offset: low + (high - low) / 2, scale: (high - low) / 2)
  }

  /// - Throws: `DatasetError` with the sample that has a value which is no finite number.
  func checkFinite(file: String) throws(DatasetError) {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    let size = values.count / max(1, shape.first ?? 1)
    throw .malformed(file: file, fault: .notFinite(index: index / max(1, size)))
  }
}
