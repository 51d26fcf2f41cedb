import Models

/// Which checkpoints of a run stay on the disk: the newest, older ones the sparser the older they are, and the best by a
/// measure.
struct CheckpointRetention {
  /// The newest checkpoints that stay in any case.
  let keep: Int
  /// Steps between two regular checkpoints.
  let interval: Int
  let best: BestMeasure?

  /// What is known of a checkpoint: the measurement that was taken nearest to it.
  struct Measurement: Equatable {
    var value: Double
    var step: Int
  }
  private(set) var measurements: [Int: Measurement] = [:]
  /// The newest measurement, for the checkpoint that follows it.
  private var newest: Measurement?

  init(_ schedule: ScheduleConfiguration) {
    (keep, interval, best) = (schedule.keepCheckpoints, schedule.checkpointEvery, schedule.keepBest)
  }

  /// Takes in what a journal remembers.
  mutating func restore(_ rows: [JournalReader.CheckpointRow]) {
    for row in rows {
      guard let value = row.measured, value.isFinite, let step = row.measuredStep else { continue }
      measurements[row.step] = Measurement(value: value, step: step)
    }
  }

  /// Takes in a measurement: it is the nearest checkpoint's, unless that has a nearer one.
  /// - Returns: the checkpoint that it says something new about.
  mutating func take(_ measurement: Measurement, checkpoints: [Int]) -> Int? {
    guard measurement.value.isFinite else { return nil }
    newest = measurement
    let nearest = checkpoints.min { abs($0 - measurement.step) < abs($1 - measurement.step) }
    guard let nearest else { return nil }
    return assign(measurement, to: nearest)
  }

  /// Takes in a new checkpoint.
  /// - Returns: what is known about it already.
  mutating func add(_ step: Int) -> Measurement? {
    guard let newest, assign(newest, to: step) != nil else { return nil }
    return newest
  }

  private mutating func assign(_ measurement: Measurement, to checkpoint: Int) -> Int? {
    let distance = abs(measurement.step - checkpoint)
    // A generator of long ago says nothing about this one.
    guard distance <= interval else { return nil }
    if let known = measurements[checkpoint], abs(known.step - checkpoint) < distance { return nil }
    measurements[checkpoint] = measurement
    return checkpoint
  }

  /// Forgets what came after a step.
  mutating func truncate(after step: Int) {
    measurements = measurements.filter { $0.key <= step && $0.value.step <= step }
    if let found = newest, found.step > step { newest = nil }
  }

  /// The checkpoint with the best measurement, the later of two equal ones; nil where none was measured.
  func best(of steps: [Int]) -> Int? {
    guard let best else { return nil }
    var found: (step: Int, value: Double)?
    for step in steps.sorted() {
      guard let value = measurements[step]?.value else { continue }
      if let found, best.isBetter(found.value, than: value) { continue }
      found = (step, value)
    }
    return found?.step
  }

  /// The checkpoints that go.
  mutating func superfluous(among steps: [Int]) -> [Int] {
    let best = best(of: steps)
    let gone = RunFolder.thinned(steps, keep: keep, interval: interval).filter { $0 != best }
    for step in gone { measurements[step] = nil }
    return gone
  }
}
