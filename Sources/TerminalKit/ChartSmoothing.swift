import Foundation

extension LineChart {
  /// TensorBoard's smoothing: an exponential moving average without the bias of its start.
  ///
  /// m_n = w m_{n-1} + (1 - w) v_n from m_0 = 0, and the value drawn is m_n / (1 - w^n), where n counts the finite
  /// values; so the first value is itself. Values that are not finite stay as they are and are left out of the average.
  /// A series of equal values is returned untouched (the average would only add rounding).
  /// - Parameter weight: w, clamped to 0...0.999.
  public static func smooth(_ values: [Double], weight: Double) -> [Double] {
    let weight = weight.isFinite ? min(max(weight, 0), 0.999) : 0
    guard weight > 0, let first = values.first, !values.allSatisfy({ $0 == first }) else { return values }
    var average = 0.0
    var decay = 1.0
    return values.map { value in
      guard value.isFinite else { return value }
      average = weight * average + (1 - weight) * value
      decay *= weight
      return average / (1 - decay)
    }
  }
}
