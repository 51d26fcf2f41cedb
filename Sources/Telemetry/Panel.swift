/// A picture of a run at one step, as data: the dashboard knows kinds of content, not models.
public struct Panel: Codable, Sendable, Equatable {
  public var id: String
  public var title: String
  public var step: Int
  public var content: Content

  public enum Content: Codable, Sendable, Equatable {
    case points(PointsPanel)
    case images(ImageGrid)
    case bars(BarsPanel)
    case text([String])
  }

  public init(id: String, title: String, step: Int, content: Content) {
    self.id = id
    self.title = title
    self.step = step
    self.content = content
  }

  /// The ids of the panels that adversarial models bring.
  public static let samples = "samples"
  public static let modes = "modes"
}

/// Real and generated points of a 2-D run over the discriminator's field.
public struct PointsPanel: Codable, Sendable, Equatable {
  public struct Point: Codable, Sendable, Equatable, BitwiseCopyable {
    public var x: Float
    public var y: Float
    public init(x: Float, y: Float) {
      self.x = x
      self.y = y
    }
  }
  /// What is in view: x from `minimum.x` to `maximum.x`, y upwards.
  public var minimum: Point
  public var maximum: Point
  @Packed public var real: [Point]
  @Packed public var generated: [Point]
  public var field: Field?
  public init(minimum: Point, maximum: Point, real: [Point], generated: [Point], field: Field?) {
    self.minimum = minimum
    self.maximum = maximum
    self.real = real
    self.generated = generated
    self.field = field
  }
}

/// A scalar field sampled on a regular grid over a panel's view.
public struct Field: Codable, Sendable, Equatable {
  public var columns: Int
  public var rows: Int
  /// Row by row from the top left; the centre of each cell is where it was sampled.
  @Packed public var values: [Float]
  /// The value drawn in the middle of the diverging palette, 0.5 for a probability.
  public var middle: Float
  /// What the value means, such as "D(x)".
  public var label: String
  public init(columns: Int, rows: Int, values: [Float], middle: Float, label: String) {
    self.columns = columns
    self.rows = rows
    self.values = values
    self.middle = middle
    self.label = label
  }
}

/// Images of equal size, side by side.
public struct ImageGrid: Codable, Sendable, Equatable {
  public var count: Int
  /// Width and height of one image in pixels.
  public var width: Int
  public var height: Int
  /// 1 for gray, 3 for red, green and blue.
  public var channels: Int
  /// Image by image, row by row, channels interleaved: `count * height * width * channels` bytes.
  @Packed public var pixels: [UInt8]
  /// A label under each image, or none.
  public var labels: [String]
  public init(count: Int, width: Int, height: Int, channels: Int, pixels: [UInt8], labels: [String] = []) {
    self.count = count
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
    self.labels = labels
  }
}

/// Labelled bars, each beside a reference, such as the share of each mode beside the data's.
public struct BarsPanel: Codable, Sendable, Equatable {
  public struct Bar: Codable, Sendable, Equatable {
    public var label: String
    public var value: Double
    public var reference: Double?
    public init(label: String, value: Double, reference: Double? = nil) {
      self.label = label
      self.value = value
      self.reference = reference
    }
  }
  public var bars: [Bar]
  public init(bars: [Bar]) { self.bars = bars }
}
