import Foundation

/// The affine map between a dataset's own units and what the networks see: `x' = (x - offset) / scale`.
///
/// Points standardized this way have unit deviation; images use offset = scale = half of the largest pixel value, which
/// maps 0...maximum to -1...1, the range of a tanh generator. Measures report in data units through the inverse.
public struct Normalization: Hashable, Sendable, Codable {
  /// One value for every component, or one value each; both arrays have the same length.
  public let offset: [Float]
  public let scale: [Float]

  public static let identity = Normalization(offset: 0, scale: 1)

  /// The same map for every component. A scale that is zero or not finite counts as 1.
  public init(offset: Float, scale: Float) {
    self.init(offset: [offset], scale: [scale])
  }

  /// A map for each component. A scale that is zero or not finite counts as 1, an offset that is not finite as 0.
  public init(offset: [Float], scale: [Float]) {
    let count = max(1, min(offset.count, scale.count))
    self.offset = (0..<count).map { $0 < offset.count && offset[$0].isFinite ? offset[$0] : 0 }
    self.scale = (0..<count).map { $0 < scale.count && scale[$0].isFinite && scale[$0] != 0 ? scale[$0] : 1 }
  }

  /// The map of pixels 0...maximum to -1...1.
  public static func pixels(maximum: Float = 255) -> Normalization {
    Normalization(offset: maximum / 2, scale: maximum / 2)
  }

  public var isIdentity: Bool {
    offset.allSatisfy { $0 == 0 } && scale.allSatisfy { $0 == 1 }
  }

  /// Data units to normalized units, in place, for samples of any number laid one after the other.
  public func apply(to values: UnsafeMutableBufferPointer<Float>) {
    if offset.count == 1 {
      let offset = offset[0], scale = scale[0]
      for index in values.indices { values[index] = (values[index] - offset) / scale }
    } else {
      transform(values) { value, offset, scale in (value - offset) / scale }
    }
  }

  /// Normalized units back to data units, in place.
  public func invert(_ values: UnsafeMutableBufferPointer<Float>) {
    if offset.count == 1 {
      let offset = offset[0], scale = scale[0]
      for index in values.indices { values[index] = values[index] * scale + offset }
    } else {
      transform(values) { value, offset, scale in value * scale + offset }
    }
  }

  /// Normalized units back to data units.
  public func inverted(_ values: [Float]) -> [Float] {
    var values = values
    values.withUnsafeMutableBufferPointer { invert($0) }
    return values
  }

  /// Normalized units back to data units, in double precision; for samples of any number laid one after the other.
  public func inverted(_ values: [Double]) -> [Double] {
    values.enumerated().map { index, value in
      let component = index % offset.count
      return value * Double(scale[component]) + Double(offset[component])
    }
  }

  /// What the map adds to a differential entropy on the way back: `H(x) = H(x') + sum of ln |scale|`, in nats, for
  /// samples of `size` components.
  public func entropyShift(size: Int) -> Double {
    if scale.count == 1 { return Double(size) * log(Double(abs(scale[0]))) }
    return scale.reduce(0) { $0 + log(Double(abs($1))) }
  }

  private func transform(
    _ values: UnsafeMutableBufferPointer<Float>, _ map: (Float, Float, Float) -> Float
  ) {
    var component = 0
    for index in values.indices {
      values[index] = map(values[index], offset[component], scale[component])
      component += 1
      if component == offset.count { component = 0 }
    }
  }
}
