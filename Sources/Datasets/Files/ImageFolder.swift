import Foundation

/// A folder of PNG and JPEG images of any sizes, each scaled to cover a square and cropped at its centre.
///
/// Where sub-folders hold images, each is a class, in alphabetical order; images beside them are left out. A folder of
/// some thousand images is decoded at the start; of a larger one only the headers are checked then, and images decoded
/// when they are drawn, and kept as far as the memory budget goes. Orientation tags of cameras are not followed. There
/// is no test split: `DatasetSelection` holds one out.
public struct ImageFolder: IndexedDataset {
  public let name: String
  public let shape: SampleShape
  /// The names of the sub-folders; empty when there are no classes.
  public let classNames: [String]
  private let labels: [Int32]
  private let bank: ImageBank

  /// - Parameters:
  ///   - size: side of the square images, 4 to 1024.
  ///   - channels: 1 for gray, 3 for colour.
  ///   - skipsUnreadable: leave out files that cannot be decoded, with a warning each, instead of throwing. All files are
  ///     then decoded once at the start, so that what a batch holds never changes.
  ///   - memoryBudget: bytes of decoded images to keep.
  /// - Throws: `DatasetError`, which names the file.
  public init(
    folder: String, name: String = "images", size: Int, channels: Int = 3, skipsUnreadable: Bool = false,
    memoryBudget: Int = 1 << 29
  ) throws(DatasetError) {
    try Parameter.count(size, ImageGeometry.sides, dataset: name, key: "size")
    try Parameter.channels(channels, dataset: name)
    let found = try Self.scan(folder)
    guard !found.files.isEmpty else { throw .emptyFolder(folder: folder, accepted: ImageFile.accepted) }
    let shape = SampleShape.image(channels: channels, height: size, width: size)
    bank = try ImageBank(
      files: found.files.map { folder + "/" + $0 }, imageSize: shape.size, memoryBudget: memoryBudget,
      skipsUnreadable: skipsUnreadable
    ) { file throws(DatasetError) in
      try ImageFile.decode(file, channels: channels).covering(width: size, height: size)
    }
    guard bank.count > 0 else { throw .emptyFolder(folder: folder, accepted: ImageFile.accepted) }
    self.name = name
    self.shape = shape
    classNames = found.classes
    labels = bank.kept.map { found.labels[$0] }
  }

  /// One sentence for each file that was left out.
  public var warnings: [String] { bank.warnings }
  /// Whether all images are in memory.
  public var isDecoded: Bool { bank.isDecoded }
  public var summary: String { "\(name): \(bank.count) \(shape)" }
  public var classCount: Int? { classNames.isEmpty ? nil : classNames.count }
  public var normalization: Normalization { .pixels() }
  public var isSlow: Bool { !isDecoded }

  public func count(of split: DatasetSplit) -> Int { split == .training ? bank.count : 0 }

  public func label(of sample: Int, in split: DatasetSplit) -> Int32? {
    classNames.isEmpty || split == .test || !labels.indices.contains(sample) ? nil : labels[sample]
  }

  public func read(
    _ sample: Int, of split: DatasetSplit, into values: UnsafeMutableBufferPointer<Float>
  ) throws(DatasetError) {
    guard sample >= 0, sample < count(of: split) else { return }
    try bank.image(sample).withUnsafeBufferPointer { PixelConversion.convert($0, into: values, normalization) }
  }

  private static func scan(
    _ folder: String
  ) throws(DatasetError) -> (files: [String], labels: [Int32], classes: [String]) {
    var files: [String] = []
    var labels: [Int32] = []
    var classes: [String] = []
    for entry in try FilePath.names(in: folder) where FilePath.isFolder(folder + "/" + entry) {
      let images = try ImageFile.images(in: folder + "/" + entry)
      guard !images.isEmpty else { continue }
      files += images.map { entry + "/" + $0 }
      labels += Array(repeating: Int32(classes.count), count: images.count)
      classes.append(entry)
    }
    if classes.isEmpty {
      files = try ImageFile.images(in: folder)
      labels = Array(repeating: 0, count: files.count)
    }
    return (files, labels, classes)
  }
}
