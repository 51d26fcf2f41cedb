import Foundation
import Testing

@testable import Datasets

/// Gray squares of 12 x 12 whose pixels tell where they are: 16 y + x.
private func places() throws -> PixelImage {
  let pixels = (0..<12).flatMap { y in (0..<12).map { x in UInt8(16 * y + x) } }
  return try #require(PixelImage(width: 12, height: 12, channels: 1, pixels: pixels))
}

/// Two images of equal height in one.
private func beside(_ a: PixelImage, _ b: PixelImage) throws -> PixelImage {
  var pixels: [UInt8] = []
  for row in 0..<a.height {
    pixels += a.pixels[row * a.width * a.channels..<(row + 1) * a.width * a.channels]
    pixels += b.pixels[row * b.width * b.channels..<(row + 1) * b.width * b.channels]
  }
  return try #require(PixelImage(width: a.width + b.width, height: a.height, channels: a.channels, pixels: pixels))
}

@Suite struct PairTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ image: PixelImage, _ name: String) throws {
    try folder.write(name.hasSuffix("png") ? PNG.encode(image, file: "") : jpeg(image), name)
  }

  /// Side-by-side pairs of flat squares: A is 2 n, B is 2 n + 1.
  private func writeFlat(_ count: Int, in sub: String = "") throws {
    for index in 0..<count {
      let pair = try beside(solid(8, 8, [UInt8(2 * index)]), solid(8, 8, [UInt8(2 * index + 1)]))
      try write(pair, "\(sub)\(index < 10 ? "0" : "")\(index).png")
    }
  }

  /// The numbers of the sources and targets of flat pairs.
  private func numbers(_ data: some PairedDataset, _ request: BatchRequest) throws -> [(source: Int, target: Int)] {
    let size = data.shape.size
    var sources = [Float](repeating: 0, count: request.size * size)
    var targets = sources
    try sources.withUnsafeMutableBufferPointer { sources in
      try targets.withUnsafeMutableBufferPointer { targets in
        try data.fill(request, sources: sources, targets: targets)
      }
    }
    return (0..<request.size).map { (byte(sources[$0 * size]), byte(targets[$0 * size])) }
  }

  private func failure(_ body: () throws -> Void) throws -> String {
    let text = sentence(body)
    return try #require(text).replacing(folder.path, with: "F")
  }

  @Test func sideBySidePairsInBothDirections() throws {
    try writeFlat(10)
    let request = BatchRequest(seed: 1, position: 0, size: 18)
    let forward = try ImagePairs(folder: folder.path, layout: .sideBySide, size: 4, channels: 1)
    #expect(forward.count == 9 && forward.count(of: .test) == 1 && forward.isAligned && forward.classCount == nil)
    #expect(forward.summary == "pairs: 9 pairs of 4x4 gray images, 1 held out")
    let pairs = try numbers(forward, request)
    #expect(pairs.allSatisfy { $0.source % 2 == 0 && $0.target == $0.source + 1 })
    // Two epochs without the pair that is held out.
    let held = try forward.evaluationPairs(count: 5, seed: 1)
    #expect(held.count == 1 && byte(held.targets[0]) == byte(held.sources[0]) + 1)
    #expect(Set(pairs.prefix(9).map(\.source)).count == 9 && !pairs.map(\.source).contains(byte(held.sources[0])))
    #expect(Set(pairs.prefix(9).map(\.source)) == Set(pairs.suffix(9).map(\.source)))
    let backward = try ImagePairs(folder: folder.path, layout: .sideBySide, size: 4, channels: 1, direction: .bToA)
    #expect(try numbers(backward, request).map(\.target) == pairs.map(\.source))
    // As a dataset it is its targets.
    let set = try forward.samples(request)
    #expect((0..<18).map { byte(set.values[16 * $0]) } == pairs.map(\.target) && set.labels == nil)
    #expect(try forward.evaluationSamples(count: 5, seed: 1).values == held.targets)
  }

  @Test func batchesArePureFunctionsOfTheirPlace() throws {
    try writeFlat(7)
    for aligned in [true, false] {
      let data = try ImagePairs(
        folder: folder.path, layout: .sideBySide, aligned: aligned, size: 4, channels: 1, augmentation: .pix2pix)
      let whole = try numbers(data, BatchRequest(seed: 5, position: 40, size: 30))
      let part = try numbers(data, BatchRequest(seed: 5, position: 47, size: 9))
      #expect(part.map(\.source) == whole[7..<16].map(\.source) && part.map(\.target) == whole[7..<16].map(\.target))
      #expect(try numbers(data, BatchRequest(seed: 6, position: 40, size: 30)).map(\.target) != whole.map(\.target))
    }
  }

  @Test func unpairedImagesAreDrawnIndependently() throws {
    try writeFlat(20)
    let data = try ImagePairs(folder: folder.path, layout: .sideBySide, aligned: false, size: 4, channels: 1)
    let pairs = try numbers(data, BatchRequest(seed: 1, position: 0, size: 18 * 50))
    #expect(!data.isAligned && pairs.allSatisfy { $0.source % 2 == 0 && $0.target % 2 == 1 })
    // Each list goes through its epochs.
    #expect(Set(pairs.prefix(18).map(\.source)).count == 18 && Set(pairs.prefix(18).map(\.target)).count == 18)
    // 900 draws meet their partner 50 times; five deviations are 35.
    #expect(abs(pairs.filter { $0.target == $0.source + 1 }.count - 50) < 35)
    // What is held out still has its partners.
    let held = try data.evaluationPairs(count: 2, seed: 3)
    #expect(held.count == 2 && (0..<2).allSatisfy { byte(held.targets[16 * $0]) == byte(held.sources[16 * $0]) + 1 })
  }

  @Test func foldersWithEqualNames() throws {
    for index in 0..<6 {
      try write(solid(8, 8, [UInt8(20 * index)]), "A/\(index).png")
      try write(solid(8, 8, [UInt8(20 * index + 10)]), "B/\(index).\(index == 3 ? "jpg" : "png")")
    }
    let data = try ImagePairs(folder: folder.path, layout: .folders, size: 8, channels: 1, heldOut: .last(2))
    #expect(data.count == 4 && data.count(of: .test) == 2)
    let pairs = try numbers(data, BatchRequest(seed: 1, position: 0, size: 4))
    // Rough, for JPEG's sake.
    #expect(pairs.allSatisfy { abs($0.target - $0.source - 10) <= 1 } && pairs.map(\.source).max() == 60)
    let held = try data.evaluationPairs(count: 9, seed: 1)
    #expect(Set((0..<2).map { byte(held.sources[64 * $0]) }) == [80, 100])
    try write(solid(8, 8, [0]), "B/2b.png")
    #expect(
      try failure { _ = try ImagePairs(folder: folder.path, layout: .folders, size: 8) }
        == "F/B/2b.png: has no partner of the same name in F/A.")
    try FileManager.default.removeItem(atPath: folder.file("B/2b.png"))
    try FileManager.default.removeItem(atPath: folder.file("B/5.png"))
    #expect(
      try failure { _ = try ImagePairs(folder: folder.path, layout: .folders, size: 8) }
        == "F/A/5.png: has no partner of the same name in F/B.")
  }

  @Test func foldersOfAnyNames() throws {
    for index in 0..<9 { try write(solid(8, 8, [UInt8(index)]), "A/horse \(index).png") }
    for index in 0..<4 { try write(solid(8, 8, [UInt8(100 + index)]), "B/zebra\(index).png") }
    let data = try ImagePairs(
      folder: folder.path, layout: .folders, aligned: false, size: 4, channels: 1, heldOut: .share(0.25))
    #expect(data.summary == "pairs: 7 and 3 4x4 gray images, unpaired, 1 held out")
    let pairs = try numbers(data, BatchRequest(seed: 1, position: 0, size: 21))
    #expect(Set(pairs.prefix(7).map(\.source)).count == 7 && Set(pairs.prefix(3).map(\.target)).count == 3)
    #expect(pairs.allSatisfy { $0.source < 9 && $0.target >= 100 } && data.count == 3)
    #expect(try data.pairs(of: .training, count: 99, seed: 1).count == 3)
    #expect(
      try ImagePairs(folder: folder.path, layout: .folders, aligned: false, size: 4, heldOut: .nothing).count == 4)
  }

  @Test func foldersThatAreDividedAlready() throws {
    try writeFlat(4, in: "train/")
    try writeFlat(2, in: "val/")
    let data = try ImagePairs(folder: folder.path, layout: .sideBySide, size: 4, channels: 1)
    #expect(data.count == 4 && data.count(of: .test) == 2)
    // Where something else is asked for, it is taken from the training pairs.
    let share = try ImagePairs(folder: folder.path, layout: .sideBySide, size: 4, channels: 1, heldOut: .last(1))
    #expect(share.count == 3 && share.count(of: .test) == 1)
    for (name, count) in [("trainA", 3), ("trainB", 5), ("testA", 2), ("testB", 1)] {
      for index in 0..<count { try write(solid(8, 8, [UInt8(index)]), "\(name)/\(index).png") }
    }
    let folders = try ImagePairs(folder: folder.path, layout: .folders, aligned: false, size: 4)
    #expect(folders.count == 5 && folders.count(of: .training) == 3 && folders.count(of: .test) == 1)
  }

  @Test func windowsAreTheSameForBothOfAPair() throws {
    for index in 0..<3 { try write(beside(places(), places()), "\(index).png") }
    let augmentation = PairAugmentation(jitter: 1.5, mirrors: true)
    func windows(aligned: Bool) throws -> [(source: ImageWindow, target: ImageWindow)] {
      // Images as large as they are loaded: no resampling, so that each pixel still tells its place.
      let data = try ImagePairs(
        folder: folder.path, layout: .sideBySide, aligned: aligned, size: 8, channels: 1, augmentation: augmentation,
        heldOut: .nothing)
      var sources = [Float](repeating: 0, count: 400 * 64), targets = [Float](repeating: 0, count: 400 * 64)
      try sources.withUnsafeMutableBufferPointer { sources in
        try targets.withUnsafeMutableBufferPointer { targets in
          try data.fill(BatchRequest(seed: 2, position: 0, size: 400), sources: sources, targets: targets)
        }
      }
      func window(_ values: ArraySlice<Float>) -> ImageWindow {
        let pixels = values.map(byte)
        let isMirrored = pixels[1] < pixels[0]
        let corner = isMirrored ? pixels[7] : pixels[0]
        let window = ImageWindow(left: corner % 16, top: corner / 16, isMirrored: isMirrored)
        for pixel in 0..<64 {
          let column = isMirrored ? 7 - pixel % 8 : pixel % 8
          #expect(pixels[pixel] == 16 * (window.top + pixel / 8) + window.left + column)
        }
        return window
      }
      return (0..<400).map {
        (window(sources[64 * $0..<64 * $0 + 64]), window(targets[64 * $0..<64 * $0 + 64]))
      }
    }
    let pairs = try windows(aligned: true)
    #expect(pairs.allSatisfy { $0.source == $0.target })
    // All 25 places of the window, both ways round: 50 in 400 draws, of which e^-8 are missed.
    #expect(Set(pairs.map(\.source)).count >= 48)
    #expect(abs(pairs.filter(\.source.isMirrored).count - 200) < 50)
    let unaligned = try windows(aligned: false)
    #expect(unaligned.filter { $0.source == $0.target }.count < 40)
    // What measures see is the middle, as it is.
    let data = try ImagePairs(
      folder: folder.path, layout: .sideBySide, size: 8, channels: 1, augmentation: augmentation, heldOut: .nothing)
    let middle = try data.evaluationPairs(count: 3, seed: 1)
    #expect(middle.count == 3 && middle.sources == middle.targets && byte(middle.sources[0]) == 16 * 2 + 2)
    #expect(PairAugmentation.pix2pix.loadedSide(256) == 286 && PairAugmentation.none.loadedSide(64) == 64)
  }

  @Test func colourHalvesAndSizes() throws {
    let pair = try beside(solid(20, 10, [255, 0, 0]), solid(20, 10, [0, 0, 255]))
    try write(pair, "a.png")
    let data = try ImagePairs(folder: folder.path, layout: .sideBySide, size: 16, heldOut: .nothing)
    let set = try data.pairs(of: .training, count: 1, seed: 1)
    #expect(set.shape == .image(channels: 3, height: 16, width: 16) && set.sourceShape == set.shape)
    #expect(Set(set.sources[..<256]) == [1] && Set(set.sources[256...]) == [-1])
    #expect(Set(set.targets[..<512]) == [-1] && Set(set.targets[512...]) == [1])
    #expect(data.count(of: .test) == 0)
  }

  @Test func namesNotOrderDecideWhatIsHeldOut() throws {
    try writeFlat(40)
    func held(_ share: Double) throws -> Set<Int> {
      let data = try ImagePairs(folder: folder.path, layout: .sideBySide, size: 4, channels: 1, heldOut: .share(share))
      let set = try data.evaluationPairs(count: 99, seed: 1)
      return Set((0..<set.count).map { byte(set.sources[16 * $0]) / 2 })
    }
    let tenth = try held(0.1)
    #expect(tenth.count == 4 && tenth != [36, 37, 38, 39])
    #expect(try held(0.3).isSuperset(of: tenth))
    // A new file moves no more than one pair across.
    try write(beside(solid(8, 8, [200]), solid(8, 8, [201])), "0a.png")
    #expect(try held(0.1).intersection(tenth).count >= 3)
    // By a few lines of Python.
    #expect(PairFiles.hash("a") == 0x82A2A958A9BECE5B && PairFiles.hash("image_001") == 0x292CEAC7A87D90F6)
  }

  @Test func largeSetsAreDecodedWhenDrawn() throws {
    try writeFlat(9)
    let whole = try ImagePairs(folder: folder.path, layout: .sideBySide, size: 4, channels: 1, augmentation: .pix2pix)
    let lazy = try ImagePairs(
      folder: folder.path, layout: .sideBySide, size: 4, channels: 1, augmentation: .pix2pix, memoryBudget: 64)
    #expect(!whole.isSlow && lazy.isSlow)
    let loader = BatchLoader(dataset: lazy, seed: 2, batchSize: 5)
    #expect(loader.prefetches)
    for batch in [0, 1, 2, 3, 3, 9] as [UInt64] {
      let expected = try numbers(whole, BatchRequest(seed: 2, batch: batch, size: 5))
      try loader.next(batch) { batch in
        #expect((0..<5).map { byte(batch.samples[16 * $0]) } == expected.map(\.target))
        #expect((0..<5).map { byte(batch.sources?[16 * $0] ?? 9) } == expected.map(\.source))
        #expect(batch.labels == nil && batch.sources?.count == 80)
      }
    }
    loader.stop()
    // Small pairs are made in place, large ones ahead.
    #expect(!BatchLoader(dataset: whole, seed: 1, batchSize: 1000).prefetches)
    #expect(BatchLoader(dataset: whole, seed: 1, batchSize: 1100).prefetches)
  }

  @Test func wrongFilesAreNamed() throws {
    func load(_ layout: PairLayout = .sideBySide, _ heldOut: PairHoldOut = .nothing, jitter: Double = 1) throws
      -> String
    {
      try failure {
        _ = try ImagePairs(
          folder: folder.path, layout: layout, size: 8, augmentation: .init(jitter: jitter), heldOut: heldOut)
      }
    }
    #expect(try load() == "F: holds no images (accepted are png, jpg, jpeg).")
    #expect(try load(.folders) == "F/A: there is no such file.")
    try write(solid(9, 8, [1]), "a.png")
    #expect(
      try load()
        == "F/a.png: has image dimensions 9 x 8, but accepted are an even width, of two images side by side.")
    try folder.write("GIF89a", "a.png")
    #expect(try load().hasPrefix("F/a.png: has a format that is not known"))
    try folder.write(Array(jpeg(solid(64, 32, [9, 9, 9])).dropLast(200)), "a.png")
    #expect(try load().hasPrefix("F/a.png: is no JPEG image that can be decoded"))
    try writeFlat(3)
    try FileManager.default.removeItem(atPath: folder.file("a.png"))
    #expect(
      try load(.sideBySide, .last(3)) == "pairs: held-out is 3, but must be a whole number from 1 to 2, or a share.")
    #expect(try load(.sideBySide, .share(0)) == "pairs: held-out is 0, but must be a number from 0.001 to 0.9.")
    #expect(try load(.sideBySide, .share(0.9)).contains("leaves some on either side"))
    #expect(try load(jitter: 3) == "pairs: jitter is 3, but must be a number from 1 to 2.")
    #expect(
      try failure { _ = try ImagePairs(folder: folder.path, layout: .sideBySide, size: 2) }
        == "pairs: size is 2, but must be a whole number from 4 to 1024.")
    #expect(sentence { _ = try ImagePairs(folder: "/nowhere", layout: .sideBySide, size: 8) } != nil)
    #expect(
      try failure {
        _ = try DatasetSelection(part: .test).applied(
          to: ImagePairs(folder: folder.path, layout: .sideBySide, size: 8))
      }.hasPrefix("pairs: split is test, but must be left out"))
  }

  @Test func facades() throws {
    guard let shared = sharedData("facades") else { return }
    // A few of the four hundred, by links, to be quick.
    for number in 1...12 {
      let name = "image_0\(number < 10 ? "0" : "")\(number).jpg"
      try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: shared + "/" + name)
    }
    let data = try ImagePairs(
      folder: folder.path, name: "facades", layout: .sideBySide, size: 64, direction: .bToA, augmentation: .pix2pix)
    #expect(data.summary == "facades: 11 pairs of 64x64 colour images, 1 held out")
    let set = try data.pairs(of: .training, count: 11, seed: 1)
    // Label maps, the sources, are mostly the blue of walls; photographs are not.
    func blueness(_ values: [Float]) -> Double {
      let plane = 64 * 64
      return mean(
        (0..<11).flatMap { image in
          (0..<plane).map { Double(values[(3 * image + 2) * plane + $0] - values[3 * image * plane + $0]) }
        })
    }
    #expect(blueness(set.sources) > 0.8 && blueness(set.targets) < 0.3)
  }
}
