import Foundation

/// One look for an oscillation, see `sustainedOscillation`. Frequencies are in turns a sample.
struct OscillationSearch {
  /// Fewer samples say nothing.
  static let shortest = 64
  static let turns = 5.0
  static let highestFrequency = 0.25

  /// What a peak needs to count.
  struct Demand {
    /// Of the power of each series, in the window and in each of its halves.
    let share: Double
    let shareOfHalf: Double
    /// Mean power of the peak over that of its neighbours.
    let prominence: Double

    /// A phase of a quarter period is evidence of itself; in phase, both series may have one and the same noise.
    static let rotation = Demand(share: 0.4, shareOfHalf: 0.3, prominence: 4)
    static let other = Demand(share: 0.6, shareOfHalf: 0.5, prominence: 10)
  }

  /// The series less their moving averages, scaled to a mean square of 1.
  private let first: [Double]
  private let second: [Double]
  /// The factors that were taken out.
  private let scales: (Double, Double)
  private let average: Int
  /// d ln(amplitude) / d sample, from the whole power.
  private let coarseGrowth: Double

  init?(_ first: [Double], _ second: [Double]) {
    guard first.count >= Self.shortest, first.count == second.count else { return nil }
    // Odd, so that it has a middle.
    average = first.count / Int(Self.turns) | 1
    guard let x = Self.withoutDrift(first, average: average), let y = Self.withoutDrift(second, average: average)
    else { return nil }
    self.first = x.rest
    self.second = y.rest
    scales = (x.scale, y.scale)
    let quarters = 4
    let count = x.rest.count
    let logarithms = (0..<quarters).map { quarter in
      let range = quarter * count / quarters..<(quarter + 1) * count / quarters
      let power = range.reduce(0.0) { $0 + x.rest[$1] * x.rest[$1] + y.rest[$1] * y.rest[$1] }
      return log(max(.leastNormalMagnitude, power)) / 2
    }
    coarseGrowth = Line(fitting: logarithms).slope * Double(quarters) / Double(count)
  }

  func oscillation(stepsPerSample: Double) -> Oscillation? {
    let count = first.count
    let whole = OscillationSpectra(flattened(first), flattened(second), average: average)
    let lowest = Self.turns / Double(count)
    guard let peak = whole.peak(from: lowest, to: Self.highestFrequency) else { return nil }
    let width = max(2 / Double(count), 0.15 * peak)
    let band = peak - width...peak + width
    let (lag, coherence) = whole.relation(band)
    let isRotation = Oscillation.isRotation(lag: lag, coherence: coherence)
    let demand = isRotation ? Demand.rotation : .other
    let shares = whole.shares(band)
    guard min(shares.0, shares.1) >= demand.share,
      whole.standsOut(peak, width: width, by: demand.prominence)
    else { return nil }
    let series = (flattened(first), flattened(second))
    for range in [0..<count / 2, count / 2..<count] {
      let half = OscillationSpectra(Array(series.0[range]), Array(series.1[range]), average: average)
      let wide = max(2 / Double(range.count), 0.15 * peak)
      let held = half.shares(peak - wide...peak + wide)
      guard min(held.0, held.1) >= demand.shareOfHalf else { return nil }
    }
    let envelope = Envelope(first, second, frequency: peak)
    // The moving average ends before the window does.
    let factor = exp(envelope.growth * Double(average / 2)) / whole.gain(at: peak)
    let change = envelope.growth * Double(count)
    let isClear = abs(envelope.growth) > 2 * envelope.growthError && abs(change) > log(1.25)
    return Oscillation(
      period: stepsPerSample / peak, lag: lag, coherence: coherence, share: min(shares.0, shares.1),
      firstAmplitude: envelope.firstAmplitude * factor * scales.0,
      secondAmplitude: envelope.secondAmplitude * factor * scales.1,
      growth: envelope.growth / stepsPerSample, growthError: envelope.growthError / stepsPerSample,
      trend: !isClear ? .steady : change > 0 ? .growing : .decaying)
  }

  private func flattened(_ series: [Double]) -> [Double] {
    series.enumerated().map { $1 * exp(-coarseGrowth * (Double($0) - Double(series.count) / 2)) }
  }

  /// The series less its centred moving average, scaled to a mean square of 1; nil where nothing but rounding is left.
  ///
  /// A filter that is the same at every time turns a growing oscillation into a growing oscillation.
  private static func withoutDrift(_ series: [Double], average: Int) -> (rest: [Double], scale: Double)? {
    let largest = series.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return nil }
    let scaled = series.map { $0 / largest }
    let mean = scaled.reduce(0, +) / Double(scaled.count)
    var sums = [0.0]
    for value in scaled { sums.append(sums[sums.count - 1] + (value - mean)) }
    let half = average / 2
    let rest = (half..<series.count - half).map { index in
      scaled[index] - mean - (sums[index + half + 1] - sums[index - half]) / Double(average)
    }
    let root = (rest.reduce(0) { $0 + $1 * $1 } / Double(rest.count)).squareRoot()
    return root > 1e-10 ? (rest.map { $0 / root }, root * largest) : nil
  }
}

/// The amplitude of both series at one frequency, along the window.
private struct Envelope {
  let growth: Double
  let growthError: Double
  /// At the end of the window.
  let firstAmplitude: Double
  let secondAmplitude: Double

  init(_ first: [Double], _ second: [Double], frequency: Double) {
    // Each part has at least one turn, and a whole number of them.
    let parts = max(4, min(8, Int(Double(first.count) * frequency)))
    let turns = max(1, (Double(first.count) / Double(parts) * frequency).rounded(.down))
    let length = min(first.count / parts, Int((turns / frequency).rounded()))
    var amplitudes: [(Double, Double)] = []
    for part in 0..<parts {
      // The last part ends with the window.
      let end = (part + 1) * first.count / parts
      amplitudes.append(
        (
          Self.amplitude(first, end - length..<end, frequency), Self.amplitude(second, end - length..<end, frequency)
        ))
    }
    let scale = (
      amplitudes.reduce(.leastNormalMagnitude) { max($0, $1.0) },
      amplitudes.reduce(.leastNormalMagnitude) { max($0, $1.1) }
    )
    let line = Line(
      fitting: amplitudes.map { pair in
        let (x, y) = (pair.0 / scale.0, pair.1 / scale.1)
        return log(max(.leastNormalMagnitude, x * x + y * y)) / 2
      })
    let spacing = Double(first.count) / Double(parts)
    growth = line.slope / spacing
    growthError = line.slopeError / spacing
    // From the middle of the last part to its end.
    let ahead = exp(growth * Double(length) / 2)
    firstAmplitude = (amplitudes.last?.0 ?? 0) * ahead
    secondAmplitude = (amplitudes.last?.1 ?? 0) * ahead
  }

  /// 2 / n |sum x_t e^(-2 pi i f t)|.
  private static func amplitude(_ series: [Double], _ range: Range<Int>, _ frequency: Double) -> Double {
    var (re, im) = (0.0, 0.0)
    for index in range {
      let angle = 2 * Double.pi * frequency * Double(index - range.lowerBound)
      re += series[index] * cos(angle)
      im += series[index] * sin(angle)
    }
    return 2 * (re * re + im * im).squareRoot() / Double(max(1, range.count))
  }
}

/// The least-squares line through equally spaced values.
private struct Line {
  /// Of one step from value to value.
  let slope: Double
  let slopeError: Double

  /// - Parameter values: at least 3.
  init(fitting values: [Double]) {
    let centre = Double(values.count - 1) / 2
    let mean = values.reduce(0, +) / Double(values.count)
    var (square, product) = (0.0, 0.0)
    for (index, value) in values.enumerated() {
      square += (Double(index) - centre) * (Double(index) - centre)
      product += (Double(index) - centre) * (value - mean)
    }
    let slope = product / square
    let residual = values.enumerated().reduce(0.0) { sum, pair in
      let rest = pair.element - mean - slope * (Double(pair.offset) - centre)
      return sum + rest * rest
    }
    self.slope = slope
    slopeError = (residual / Double(values.count - 2) / square).squareRoot()
  }
}
