import Foundation

/// The windowed spectra of two series. Frequencies are in turns a sample.
struct OscillationSpectra {
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
    // Higher beyond the border: what turns there is for a longer window, or a denser one.
    guard values[1] >= max(values[0], values[2]) else { return nil }
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
