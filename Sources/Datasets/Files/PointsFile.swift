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
  ///   - labels: where the classes of the points are; nil: there are none.
  ///   - standardized: shift and scale each column of points to zero mean and unit deviation.
  ///   - size: side of the images wanted; nil: as stored. It is no matter to points.
  ///   - channelsLast: whether images are `[count, height, width, channels]`.
  /// - Throws: `DatasetError` with the file and, for text, the line.
  public static func load(
    file: String, labels: LabelSource? = nil, name: String = "points", standardized: Bool = false, size: Int? = nil,
    fit: ImageFit = .resize, channelsLast: Bool = false
  ) throws(DatasetError) -> StoredDataset {
    let start = try ByteReader(file).read(NPY.signature.count)
    guard start == NPY.signature else {
      let table = try PointTable(file, labels: labels?.column)
      let classes = try labels.flatMap { source throws(DatasetError) in try source.read(for: file, table.count) }
      return points(
        table.values, dimension: table.dimension, labels: classes ?? table.labels, name: name,
        standardized: standardized)
    }
    let array = try NPY.read(file)
    guard !array.values.isEmpty else { throw .malformed(file: file, fault: .empty(what: "points")) }
    try array.checkFinite(file: file)
    let classes = try labels.flatMap { source throws(DatasetError) in try source.read(for: file, array.shape.first ?? 0)
    }
    guard array.shape.count <= 2 else {
      if let column = labels?.column { throw column.missing(in: file, known: "none, for it holds images") }
      let images = try ImageArray(array, file: file, channelsLast: channelsLast)
      return try self.images(images, labels: classes, name: name, size: size, fit: fit)
    }
    let dimension = array.shape.count == 2 ? array.shape[1] : 1
    guard !array.shape.isEmpty, dimension >= 1, dimension <= columns else {
      throw .malformed(
        file: file,
        fault: .wrongDimensions(format: "NPY", found: array.shape, accepted: "[points, 1 to \(columns)]"))
    }
    if let column = labels?.column {
      let (values, labels) = try column.split(array.values, dimension: dimension, file: file)
      return points(values, dimension: dimension - 1, labels: labels, name: name, standardized: standardized)
    }
    return points(array.values, dimension: dimension, labels: classes, name: name, standardized: standardized)
  }

  /// A table of numbers from a text file, row by row.
  public static func table(_ file: String) throws(DatasetError) -> (values: [Float], dimension: Int) {
    let table = try PointTable(file, labels: nil)
    return (table.values, table.dimension)
  }

  private static func points(
    _ values: [Float], dimension: Int, labels: ClassLabels?, name: String, standardized: Bool
  ) -> StoredDataset {
    StoredDataset(
      name: name, shape: .vector(dimension), training: .init(values: .floats(values), labels: labels?.values),
      classNames: labels?.names ?? [],
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

  private static func images(
    _ images: ImageArray, labels: ClassLabels?, name: String, size: Int?, fit: ImageFit
  ) throws(DatasetError) -> StoredDataset {
    let range = images.range
    guard let size, images.shape.axes.dropFirst() != [size, size] else {
      return StoredDataset(
        name: name, shape: images.shape, training: .init(values: .floats(images.values), labels: labels?.values),
        classNames: labels?.names ?? [], normalization: range)
    }
    // Resizing works on bytes: -1...1 becomes 0...255.
    let bytes = images.values.map { value in
      let normalized = (value - range.offset[0]) / range.scale[0]
      return UInt8(max(0, min(255, (normalized * 127.5 + 127.5).rounded())))
    }
    let (fitted, shape) = try ImageGeometry.fitted(
      bytes, count: images.count, shape: images.shape, side: size, fit: fit, dataset: name)
    return StoredDataset(
      name: name, shape: shape, training: .init(values: .bytes(fitted), labels: labels?.values),
      classNames: labels?.names ?? [], normalization: .pixels())
  }
}
