import CJPEG
import Foundation
import Testing

@testable import Datasets

/// A JPEG of interleaved colours, made by the library that reads them.
func jpeg(_ image: PixelImage) -> [UInt8] {
  let encoder = tjInitCompress()
  defer { tjDestroy(encoder) }
  var buffer: UnsafeMutablePointer<UInt8>?
  var size: UInt = 0
  let format = image.channels == 3 ? TJPF_RGB : TJPF_GRAY
  let subsampling = image.channels == 3 ? TJSAMP_444 : TJSAMP_GRAY
  let status = image.pixels.withUnsafeBufferPointer {
    tjCompress2(
      encoder, $0.baseAddress, Int32(image.width), 0, Int32(image.height), Int32(format.rawValue), &buffer, &size,
      Int32(subsampling.rawValue), 95, 0)
  }
  defer { tjFree(buffer) }
  guard status == 0, let buffer else { return [] }
  return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
}

func solid(_ width: Int, _ height: Int, _ colour: [UInt8]) throws -> PixelImage {
  let pixels = (0..<width * height).flatMap { _ in colour }
  return try #require(PixelImage(width: width, height: height, channels: colour.count, pixels: pixels))
}

@Suite struct ImageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [1, 3]) func writtenPicturesReadBackExactly(channels: Int) throws {
    var random = SplitMix(state: 1)
    for (width, height) in [(1, 1), (3, 2), (17, 31), (64, 5)] {
      let pixels = (0..<width * height * channels).map { _ in UInt8.random(in: 0...255, using: &random) }
      let file = folder.file("picture.png")
      try PNG.write(pixels, width: width, height: height, channels: channels, to: file)
      let bytes = try ByteReader.contents(of: file, limit: 1 << 20)
      let image = try PNG.decode(bytes, channels: channels, file: file)
      #expect(image.pixels == pixels && image.width == width && image.height == height)
    }
    #expect(folder.contents == ["picture.png"], "no temporary file is left")
  }

  @Test func writingFailsInOneSentence() throws {
    #expect(
      sentence { try PNG.write([0], width: 1, height: 1, channels: 1, to: "/nowhere/x.png") }
        == "/nowhere/x.png: cannot be written (No such file or directory).")
    #expect(sentence { try PNG.write([0], width: 2, height: 1, channels: 1, to: folder.file("x")) } != nil)
    #expect(sentence { try PNG.write([0], width: -1, height: -1, channels: 1, to: folder.file("x")) } != nil)
    #expect(PixelImage(width: .max, height: .max, channels: 3, pixels: []) == nil)
  }

  @Test func sheetsHaveGapsOfTwoPixels() throws {
    let pixels = [UInt8](repeating: 10, count: 4) + [UInt8](repeating: 20, count: 4) + [UInt8](repeating: 30, count: 4)
    let sheet = try #require(ImageSheet.arrange(pixels, width: 2, height: 2, channels: 1, columns: 2, background: 0))
    #expect(sheet.width == 6 && sheet.height == 6)
    #expect(Array(sheet.pixels[0..<6]) == [10, 10, 0, 0, 20, 20])
    #expect(Array(sheet.pixels[12..<18]) == [0, 0, 0, 0, 0, 0])
    #expect(Array(sheet.pixels[30..<36]) == [30, 30, 0, 0, 0, 0])
    let square = try #require(
      ImageSheet.arrange([UInt8](repeating: 1, count: 3 * 10), width: 1, height: 1, channels: 3))
    #expect(square.width == 4 + 3 * 2 && square.height == 3 + 2 * 2 && square.channels == 3)
    #expect(ImageSheet.arrange([], width: 1, height: 1, channels: 1) == nil)
    #expect(ImageSheet.arrange([1, 2, 3], width: 2, height: 1, channels: 1) == nil)
    #expect(ImageSheet.arrange([1], width: .max, height: .max, channels: 3) == nil)
  }

  @Test func samplesBecomePixels() {
    // Two planes become interleaved; values outside -1...1 are clamped, NaN is black.
    let values: [Float] = [-1, 1, 0, 5, -9, .nan]
    #expect(ImageSheet.pixels(of: values, channels: 3, height: 1, width: 2) == [0, 128, 0, 255, 255, 0])
    #expect(ImageSheet.pixels(of: values, channels: 1, height: 2, width: 2) == [])
    #expect(ImageSheet.pixels(of: values, channels: 0, height: 2, width: 2) == [])
  }

  @Test func foldersOfMixedPicturesBecomeSquares() throws {
    try folder.write(PNG.encode(solid(20, 10, [255, 0, 0]), file: ""), "b/wide.png")
    try folder.write(jpeg(solid(9, 30, [0, 0, 255])), "a/tall.JPG")
    try folder.write(PNG.encode(solid(8, 8, [128]), file: ""), "a/gray.png")
    try folder.write("notes", "a/readme.txt")
    try folder.write(PNG.encode(solid(8, 8, [0]), file: ""), "beside-the-classes.png")
    let data = try ImageFolder(folder: folder.path, size: 8)
    #expect(data.count == 3 && data.classNames == ["a", "b"] && data.classCount == 2 && data.warnings.isEmpty)
    #expect(data.shape == .image(channels: 3, height: 8, width: 8) && data.isDecoded && !data.isSlow)
    let set = try data.samples(BatchRequest(seed: 1, position: 0, size: 3))
    var colours: [[Int]: Int32] = [:]
    for sample in 0..<3 {
      let planes = set.values[sample * 192..<(sample + 1) * 192].map { Int((($0 + 1) * 127.5).rounded()) }
      let colour = (0..<3).map { Int((Double(planes[$0 * 64] + planes[$0 * 64 + 63]) / 2).rounded()) }
      // Rough, for JPEG's sake.
      colours[colour.map { ($0 + 16) / 64 * 64 }] = set.labels?[sample]
    }
    #expect(colours == [[256 / 64 * 64, 0, 0]: 1, [0, 0, 256]: 0, [128, 128, 128]: 0])
    let gray = try ImageFolder(folder: folder.path, size: 4, channels: 1)
    #expect(gray.shape.size == 16)
    #expect(try data.evaluationSamples(count: 10, seed: 1).count == 3)
  }

  @Test func largeFoldersAreDecodedWhenDrawn() throws {
    var random = SplitMix(state: 5)
    for index in 0..<9 {
      let pixels = (0..<12 * 12 * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
      let image = try #require(PixelImage(width: 12, height: 12, channels: 3, pixels: pixels))
      try folder.write(
        index % 2 == 0 ? PNG.encode(image, file: "") : jpeg(image), "\(index).\(index % 2 == 0 ? "png" : "jpeg")")
    }
    let whole = try ImageFolder(folder: folder.path, size: 8)
    let lazy = try ImageFolder(folder: folder.path, size: 8, memoryBudget: 3 * 192)
    #expect(whole.isDecoded && !lazy.isDecoded && lazy.isSlow && lazy.classCount == nil)
    let loader = BatchLoader(dataset: lazy, seed: 2, batchSize: 4)
    #expect(loader.prefetches)
    for batch in 0..<12 as Range<UInt64> {
      let expected = try whole.samples(BatchRequest(seed: 2, batch: batch, size: 4)).values
      #expect(try loader.next(batch) { Array($0.samples) } == expected)
    }
    loader.stop()
    // A file that goes away later is named when it is drawn.
    try FileManager.default.removeItem(atPath: folder.file("3.jpeg"))
    let late = try ImageFolder(folder: folder.path, size: 8, memoryBudget: 0)
    try FileManager.default.removeItem(atPath: folder.file("4.png"))
    #expect(
      sentence { _ = try late.samples(BatchRequest(seed: 1, position: 0, size: 20)) }
        == "\(folder.file("4.png")): there is no such file.")
  }

  @Test func headersBehindLongMetadataAreFound() throws {
    var photo = jpeg(try solid(16, 16, [200, 10, 10]))
    // A segment of 30,000 bytes for an application, right after the start of the image.
    photo.insert(contentsOf: [0xFF, 0xE5, 0x75, 0x30] + [UInt8](repeating: 65, count: 29_998), at: 2)
    try folder.write(photo, "a.jpg")
    let lazy = try ImageFolder(folder: folder.path, size: 8, memoryBudget: 0)
    let set = try lazy.samples(BatchRequest(seed: 1, position: 0, size: 2))
    #expect(!lazy.isDecoded && set.values[0] > 0.5 && set.values[100] < -0.8)
  }

  @Test func damagedPicturesAreNamedOrSkipped() throws {
    let good = try PNG.encode(solid(16, 16, [9, 9, 9]), file: "")
    let photo = jpeg(try solid(64, 64, [200, 10, 10]))
    try folder.write(good, "1.png")
    #expect(sentence { _ = try ImageFolder(folder: folder.path, size: 8) } == nil)
    for (bytes, words) in [
      (Array(photo.prefix(photo.count / 2)), "is no JPEG image that can be decoded"), ([], "PNG and JPEG"),
      (Array(good.dropLast(20)), "is no PNG image that can be decoded"), (Array("GIF89a".utf8), "PNG and JPEG"),
    ] {
      let file = try folder.write(bytes, "2.png")
      let text = try #require(sentence { _ = try ImageFolder(folder: folder.path, size: 8) })
      #expect(text.hasPrefix(file) && text.contains(words), "\(text)")
      let data = try ImageFolder(folder: folder.path, size: 8, skipsUnreadable: true)
      #expect(data.count == 1 && data.warnings == [text])
    }
    // A header that promises 4000 million pixels is refused before anything is allocated.
    var huge = good
    huge.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
    try folder.write(huge, "2.png")
    #expect(sentence { _ = try ImageFolder(folder: folder.path, size: 8) }?.contains("65535 x 65535 pixels") == true)
    #expect(
      sentence { _ = try ImageFolder(folder: folder.path, size: 8, memoryBudget: 0) }?.contains("65535 x 65535") == true
    )
    try FileManager.default.removeItem(atPath: folder.file("1.png"))
    #expect(sentence { _ = try ImageFolder(folder: folder.path, size: 8, skipsUnreadable: true) } != nil)
    try FileManager.default.removeItem(atPath: folder.file("2.png"))
    #expect(
      sentence { _ = try ImageFolder(folder: folder.path, size: 8) }
        == "\(folder.path): holds no images (accepted are png, jpg, jpeg).")
    #expect(sentence { _ = try ImageFolder(folder: "/nowhere", size: 8) } == "/nowhere: there is no such file.")
    #expect(sentence { _ = try ImageFolder(folder: folder.path, size: 3) }?.contains("size is 3") == true)
    #expect(sentence { _ = try ImageFolder(folder: folder.path, size: 8, channels: 2) }?.contains("colour") == true)
  }

  @Test func damagedBytesNeverTrap() throws {
    var random = SplitMix(state: 21)
    let pixels = (0..<24 * 20 * 3).map { UInt8($0 * 7 & 255) }
    let image = try #require(PixelImage(width: 24, height: 20, channels: 3, pixels: pixels))
    let originals = [try PNG.encode(image, file: ""), jpeg(image)]
    for trial in 0..<400 {
      var bytes = originals[trial % 2]
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if trial % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      // Both decoders on both: names and signatures may lie.
      _ = sentence { _ = try PNG.decode(bytes, channels: 3, file: "x").covering(width: 8, height: 8) }
      _ = sentence { _ = try JPEG.decode(bytes, channels: 1, file: "x").covering(width: 8, height: 8) }
    }
  }

  @Test func resamplingKeepsFlatAreasAndMeans() throws {
    let flat = try solid(37, 11, [77])
    #expect(flat.covering(width: 8, height: 8).allSatisfy { $0 == 77 })
    #expect(flat.covering(width: 64, height: 64).allSatisfy { $0 == 77 })
    #expect(try solid(1, 5000, [3]).covering(width: 4, height: 4).allSatisfy { $0 == 3 })
    let ramp = try #require(
      PixelImage(width: 64, height: 64, channels: 1, pixels: (0..<4096).map { UInt8($0 % 64 * 4) }))
    let small = ramp.covering(width: 16, height: 16)
    #expect(abs(mean(small.map(Double.init)) - mean(ramp.pixels.map(Double.init))) < 1)
    // The same size is the same image.
    #expect(ramp.covering(width: 64, height: 64) == ramp.pixels)
  }

  @Test func facades() throws {
    guard let shared = sharedData("facades") else { return }
    // A few of the four hundred, by links, to be quick.
    for name in ["image_001.jpg", "image_002.jpg", "image_003.jpg"] {
      try FileManager.default.createSymbolicLink(atPath: folder.file(name), withDestinationPath: shared + "/" + name)
    }
    let data = try ImageFolder(folder: folder.path, size: 32)
    let values = try data.samples(BatchRequest(seed: 1, position: 0, size: 3)).values
    #expect(data.count == 3 && (values.max() ?? 0) > 0.3 && (values.min() ?? 0) < -0.3)
  }
}
