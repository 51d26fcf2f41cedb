/// A picture that a terminal shows as pixels, over cells that are left blank for it.
public struct PixelPicture: Hashable, Sendable {
  public var image: PixelImage
  /// The cells that it covers.
  public var place: Rect
}

extension Cell {
  /// What stands under a picture of pixels: a blank that nothing else draws, so that whatever is drawn over the picture
  /// can be told. Terminals show it as a space.
  static func underPicture(_ style: Style) -> Cell { Cell(scalar: "\u{A0}", style: style) }
  var isUnderPicture: Bool { scalar == "\u{A0}" }
}

extension CellBuffer {
  /// Leaves a rectangle blank for a picture of pixels.
  mutating func place(_ image: PixelImage, in place: Rect, style: Style) {
    fill(place, with: .underPicture(style))
    pictures.append(PixelPicture(image: image, place: place))
  }

  /// The pictures of which no part is covered or off the screen. The last row is left alone: a picture there would make
  /// some terminals scroll.
  public var visiblePictures: [PixelPicture] {
    let room = Rect(x: 0, y: 0, width: size.width, height: size.height - 1)
    return pictures.filter { picture in
      let place = picture.place
      guard !place.isEmpty, place.intersection(room) == place else { return false }
      return (place.y..<place.maxY).allSatisfy { y in
        (place.x..<place.maxX).allSatisfy { self[$0, y].isUnderPicture }
      }
    }
  }
}
