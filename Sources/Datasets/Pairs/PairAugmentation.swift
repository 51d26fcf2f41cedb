/// Random jitter and mirroring: the image is made larger by a factor, a random window of the wanted size cut out, and that
/// mirrored half of the time.
///
/// Reference: Isola et al., "Image-to-image translation with conditional adversarial networks", 2017, section 6.2 (256
/// pixels become 286).
public struct PairAugmentation: Hashable, Sendable, Codable {
  /// How much larger images are made before the window is cut out, 1 to 2; 1: no jitter.
  public var jitter: Double
  public var mirrors: Bool

  public init(jitter: Double = 1, mirrors: Bool = false) {
    self.jitter = jitter
    self.mirrors = mirrors
  }

  public static let none = PairAugmentation()
  public static let pix2pix = PairAugmentation(jitter: 286.0 / 256, mirrors: true)

  /// The side of the images that windows of `side` are cut from.
  func loadedSide(_ side: Int) -> Int { Int((Double(side) * jitter).rounded()) }
}

/// A square window of an image of bytes, as it lies or mirrored.
struct ImageWindow: Hashable {
  var left: Int
  var top: Int
  var isMirrored: Bool

  /// In the middle.
  static func centred(_ side: Int, in loaded: Int) -> ImageWindow {
    ImageWindow(left: (loaded - side) / 2, top: (loaded - side) / 2, isMirrored: false)
  }

  /// The window of a place in the stream: a pure function of the request's seed and stream, `position` and `image` (0 and
  /// 1 tell the two images of an unaligned pair apart).
  static func random(
    _ side: Int, in loaded: Int, mirrors: Bool, request: BatchRequest, position: UInt64, image: UInt32
  ) -> ImageWindow {
    let words = Philox(seed: request.seed).block(
      SIMD4(
        UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32), 0x6A69_7400 | image,
        request.stream.rawValue))
    let places = UInt64(max(0, loaded - side) + 1)
    return ImageWindow(
      left: Int((UInt64(words[0]) * places) >> 32), top: Int((UInt64(words[1]) * places) >> 32),
      isMirrored: mirrors && words[2] >> 31 == 1)
  }

  /// The window's pixels in -1...1, `[channels, side, side]`.
  ///
  /// - Parameter bytes: `[channels, loaded, loaded]`, from `start` on.
  func copy(
    _ bytes: [UInt8], from start: Int, loaded: Int, channels: Int, side: Int,
    into values: UnsafeMutableBufferPointer<Float>
  ) {
    guard left >= 0, top >= 0, max(left, top) + side <= loaded, values.count >= channels * side * side,
      start >= 0, bytes.count - start >= channels * loaded * loaded
    else { return }
    let normalization = Normalization.pixels()
    let offset = normalization.offset[0], scale = normalization.scale[0]
    bytes.withUnsafeBufferPointer { bytes in
      for row in 0..<channels * side {
        let source = start + (row / side * loaded + top + row % side) * loaded + left
        let target = row * side
        if isMirrored {
          for column in 0..<side {
            values[target + column] = (Float(bytes[source + side - 1 - column]) - offset) / scale
          }
        } else {
          for column in 0..<side { values[target + column] = (Float(bytes[source + column]) - offset) / scale }
        }
      }
    }
  }
}
