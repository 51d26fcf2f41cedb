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
    case layers(LayersPanel)
    case scores(ScoresPanel)
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
  public static let layers = "layers"
  public static let scores = "scores"
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
  /// The best discriminator's values against these samples, on the field's grid; nil unless asked for.
  public var optimum: Field?
  /// Where the generator puts a regular grid of latents; nil unless asked for.
  public var manifold: Manifold?
  /// Where the generator's loss pulls some of the samples; nil unless asked for.
  public var slopes: [Slope]?
  /// The first two coordinates of each sample's latent; nil unless asked for.
  public var latents: [Point]?
  public init(minimum: Point, maximum: Point, real: [Point], generated: [Point], field: Field?) {
    self.minimum = minimum
    self.maximum = maximum
    self.real = real
    self.generated = generated
    self.field = field
  }
}

extension PointsPanel {
  /// The generator's image of a grid of latents of which each cell holds the same probability.
  ///
  /// Latents of more than two coordinates are cut along the first two, the others at 0; of one coordinate there is one row.
  public struct Manifold: Codable, Sendable, Equatable {
    public var columns: Int
    public var rows: Int
    /// Row by row: the column is the latent's first coordinate, the row its second.
    public var points: [Point]
    public init(columns: Int, rows: Int, points: [Point]) {
      self.columns = columns
      self.rows = rows
      self.points = points
    }
  }

  /// Minus the gradient of the generator's loss with respect to a sample, in the data's units.
  public struct Slope: Codable, Sendable, Equatable {
    public var at: Point
    public var dx: Float
    public var dy: Float
    public init(at: Point, dx: Float, dy: Float) {
      self.at = at
      self.dx = dx
      self.dy = dy
    }
    public var length: Float { (dx * dx + dy * dy).squareRoot() }
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
  /// Images in a row, where rows mean something; nil for as many as fit.
  public var columns: Int?
  /// A label left of each row; nil for none.
  public var rowLabels: [String]?
  /// A label over each column; nil for none.
  public var columnLabels: [String]?
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
