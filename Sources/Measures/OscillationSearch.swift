import Foundation

/// One look for an oscillation, see `sustainedOscillation`. Frequencies are in turns a sample.
struct OscillationSearch {
  /// Fewer samples say nothing.
  static let shortest = 64
  static let turns = 5.0
  static let highestFrequency = 0.25
  static let share = 0.4
  static let shareOfHalf = 0.3
  static let prominence = 4.0

  /// The series less their moving averages.
  private let first: [Double]
  private let second: [Double]
  private let average: Int
  /// d ln(amplitude) / d sample, from the whole power.
  private let coarseGrowth: Double

  init?(_ first: [Double], _ second: [Double]) {
    guard first.count >= Self.shortest, first.count == second.count else { return nil }
    // Odd, so that it has a middle.
    average = first.count / Int(Self.turns) | 1
    guard let x = Self.withoutDrift(first, average: average), let y = Self.withoutDrift(second, average: average)
    else { return nil }
    self.first = x
    self.second = y
    let quarters = 4
    let logarithms = (0..<quarters).map { quarter in
      let range = quarter * x.count / quarters..<(quarter + 1) * x.count / quarters
      return log(max(.leastNormalMagnitude, range.reduce(0.0) { $0 + x[$1] * x[$1] + y[$1] * y[$1] })) / 2
    }
    coarseGrowth = Line(fitting: logarithms).slope * Double(quarters) / Double(x.count)
  }

  func oscillation(stepsPerSample: Double) -> Oscillation? {
    let count = first.count
    let whole = Spectra(flattened(first), flattened(second), average: average)
    let lowest = Self.turns / Double(count)
    guard let peak = whole.peak(from: lowest, to: Self.highestFrequency) else { return nil }
    let width = max(2 / Double(count), 0.15 * peak)
    let shares = whole.shares(peak - width...peak + width)
    guard min(shares.0, shares.1) >= Self.share, whole.standsOut(peak, width: width, by: Self.prominence) else {
      return nil
    }
    let middle = count / 2
    for range in [0..<middle, middle..<count] {
      let half = Spectra(Array(flattened(first)[range]), Array(flattened(second)[range]), average: average)
      let wide = max(2 / Double(range.count), 0.15 * peak)
      let held = half.shares(peak - wide...peak + wide)
      guard min(held.0, held.1) >= Self.shareOfHalf else { return nil }
    }
    let (lag, coherence) = whole.relation(peak - width...peak + width)
    let envelope = Envelope(first, second, frequency: peak)
    let gain = whole.gain(at: peak)
    let change = envelope.growth * Double(count)
    let isClear = abs(envelope.growth) > 2 * envelope.growthError && abs(change) > log(1.25)
    return Oscillation(
      period: stepsPerSample / peak, lag: lag, coherence: coherence, share: min(shares.0, shares.1),
      firstAmplitude: envelope.firstAmplitude / gain, secondAmplitude: envelope.secondAmplitude / gain,
      growth: envelope.growth / stepsPerSample, growthError: envelope.growthError / stepsPerSample,
      trend: !isClear ? .steady : change > 0 ? .growing : .decaying)
  }

  private func flattened(_ series: [Double]) -> [Double] {
    series.enumerated().map { $1 * exp(-coarseGrowth * (Double($0) - Double(series.count) / 2)) }
  }

  /// The series less its centred moving average, scaled to a mean square of 1; nil where nothing but rounding is left.
  ///
  /// A filter that is the same at every time turns a growing oscillation into a growing oscillation.
  private static func withoutDrift(_ series: [Double], average: Int) -> [Double]? {
    let mean = series.reduce(0, +) / Double(series.count)
    let largest = series.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return nil }
    var sums = [0.0]
    for value in series { sums.append(sums[sums.count - 1] + (value - mean) / largest) }
    let half = average / 2
    let rest = (half..<series.count - half).map { index in
      (series[index] - mean) / largest - (sums[index + half + 1] - sums[index - half]) / Double(average)
    }
    let power = rest.reduce(0) { $0 + $1 * $1 } / Double(rest.count)
    return power.squareRoot() > 1e-10 ? rest.map { $0 * largest } : nil
  }
}

/// The windowed spectra of two series.
private struct Spectra {
  private let first: [(re: Double, im: Double)]
  private let second: [(re: Double, im: Double)]
  private let length: Int
  private let average: Int
  private var totals = (0.0, 0.0)

  /// - Parameter average: samples of the moving average that was taken out before.
  init(_ first: [Double], _ second: [Double], average: Int) {
    var length = 4
    // Four times as fine as the series' own frequencies, to find the peak between them.
    while length < 4 * first.count { length *= 2 }
    self.length = length
    self.average = average
    // Hann's window.
    let window = first.indices.map { 0.5 - 0.5 * cos(2 * Double.pi * (Double($0) + 0.5) / Double(first.count)) }
    (self.first, self.second) = FourierTransform.spectra(
      zip(first, window).map { $0 * $1 }, zip(second, window).map { $0 * $1 }, length: length)
    for bin in 1..<self.first.count {
      totals.0 += power(self.first, bin)
      totals.1 += power(self.second, bin)
    }
  }

  private func power(_ spectrum: [(re: Double, im: Double)], _ bin: Int) -> Double {
    spectrum[bin].re * spectrum[bin].re + spectrum[bin].im * spectrum[bin].im
  }

  /// Power of both series at a bin, each relative to its total.
  private func relative(_ bin: Int) -> Double {
    (totals.0 > 0 ? power(first, bin) / totals.0 : 0) + (totals.1 > 0 ? power(second, bin) / totals.1 : 0)
  }

  private func bins(_ range: ClosedRange<Double>) -> ClosedRange<Int> {
    let last = length / 2
    let lower = min(last, max(1, Int((range.lowerBound * Double(length)).rounded(.up))))
    return lower...min(last, max(lower, Int(range.upperBound * Double(length))))
  }

  /// The frequency of the most power, by a parabola through the logarithms around the highest bin.
  func peak(from lowest: Double, to highest: Double) -> Double? {
    let candidates = bins(lowest...max(lowest, highest))
    guard let top = candidates.max(by: { relative($0) < relative($1) }), relative(top) > 0, top + 1 <= length / 2
    else { return nil }
    let values = [top - 1, top, top + 1].map { log(max(.leastNormalMagnitude, relative($0))) }
    let curvature = values[0] - 2 * values[1] + values[2]
    let shift = curvature < 0 ? (values[0] - values[2]) / (2 * curvature) : 0
    return (Double(top) + max(-0.5, min(0.5, shift))) / Double(length)
  }

  /// Parts of each series' power in a band, 0...1.
  func shares(_ band: ClosedRange<Double>) -> (Double, Double) {
    var sums = (0.0, 0.0)
    for bin in bins(band) {
      sums.0 += power(first, bin)
      sums.1 += power(second, bin)
    }
    return (totals.0 > 0 ? sums.0 / totals.0 : 0, totals.1 > 0 ? sums.1 / totals.1 : 0)
  }

  /// What the moving average leaves of a frequency f: 1 - sin(pi f L) / (L sin(pi f)).
  func gain(at frequency: Double) -> Double {
    abs(1 - sin(Double.pi * frequency * Double(average)) / (Double(average) * sin(Double.pi * frequency)))
  }

  /// Whether the mean power of the band is that much above the mean of its neighbours on both sides.
  ///
  /// The moving average's gain is taken out again: it would make a peak of any slow noise.
  func standsOut(_ peak: Double, width: Double, by factor: Double) -> Bool {
    func mean(_ range: ClosedRange<Double>) -> Double {
      let bins = bins(range)
      return bins.reduce(0.0) { sum, bin in
        let gain = gain(at: Double(bin) / Double(length))
        return sum + relative(bin) / (gain * gain)
      } / Double(bins.count)
    }
    let level = mean(peak - width / 2...peak + width / 2)
    let below = mean(peak / 3...max(peak / 3, peak - width))
    let above = mean(peak + width...peak + 3 * width)
    return level >= factor * max(below, above)
  }

  /// The lag of the second series in periods, and the coherence of both, over a band.
  func relation(_ band: ClosedRange<Double>) -> (lag: Double, coherence: Double) {
    var cross = (re: 0.0, im: 0.0)
    var powers = (0.0, 0.0)
    for bin in bins(band) {
      // X conj(Y): a second series that comes later has the phase of minus its lag.
      cross.re += first[bin].re * second[bin].re + first[bin].im * second[bin].im
      cross.im += first[bin].im * second[bin].re - first[bin].re * second[bin].im
      powers.0 += power(first, bin)
      powers.1 += power(second, bin)
    }
    let product = powers.0 * powers.1
    guard product > 0 else { return (0, 0) }
    return (
      atan2(cross.im, cross.re) / (2 * Double.pi), min(1, (cross.re * cross.re + cross.im * cross.im) / product)
    )
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
