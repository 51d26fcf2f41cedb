extension SampleFile {
  /// One image from a PNG or JPEG file, as samples are: `[channels, height, width]` in -1...1.
  ///
  /// - Parameter shape: of the result; an image of another size is resized and cropped where the shape is square.
  /// - Throws: `DatasetError` with the file and what is wrong with it.
  public static func picture(_ file: String, shape: SampleShape) throws(DatasetError) -> [Float] {
    guard case .image(let channels, let height, let width) = shape else { return [] }
    let image = try ImageFile.decode(file, channels: channels)
    let plane = image.width * image.height
    var planar = [UInt8](repeating: 0, count: plane * channels)
    for index in 0..<plane {
      for channel in 0..<channels { planar[channel * plane + index] = image.pixels[index * channels + channel] }
    }
    let found = SampleShape.image(channels: channels, height: image.height, width: image.width)
    if found != shape {
      guard height == width else {
        throw .malformed(
          file: file,
          fault: .wrongDimensions(
            format: "image", found: [image.height, image.width], accepted: "\(height)x\(width)"))
      }
      planar = try ImageGeometry.fitted(
        planar, count: 1, shape: found, side: height, fit: .resize, dataset: file
      ).0
    }
    return planar.map { (Float($0) - 127.5) / 127.5 }
  }
}
