/// An image of bytes: row by row from the top left, channels interleaved.
public struct PixelImage: Hashable, Sendable {
  public let width: Int
  public let height: Int
  /// 1 for gray, 3 for red, green and blue.
  public let channels: Int
  public var pixels: [UInt8]

  /// The most pixels that are accepted of a file: 64 million.
  public static let limit = 1 << 26

  /// nil unless there are `width * height * channels` pixels, with 1 or 3 channels.
  public init?(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    guard width > 0, height > 0, channels == 1 || channels == 3, width <= Self.limit / height,
      pixels.count == width * height * channels
    else { return nil }
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// For those who have checked.
  init(unchecked pixels: [UInt8], width: Int, height: Int, channels: Int) {
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Scaled to cover the target, the overhang cropped evenly, as planes: `[channels, targetHeight, targetWidth]`.
  func covering(width targetWidth: Int, height targetHeight: Int) -> [UInt8] {
    let size = targetWidth * targetHeight
    var planes = [UInt8](repeating: 0, count: channels * size)
    let cover = Cover(width: width, height: height, targetWidth: targetWidth, targetHeight: targetHeight)
    for channel in 0..<channels {
      cover.resample(
        start: channel, columnStride: channels, rowStride: width * channels, from: pixels, into: &planes,
        at: channel * size)
    }
    return planes
  }
}

/// Many images arranged in one.
public enum ImageSheet {
  /// The empty pixels between two images.
  public static let gap = 2

  /// Samples of a network as interleaved bytes: each `[channels, height, width]` becomes rows of pixels.
  ///
  /// - Parameters:
  ///   - values: `[count, channels, height, width]`, -1 is black and 1 is full; what lies outside is clamped, and what
  ///     is no number is black.
  /// - Returns: `count * height * width * channels` bytes; empty when `values` does not hold whole images.
  public static func pixels(of values: [Float], channels: Int, height: Int, width: Int) -> [UInt8] {
    let plane = height * width
    let size = channels * plane
    guard size > 0, values.count % size == 0 else { return [] }
    var pixels = [UInt8](repeating: 0, count: values.count)
    for start in stride(from: 0, to: values.count, by: size) {
      for channel in 0..<channels {
        for index in 0..<plane {
          let value = values[start + channel * plane + index]
          pixels[start + index * channels + channel] =
            value.isNaN ? 0 : UInt8(max(0, min(255, (value * 127.5 + 127.5).rounded())))
        }
      }
    }
    return pixels
  }

  /// Images of equal size in rows, two pixels of background apart.
  ///
  /// - Parameters:
  ///   - pixels: image by image, row by row, channels interleaved.
  ///   - columns: images in a row; nil: as square as it gets.
  ///   - background: the brightness between the images and where the last row is short.
  /// - Returns: nil when there is no image, or the pixels do not fit the sizes, or the sheet would be too large.
  public static func arrange(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int, columns: Int? = nil, background: UInt8 = 128
  ) -> PixelImage? {
    guard width > 0, height > 0, channels == 1 || channels == 3, width <= PixelImage.limit / height else { return nil }
    let size = width * height * channels
    let count = pixels.count / size
    guard count > 0, pixels.count == count * size else { return nil }
    let across = max(1, min(count, columns ?? Int(Double(count).squareRoot().rounded(.up))))
    let down = (count + across - 1) / across
    let sheetWidth = across * (width + gap) - gap
    let sheetHeight = down * (height + gap) - gap
    guard sheetWidth <= PixelImage.limit / sheetHeight else { return nil }
    var sheet = [UInt8](repeating: background, count: sheetWidth * sheetHeight * channels)
    for image in 0..<count {
      let left = image % across * (width + gap), top = image / across * (height + gap)
      for row in 0..<height {
        let source = image * size + row * width * channels
        let target = ((top + row) * sheetWidth + left) * channels
        sheet.replaceSubrange(target..<target + width * channels, with: pixels[source..<source + width * channels])
      }
    }
    return PixelImage(unchecked: sheet, width: sheetWidth, height: sheetHeight, channels: channels)
  }
}
