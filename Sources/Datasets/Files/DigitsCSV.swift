/// The optical digits of the UCI repository: lines of 64 whole numbers 0 to 16, an 8x8 image, and the digit.
///
/// Reference: Alpaydin and Kaynak, "Optical recognition of handwritten digits", UCI Machine Learning Repository, 1998.
public enum DigitsCSV {
  /// The file's usual name.
  public static let fileName = "optdigits.tes"

  /// - Parameters:
  ///   - file: the file, or the folder that has `optdigits.tes`.
  ///   - size: side of the images wanted; nil: 8, as stored.
  /// - Throws: `DatasetError` with the line.
  public static func load(
    file: String, name: String = "digits", size: Int? = nil, fit: ImageFit = .resize
  ) throws(DatasetError) -> StoredDataset {
    let path = FilePath.isFolder(file) ? file + "/" + fileName : file
    guard FilePath.exists(path) else {
      throw path == file ? .fileNotFound(file: file) : .missingFile(name: name, folder: file, file: fileName)
    }
    var table = try TextTable(file: path)
    var pixels: [UInt8] = []
    var labels: [Int32] = []
    while let fields = table.next() {
      guard fields.count == 65 else { throw table.wrongFieldCount(fields.count, expected: 65) }
      for (index, field) in fields.prefix(64).enumerated() {
        pixels.append(UInt8(try table.integer(field, field: index + 1, 0...16)))
      }
      labels.append(Int32(try table.integer(fields[64], field: 65, 0...9)))
    }
    guard !labels.isEmpty else { throw .malformed(file: path, fault: .empty(what: "digits")) }
    let source = SampleShape.image(channels: 1, height: 8, width: 8)
    var normalization = Normalization.pixels(maximum: 16)
    if let size, size != 8 {
      // Between 17 levels there is no room for the values that resizing makes.
      pixels = pixels.map { UInt8((Int($0) * 255 + 8) / 16) }
      normalization = .pixels()
    }
    let (bytes, shape) = try ImageGeometry.fitted(
      pixels, count: labels.count, shape: source, side: size, fit: fit, dataset: name)
    return StoredDataset(
      name: name, shape: shape, training: .init(values: .bytes(bytes), labels: labels), classCount: 10,
      classNames: (0...9).map(String.init), normalization: normalization)
  }
}
