/// Watches two series of a run for a sustained oscillation of any period, in bounded memory.
///
/// Keeps the latest 256 samples, the latest 256 means of two, of four, and so on: 16 scales, so that periods from 4 samples to
/// more than a million are seen by one of them. Every 32 new samples of a scale are one look of `sustainedOscillation`, a
/// tenth of a millisecond; the looks of all scales together are at most twice those of the finest. What two looks in a row
/// see at the same period counts.
public struct OscillationDetector: Sendable, Equatable, Codable {
  static let capacity = 256
  static let interval = 32
  static let scales = 16

  private var levels: [Level] = [Level()]
  private var lastStep = Int.min

  public init() {}

  /// What stands now: the oscillation of the finest scale that has one.
  public var oscillation: Oscillation? {
    for level in levels {
      if let oscillation = level.oscillation { return oscillation }
    }
    return nil
  }

  /// Takes in one pair of values; returns what stands after it.
  ///
  /// Values that are not finite are left out, as is a second pair of the same step. A step that goes back, as after a rewind,
  /// begins anew.
  ///
  /// - Parameters:
  ///   - first: by convention the discriminator's loss, or a projection of its parameters.
  ///   - second: the generator's.
  @discardableResult
  public mutating func observe(step: Int, first: Double, second: Double) -> Oscillation? {
    if step < lastStep { self = OscillationDetector() }
    guard first.isFinite, second.isFinite, step > lastStep else { return oscillation }
    lastStep = step
    var sample: Sample? = Sample(step: Double(step), first: first, second: second)
    var index = 0
    while let next = sample, index < Self.scales {
      if index == levels.count { levels.append(Level()) }
      sample = levels[index].append(next)
      index += 1
    }
    return oscillation
  }
}

extension OscillationDetector {
  fileprivate struct Sample: Sendable, Equatable, Codable {
    var step: Double
    var first: Double
    var second: Double
  }

  /// The latest samples of one scale.
  fileprivate struct Level: Sendable, Equatable, Codable {
    /// What the latest two looks agree on.
    private(set) var oscillation: Oscillation?
    private var latest: Oscillation?
    private var samples: [Sample] = []
    private var fresh = 0
    /// Waits for its pair.
    private var single: Sample?

    /// Returns the mean of two samples for the next scale whenever there are two.
    mutating func append(_ sample: Sample) -> Sample? {
      samples.append(sample)
      // Rarely and many at once: removing from the front moves all that stays.
      if samples.count >= 2 * OscillationDetector.capacity {
        samples.removeFirst(samples.count - OscillationDetector.capacity)
      }
      fresh += 1
      if fresh >= OscillationDetector.interval {
        fresh = 0
        look()
      }
      guard let other = single else {
        single = sample
        return nil
      }
      single = nil
      return Sample(
        step: (other.step + sample.step) / 2, first: other.first / 2 + sample.first / 2,
        second: other.second / 2 + sample.second / 2)
    }

    private mutating func look() {
      let window = samples.suffix(OscillationDetector.capacity)
      guard let start = window.first, let end = window.last, window.count > 1 else { return }
      let steps = (end.step - start.step) / Double(window.count - 1)
      let found = OscillationSearch(window.map(\.first), window.map(\.second))?.oscillation(stepsPerSample: steps)
      oscillation = nil
      if let found, let latest, abs(found.period / latest.period - 1) < 0.25 { oscillation = found }
      latest = found
    }
  }
}
