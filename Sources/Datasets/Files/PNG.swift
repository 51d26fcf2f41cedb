import CPNG

/// PNG files by libpng's simplified interface, which reports errors in a structure instead of by `longjmp`.
public enum PNG {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Width and height of a PNG file from its first 24 bytes; nil when it is none.
  static func size(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
    guard bytes.count >= 24, bytes.starts(with: signature), Array(bytes[12..<16]) == Array("IHDR".utf8) else {
      return nil
    }
    func integer(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (integer(16), integer(20))
  }

  /// Decodes any PNG to 8 bits, gray or colour; what is transparent is laid on white.
  ///
  /// - Parameter channels: 1 or 3.
  static func decode(_ bytes: [UInt8], channels: Int, file: String) throws(DatasetError) -> PixelImage {
    guard let (width, height) = size(bytes) else {
      throw .malformed(file: file, fault: .undecodable(format: "PNG", detail: "it does not begin like one"))
    }
    // The header is checked before libpng allocates for it.
    guard width > 0, height > 0, width <= PixelImage.limit / height else {
      throw .malformed(file: file, fault: .imageTooLarge(width: width, height: height, limit: PixelImage.limit))
    }
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    let isDecoded = bytes.withUnsafeBytes { bytes -> Bool in
      guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else { return false }
      guard Int(image.width) == width, Int(image.height) == height else { return false }
      image.format = channels == 3 ? UInt32(PNG_FORMAT_FLAG_COLOR) : 0
      var white = png_color(red: 255, green: 255, blue: 255)
      return pixels.withUnsafeMutableBytes {
        png_image_finish_read(&image, &white, $0.baseAddress, Int32(width * channels), nil) != 0
      }
    }
    defer { png_image_free(&image) }
    guard isDecoded else {
      throw .malformed(file: file, fault: .undecodable(format: "PNG", detail: message(image)))
    }
    return PixelImage(unchecked: pixels, width: width, height: height, channels: channels)
  }

  /// Writes an image, whole or not at all: under another name first, synced, then renamed.
  ///
  /// - Throws: `DatasetError.unwritable`.
  public static func write(_ image: PixelImage, to file: String) throws(DatasetError) {
    let bytes = try encode(image, file: file)
    var failure: DatasetError?
    bytes.withUnsafeBytes { bytes in
      do throws(DatasetError) { try FilePath.write(bytes, to: file) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Writes `width * height * channels` bytes, rows from the top left, channels interleaved.
  public static func write(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int, to file: String
  ) throws(DatasetError) {
    guard let image = PixelImage(width: width, height: height, channels: channels, pixels: pixels) else {
      throw .malformed(
        file: file,
        fault: .wrongDimensions(
          format: "image", found: [width, height, channels], accepted: "those of \(pixels.count) pixels, gray or colour"
        ))
    }
    try write(image, to: file)
  }

  static func encode(_ source: PixelImage, file: String) throws(DatasetError) -> [UInt8] {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(source.width)
    image.height = UInt32(source.height)
    image.format = source.channels == 3 ? UInt32(PNG_FORMAT_FLAG_COLOR) : 0
    // Deflate's bound, rows' filter bytes, and room for the chunks around them.
    var size = source.pixels.count + source.height + source.pixels.count / 500 + 4096
    var output = [UInt8](repeating: 0, count: size)
    let isEncoded = source.pixels.withUnsafeBytes { pixels in
      output.withUnsafeMutableBytes { output in
        png_image_write_to_memory(
          &image, output.baseAddress, &size, 0, pixels.baseAddress, Int32(source.width * source.channels), nil) != 0
      }
    }
    defer { png_image_free(&image) }
    guard isEncoded, size <= output.count else {
      throw .malformed(file: file, fault: .undecodable(format: "PNG", detail: message(image)))
    }
    output.removeLast(output.count - size)
    return output
  }

  private static func message(_ image: png_image) -> String {
    var text = image.message
    let message = withUnsafeBytes(of: &text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return message.isEmpty ? "no reason given" : message
  }
}
