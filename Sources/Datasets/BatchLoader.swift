import CScheduling
import Dispatch
import Foundation

/// Makes batches ahead of the trainer, on a Dispatch queue of its own.
///
/// What a batch holds depends on its request alone, so the bits are the same with or without the loader, in any order of
/// indices. After the start a batch costs no allocation: `depth` buffers are filled in turn, by the handler of
/// a Dispatch source that reading a batch pokes, on one thread. Where a batch is cheap to make (synthetic points, small
/// images) it is made on the reader's thread, because handing it over would cost more.
///
/// One thread reads at a time, one batch at a time; `stop` may be called from any.
public final class BatchLoader: @unchecked Sendable {
  // Unchecked, because buffers are plain memory: a slot's memory belongs to whoever set its state to filling or
  // borrowed under `condition`, and to nobody else; `slots` itself is touched under `condition` only.

  /// A batch, valid only inside the closure that receives it.
  public struct Batch {
    public let index: UInt64
    public let size: Int
    /// `[samples, ...shape]`, normalized; the targets of pairs.
    public let samples: UnsafeBufferPointer<Float>
    /// The sources of pairs, `[samples, ...sourceShape]`; nil for data that does not come in pairs.
    public let sources: UnsafeBufferPointer<Float>?
    /// The classes of the samples, 0 ..< classCount; nil for data without labels.
    public let labels: UnsafeBufferPointer<Int32>?
  }

  private enum State {
    case empty
    case filling(UInt64)
    case ready(UInt64)
    case borrowed
  }

  private struct Slot {
    var state = State.empty
    var error: DatasetError?
    let samples: UnsafeMutableBufferPointer<Float>
    let sources: UnsafeMutableBufferPointer<Float>?
    let labels: UnsafeMutableBufferPointer<Int32>?
  }

  public let dataset: any Dataset
  public let seed: UInt64
  public let batchSize: Int
  /// The position in the stream of the first sample of batch 0.
  public let origin: UInt64
  /// Whether batches are made ahead, on another thread.
  public let prefetches: Bool

  /// The dataset, where it comes in pairs.
  private let pairs: (any PairedDataset)?
  private let condition = NSCondition()
  private var slots: [Slot]
  /// The batch that the reader wants next; those from here on are made ahead.
  private var wanted: UInt64?
  private var isStopped = false
  private let source: (any DispatchSourceUserDataAdd)?

  /// What the system calls the thread that makes batches ahead.
  static let threadName = "training/data"

  /// More floats than this in a batch take longer to convert than to hand to another thread.
  static let cheapSize = 32_768

  /// - Parameters:
  ///   - batchSize: samples in a batch, at least 1.
  ///   - depth: how many batches are made ahead, 2 to 4.
  ///   - origin: where in the stream batch 0 begins, for a batch size that changed during a run.
  ///   - prefetches: nil: decided by how long a batch takes.
  public init(
    dataset: any Dataset, seed: UInt64, batchSize: Int, depth: Int = 3, origin: UInt64 = 0, prefetches: Bool? = nil
  ) {
    self.dataset = dataset
    self.seed = seed
    self.batchSize = max(1, batchSize)
    self.origin = origin
    let pairs = dataset as? any PairedDataset
    self.pairs = pairs
    let samples = self.batchSize
    let size = samples * dataset.shape.size
    let sourceSize = pairs.map { samples * $0.sourceShape.size }
    let isDrawn = dataset.count == nil && !dataset.shape.isImage
    let isCheap = isDrawn || size + (sourceSize ?? 0) <= Self.cheapSize
    self.prefetches = prefetches ?? (dataset.isSlow || !isCheap)
    let labelCount = dataset.classCount == nil ? nil : samples
    slots = (0..<(self.prefetches ? min(4, max(2, depth)) : 1)).map { _ in
      Slot(
        samples: Self.buffer(size, of: 0), sources: sourceSize.map { Self.buffer($0, of: 0) },
        labels: labelCount.map { Self.buffer($0, of: 0) })
    }
    if self.prefetches {
      let queue = DispatchQueue(label: "gantui.batches", qos: .userInitiated)
      source = DispatchSource.makeUserDataAddSource(queue: queue)
    } else {
      source = nil
    }
    // The handler must not keep the loader alive: an abandoned one ends by its deinit.
    source?.setEventHandler { [weak self] in self?.makeAhead() }
    source?.activate()
  }

  deinit {
    source?.cancel()
    for slot in slots {
      slot.samples.deallocate()
      slot.sources?.deallocate()
      slot.labels?.deallocate()
    }
  }

  private static func buffer<Element>(_ count: Int, of value: Element) -> UnsafeMutableBufferPointer<Element> {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: count)
    buffer.initialize(repeating: value)
    return buffer
  }

  /// Lends batch `index` to `body`: positions `origin + index * batchSize` and on.
  ///
  /// Batches come fastest in order; any other index is right too, and making ahead continues from there.
  ///
  /// - Throws: `DatasetError` when a file can no longer be read; what `body` throws is the body's affair.
  public func next<Result>(_ index: UInt64, _ body: (Batch) -> Result) throws(DatasetError) -> Result {
    guard prefetches else {
      // Without making ahead, no other thread ever touches the one slot.
      try fill(slots[0], index)
      return body(batch(slots[0], index))
    }
    condition.lock()
    let number = Int(index % UInt64(slots.count))
    wanted = index
    if !isStopped { source?.add(data: 1) }
    waiting: while true {
      switch slots[number].state {
      case .ready(index): break waiting
      case .filling: condition.wait()
      default:
        // Nobody has begun it: rather than wait for the other thread, make it here.
        slots[number].state = .filling(index)
        let slot = slots[number]
        condition.unlock()
        let error = failure(slot, index)
        condition.lock()
        slots[number].error = error
        slots[number].state = .ready(index)
        break waiting
      }
    }
    if let error = slots[number].error {
      // Forgotten, so that asking again tries again.
      slots[number].error = nil
      slots[number].state = .empty
      condition.unlock()
      throw error
    }
    slots[number].state = .borrowed
    let slot = slots[number]
    condition.unlock()
    let result = body(batch(slot, index))
    condition.lock()
    slots[number].state = .empty
    wanted = index &+ 1
    if !isStopped { source?.add(data: 1) }
    condition.unlock()
    return result
  }

  /// Ends the making of batches ahead and waits for one that is being made. `next` still works, on its own thread.
  public func stop() {
    condition.lock()
    isStopped = true
    while slots.contains(where: { if case .filling = $0.state { true } else { false } }) { condition.wait() }
    condition.unlock()
    source?.cancel()
  }

  /// Fills every free buffer with the batches that come next.
  private func makeAhead() {
    if Thread.current.name != Self.threadName {
      Thread.current.name = Self.threadName
      scheduling_be_nice(0)
    }
    condition.lock()
    defer { condition.unlock() }
    while !isStopped, let (number, index) = vacancy() {
      slots[number].state = .filling(index)
      let slot = slots[number]
      condition.unlock()
      let error = failure(slot, index)
      condition.lock()
      slots[number].error = error
      slots[number].state = .ready(index)
      condition.broadcast()
    }
  }

  /// The nearest wanted batch that no buffer holds, and the buffer for it.
  private func vacancy() -> (slot: Int, index: UInt64)? {
    guard let wanted else { return nil }
    for ahead in 0..<UInt64(slots.count) {
      let index = wanted &+ ahead
      let number = Int(index % UInt64(slots.count))
      switch slots[number].state {
      case .empty: return (number, index)
      case .ready(let held) where held != index: return (number, index)
      default: continue
      }
    }
    return nil
  }

  private func batch(_ slot: Slot, _ index: UInt64) -> Batch {
    Batch(
      index: index, size: batchSize, samples: UnsafeBufferPointer(slot.samples),
      sources: slot.sources.map { UnsafeBufferPointer($0) }, labels: slot.labels.map { UnsafeBufferPointer($0) })
  }

  private func fill(_ slot: Slot, _ index: UInt64) throws(DatasetError) {
    let position = origin &+ index &* UInt64(batchSize)
    let request = BatchRequest(seed: seed, position: position, size: batchSize)
    if let pairs, let sources = slot.sources {
      try pairs.fill(request, sources: sources, targets: slot.samples)
    } else {
      try dataset.fill(request, into: slot.samples, labels: slot.labels)
    }
  }

  private func failure(_ slot: Slot, _ index: UInt64) -> DatasetError? {
    do throws(DatasetError) {
      try fill(slot, index)
      return nil
    } catch {
      return error
    }
  }
}
