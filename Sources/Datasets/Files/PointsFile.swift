import Foundation

/// A person's own arrays: points from CSV or NPY, images from NPY.
public enum PointsFile {
  /// The most columns of a table of points.
  static let columns = 4096

  /// Reads a file by what it begins with: NumPy's signature, else text.
  ///
  /// Text is a table of numbers with a point a line; fields are parted by comma, semicolon, tab or blanks, a first line
  /// without any number is a header, and lines that begin with # are comments. NPY arrays are `[count]` or
  /// `[count, dimension]` for points, `[count, height, width]` or `[count, channels, height, width]` for images with 1 or
  /// 3 channels.
  ///
  /// - Parameters:
  ///   - standardized: shift and scale each column of points to zero mean and unit deviation.
  ///   - size: side of the images wanted; nil: as stored. It is no matter to points.
  /// - Throws: `DatasetError` with the file and, for text, the line.
  public static func load(
    file: String, name: String = "points", standardized: Bool = false, size: Int? = nil, fit: ImageFit = .resize
  ) throws(DatasetError) -> StoredDataset {
    let start = try ByteReader(file).read(NPY.signature.count)
    guard start == NPY.signature else {
      let (values, dimension) = try table(file)
      return points(values, dimension: dimension, name: name, standardized: standardized)
    }
    let array = try NPY.read(file)
    guard array.shape.count <= 2 else {
      return try images(array, file: file, name: name, size: size, fit: fit)
    }
    let dimension = array.shape.count == 2 ? array.shape[1] : 1
    guard !array.shape.isEmpty, dimension >= 1, dimension <= columns else {
      throw .malformed(
        file: file,
        fault: .wrongDimensions(format: "NPY", found: array.shape, accepted: "[points, 1 to \(columns)]"))
    }
    guard !array.values.isEmpty else { throw .malformed(file: file, fault: .empty(what: "points")) }
    try checkFinite(array, file: file)
    return points(array.values, dimension: dimension, name: name, standardized: standardized)
  }

  /// A table of numbers from a text file, row by row.
  public static func table(_ file: String) throws(DatasetError) -> (values: [Float], dimension: Int) {
    var table = try TextTable(file: file)
    var values: [Float] = []
    var dimension: Int?
    var isFirst = true
    while let fields = table.next() {
      defer { isFirst = false }
      if isFirst, fields.allSatisfy({ Double($0.replacing(",", with: ".")) == nil }) { continue }
      if let dimension {
        guard fields.count == dimension else { throw table.wrongFieldCount(fields.count, expected: dimension) }
      } else {
        guard fields.count <= columns else { throw table.wrongFieldCount(fields.count, expected: columns) }
        dimension = fields.count
      }
      for (index, field) in fields.enumerated() {
        let value = Float(try table.number(field, field: index + 1))
        guard value.isFinite else {
          throw .malformedLine(
            file: file, line: table.line,
            fault: .outOfRange(field: index + 1, text: field, accepted: "below 3.4e38 in magnitude"))
        }
        values.append(value)
      }
    }
    guard let dimension, !values.isEmpty else { throw .malformed(file: file, fault: .empty(what: "points")) }
    return (values, dimension)
  }

  private static func points(_ values: [Float], dimension: Int, name: String, standardized: Bool) -> StoredDataset {
    StoredDataset(
      name: name, shape: .vector(dimension), training: .init(values: .floats(values)),
      normalization: standardized ? standardization(values, dimension: dimension) : .identity)
  }

  /// Mean and deviation of each column, in double precision.
  static func standardization(_ values: [Float], dimension: Int) -> Normalization {
    let count = Double(max(1, values.count / dimension))
    var means = [Double](repeating: 0, count: dimension)
    for (index, value) in values.enumerated() { means[index % dimension] += Double(value) / count }
    var variances = [Double](repeating: 0, count: dimension)
    for (index, value) in values.enumerated() {
      let difference = Double(value) - means[index % dimension]
      variances[index % dimension] += difference * difference / count
    }
    return Normalization(offset: means.map(Float.init), scale: variances.map { Float($0.squareRoot()) })
  }

  private static func checkFinite(_ array: NPY.Array, file: String) throws(DatasetError) {
    guard let index = array.values.firstIndex(where: { !$0.isFinite }) else { return }
    let size = array.values.count / max(1, array.shape.first ?? 1)
    throw .malformed(file: file, fault: .notFinite(index: index / max(1, size)))
  }

  private static func images(
    _ array: NPY.Array, file: String, name: String, size: Int?, fit: ImageFit
  ) throws(DatasetError) -> StoredDataset {
    let axes = array.shape
    let channels = axes.count == 4 ? axes[1] : 1
    guard axes.count <= 4, channels == 1 || channels == 3, axes.allSatisfy({ $0 > 0 }) else {
      throw .malformed(
        file: file,
        fault: .wrongDimensions(
          format: "NPY", found: axes,
          accepted: "[points, dimension], [images, height, width] or [images, 1 or 3 channels, height, width]"))
    }
    try checkFinite(array, file: file)
    let source = SampleShape.image(channels: channels, height: axes[axes.count - 2], width: axes[axes.count - 1])
    let range = array.range
    guard let size, source.axes != [channels, size, size] else {
      return StoredDataset(
        name: name, shape: source, training: .init(values: .floats(array.values)), normalization: range)
    }
    // Resizing works on bytes: -1...1 becomes 0...255.
    let bytes = array.values.map { value in
      let normalized = (value - range.offset[0]) / range.scale[0]
      return UInt8(max(0, min(255, (normalized * 127.5 + 127.5).rounded())))
    }
    let (fitted, shape) = try ImageGeometry.fitted(
      bytes, count: axes[0], shape: source, side: size, fit: fit, dataset: name)
    return StoredDataset(name: name, shape: shape, training: .init(values: .bytes(fitted)), normalization: .pixels())
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
}
