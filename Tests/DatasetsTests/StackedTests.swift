import Testing

@testable import Datasets

@Suite struct StackedTests {
  let base = numbered((0..<20).map { Int32($0 % 10) }, test: (0..<10).map { Int32($0) })

  @Test func labelsAreOfThreeDigits() throws {
    let stacked = try StackedDataset(base)
    #expect(stacked.shape == .image(channels: 3, height: 2, width: 2) && stacked.classCount == 1000)
    #expect(stacked.count == nil && stacked.channels(of: 407) == (4, 0, 7))
    let count = 4_000
    let set = try stacked.samples(BatchRequest(seed: 1, position: 0, size: count))
    var drawn = [Int](repeating: 0, count: 20)
    for sample in 0..<count {
      let planes = (0..<3).map { byte(set.values[12 * sample + 4 * $0 + 3]) }
      #expect(Int(set.labels?[sample] ?? -1) == 100 * planes[0] + 10 * planes[1] + planes[2])
      for channel in 0..<3 { drawn[byte(set.values[12 * sample + 4 * channel])] += 1 }
    }
    // 600 each; five deviations of the count are 120.
    #expect(drawn.allSatisfy { abs($0 - 600) < 120 })
    // A thousand modes by 4,000 draws: 1 - e^-4 of them are met, 982.
    #expect(abs(Set(set.labels ?? []).count - 982) < 25)
  }

  @Test func samplesArePureFunctionsOfTheirPlace() throws {
    let stacked = try StackedDataset(base)
    let whole = try stacked.samples(BatchRequest(seed: 7, position: 5_000_000_000, size: 60))
    let part = try stacked.samples(BatchRequest(seed: 7, position: 5_000_000_013, size: 20))
    #expect(
      part.values == Array(whole.values[13 * 12..<33 * 12]) && part.labels == Array((whole.labels ?? [])[13..<33]))
    #expect(try stacked.samples(BatchRequest(seed: 8, position: 5_000_000_000, size: 60)) != whole)
    // Evaluation draws from the test split.
    let set = try stacked.evaluationSamples(count: 50, seed: 7)
    #expect((0..<150).allSatisfy { byte(set.values[4 * $0]) >= 100 })
    let alone = try StackedDataset(numbered([0, 1])).evaluationSamples(count: 50, seed: 7)
    #expect((0..<150).allSatisfy { byte(alone.values[4 * $0]) < 2 } && alone.labels?.max() ?? 99 <= 7)
  }

  @Test func otherDataIsRefused() throws {
    let colour = StoredDataset(
      name: "c", shape: .image(channels: 3, height: 1, width: 1),
      training: .init(values: .bytes([1, 2, 3]), labels: [0]), normalization: .pixels())
    #expect(
      sentence { _ = try StackedDataset(colour) }
        == "stacked: of is 1x1 colour images, but must be gray images.")
    let plain = StoredDataset(
      name: "plain", shape: .image(channels: 1, height: 1, width: 1), training: .init(values: .bytes([1])),
      normalization: .pixels())
    #expect(sentence { _ = try StackedDataset(plain) } == "stacked: of is plain, but must be data with labels.")
  }

  @Test func digitsStack() throws {
    guard let folder = sharedData("digits") else { return }
    let digits = try DatasetSubset(DigitsCSV.load(file: folder, size: 28), .init(part: .train))
    let stacked = try StackedDataset(digits)
    #expect(stacked.shape == .image(channels: 3, height: 28, width: 28))
    let loader = BatchLoader(dataset: stacked, seed: 1, batchSize: 64)
    #expect(loader.prefetches, "endless images are made ahead, unlike endless points")
    let expected = try stacked.samples(BatchRequest(seed: 1, batch: 2, size: 64))
    try loader.next(2) { batch in
      #expect(Array(batch.samples) == expected.values && batch.labels.map(Array.init) == expected.labels)
      #expect(batch.sources == nil)
    }
    loader.stop()
  }
}
