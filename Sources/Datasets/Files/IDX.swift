/// The IDX format of MNIST: two zero bytes, the element type, the number of dimensions, each dimension as a big-endian
/// 32-bit integer, then the elements, the last dimension fastest. Plain or inside gzip.
///
/// Reference: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", file formats.
public struct IDX: Sendable {
  public var dimensions: [Int]
  public var bytes: [UInt8]

  /// The most elements that are accepted: four thousand million.
  static let limit = 4_000_000_000

  /// Reads a file of unsigned bytes with the given number of dimensions.
  ///
  /// - Throws: `DatasetError` with the file and what is wrong: magic, type, dimensions, too few or too many bytes.
  public init(file: String, ranks: ClosedRange<Int>) throws(DatasetError) {
    let reader = try ByteReader(file)
    let magic = try reader.read(4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, magic[3] > 0 else {
      throw .malformed(file: file, fault: .wrongMagic(format: "IDX", found: magic))
    }
    guard magic[2] == 0x08 else {
      throw .malformed(
        file: file,
        fault: .unsupportedElement(
          format: "IDX", found: Self.typeName(magic[2]), accepted: "unsigned bytes (0x08)"))
    }
    let rank = Int(magic[3])
    let header = try reader.read(4 * rank)
    guard header.count == 4 * rank else {
      throw .malformed(file: file, fault: .truncated(expected: 4 + 4 * rank, found: 4 + header.count))
    }
    let dimensions = (0..<rank).map { axis in
      header[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    var size = 1
    for dimension in dimensions {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      size = overflow ? .max : product
    }
    guard ranks.contains(rank), dimensions.allSatisfy({ $0 > 0 }), size <= Self.limit else {
      let accepted =
        ranks.lowerBound == ranks.upperBound
        ? "\(ranks.lowerBound) that are above zero"
        : "\(ranks.lowerBound) to \(ranks.upperBound) that are above zero"
      throw .malformed(
        file: file,
        fault: .wrongDimensions(
          format: "IDX", found: dimensions, accepted: accepted + ", with a product of at most \(Self.limit)"))
    }
    let bytes = try reader.read(size)
    let expected = 4 + 4 * rank + size
    guard bytes.count == size else {
      throw .malformed(file: file, fault: .truncated(expected: expected, found: reader.position))
    }
    let rest = try reader.read(1)
    guard rest.isEmpty else {
      // How many is worth a sentence, but not gigabytes of reading.
      let more = try reader.read(1 << 20)
      throw .malformed(file: file, fault: .trailingBytes(expected: expected, found: expected + 1 + more.count))
    }
    self.dimensions = dimensions
    self.bytes = bytes
  }

  private static func typeName(_ type: UInt8) -> String {
    let name: String? =
      switch type {
      case 0x09: "signed bytes"
      case 0x0B: "16-bit integers"
      case 0x0C: "32-bit integers"
      case 0x0D: "floats"
      case 0x0E: "doubles"
      default: nil
      }
    let code = "0x" + (type < 16 ? "0" : "") + String(type, radix: 16, uppercase: true)
    return name.map { "\($0) (\(code))" } ?? code
  }
}

/// How images reach the size that the network wants.
public enum ImageFit: String, Hashable, Sendable, CaseIterable, Codable {
  /// Scaled to cover the target, the overhang cropped evenly.
  case resize
  /// Centred on a background of zeros; refused where the image is larger.
  case pad
}

/// MNIST and its kin: IDX files of images, and of labels where there are any.
public enum IDXDataset {
  /// The four file names of MNIST and its kin, without `.gz`.
  static let trainingImages = "train-images-idx3-ubyte"
  static let trainingLabels = "train-labels-idx1-ubyte"
  static let testImages = "t10k-images-idx3-ubyte"
  static let testLabels = "t10k-labels-idx1-ubyte"

  /// What the classes of a named set are called; empty for a set of one's own.
  static func classNames(of name: String) -> [String] {
    switch name {
    case "mnist": (0...9).map(String.init)
    case "fashion-mnist":
      [
        "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
      ]
    default: []
    }
  }

  /// A folder with MNIST's file names, each plain or `.gz`. Labels and test split are used where they are there.
  ///
  /// - Parameters:
  ///   - size: side of the square images wanted; nil: as stored.
  /// - Throws: `DatasetError`, which names the file.
  public static func load(
    folder: String, name: String = "mnist", size: Int? = nil, fit: ImageFit = .resize
  ) throws(DatasetError) -> StoredDataset {
    func find(_ file: String) -> String? {
      // Some mirrors write train-images.idx3-ubyte.
      let dotted = file.replacing("-idx", with: ".idx")
      return [file, file + ".gz", dotted, dotted + ".gz"].map { folder + "/" + $0 }.first(where: FilePath.exists)
    }
    guard FilePath.exists(folder) else { throw .fileNotFound(file: folder) }
    guard let images = find(trainingImages) else {
      throw .missingFile(name: name, folder: folder, file: trainingImages + ".gz")
    }
    return try load(
      images: images, labels: find(trainingLabels), testImages: find(testImages), testLabels: find(testLabels),
      name: name, size: size, fit: fit)
  }

  /// Images, with labels and a test split where given.
  public static func load(
    images: String, labels: String? = nil, testImages: String? = nil, testLabels: String? = nil,
    name: String = "idx", size: Int? = nil, fit: ImageFit = .resize
  ) throws(DatasetError) -> StoredDataset {
    let (training, shape) = try split(images: images, labels: labels, name: name, size: size, fit: fit)
    var test: StoredDataset.Split?
    if let testImages {
      let (split, testShape) = try split(images: testImages, labels: testLabels, name: name, size: size, fit: fit)
      guard testShape == shape else {
        throw .malformed(
          file: testImages,
          fault: .wrongDimensions(format: "image", found: testShape.axes, accepted: "those of \(images)"))
      }
      test = split
    }
    return StoredDataset(
      name: name, shape: shape, training: training, test: test, classNames: classNames(of: name),
      normalization: .pixels())
  }

  private static func split(
    images: String, labels: String?, name: String, size: Int?, fit: ImageFit
  ) throws(DatasetError) -> (StoredDataset.Split, SampleShape) {
    let array = try IDX(file: images, ranks: 3...4)
    let count = array.dimensions[0]
    let channels = array.dimensions.count == 4 ? array.dimensions[1] : 1
    let source = SampleShape.image(
      channels: channels, height: array.dimensions[array.dimensions.count - 2],
      width: array.dimensions[array.dimensions.count - 1])
    let (bytes, shape) = try ImageGeometry.fitted(
      array.bytes, count: count, shape: source, side: size, fit: fit, dataset: name)
    var values: [Int32]?
    if let labels {
      let array = try IDX(file: labels, ranks: 1...1)
      guard array.dimensions[0] == count else {
        throw .countMismatch(samples: images, sampleCount: count, labels: labels, labelCount: array.dimensions[0])
      }
      values = array.bytes.map(Int32.init)
    }
    return (StoredDataset.Split(values: .bytes(bytes), labels: values), shape)
  }
}
