import Dispatch
import Foundation
import Synchronization

/// A folder of PNG and JPEG images of any sizes, each scaled to cover a square and cropped at its centre.
///
/// Where sub-folders hold images, each is a class, in alphabetical order; images beside them are left out. A folder of
/// some thousand images is decoded at the start; of a larger one only the headers are checked then, and images decoded
/// when they are drawn, and kept as far as the memory budget goes. Orientation tags of cameras are not followed.
public struct ImageFolder: Dataset {
  public let name: String
  public let shape: SampleShape
  /// The names of the sub-folders; empty when there are no classes.
  public let classNames: [String]
  /// One sentence for each file that was left out.
  public let warnings: [String]
  /// Whether all images are in memory.
  public let isDecoded: Bool
  private let folder: String
  private let files: [String]
  private let labels: [Int32]
  private let pixels: Pixels

  static let accepted = "png, jpg, jpeg"
  /// More images than this take more than a few seconds to decode.
  static let eagerCount = 4096

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
    guard channels == 1 || channels == 3 else {
      throw .invalidParameter(
        dataset: name, key: "channels", value: String(channels), accepted: "1 (gray) or 3 (colour)")
    }
    let found = try Self.scan(folder)
    guard !found.files.isEmpty else { throw .emptyFolder(folder: folder, accepted: Self.accepted) }
    let shape = SampleShape.image(channels: channels, height: size, width: size)
    let budget = max(0, memoryBudget) / shape.size
    let fits = found.files.count <= min(budget, Self.eagerCount)
    let failures = Self.examine(
      found.files, folder: folder, size: size, channels: channels, decodes: fits || skipsUnreadable, keeps: fits)
    if let first = failures.errors.first(where: { $0 != nil }), let error = first, !skipsUnreadable { throw error }
    let kept = found.files.indices.filter { failures.errors[$0] == nil }
    guard !kept.isEmpty else { throw .emptyFolder(folder: folder, accepted: Self.accepted) }
    self.name = name
    self.shape = shape
    self.folder = folder
    classNames = found.classes
    warnings = failures.errors.compactMap { $0?.description }
    files = kept.map { found.files[$0] }
    labels = kept.map { found.labels[$0] }
    isDecoded = fits
    pixels = Pixels(
      count: kept.count, limit: fits ? kept.count : budget,
      initial: fits ? kept.map { failures.images[$0] } : [])
  }

  public var summary: String { "\(name): \(files.count) \(shape)" }
  public var count: Int? { files.count }
  public var classes: Int? { classNames.isEmpty ? nil : classNames.count }
  public var normalization: Normalization { .pixels() }
  public var isSlow: Bool { !isDecoded }

  public func fill(
    _ request: BatchRequest, into samples: UnsafeMutableBufferPointer<Float>,
    labels target: UnsafeMutableBufferPointer<Int32>?
  ) throws(DatasetError) {
    var order = EpochOrder(count: files.count, request: request)
    for sample in 0..<max(0, min(request.size, samples.count / shape.size)) {
      let source = order.next()
      try copy(source, to: samples, at: sample)
      if let target, sample < target.count { target[sample] = labels[source] }
    }
  }

  public func evaluationSamples(count: Int, seed: UInt64) throws(DatasetError) -> SampleSet {
    let size = max(0, min(count, files.count))
    let order = Permutation(
      count: files.count, seed: seed, epoch: 0, purpose: BatchRequest.Stream.evaluation.rawValue)
    var values = [Float](repeating: 0, count: size * shape.size)
    var failure: DatasetError?
    values.withUnsafeMutableBufferPointer { values in
      do throws(DatasetError) {
        for sample in 0..<size { try copy(order[sample], to: values, at: sample) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return SampleSet(
      shape: shape, count: size, values: values, labels: classes == nil ? nil : (0..<size).map { labels[order[$0]] })
  }

  private func copy(
    _ source: Int, to samples: UnsafeMutableBufferPointer<Float>, at sample: Int
  ) throws(DatasetError) {
    let bytes: [UInt8]
    if let kept = pixels[source] {
      bytes = kept
    } else {
      guard case .image(let channels, let side, _) = shape else { return }
      bytes = try Self.decode(folder + "/" + files[source], side: side, channels: channels)
      pixels.keep(bytes, at: source)
    }
    let start = sample * shape.size
    bytes.withUnsafeBufferPointer {
      PixelConversion.convert(
        $0, into: UnsafeMutableBufferPointer(rebasing: samples[start..<start + shape.size]), normalization)
    }
  }

  /// Decoded images. The first that fit stay: under a reshuffled order, throwing out the oldest would gain nothing.
  private final class Pixels: Sendable {
    private let images: Mutex<[[UInt8]?]>
    private let free: Mutex<Int>

    init(count: Int, limit: Int, initial: [[UInt8]?]) {
      images = Mutex(initial.isEmpty ? Array(repeating: nil, count: count) : initial)
      free = Mutex(limit)
    }

    subscript(index: Int) -> [UInt8]? { images.withLock { $0[index] } }

    func keep(_ bytes: [UInt8], at index: Int) {
      let fits = free.withLock { free in
        guard free > 0 else { return false }
        free -= 1
        return true
      }
      if fits { images.withLock { $0[index] = bytes } }
    }
  }

  // MARK: reading

  private static func scan(
    _ folder: String
  ) throws(DatasetError) -> (files: [String], labels: [Int32], classes: [String]) {
    guard FilePath.exists(folder) else { throw .fileNotFound(file: folder) }
    guard FilePath.isFolder(folder) else { throw .unreadable(file: folder, code: ENOTDIR) }
    let entries = try names(in: folder)
    var files: [String] = []
    var labels: [Int32] = []
    var classes: [String] = []
    for entry in entries where FilePath.isFolder(folder + "/" + entry) {
      let images = try names(in: folder + "/" + entry).filter(isImage)
      guard !images.isEmpty else { continue }
      files += images.map { entry + "/" + $0 }
      labels += Array(repeating: Int32(classes.count), count: images.count)
      classes.append(entry)
    }
    if classes.isEmpty {
      files = entries.filter { isImage($0) && !FilePath.isFolder(folder + "/" + $0) }
      labels = Array(repeating: 0, count: files.count)
    }
    return (files, labels, classes)
  }

  /// Sorted, so that a folder gives the same data on every file system; hidden files are left out.
  private static func names(in folder: String) throws(DatasetError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
    } catch {
      throw .unreadable(file: folder, code: EACCES)
    }
  }

  private static func isImage(_ name: String) -> Bool {
    let name = name.lowercased()
    return [".png", ".jpg", ".jpeg"].contains { name.hasSuffix($0) }
  }

  /// Decodes all files, or checks all headers, on all cores.
  private static func examine(
    _ files: [String], folder: String, size: Int, channels: Int, decodes: Bool, keeps: Bool
  ) -> (images: [[UInt8]?], errors: [DatasetError?]) {
    struct Outcome: Sendable {
      var image: [UInt8]?
      var error: DatasetError?
    }
    let outcomes = Mutex([Outcome](repeating: Outcome(), count: files.count))
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      var outcome = Outcome()
      do throws(DatasetError) {
        let file = folder + "/" + files[index]
        if decodes {
          let image = try decode(file, side: size, channels: channels)
          if keeps { outcome.image = image }
        } else {
          try checkHeader(file)
        }
      } catch {
        outcome.error = error
      }
      let finished = outcome
      outcomes.withLock { $0[index] = finished }
    }
    let all = outcomes.withLock { $0 }
    return (all.map(\.image), all.map(\.error))
  }

  /// The most bytes of one image file.
  private static let fileLimit = 1 << 28

  private static func decode(_ file: String, side: Int, channels: Int) throws(DatasetError) -> [UInt8] {
    let bytes = try ByteReader.contents(of: file, limit: fileLimit)
    let image: PixelImage
    if bytes.starts(with: PNG.signature) {
      image = try PNG.decode(bytes, channels: channels, file: file)
    } else if bytes.starts(with: JPEG.signature) {
      image = try JPEG.decode(bytes, channels: channels, file: file)
    } else {
      throw .malformed(file: file, fault: .unknownFormat(accepted: "PNG and JPEG"))
    }
    return image.covering(width: side, height: side)
  }

  private static func checkHeader(_ file: String) throws(DatasetError) {
    let bytes = try ByteReader(file).read(4096)
    if bytes.starts(with: PNG.signature) {
      guard let (width, height) = PNG.size(bytes) else {
        throw .malformed(file: file, fault: .truncated(expected: 24, found: bytes.count))
      }
      guard width > 0, height > 0, width <= PixelImage.limit / height else {
        throw .malformed(file: file, fault: .imageTooLarge(width: width, height: height, limit: PixelImage.limit))
      }
    } else if bytes.starts(with: JPEG.signature) {
      // The frame's header may lie behind long metadata: all of the file then.
      do throws(DatasetError) {
        try JPEG.checkHeader(bytes, file: file)
      } catch {
        if case .malformed(_, .imageTooLarge) = error { throw error }
        try JPEG.checkHeader(try ByteReader.contents(of: file, limit: fileLimit), file: file)
      }
    } else {
      throw .malformed(file: file, fault: .unknownFormat(accepted: "PNG and JPEG"))
    }
  }
}
