import CJPEG

/// JPEG files by libjpeg-turbo's TurboJPEG interface, which returns errors instead of by `longjmp`.
enum JPEG {
  static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

  /// Decodes a JPEG to gray or colour.
  ///
  /// - Parameter channels: 1 or 3.
  static func decode(_ bytes: [UInt8], channels: Int, file: String) throws(DatasetError) -> PixelImage {
    guard let decoder = tjInitDecompress() else {
      throw .malformed(file: file, fault: .undecodable(format: "JPEG", detail: "no decoder"))
    }
    defer { tjDestroy(decoder) }
    let (width, height) = try size(bytes, decoder: decoder, file: file)
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    let format = channels == 3 ? TJPF_RGB : TJPF_GRAY
    let status = bytes.withUnsafeBufferPointer { bytes in
      pixels.withUnsafeMutableBufferPointer { pixels in
        tjDecompress2(
          decoder, bytes.baseAddress, UInt(bytes.count), pixels.baseAddress, Int32(width), 0, Int32(height),
          Int32(format.rawValue), TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
      }
    }
    // A file that is cut off is a mere warning to the library, but must not pass as gray bars; stray bytes between
    // markers, which some cameras write, may.
    let isHarmless =
      tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue) && message(decoder).contains("extraneous bytes")
    guard status == 0 || isHarmless else { throw failure(decoder, file) }
    return PixelImage(unchecked: pixels, width: width, height: height, channels: channels)
  }

  /// Width and height from the header, refused where they are too large.
  static func checkHeader(_ bytes: [UInt8], file: String) throws(DatasetError) {
    guard let decoder = tjInitDecompress() else {
      throw .malformed(file: file, fault: .undecodable(format: "JPEG", detail: "no decoder"))
    }
    defer { tjDestroy(decoder) }
    _ = try size(bytes, decoder: decoder, file: file)
  }

  private static func size(
    _ bytes: [UInt8], decoder: tjhandle, file: String
  ) throws(DatasetError) -> (width: Int, height: Int) {
    var width: Int32 = 0, height: Int32 = 0, subsampling: Int32 = 0, colorspace: Int32 = 0
    let status = bytes.withUnsafeBufferPointer {
      tjDecompressHeader3(decoder, $0.baseAddress, UInt($0.count), &width, &height, &subsampling, &colorspace)
    }
    guard status == 0, width > 0, height > 0 else { throw failure(decoder, file) }
    guard Int(width) <= PixelImage.limit / Int(height) else {
      throw .malformed(
        file: file, fault: .imageTooLarge(width: Int(width), height: Int(height), limit: PixelImage.limit))
    }
    return (Int(width), Int(height))
  }

  private static func failure(_ decoder: tjhandle, _ file: String) -> DatasetError {
    .malformed(file: file, fault: .undecodable(format: "JPEG", detail: message(decoder)))
  }

  private static func message(_ decoder: tjhandle) -> String {
    tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "no reason given"
  }
}
