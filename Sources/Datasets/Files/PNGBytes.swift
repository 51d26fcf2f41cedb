/// PNG pictures in memory.
extension PNG {
  /// A picture as the bytes of a PNG file.
  /// - Throws: `DatasetError.malformed`.
  public static func bytes(of image: PixelImage) throws(DatasetError) -> [UInt8] {
    try encode(image, file: "a picture")
  }

  /// Decodes the bytes of a PNG file: to gray where it is, else to red, green and blue.
  ///
  /// - Parameters:
  ///   - name: how messages call it.
  ///   - limit: the most pixels that are accepted.
  /// - Throws: `DatasetError.malformed`.
  public static func image(of bytes: [UInt8], name: String, limit: Int) throws(DatasetError) -> PixelImage {
    if let (width, height) = size(bytes), width > 0, height > 0, width > limit / height {
      throw .malformed(file: name, fault: .imageTooLarge(width: width, height: height, limit: limit))
    }
    // The byte after the depth of a sample: 0 and 4 are gray, without and with transparency.
    let isGray = bytes.count > 25 && (bytes[25] == 0 || bytes[25] == 4)
    return try decode(bytes, channels: isGray ? 1 : 3, file: name)
  }
}
