import Foundation
import Telemetry

/// What stands on the x axis for each step of a run: the step itself, or a quantity that grows with it.
struct ChartScale {
  /// Steps and what they are on the axis, both ascending; empty where the axis counts steps.
  private var steps: [Double] = []
  private var values: [Double] = []
  private let countsSteps: Bool

  /// How many points of the quantity are taken over the whole run, and as many over what is in view.
  private static let resolution = 256

  /// Whether a run told what an axis counts.
  static func isKnown(_ axis: ChartView.XAxis, in history: RunHistory) -> Bool {
    switch axis {
    case .step: true
    case .updates, .relative, .wall: source(axis, history).map { !$0.isEmpty } ?? false
    }
  }

  private static func source(_ axis: ChartView.XAxis, _ history: RunHistory) -> History? {
    switch axis {
    case .step: nil
    case .updates: history.metrics[.discriminatorUpdates]
    case .relative: history.clock
    case .wall: history.wallClock
    }
  }

  /// - Parameter range: the steps that are in view, where it is the most exact.
  init(_ axis: ChartView.XAxis, history: RunHistory, range: ClosedRange<Int>) {
    guard let source = Self.source(axis, history), let first = source.firstStep, let last = source.lastStep else {
      countsSteps = true
      return
    }
    countsSteps = false
    // Nothing was counted before the first step.
    if axis != .wall, first > 0 { append(0, 0) }
    let whole = source.columns(steps: first...max(first, last), count: Self.resolution)
    let near = source.columns(steps: range, count: Self.resolution)
    let (start, end) = (near.first?.firstStep ?? .max, near.last?.lastStep ?? .max)
    for bucket in whole where bucket.lastStep < start { append(bucket.lastStep, bucket.last) }
    for bucket in near { append(bucket.lastStep, bucket.last) }
    for bucket in whole where bucket.lastStep > end { append(bucket.lastStep, bucket.last) }
    // A line needs two points.
    if steps.count == 1 { append(Int(steps[0]) + 1, values[0] + 1) }
  }

  private mutating func append(_ step: Int, _ value: Double) {
    guard value.isFinite, steps.last.map({ $0 < Double(step) }) ?? true, values.last.map({ $0 < value }) ?? true
    else { return }
    steps.append(Double(step))
    values.append(value)
  }

  /// The place of a step on the axis; between two known ones, and beyond the last, along a straight line.
  func x(_ step: Double) -> Double { countsSteps ? step : Self.interpolate(step, steps, values) }

  /// The step at a place of the axis.
  func step(_ x: Double) -> Double { countsSteps ? x : Self.interpolate(x, values, steps) }

  private static func interpolate(_ value: Double, _ from: [Double], _ to: [Double]) -> Double {
    guard from.count >= 2 else { return value }
    var (low, high) = (0, from.count - 1)
    while low + 1 < high {
      let middle = (low + high) / 2
      if from[middle] <= value { low = middle } else { high = middle }
    }
    return to[low] + (value - from[low]) / (from[high] - from[low]) * (to[high] - to[low])
  }

  /// The step that is a part of the axis' length away from another.
  func step(from step: Int, by share: Double, in range: ClosedRange<Int>, isLogarithmic: Bool) -> Int {
    let (low, high, here) = (x(Double(range.lowerBound)), x(Double(range.upperBound)), x(Double(step)))
    let start = max(low, high / 1e6)
    let place =
      isLogarithmic && high > start && start > 0
      ? max(here, start) * pow(high / start, share) : here + share * (high - low)
    let moved = self.step(place)
    guard moved.isFinite else { return step }
    return Int(min(max(moved, Double(range.lowerBound) - 1), Double(range.upperBound) + 1).rounded())
  }

  /// How many parts of equal width an axis is divided into that is not even in steps.
  private static let parts = 24
  /// Columns before the view, from which the smoothing there comes.
  private static let lead = 32

  /// The buckets of a range of steps, about `count` of them over equal parts of the axis, with some before the range.
  func columns(of history: History, range: ClosedRange<Int>, count: Int, isLogarithmic: Bool) -> [Bucket] {
    guard count > 0, let first = history.firstStep else { return [] }
    var result: [Bucket] = []
    result.reserveCapacity(count + Self.lead)
    if range.lowerBound > first {
      let width = max(1, (range.upperBound - range.lowerBound) / count)
      let start = max(first, range.lowerBound - Self.lead * width)
      history.appendColumns(steps: start...(range.lowerBound - 1), count: Self.lead, to: &result)
      while let last = result.last, last.lastStep >= range.lowerBound { result.removeLast() }
    }
    guard !(countsSteps && !isLogarithmic) else {
      history.appendColumns(steps: range, count: count, to: &result)
      return result
    }
    var (low, high) = (x(Double(range.lowerBound)), x(Double(range.upperBound)))
    if isLogarithmic {
      guard high > 0 else { return result }
      // Where the axis begins at zero or before it, six decades are enough.
      low = max(low, min(max(x(Double(max(1, range.lowerBound))), high * 1e-9), high))
      (low, high) = (log(low), log(high))
    }
    var next = range.lowerBound
    for part in 1...Self.parts {
      let edge = low + (high - low) * Double(part) / Double(Self.parts)
      let step = self.step(isLogarithmic ? exp(edge) : edge)
      let isLast = part == Self.parts || !step.isFinite
      let end = isLast ? range.upperBound : Int(min(max(step, Double(next) - 1), Double(range.upperBound)))
      guard end >= next else { continue }
      let before = result.count
      history.appendColumns(steps: next...end, count: max(2, count / Self.parts), to: &result)
      next = max(end, result.count > before ? result[result.count - 1].lastStep : end) + 1
      if next > range.upperBound { break }
    }
    return result
  }
}
