/// One record of an event file: TensorBoard's message `Event`, as far as it is of use here.
public struct EventRecord: Sendable, Equatable {
  /// Seconds since 1970.
  public var wallTime: Double
  public var step: Int
  public var content: Content

  public enum Content: Sendable, Equatable {
    /// The first record of a file: `brain.Event:2`.
    case fileVersion(String)
    case summary([SummaryValue])
    /// A program began to train at the record's step: what was reported of that step and later ones before is void.
    case start
    /// What is of no use here, such as a graph.
    case other
  }

  public init(wallTime: Double, step: Int, content: Content) {
    self.wallTime = wallTime
    self.step = step
    self.content = content
  }
}

/// One value of a tag: the message `Summary.Value`.
public struct SummaryValue: Sendable, Equatable {
  public var tag: String
  /// Which part of TensorBoard the value is for, and data for it; writers may leave it out after a tag's first value.
  public var plugin: SummaryPlugin?
  public var content: Content

  public enum Content: Sendable, Equatable {
    case scalar(Float)
    case image(SummaryImage)
    case tensor(SummaryTensor)
    /// What is of no use here, such as a histogram or a sound.
    case other
  }

  public init(tag: String, plugin: SummaryPlugin? = nil, content: Content) {
    self.tag = tag
    self.plugin = plugin
    self.content = content
  }
}

/// The message `SummaryMetadata.PluginData`.
public struct SummaryPlugin: Sendable, Equatable {
  public var name: String
  public var content: [UInt8]
  public init(name: String, content: [UInt8] = []) {
    self.name = name
    self.content = content
  }

  static let scalars = "scalars"
  static let images = "images"
  static let hyperparameters = "hparams"
}

/// An encoded picture: the message `Summary.Image`.
public struct SummaryImage: Sendable, Equatable {
  public var width: Int
  public var height: Int
  /// 1 gray, 2 gray with transparency, 3 red, green and blue, 4 these with transparency; 0 where nobody says.
  public var colorspace: Int
  /// A PNG file, as a rule.
  public var encoded: [UInt8]
  public init(width: Int, height: Int, colorspace: Int, encoded: [UInt8]) {
    self.width = width
    self.height = height
    self.colorspace = colorspace
    self.encoded = encoded
  }
}

/// What is read of a message `TensorProto`: a single number, or texts.
public struct SummaryTensor: Sendable, Equatable {
  public var dimensions: [Int]
  /// The number of a tensor that has only one.
  public var scalar: Double?
  /// The elements of a tensor of texts, the first `textLimit` of them.
  public var texts: [[UInt8]]

  /// Width, height and one picture.
  static let textLimit = 3

  public init(dimensions: [Int] = [], scalar: Double? = nil, texts: [[UInt8]] = []) {
    self.dimensions = dimensions
    self.scalar = scalar
    self.texts = texts
  }
}
