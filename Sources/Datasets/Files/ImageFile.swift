/// Image files of either format, told apart by what they begin with.
enum ImageFile {
  static let accepted = "png, jpg, jpeg"
  /// The most bytes of one image file.
  static let limit = 1 << 28

  /// - Parameter channels: 1 or 3.
  static func decode(_ file: String, channels: Int) throws(DatasetError) -> PixelImage {
    let bytes = try ByteReader.contents(of: file, limit: limit)
    if bytes.starts(with: PNG.signature) { return try PNG.decode(bytes, channels: channels, file: file) }
    if bytes.starts(with: JPEG.signature) { return try JPEG.decode(bytes, channels: channels, file: file) }
    throw .malformed(file: file, fault: .unknownFormat(accepted: "PNG and JPEG"))
  }

  /// What can be wrong with a file that its header shows.
  static func checkHeader(_ file: String) throws(DatasetError) {
    let bytes = try ByteReader(file).read(4096)
    if bytes.starts(with: PNG.signature) {
      guard let (width, height) = PNG.size(bytes) else {
        throw .malformed(file: file, fault: .truncated(expected: 24, found: bytes.count))
      }
      guard width > 0, height > 0, width <= PixelImage.limit / height else {
        throw .malformed(file: file, fault: .imageTooLarge(width: width, height: height, limit: PixelImage.limit))
      }
    } else if bytes.starts(with: JPEG.signature) {
      // The frame's header may lie behind long metadata: all of the file then.
      do throws(DatasetError) {
        try JPEG.checkHeader(bytes, file: file)
      } catch {
        if case .malformed(_, .imageTooLarge) = error { throw error }
        try JPEG.checkHeader(try ByteReader.contents(of: file, limit: limit), file: file)
      }
    } else {
      throw .malformed(file: file, fault: .unknownFormat(accepted: "PNG and JPEG"))
    }
  }

  /// Whether a name ends like an image's.
  static func isImage(_ name: String) -> Bool {
    let name = name.lowercased()
    return [".png", ".jpg", ".jpeg"].contains { name.hasSuffix($0) }
  }

  /// The images of a folder, without its path, sorted.
  static func images(in folder: String) throws(DatasetError) -> [String] {
    try FilePath.names(in: folder).filter { isImage($0) && !FilePath.isFolder(folder + "/" + $0) }
  }
}
