import Foundation

/// The discrete Fourier transform Z_k = sum_t z_t e^(-2 pi i k t / n), for n a power of two.
///
/// Reference: J. W. Cooley, J. W. Tukey, "An algorithm for the machine calculation of complex Fourier series" (1965).
enum FourierTransform {
  /// The spectra of two real series from one complex transform: of z = x + i y,
  /// X_k = (Z_k + conj Z_(n-k)) / 2 and Y_k = (Z_k - conj Z_(n-k)) / 2i.
  ///
  /// - Parameters: of the same length, padded with zeros to `length`, a power of two of at least 2.
  /// - Returns: k = 0...length/2 of each.
  static func spectra(
    _ first: [Double], _ second: [Double], length: Int
  ) -> (first: [(re: Double, im: Double)], second: [(re: Double, im: Double)]) {
    var re = first + Array(repeating: 0, count: length - first.count)
    var im = second + Array(repeating: 0, count: length - second.count)
    transform(&re, &im)
    var x: [(re: Double, im: Double)] = []
    var y: [(re: Double, im: Double)] = []
    for k in 0...length / 2 {
      let mirror = (length - k) % length
      x.append(((re[k] + re[mirror]) / 2, (im[k] - im[mirror]) / 2))
      y.append(((im[k] + im[mirror]) / 2, (re[mirror] - re[k]) / 2))
    }
    return (x, y)
  }

  /// In place; `re.count == im.count`, a power of two.
  static func transform(_ re: inout [Double], _ im: inout [Double]) {
    let count = re.count
    guard count > 1 else { return }
    var reversed = 0
    for index in 1..<count {
      var bit = count >> 1
      while reversed & bit != 0 {
        reversed ^= bit
        bit >>= 1
      }
      reversed |= bit
      if index < reversed {
        re.swapAt(index, reversed)
        im.swapAt(index, reversed)
      }
    }
    var half = 1
    while half < count {
      for offset in 0..<half {
        let angle = -Double.pi * Double(offset) / Double(half)
        let (c, s) = (cos(angle), sin(angle))
        for upper in stride(from: offset, to: count, by: 2 * half) {
          let lower = upper + half
          let (a, b) = (re[lower] * c - im[lower] * s, re[lower] * s + im[lower] * c)
          re[lower] = re[upper] - a
          im[lower] = im[upper] - b
          re[upper] += a
          im[upper] += b
        }
      }
      half *= 2
    }
  }
}
