/// Pairs of square images from PNG and JPEG files: side by side in one file, or in folders A and B.
///
/// Images are decoded once, as bytes, each scaled to cover the square and cropped at its centre; of very many, decoding
/// waits until they are drawn (`ImageBank`). Training images are kept as large as the jitter wants them, so that a window
/// is a copy; test images at the size itself.
public struct ImagePairs: PairedDataset {
  public let name: String
  public let shape: SampleShape
  public let isAligned: Bool
  public let direction: PairDirection
  public let augmentation: PairAugmentation
  private let side: Int
  private let channels: Int
  public let hasPartners: Bool
  private let training: Banks
  private let test: Banks?

  /// Where the two images of each pair lie; in side-by-side files both in one item of one bank.
  private struct Banks: Sendable {
    let sources: ImageBank
    let targets: ImageBank
    /// The byte of an item where the image begins.
    let sourceStart: Int
    let targetStart: Int
    /// The side of the images in it.
    let loaded: Int

    var isDecoded: Bool { sources.isDecoded && targets.isDecoded }
  }

  /// - Parameters:
  ///   - aligned: whether a batch holds partners; false: sources and targets are drawn independently, and in folders names
  ///     are no matter.
  ///   - size: side of the images, 4 to 1024.
  ///   - channels: 1 for gray, 3 for colour.
  ///   - memoryBudget: bytes of decoded images to keep.
  /// - Throws: `DatasetError`, which names the file, folder or parameter.
  public init(
    folder: String, name: String = "pairs", layout: PairLayout, aligned: Bool = true, size: Int, channels: Int = 3,
    direction: PairDirection = .aToB, augmentation: PairAugmentation = .none, heldOut: PairHoldOut = .automatic,
    memoryBudget: Int = 1 << 29
  ) throws(DatasetError) {
    try Parameter.count(size, ImageGeometry.sides, dataset: name, key: "size")
    try Parameter.channels(channels, dataset: name)
    try Parameter.within(augmentation.jitter, 1...2, dataset: name, key: "jitter")
    let files = try PairFiles.find(folder, name: name, layout: layout, aligned: aligned, heldOut: heldOut)
    let loaded = augmentation.loadedSide(size)
    func bytes(_ files: PairFiles, _ side: Int) -> Int { (files.a.count + files.b.count) * channels * side * side }
    let trainingBytes = bytes(files.training, loaded), testBytes = bytes(files.test, size)
    // Test images have their share of the memory.
    let share = Double(testBytes) / Double(max(1, trainingBytes + testBytes))
    let testBudget = Int(share * Double(max(0, memoryBudget)))
    training = try Self.banks(
      files.training, layout: layout, direction: direction, side: loaded, channels: channels,
      budget: memoryBudget - testBudget)
    test =
      files.test.isEmpty
      ? nil
      : try Self.banks(
        files.test, layout: layout, direction: direction, side: size, channels: channels, budget: testBudget)
    self.name = name
    self.direction = direction
    self.augmentation = augmentation
    self.channels = channels
    side = size
    isAligned = aligned
    hasPartners = aligned || layout == .sideBySide
    shape = .image(channels: channels, height: size, width: size)
  }

  public var summary: String {
    let held = test.map { ", \(min($0.sources.count, $0.targets.count)) held out" } ?? ""
    if isAligned { return "\(name): \(training.targets.count) pairs of \(shape)\(held)" }
    return "\(name): \(training.sources.count) and \(training.targets.count) \(shape), unpaired\(held)"
  }
  public var sourceShape: SampleShape { shape }
  /// The number of targets.
  public var count: Int? { training.targets.count }
  public var classCount: Int? { nil }
  public var normalization: Normalization { .pixels() }
  public var isSlow: Bool { !training.isDecoded }

  public func count(of split: DatasetSplit) -> Int {
    let banks = split == .training ? training : test
    return banks.map { min($0.sources.count, $0.targets.count) } ?? 0
  }

  public func fill(
    _ request: BatchRequest, into samples: UnsafeMutableBufferPointer<Float>,
    labels: UnsafeMutableBufferPointer<Int32>?
  ) throws(DatasetError) {
    try draw(request, sources: nil, targets: samples)
    if let labels { for index in labels.indices { labels[index] = 0 } }
  }

  public func fill(
    _ request: BatchRequest, sources: UnsafeMutableBufferPointer<Float>, targets: UnsafeMutableBufferPointer<Float>
  ) throws(DatasetError) {
    try draw(request, sources: sources, targets: targets)
  }

  public func pairs(of split: DatasetSplit, count: Int, seed: UInt64) throws(DatasetError) -> PairSet {
    let available = self.count(of: split)
    let size = max(0, min(count, available))
    var sources = [Float](repeating: 0, count: size * shape.size)
    var targets = sources
    guard let banks = split == .training ? training : test else {
      return PairSet(sourceShape: sourceShape, shape: shape, count: 0, sources: [], targets: [])
    }
    let purpose = BatchRequest.Stream.evaluation.rawValue
    // Each image of a list comes into question, also where the other list is shorter.
    let first = Permutation(count: banks.sources.count, seed: seed, epoch: 0, purpose: purpose)
    let second = Permutation(count: banks.targets.count, seed: seed, epoch: hasPartners ? 0 : 1, purpose: purpose)
    let window = ImageWindow.centred(side, in: banks.loaded)
    var failure: DatasetError?
    sources.withUnsafeMutableBufferPointer { sources in
      targets.withUnsafeMutableBufferPointer { targets in
        do throws(DatasetError) {
          for sample in 0..<size {
            try copySource(first[sample], of: banks, window, to: sources, at: sample)
            try copyTarget(second[sample], of: banks, window, to: targets, at: sample)
          }
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    return PairSet(sourceShape: sourceShape, shape: shape, count: size, sources: sources, targets: targets)
  }

  /// Keeps the order of unaligned sources apart from that of the targets.
  private static let sourceOrder: UInt32 = 0x7372_6365

  private func draw(
    _ request: BatchRequest, sources: UnsafeMutableBufferPointer<Float>?, targets: UnsafeMutableBufferPointer<Float>
  ) throws(DatasetError) {
    var targetOrder = EpochOrder(count: training.targets.count, request: request)
    var sourceOrder = EpochOrder(
      count: training.sources.count, request: request, purpose: isAligned ? 0 : Self.sourceOrder)
    let room = min(targets.count, sources?.count ?? .max) / shape.size
    for sample in 0..<max(0, min(request.size, room)) {
      let position = request.position &+ UInt64(sample)
      let window = window(request, position, image: 0)
      try copyTarget(targetOrder.next(), of: training, window, to: targets, at: sample)
      guard let sources else { continue }
      try copySource(
        sourceOrder.next(), of: training, isAligned ? window : self.window(request, position, image: 1), to: sources,
        at: sample)
    }
  }

  private func window(_ request: BatchRequest, _ position: UInt64, image: UInt32) -> ImageWindow {
    .random(
      side, in: training.loaded, mirrors: augmentation.mirrors, request: request, position: position, image: image)
  }

  private func copySource(
    _ index: Int, of banks: Banks, _ window: ImageWindow, to values: UnsafeMutableBufferPointer<Float>, at sample: Int
  ) throws(DatasetError) {
    try copy(banks.sources.image(index), from: banks.sourceStart, banks.loaded, window, to: values, at: sample)
  }

  private func copyTarget(
    _ index: Int, of banks: Banks, _ window: ImageWindow, to values: UnsafeMutableBufferPointer<Float>, at sample: Int
  ) throws(DatasetError) {
    try copy(banks.targets.image(index), from: banks.targetStart, banks.loaded, window, to: values, at: sample)
  }

  private func copy(
    _ bytes: [UInt8], from start: Int, _ loaded: Int, _ window: ImageWindow,
    to values: UnsafeMutableBufferPointer<Float>, at sample: Int
  ) {
    let size = shape.size
    window.copy(
      bytes, from: start, loaded: loaded, channels: channels, side: side,
      into: UnsafeMutableBufferPointer(rebasing: values[sample * size..<(sample + 1) * size]))
  }

  // MARK: reading

  private static func banks(
    _ files: PairFiles, layout: PairLayout, direction: PairDirection, side: Int, channels: Int, budget: Int
  ) throws(DatasetError) -> Banks {
    let size = channels * side * side
    let isForward = direction == .aToB
    if layout == .sideBySide {
      let both = try ImageBank(files: files.a, imageSize: 2 * size, memoryBudget: budget) { file throws(DatasetError) in
        let image = try ImageFile.decode(file, channels: channels)
        guard let (left, right) = image.halves else {
          throw .malformed(
            file: file,
            fault: .wrongDimensions(
              format: "image", found: [image.width, image.height],
              accepted: "an even width, of two images side by side"))
        }
        return left.covering(width: side, height: side) + right.covering(width: side, height: side)
      }
      return Banks(
        sources: both, targets: both, sourceStart: isForward ? 0 : size, targetStart: isForward ? size : 0, loaded: side
      )
    }
    let decode: ImageBank.Decoder = { file throws(DatasetError) in
      try ImageFile.decode(file, channels: channels).covering(width: side, height: side)
    }
    let share = Double(files.a.count) / Double(max(1, files.a.count + files.b.count))
    let firstBudget = Int(share * Double(max(0, budget)))
    let first = try ImageBank(files: files.a, imageSize: size, memoryBudget: firstBudget, decode: decode)
    let second = try ImageBank(files: files.b, imageSize: size, memoryBudget: budget - firstBudget, decode: decode)
    return Banks(
      sources: isForward ? first : second, targets: isForward ? second : first, sourceStart: 0, targetStart: 0,
      loaded: side)
  }
}

extension PixelImage {
  /// The left and the right half; nil where the width is odd.
  var halves: (left: PixelImage, right: PixelImage)? {
    guard width % 2 == 0 else { return nil }
    let half = width / 2
    func cut(_ first: Int) -> PixelImage {
      var part: [UInt8] = []
      part.reserveCapacity(half * height * channels)
      for row in 0..<height {
        let start = (row * width + first) * channels
        part.append(contentsOf: pixels[start..<start + half * channels])
      }
      return PixelImage(unchecked: part, width: half, height: height, channels: channels)
    }
    return (cut(0), cut(half))
  }
}
