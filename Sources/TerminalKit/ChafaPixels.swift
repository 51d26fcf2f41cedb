import CChafa

/// Pixels as libchafa reads them, and the way through one of its canvases.
struct ChafaPixels {
  let width: Int
  let height: Int
  private let isTransparent: Bool
  private let bytes: [UInt8]

  /// A picture without transparent parts; nil where it has no pixels or more than a canvas takes.
  init?(_ image: PixelImage) {
    let count = image.width * image.height
    guard count > 0, image.width <= Self.most, image.height <= Self.most else { return nil }
    (width, height, isTransparent) = (image.width, image.height, false)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * count)
    let channels = max(1, image.channels)
    for index in 0..<count {
      for channel in 0..<3 {
        let place = index * channels + (channels >= 3 ? channel : 0)
        bytes.append(place < image.pixels.count ? image.pixels[place] : 0)
      }
    }
    self.bytes = bytes
  }

  /// Red, green, blue and opacity, row by row; nil where they are not as many as the size says.
  init?(rgba bytes: [UInt8], width: Int, height: Int) {
    guard width > 0, height > 0, width <= Self.most, height <= Self.most, bytes.count == 4 * width * height else {
      return nil
    }
    (self.width, self.height, self.bytes, isTransparent) = (width, height, bytes, true)
  }

  /// Larger than any picture of a sample.
  private static let most = 1 << 14

  /// Its threads would fight with the training's for the cores.
  private static let oneThread: Void = chafa_set_n_threads(1)

  /// Draws the pixels on a canvas of so many cells.
  /// - Parameters:
  ///   - configure: sets up the canvas, after what all canvases here share.
  ///   - read: takes from the canvas what is wanted.
  func withCanvas<Result>(
    width: Int, height: Int, configure: (OpaquePointer?) -> Void, read: (OpaquePointer) -> [Result]
  ) -> [Result] {
    Self.oneThread
    let configuration = chafa_canvas_config_new()
    defer { chafa_canvas_config_unref(configuration) }
    chafa_canvas_config_set_geometry(configuration, Int32(width), Int32(height))
    // It would stretch the contrast, and a gray sample would look better than it is.
    chafa_canvas_config_set_preprocessing_enabled(configuration, 0)
    configure(configuration)
    guard let canvas = chafa_canvas_new(configuration) else { return [] }
    defer { chafa_canvas_unref(canvas) }
    let (size, kind) = isTransparent ? (4, CHAFA_PIXEL_RGBA8_UNASSOCIATED) : (3, CHAFA_PIXEL_RGB8)
    bytes.withUnsafeBufferPointer { pointer in
      chafa_canvas_draw_all_pixels(
        canvas, kind, pointer.baseAddress, Int32(self.width), Int32(self.height), Int32(size * self.width))
    }
    return read(canvas)
  }
}
