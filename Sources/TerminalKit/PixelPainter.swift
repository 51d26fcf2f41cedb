import CChafa

/// Keeps the pixels on a terminal in step with its frames: makes the sequences that show and remove pictures, and writes
/// nothing itself.
///
/// All pictures of a frame are one, with holes between them: one palette for sixel, one image for kitty. Positions,
/// colours and the cursor are as before after each sequence.
public struct PixelPainter: Sendable {
  public let kind: PixelProtocol
  /// The terminal's cells; sixel pictures are made for them, kitty scales.
  public var cell: CellPixels
  private var shown: [PixelPicture] = []

  /// The number of the image among those of a kitty terminal. Images with one are replaced and removed by it.
  private static let number = 0x67616E

  public init(_ kind: PixelProtocol, cell: CellPixels?) {
    self.kind = kind
    self.cell = cell ?? CellPixels(width: 8, height: 16)
  }

  /// What is to be written after the cells of a frame.
  /// - Parameter isRepainted: whether every cell was written anew, which takes all pictures away.
  /// - Returns: empty where the pictures are what they were.
  public mutating func sequence(after frame: CellBuffer, isRepainted: Bool) -> String {
    let pictures = frame.visiblePictures
    guard isRepainted || pictures != shown else { return "" }
    guard !pictures.isEmpty else { return removal() }
    shown = pictures
    guard let wall = PixelWall(pictures) else { return removal() }
    let text = wall.text(kind, cell: cell, number: Self.number)
    guard !text.isEmpty else { return removal() }
    return "\u{1B}7\u{1B}[\(wall.place.y + 1);\(wall.place.x + 1)H\(text)\u{1B}8"
  }

  /// What takes all pictures away. Sixel's are gone where cells are written over them, so that nothing is needed there.
  public mutating func removal() -> String {
    defer { shown = [] }
    return shown.isEmpty ? "" : Self.removal(of: kind)
  }

  /// What takes the pictures away whether or not there are any, for a program that crashes.
  public static func removal(of kind: PixelProtocol) -> String {
    kind == .kitty ? "\u{1B}_Ga=d,d=I,i=\(number),q=2\u{1B}\\" : ""
  }
}

/// The pictures of a frame as one, from the first to the last cell that any of them covers.
private struct PixelWall {
  let place: Rect
  private let pixels: ChafaPixels
  /// Pixels of the wall in each cell.
  private let grain: CellPixels

  /// The most pixels of a wall along one side; pictures are made coarser beyond.
  private static let most = 4096

  init?(_ pictures: [PixelPicture]) {
    guard let first = pictures.first else { return nil }
    var (left, top, right, bottom) = (first.place.x, first.place.y, first.place.maxX, first.place.maxY)
    var (across, down) = (1, 1)
    for picture in pictures {
      let (image, place) = (picture.image, picture.place)
      (left, top) = (min(left, place.x), min(top, place.y))
      (right, bottom) = (max(right, place.maxX), max(bottom, place.maxY))
      // As many as the picture has, so that none of its own gets lost.
      across = max(across, (image.width + place.width - 1) / place.width)
      down = max(down, (image.height + place.height - 1) / place.height)
    }
    place = Rect(x: left, y: top, width: right - left, height: bottom - top)
    guard !place.isEmpty else { return nil }
    grain = CellPixels(
      width: max(1, min(across, Self.most / place.width)), height: max(1, min(down, Self.most / place.height)))
    let (width, height) = (place.width * grain.width, place.height * grain.height)
    var bytes = [UInt8](repeating: 0, count: 4 * width * height)
    for picture in pictures {
      let target = CellPixels(width: picture.place.width * grain.width, height: picture.place.height * grain.height)
      let origin = (x: (picture.place.x - left) * grain.width, y: (picture.place.y - top) * grain.height)
      Self.copy(picture.image, to: target, at: origin, width: width, into: &bytes)
    }
    guard let pixels = ChafaPixels(rgba: bytes, width: width, height: height) else { return nil }
    self.pixels = pixels
  }

  /// Copies a picture in its own pixels, each as large as its place asks.
  private static func copy(
    _ image: PixelImage, to target: CellPixels, at origin: (x: Int, y: Int), width: Int, into bytes: inout [UInt8]
  ) {
    guard image.width > 0, image.height > 0 else { return }
    let channels = max(1, image.channels)
    for y in 0..<target.height {
      let row = y * image.height / target.height * image.width
      for x in 0..<target.width {
        let source = (row + x * image.width / target.width) * channels
        let place = 4 * ((origin.y + y) * width + origin.x + x)
        for channel in 0..<3 {
          let byte = source + (channels >= 3 ? channel : 0)
          bytes[place + channel] = byte < image.pixels.count ? image.pixels[byte] : 0
        }
        bytes[place + 3] = 255
      }
    }
  }

  /// The picture as libchafa writes it.
  func text(_ kind: PixelProtocol, cell: CellPixels, number: Int) -> String {
    // Less than one row of sixels: libchafa would divide by zero.
    guard kind == .kitty || place.height * cell.height >= 6 else { return "" }
    guard let terminal = Self.terminal(kind, number: number) else { return "" }
    defer { chafa_term_info_unref(terminal) }
    let bytes: [UInt8] = pixels.withCanvas(width: place.width, height: place.height) { configuration in
      chafa_canvas_config_set_pixel_mode(
        configuration, kind == .kitty ? CHAFA_PIXEL_MODE_KITTY : CHAFA_PIXEL_MODE_SIXELS)
      chafa_canvas_config_set_canvas_mode(configuration, CHAFA_CANVAS_MODE_TRUECOLOR)
      // A kitty terminal scales, so that it gets the pixels as they are.
      let size = kind == .kitty ? grain : cell
      chafa_canvas_config_set_cell_geometry(configuration, Int32(size.width), Int32(size.height))
    } read: { canvas in
      guard let made = chafa_canvas_print(canvas, terminal) else { return [] }
      defer { g_string_free(made, 1) }
      let count = Int(made.pointee.len)
      return made.pointee.str.withMemoryRebound(to: UInt8.self, capacity: count) {
        Array(UnsafeBufferPointer(start: $0, count: count))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The sequences of a protocol. Of kitty's those that ask for silence (q=2), leave the cursor alone (C=1) and give the
  /// image a number (i), after kitty's "Terminal graphics protocol".
  private static func terminal(_ kind: PixelProtocol, number: Int) -> OpaquePointer? {
    let sequences: [(ChafaTermSeq, String)] =
      switch kind {
      case .kitty:
        [
          (
            CHAFA_TERM_SEQ_BEGIN_KITTY_IMMEDIATE_IMAGE_V1,
            "\u{1B}_Ga=T,q=2,C=1,i=\(number),f=%1,s=%2,v=%3,c=%4,r=%5,m=1\u{1B}\\"
          ),
          (CHAFA_TERM_SEQ_BEGIN_KITTY_IMAGE_CHUNK, "\u{1B}_Gm=1;"),
          (CHAFA_TERM_SEQ_END_KITTY_IMAGE_CHUNK, "\u{1B}\\"),
          (CHAFA_TERM_SEQ_END_KITTY_IMAGE, "\u{1B}_Gm=0\u{1B}\\"),
        ]
      case .sixel:
        [(CHAFA_TERM_SEQ_BEGIN_SIXELS, "\u{1B}P%1;%2;%3q"), (CHAFA_TERM_SEQ_END_SIXELS, "\u{1B}\\")]
      }
    guard let terminal = chafa_term_info_new() else { return nil }
    for (sequence, text) in sequences where chafa_term_info_set_seq(terminal, sequence, text, nil) == 0 {
      chafa_term_info_unref(terminal)
      return nil
    }
    return terminal
  }
}
