import Foundation
import Testing

@testable import Datasets

@Suite struct IDXTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Seven 2x3 images whose pixels tell the image, and labels 0, 1, 2, 0, ...
  private func images() -> [UInt8] { idx([7, 2, 3], (0..<42).map { UInt8($0 / 6 * 10 + $0 % 6) }) }
  private func labels() -> [UInt8] { idx([7], (0..<7).map { UInt8($0 % 3) }) }

  @Test(arguments: [false, true]) func readsImagesAndLabels(compressed: Bool) throws {
    let pack: ([UInt8]) -> [UInt8] = { compressed ? gzip($0) : $0 }
    let images = try folder.write(pack(images()), "images")
    let labels = try folder.write(pack(labels()), "labels")
    let data = try IDXDataset.load(images: images, labels: labels)
    #expect(data.count == 7 && data.classCount == 3)
    #expect(data.shape == .image(channels: 1, height: 2, width: 3))
    let set = try data.samples(BatchRequest(seed: 1, position: 0, size: 7))
    let first = (0..<7).map { Int((set.values[$0 * 6] * 127.5 + 127.5).rounded()) }
    #expect(first.sorted() == [0, 10, 20, 30, 40, 50, 60])
    for sample in 0..<7 { #expect(Int(set.labels?[sample] ?? -1) == first[sample] / 10 % 3) }
    #expect(data.summary == "idx: 7 3x2 gray images")
  }

  @Test func pixelsSpanMinusOneToOne() throws {
    let file = try folder.write(idx([1, 1, 3], [0, 51, 255]), "images")
    let data = try IDXDataset.load(images: file)
    #expect(data.classCount == nil)
    #expect(try data.samples(BatchRequest(seed: 1, position: 0, size: 1)).values == [-1, Float(51 - 127.5) / 127.5, 1])
    #expect(data.normalization.inverted([-1, 0, 1]) == [0, 127.5, 255])
  }

  @Test func epochsDropAndRepeatNothing() throws {
    let data = try IDXDataset.load(images: try folder.write(images(), "images"))
    // Batches of 4 straddle the epochs of 7.
    let stream = try (0..<14).flatMap { batch in
      let set = try data.samples(BatchRequest(seed: 3, batch: UInt64(batch), size: 4))
      return (0..<4).map { Int((set.values[$0 * 6] * 127.5 + 127.5).rounded()) }
    }
    var orders: Set<[Int]> = []
    for epoch in 0..<8 {
      let order = Array(stream[7 * epoch..<min(stream.count, 7 * epoch + 7)])
      #expect(order.sorted() == [0, 10, 20, 30, 40, 50, 60])
      orders.insert(order)
    }
    #expect(orders.count == 8)
    // A batch larger than several epochs is the same stream.
    let large = try data.samples(BatchRequest(seed: 3, position: 0, size: 56))
    #expect((0..<56).map { Int((large.values[$0 * 6] * 127.5 + 127.5).rounded()) } == stream)
  }

  @Test func evaluationUsesTheTestSplitOrASubset() throws {
    let images = try folder.write(images(), "images")
    let test = try folder.write(idx([2, 2, 3], [UInt8](repeating: 200, count: 12)), "test")
    let split = try IDXDataset.load(images: images, testImages: test)
    let set = try split.evaluationSamples(count: 100, seed: 1)
    #expect(set.count == 2 && set.values.allSatisfy { abs($0 - Float(72.5 / 127.5)) < 1e-6 })
    let subset = try IDXDataset.load(images: images).evaluationSamples(count: 5, seed: 1)
    #expect(Set((0..<5).map { subset.values[$0 * 6] }).count == 5)
  }

  @Test func resizesAndPads() throws {
    let file = try folder.write(idx([1, 4, 4], (0..<16).map { UInt8($0 * 16) }), "images")
    let padded = try IDXDataset.load(images: file, size: 6, fit: .pad)
    let pixels = try padded.samples(BatchRequest(seed: 1, position: 0, size: 1)).values.map {
      Int(($0 * 127.5 + 127.5).rounded())
    }
    #expect(pixels[0..<6].allSatisfy { $0 == 0 } && pixels[7] == 0 && pixels[8] == 16 && pixels[28] == 240)
    let larger = try IDXDataset.load(images: file, size: 8)
    let mean8 = mean(try larger.samples(BatchRequest(seed: 1, position: 0, size: 1)).values.map(Double.init))
    let mean4 = mean(
      try IDXDataset.load(images: file).samples(BatchRequest(seed: 1, position: 0, size: 1)).values.map(Double.init))
    #expect(abs(mean8 - mean4) < 0.01)
    #expect(
      sentence { _ = try IDXDataset.load(images: file, name: "mnist", size: 4096) }
        == "mnist: size is 4096, but must be a whole number from 4 to 1024.")
    let wide = try folder.write(idx([1, 4, 9], [UInt8](repeating: 7, count: 36)), "wide")
    #expect(sentence { _ = try IDXDataset.load(images: wide, size: 8, fit: .pad) }?.contains("at least 9") == true)
    #expect(try IDXDataset.load(images: wide, size: 4).samples(BatchRequest(seed: 1, position: 0, size: 1)).count == 1)
  }

  @Test func brokenFilesAreNamed() throws {
    func failure(_ bytes: [UInt8], labels: [UInt8]? = nil) throws -> String {
      let images = try folder.write(bytes, "images")
      let labels = try labels.map { try folder.write($0, "labels") }
      return try #require(sentence { _ = try IDXDataset.load(images: images, labels: labels) })
    }
    let file = folder.file("images")
    #expect(try failure([]) == "\(file): is no IDX file (it begins with nothing).")
    #expect(try failure([0x89, 0x50, 0x4E, 0x47]) == "\(file): is no IDX file (it begins with 89 50 4e 47).")
    #expect(try failure(idx([1, 2, 2], [0, 0, 0, 0], type: 0x0D)).contains("floats (0x0D)"))
    #expect(try failure(idx([4], [0, 0, 0, 0])).contains("dimensions 4, but accepted are 3 to 4"))
    #expect(try failure(idx([0, 2, 2], [])).contains("above zero"))
    #expect(try failure(idx([0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], [])).contains("dimensions"))
    #expect(try failure(idx([60_000, 28, 28], [1, 2])).hasSuffix("is cut off: 47040016 bytes expected, 18 found."))
    #expect(try failure(Array(images().dropLast())) == "\(file): is cut off: 58 bytes expected, 57 found.")
    #expect(try failure(Array(images().prefix(9))) == "\(file): is cut off: 16 bytes expected, 9 found.")
    #expect(try failure(images() + [1, 2]) == "\(file): is too long: 58 bytes expected, 60 found.")
    #expect(try failure(Array(gzip(images()).dropLast(9))).hasSuffix("inside its gzip compression."))
    #expect(try failure(gzip(images()) + [9, 9]).hasSuffix("inside its gzip compression."))
    #expect(
      try failure(images(), labels: idx([6], [0, 1, 2, 3, 4, 5]))
        == "\(file) holds 7 samples, but \(folder.file("labels")) holds 6 labels.")
    #expect(sentence { _ = try IDXDataset.load(images: "/nowhere/x") } == "/nowhere/x: there is no such file.")
    #expect(sentence { _ = try IDXDataset.load(images: folder.path) }?.contains("directory") == true)
    #expect(sentence { _ = try IDXDataset.load(folder: folder.path) }?.contains("gantui data get mnist") == true)
  }

  @Test func damagedBytesNeverTrap() throws {
    var random = SplitMix(state: 11)
    let originals = [images(), gzip(images())]
    for trial in 0..<600 {
      var bytes = originals[trial % 2]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      bytes.removeLast(Int.random(in: 0...3, using: &random) * trial % bytes.count)
      let file = try folder.write(bytes, "images")
      _ = sentence {
        _ = try IDXDataset.load(images: file, size: 8).samples(BatchRequest(seed: 1, position: 0, size: 3))
      }
    }
  }

  @Test func mnistItself() throws {
    guard let folder = sharedData("mnist") else { return }
    let images = folder + "/t10k-images-idx3-ubyte.gz"
    let data = try IDXDataset.load(images: images, labels: folder + "/t10k-labels-idx1-ubyte.gz", size: 32, fit: .pad)
    #expect(data.count == 10_000 && data.classCount == 10)
    let set = try data.samples(BatchRequest(seed: 1, position: 0, size: 500))
    let shares = set.values.map { Double($0 + 1) / 2 }
    // The mean of MNIST's pixels is 0.13; a quarter of the padded square is background.
    #expect(abs(mean(shares) * 1024 / 784 - 0.1325) < 0.01)
    #expect(Set(set.labels ?? []).count == 10)
  }
}
