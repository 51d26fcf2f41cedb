/// A picture: 1 channel for gray, 3 for red, green and blue.
public struct PixelImage: Hashable, Sendable {
  public var width: Int
  public var height: Int
  public var channels: Int
  /// Row by row from the top left, channels interleaved; missing bytes are black.
  public var pixels: [UInt8]
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    self.width = max(0, width)
    self.height = max(0, height)
    self.channels = channels
    self.pixels = pixels
  }
}

/// A picture scaled to a size, in linear light, so that averages are as bright as what they stand for.
struct ScaledImage {
  struct Pixel: Equatable {
    /// Linear light, 0...1.
    var red, green, blue: Float

    /// The sRGB bytes.
    var color: Color { .rgb(LinearLight.encode(red), LinearLight.encode(green), LinearLight.encode(blue)) }
    /// Perceived brightness, 0...1: relative luminance (ITU-R BT.709) in sRGB's encoding.
    var lightness: Double { Double(LinearLight.encode(0.2126 * red + 0.7152 * green + 0.0722 * blue)) / 255 }
  }

  let width: Int
  let height: Int
  private(set) var pixels: [Pixel]

  subscript(x: Int, y: Int) -> Pixel { pixels[y * width + x] }

  /// Each pixel is the average of the area of the source that it covers.
  init(_ image: PixelImage, width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    pixels = []
    pixels.reserveCapacity(self.width * self.height)
    let channels = max(1, image.channels)
    let isColor = channels >= 3
    let columns = Self.spans(from: image.width, to: self.width)
    let rows = Self.spans(from: image.height, to: self.height)
    image.pixels.withUnsafeBufferPointer { bytes in
      for row in rows {
        for column in columns {
          var (red, green, blue, total): (Float, Float, Float, Float) = (0, 0, 0, 0)
          for y in row.first...row.last {
            let vertical = row.weight(y)
            for x in column.first...column.last {
              let weight = vertical * column.weight(x)
              let offset = (y * image.width + x) * channels
              guard offset >= 0, offset + channels <= bytes.count else { continue }
              red += weight * LinearLight.decode(bytes[offset])
              if isColor {
                green += weight * LinearLight.decode(bytes[offset + 1])
                blue += weight * LinearLight.decode(bytes[offset + 2])
              }
              total += weight
            }
          }
          let scale = total > 0 ? 1 / total : 0
          pixels.append(
            Pixel(red: red * scale, green: (isColor ? green : red) * scale, blue: (isColor ? blue : red) * scale))
        }
      }
    }
    if pixels.isEmpty {
      pixels = Array(repeating: Pixel(red: 0, green: 0, blue: 0), count: self.width * self.height)
    }
  }

  /// The source pixels that one target pixel covers along one axis.
  private struct Span {
    var start, end: Float
    var first: Int { Int(start) }
    var last: Int
    func weight(_ index: Int) -> Float { max(0, min(end, Float(index + 1)) - max(start, Float(index))) }
  }

  private static func spans(from source: Int, to target: Int) -> [Span] {
    guard source > 0, target > 0 else { return [] }
    let scale = Float(source) / Float(target)
    return (0..<target).map { index in
      let start = min(Float(index) * scale, Float(source - 1))
      let end = min(max(Float(index + 1) * scale, start + 1e-4), Float(source))
      return Span(start: start, end: end, last: max(Int(start), min(Int((end - 1e-4).rounded(.down)), source - 1)))
    }
  }
}
