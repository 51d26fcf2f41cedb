/// What values stand for black and white in a file of images.
public enum PixelRange: String, Hashable, Sendable, Codable, CaseIterable {
  /// Bytes are 0...255; of floats, the narrowest of 0...1, -1...1 and 0...255 that holds them all.
  case automatic = "auto"
  case unit = "0..1"
  case signed = "-1..1"
  case bytes = "0..255"

  /// The map to -1...1; nil for `automatic`.
  var normalization: Normalization? {
    switch self {
    case .automatic: nil
    case .unit: .pixels(maximum: 1)
    case .signed: .identity
    case .bytes: .pixels()
    }
  }
}

/// Samples from an NPY file, to be judged: gantui's own, or another program's.
public enum SampleFile {
  /// Reads `[n, c, h, w]` or `[n, h, w]` images and `[n, d]` points or features, of floats, doubles, integers or bytes.
  ///
  /// - Parameters:
  ///   - expected: the shape that samples must have; images of it may also lie flat, as `[n, c h w]`. nil: any.
  ///   - channelsLast: whether images of four axes are `[n, h, w, c]`.
  ///   - range: what images' values stand for. Values outside a range that is given are kept as they are.
  /// - Returns: images in -1...1; points and features in the units of the file.
  /// - Throws: `DatasetError` with the file and what is wrong with it.
  public static func load(
    _ file: String, expecting expected: SampleShape? = nil, channelsLast: Bool = false, range: PixelRange = .automatic
  ) throws(DatasetError) -> SampleSet {
    let array = try NPY.read(file)
    guard !array.values.isEmpty else { throw .malformed(file: file, fault: .empty(what: "samples")) }
    try array.checkFinite(file: file)
    if let expected, expected.isImage, array.shape.count == 2, array.shape[1] == expected.size {
      return try images(array.values, shape: expected, isBytes: array.isBytes, range: range, file: file)
    }
    let found: SampleShape
    var values = array.values
    switch array.shape.count {
    case 1: found = .vector(1)
    case 2: found = .vector(array.shape[1])
    default:
      let images = try ImageArray(array, file: file, channelsLast: channelsLast)
      (found, values) = (images.shape, images.values)
    }
    guard found == expected ?? found else {
      throw .malformed(
        file: file,
        fault: .wrongDimensions(format: "NPY", found: array.shape, accepted: accepted(expected ?? found, channelsLast)))
    }
    if found.isImage { return try images(values, shape: found, isBytes: array.isBytes, range: range, file: file) }
    return SampleSet(shape: found, count: values.count / found.size, values: values)
  }

  /// Floats this far outside a range are rounding.
  private static let tolerance: Float = 1e-4

  private static func images(
    _ values: [Float], shape: SampleShape, isBytes: Bool, range: PixelRange, file: String
  ) throws(DatasetError) -> SampleSet {
    var set = SampleSet(shape: shape, count: values.count / shape.size, values: values)
    let normalization: Normalization
    if let given = range.normalization {
      normalization = given
    } else {
      normalization = try meant(values, isBytes: isBytes, file: file)
    }
    if !normalization.isIdentity { set.values.withUnsafeMutableBufferPointer { normalization.apply(to: $0) } }
    return set
  }

  private static func meant(_ values: [Float], isBytes: Bool, file: String) throws(DatasetError) -> Normalization {
    if isBytes { return .pixels() }
    let low = values.min() ?? 0, high = values.max() ?? 0
    if low >= -tolerance, high <= 1 + tolerance { return .pixels(maximum: 1) }
    if low >= -1 - tolerance, high <= 1 + tolerance { return .identity }
    guard low >= 0, high <= 255 else { throw .malformed(file: file, fault: .unknownRange(low: low, high: high)) }
    return .pixels()
  }

  private static func accepted(_ shape: SampleShape, _ channelsLast: Bool) -> String {
    switch shape {
    case .vector(let dimension): return "[samples, \(dimension)]"
    case .image(let channels, let height, let width):
      let full = channelsLast ? [height, width, channels] : [channels, height, width]
      let list = "[samples, \(full.map(String.init).joined(separator: ", "))]"
      return channels == 1 ? "\(list) or [samples, \(height), \(width)]" : list
    }
  }
}
