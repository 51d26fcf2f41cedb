/// How far images are from those that they should be, pixel by pixel.
public enum PixelErrors {
  /// Mean of |a - b| over all values of all pairs, in units of a pixel.
  ///
  /// - Throws: `MeasureError.dimensionMismatch`, `.countMismatch`, or `.tooFewPoints` without an image.
  public static func meanAbsolute(_ first: ImageSet, _ second: ImageSet) throws(MeasureError) -> Double {
    try first.requireSameSize(as: second)
    guard first.count == second.count else {
      throw .countMismatch(what: "images", expected: first.count, found: second.count)
    }
    guard first.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    var sum = 0.0
    for index in first.values.indices { sum += abs(Double(first.values[index]) - Double(second.values[index])) }
    return sum / Double(first.values.count)
  }

  /// The baseline that knows nothing of the input: the mean absolute error of the training set's mean image on held-out ones.
  ///
  /// - Throws: `MeasureError.dimensionMismatch`, or `.tooFewPoints` without an image in a set.
  public static func ofMeanImage(training: ImageSet, heldOut: ImageSet) throws(MeasureError) -> Double {
    try training.requireSameSize(as: heldOut)
    guard training.count > 0, heldOut.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    let mean = CentredPoints(training.points).mean
    var sum = 0.0
    for image in 0..<heldOut.count {
      for index in 0..<heldOut.size { sum += abs(Double(heldOut.values[image * heldOut.size + index]) - mean[index]) }
    }
    return sum / Double(heldOut.values.count)
  }
}

/// The colours of a label map, to read the classes of its pixels back.
public struct LabelPalette: Sendable, Equatable {
  /// Shape [classes, channels], in the images' values.
  public let colours: PointSet

  /// - Throws: `MeasureError.tooFewPoints` without a colour, or `.nonFinite`.
  public init(_ colours: PointSet) throws(MeasureError) {
    guard colours.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    try colours.requireFinite("colours")
    self.colours = colours
  }

  /// The class of each pixel: its nearest colour, the first of equals. Shape [count, height, width], row-major.
  ///
  /// - Throws: `MeasureError.dimensionMismatch` where images and colours have different channels.
  public func labels(of images: ImageSet) throws(MeasureError) -> [Int] {
    guard images.channels == colours.dimension else {
      throw .dimensionMismatch(expected: colours.dimension, found: images.channels)
    }
    let channels = images.channels
    var labels = Array(repeating: 0, count: images.count * images.plane)
    var pixel = Array(repeating: Float(0), count: channels)
    colours.values.withUnsafeBufferPointer { colours in
      for image in 0..<images.count {
        for position in 0..<images.plane {
          for channel in 0..<channels {
            pixel[channel] = images.values[image * images.size + channel * images.plane + position]
          }
          labels[image * images.plane + position] = pixel.withUnsafeBufferPointer {
            nearest($0, 0, colours, count: self.colours.count, dimension: channels).index
          }
        }
      }
    }
    return labels
  }

  /// Share of the pixels with the class that they should have, 0...1, both images quantised to the nearest colour.
  ///
  /// - Throws: `MeasureError.dimensionMismatch`, `.countMismatch`, or `.tooFewPoints` without an image.
  public func accuracy(of images: ImageSet, against truth: ImageSet) throws(MeasureError) -> Double {
    try images.requireSameSize(as: truth)
    guard images.count == truth.count else {
      throw .countMismatch(what: "images", expected: truth.count, found: images.count)
    }
    guard images.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    let pairs = zip(try labels(of: images), try labels(of: truth))
    return Double(pairs.count { $0 == $1 }) / Double(images.count * images.plane)
  }

  /// The baseline that knows nothing of the input: the accuracy on held-out maps of the class that is the most frequent in the
  /// training maps, 0...1.
  ///
  /// - Throws: `MeasureError.dimensionMismatch`, or `.tooFewPoints` without an image in a set.
  public func majorityAccuracy(training: ImageSet, heldOut: ImageSet) throws(MeasureError) -> Double {
    guard training.count > 0, heldOut.count > 0 else { throw .tooFewPoints(needed: 1, found: 0) }
    let counts = try LabelHistogram(labels: labels(of: training), classes: colours.count).counts
    let majority = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    let labels = try labels(of: heldOut)
    return Double(labels.count { $0 == majority }) / Double(labels.count)
  }
}
