import Foundation
import Synchronization
import Testing

@testable import Datasets

/// Data that takes its time, to be made ahead, and fails where it is told to.
struct SlowDataset: Dataset {
  final class Fills: Sendable {
    let positions = Mutex<[UInt64]>([])
    let failing = Mutex<UInt64?>(nil)
    /// How many fills run now and have run at once.
    let running = Mutex((now: 0, most: 0))
    /// The names of the threads that have filled, other than the readers'.
    let threads = Mutex<Set<String>>([])
  }
  let fills = Fills()
  var name: String { "slow" }
  var summary: String { "slow" }
  var shape: SampleShape { .vector(3) }
  var count: Int? { nil }
  var classCount: Int? { 5 }
  var normalization: Normalization { .identity }
  var isSlow: Bool { true }

  func fill(
    _ request: BatchRequest, into samples: UnsafeMutableBufferPointer<Float>,
    labels: UnsafeMutableBufferPointer<Int32>?
  ) throws(DatasetError) {
    fills.running.withLock { $0 = (now: $0.now + 1, most: max($0.most, $0.now + 1)) }
    defer { fills.running.withLock { $0.now -= 1 } }
    fills.threads.withLock { _ = $0.insert(Thread.current.name ?? "") }
    fills.positions.withLock { $0.append(request.position) }
    if fills.failing.withLock({ $0 == request.position }) { throw .fileNotFound(file: "gone") }
    for index in samples.indices { samples[index] = Float(request.position) + Float(index) / 1024 }
    if let labels { for index in labels.indices { labels[index] = Int32(truncatingIfNeeded: request.position) } }
  }

  func evaluationSamples(count: Int, seed: UInt64) throws(DatasetError) -> SampleSet {
    try samples(BatchRequest(seed: seed, position: 0, size: count, stream: .evaluation))
  }
}

@Suite struct BatchLoaderTests {
  @Test(arguments: [true, false]) func bitsDoNotDependOnMakingAhead(prefetches: Bool) throws {
    let data = SyntheticDataset(try Ring())
    let loader = BatchLoader(dataset: data, seed: 5, batchSize: 33, origin: 12, prefetches: prefetches)
    #expect(loader.prefetches == prefetches)
    // In order, again, back, far ahead.
    for index in [0, 1, 2, 3, 4, 4, 2, 100, 101, 0, 7_000_000_000] as [UInt64] {
      let expected = try data.samples(BatchRequest(seed: 5, position: 12 + index * 33, size: 33))
      try loader.next(index) { batch in
        #expect(Array(batch.samples) == expected.values && batch.index == index && batch.size == 33)
        #expect(batch.labels.map(Array.init) == expected.labels)
      }
    }
    loader.stop()
    let expected = try data.samples(BatchRequest(seed: 5, position: 45, size: 33))
    #expect(try loader.next(1) { Array($0.samples) } == expected.values)
  }

  @Test func manyBatchesInOrder() throws {
    let data = SlowDataset()
    let loader = BatchLoader(dataset: data, seed: 1, batchSize: 4)
    #expect(loader.prefetches)
    for index in 0..<2_000 as Range<UInt64> {
      try loader.next(index) { batch in
        #expect(batch.samples[0] == Float(index * 4) && batch.samples[11] == Float(index * 4) + Float(11) / 1024)
        #expect(batch.labels?[3] == Int32(index * 4))
      }
    }
    loader.stop()
    let made = data.fills.positions.withLock { $0 }
    #expect(Set(made).count == made.count, "a batch in order is made once")
    #expect(made.count <= 2_003, "and no more than the depth ahead")
  }

  @Test func noMoreThanOneThreadWorksAhead() throws {
    let data = SlowDataset()
    let loader = BatchLoader(dataset: data, seed: 1, batchSize: 4, depth: 4)
    for round in 0..<200 as Range<UInt64> {
      // In order, and sometimes elsewhere.
      for index in [4 * round, 4 * round + 1, 4 * round + 2, 90_000 - 9 * round] { try loader.next(index) { _ in } }
    }
    loader.stop()
    #expect(data.fills.running.withLock { $0.most } <= 2, "the reader's own, and one")
    // On a busy machine the reader may have made them all.
    let others = data.fills.threads.withLock { $0 }.subtracting([Thread.current.name ?? ""])
    #expect(others.isSubset(of: [BatchLoader.threadName]))
  }

  @Test func failuresReachTheReaderAndCanBeRetried() throws {
    let data = SlowDataset()
    data.fills.failing.withLock { $0 = 8 }
    let loader = BatchLoader(dataset: data, seed: 1, batchSize: 4)
    #expect(try loader.next(0) { $0.samples[0] } == 0)
    #expect(try loader.next(1) { $0.samples[0] } == 4)
    #expect(throws: DatasetError.fileNotFound(file: "gone")) { try loader.next(2) { _ in } }
    #expect(throws: DatasetError.fileNotFound(file: "gone")) { try loader.next(2) { _ in } }
    data.fills.failing.withLock { $0 = nil }
    // One failure may still be held that was made ahead before the file came back.
    _ = try? loader.next(2) { $0.samples[0] }
    #expect(try loader.next(2) { $0.samples[0] } == 8)
    #expect(try loader.next(3) { $0.samples[0] } == 12)
  }

  @Test func loadersEndWithoutBeingStopped() throws {
    for _ in 0..<50 {
      let loader = BatchLoader(dataset: SlowDataset(), seed: 1, batchSize: 4)
      #expect(try loader.next(3) { $0.samples[0] } == 12)
    }
    BatchLoader(dataset: SlowDataset(), seed: 1, batchSize: 4).stop()
  }

  @Test func cheapBatchesAreMadeInPlace() throws {
    #expect(!BatchLoader(dataset: SyntheticDataset(try Grid()), seed: 1, batchSize: 4096).prefetches)
    let pixels = StoredDataset.Split(values: .bytes([UInt8](repeating: 3, count: 784 * 2)))
    let images = StoredDataset(
      name: "x", shape: .image(channels: 1, height: 28, width: 28), training: pixels, normalization: .pixels())
    #expect(!BatchLoader(dataset: images, seed: 1, batchSize: 32).prefetches)
    #expect(BatchLoader(dataset: images, seed: 1, batchSize: 64).prefetches)
  }
}
