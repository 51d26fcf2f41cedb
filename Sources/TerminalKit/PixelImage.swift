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

/// How pictures become cells.
public enum ImageMode: String, Sendable, CaseIterable {
  /// One character a pixel, by brightness.
  case ascii
  /// Two pixels a cell, in colour.
  case halfBlock
  /// Half blocks where the terminal has them and colours, else ASCII.
  case auto
}

extension CellBuffer {
  /// Draws as many pictures as fit, left to right and top to bottom, each scaled to its place by area averages.
  /// - Parameters:
  ///   - smallest: the least width of one picture in cells, by default what keeps it readable.
  /// - Returns: how many were drawn.
  @discardableResult
  public mutating func drawImages(
    _ images: [PixelImage], in rect: Rect, mode: ImageMode = .auto, smallest: Int? = nil, theme: Theme,
    capabilities: Capabilities
  ) -> Int {
    0
  }
}
