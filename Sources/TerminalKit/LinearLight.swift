import Foundation

/// sRGB bytes and linear light (IEC 61966-2-1).
enum LinearLight {
  private static let decoded: [Float] = (0..<256).map { byte in
    let value = Double(byte) / 255
    return Float(value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
  }

  /// The byte of each of 4096 steps of linear light.
  private static let encoded: [UInt8] = (0..<4096).map { step in
    let value = Double(step) / 4095
    let encoded = value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055
    return UInt8((min(max(encoded, 0), 1) * 255).rounded())
  }

  static func decode(_ byte: UInt8) -> Float { decoded[Int(byte)] }

  static func encode(_ value: Float) -> UInt8 {
    encoded[Int((min(max(value, 0), 1) * 4095).rounded())]
  }
}
