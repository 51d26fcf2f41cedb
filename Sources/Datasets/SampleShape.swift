/// The shape of one sample of a dataset; a batch is `[samples, ...shape]`, flat and row-major.
public enum SampleShape: Hashable, Sendable, Codable, CustomStringConvertible {
  /// A point of `dimension` components.
  case vector(Int)
  /// An image in `[channels, height, width]` order.
  case image(channels: Int, height: Int, width: Int)

  /// The number of floats of one sample.
  public var size: Int {
    switch self {
    case .vector(let dimension): dimension
    case .image(let channels, let height, let width): channels * height * width
    }
  }

  /// The sample's axes without the batch's: `[dimension]` or `[channels, height, width]`.
  public var axes: [Int] {
    switch self {
    case .vector(let dimension): [dimension]
    case .image(let channels, let height, let width): [channels, height, width]
    }
  }

  public var isImage: Bool {
    if case .image = self { true } else { false }
  }

  /// Such as `2-D points` or `28x28 gray images` (width first, as people say it).
  public var description: String {
    switch self {
    case .vector(let dimension): "\(dimension)-D points"
    case .image(1, let height, let width): "\(width)x\(height) gray images"
    case .image(3, let height, let width): "\(width)x\(height) colour images"
    case .image(let channels, let height, let width): "\(width)x\(height) images of \(channels) channels"
    }
  }
}

/// Samples in one flat array, `[count, ...shape]`, in the dataset's normalized units.
public struct SampleSet: Sendable, Equatable {
  public var shape: SampleShape
  public var count: Int
  public var values: [Float]
  public var labels: [Int32]?

  public init(shape: SampleShape, count: Int, values: [Float], labels: [Int32]? = nil) {
    self.shape = shape
    self.count = count
    self.values = values
    self.labels = labels
  }
}
