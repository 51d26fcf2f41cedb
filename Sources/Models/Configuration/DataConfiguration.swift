import Telemetry

/// What a run learns to generate.
public struct DataConfiguration: Sendable, Equatable {
  public var source: DataSource
  /// Point data alone: subtract the mean of each coordinate and divide all by one common deviation, so that the
  /// mean variance of the coordinates is 1.
  public var standardize: Bool
  /// Finite data alone: which of its samples the run learns from.
  public var selection: SelectionConfiguration

  public init(
    source: DataSource, standardize: Bool = false, selection: SelectionConfiguration = SelectionConfiguration()
  ) {
    self.source = source
    self.standardize = standardize
    self.selection = selection
  }

  public var kind: DataKind { source.kind }
  public var shape: DataShape { source.shape }
}

/// The kinds of data by the names that configurations use.
public enum DataKind: String, Sendable, CaseIterable {
  case ring, grid, moons
  case swissRoll = "swiss-roll"
  case spiral, checkerboard, pinwheel, dirac, drawn, points
  case mnist
  case fashionMNIST = "fashion-mnist"
  case stackedMNIST = "stacked-mnist"
  case idx, digits, images, pairs

  /// Whether a sample is a point and not an image.
  public var isPoints: Bool {
    switch self {
    case .dirac, .ring, .grid, .moons, .swissRoll, .spiral, .checkerboard, .pinwheel, .drawn, .points: true
    case .mnist, .fashionMNIST, .stackedMNIST, .idx, .digits, .images, .pairs: false
    }
  }

  /// Whether it has so many samples and no more, some of which a run can take.
  public var isFinite: Bool {
    switch self {
    case .points, .mnist, .fashionMNIST, .stackedMNIST, .idx, .digits, .images: true
    case .dirac, .ring, .grid, .moons, .swissRoll, .spiral, .checkerboard, .pinwheel, .drawn, .pairs: false
    }
  }

  /// Whether its points can be brought to unit deviation; one point has none.
  public var canBeStandardized: Bool { isPoints && self != .dirac }
}

/// A kind of data with its parameters.
public enum DataSource: Sendable, Equatable {
  /// One number, 0, again and again: what the Dirac-GAN learns.
  case dirac
  /// `modes` Gaussians of standard deviation `deviation` evenly spaced on a circle.
  case ring(modes: Int, radius: Double, deviation: Double)
  /// `side` x `side` Gaussians, `spacing` apart, centred on the origin.
  case grid(side: Int, spacing: Double, deviation: Double)
  /// Two interleaved half circles of radius 1 with Gaussian noise.
  case moons(noise: Double)
  case swissRoll(noise: Double)
  case spiral(arms: Int, noise: Double)
  /// The dark squares of a centred board of `cells` x `cells` squares of side 2, uniform.
  case checkerboard(cells: Int)
  /// `arms` Gaussian blades, bent by `rate` with the distance from the centre.
  case pinwheel(arms: Int, radialDeviation: Double, tangentialDeviation: Double, rate: Double)
  /// Points that a person drew, each a Gaussian of deviation `jitter`.
  case drawn(points: [DrawnPoint], jitter: Double)
  /// Rows of a CSV or NPY file.
  case points(path: String)
  /// MNIST or Fashion-MNIST; `path` is the folder of its four files, nil the download cache.
  case mnist(fashion: Bool, path: String?, size: Int, fit: ImageFitKind)
  /// Three MNIST digits, drawn independently, as the channels of one image: 1000 modes.
  case stackedMNIST(path: String?, size: Int, fit: ImageFitKind)
  /// An IDX file of images, plain or gzip, and one of labels.
  case idx(images: String, labels: String?, size: Int, fit: ImageFitKind)
  /// The UCI handwritten digits, 8x8; `path` is the CSV file, nil the download cache.
  case digits(path: String?, size: Int, fit: ImageFitKind)
  /// A folder of PNG or JPEG images, resized and cropped to `size` x `size`; 1 channel for gray, 3 for colour.
  case images(path: String, size: Int, channels: Int)
  /// Images to be translated, with what they are translated into.
  case pairs(PairsConfiguration)

  public var kind: DataKind {
    switch self {
    case .dirac: .dirac
    case .ring: .ring
    case .grid: .grid
    case .moons: .moons
    case .swissRoll: .swissRoll
    case .spiral: .spiral
    case .checkerboard: .checkerboard
    case .pinwheel: .pinwheel
    case .drawn: .drawn
    case .points: .points
    case .mnist(let fashion, _, _, _): fashion ? .fashionMNIST : .mnist
    case .stackedMNIST: .stackedMNIST
    case .idx: .idx
    case .digits: .digits
    case .images: .images
    case .pairs: .pairs
    }
  }

  /// The shape of one sample.
  public var shape: DataShape {
    switch self {
    case .dirac: .points(dimension: 1)
    case .ring, .grid, .moons, .swissRoll, .spiral, .checkerboard, .pinwheel, .drawn: .points(dimension: 2)
    case .points: .points(dimension: nil)
    case .mnist(_, _, let size, _), .idx(_, _, let size, _), .digits(_, let size, _):
      .images(size: size, channels: 1)
    case .stackedMNIST(_, let size, _): .images(size: size, channels: 3)
    case .images(_, let size, let channels): .images(size: size, channels: channels)
    case .pairs(let pairs): .images(size: pairs.size, channels: pairs.channels)
    }
  }

  /// Whether samples may have classes; a file or folder tells for sure.
  public var mayHaveLabels: Bool {
    switch self {
    case .ring, .grid, .moons, .spiral, .pinwheel, .mnist, .stackedMNIST, .digits, .images, .points: true
    case .idx(_, let labels, _, _): labels != nil
    case .dirac, .drawn, .swissRoll, .checkerboard, .pairs: false
    }
  }

  /// The classes of its labels, where no file has to tell: modes, moons, arms, digits.
  public var classes: Int? {
    switch self {
    case .ring, .grid: modes
    case .moons: 2
    case .spiral(let arms, _), .pinwheel(let arms, _, _, _): arms
    case .mnist, .digits: 10
    case .stackedMNIST: 1000
    case .dirac, .drawn, .swissRoll, .checkerboard, .points, .idx, .images, .pairs: nil
    }
  }

  /// The classes that a selection can name: those of one channel where images are stacked.
  public var selectableClasses: Int? {
    if case .stackedMNIST = self { 10 } else { classes }
  }

  /// The number of modes where the distribution has known ones.
  public var modes: Int? {
    switch self {
    case .ring(let modes, _, _): modes
    case .grid(let side, _, _): side * side
    default: nil
    }
  }
}

/// The shape of one sample of the data.
public enum DataShape: Sendable, Equatable {
  /// A point; the dimension of a file's points is known when it has been read.
  case points(dimension: Int?)
  /// A square image.
  case images(size: Int, channels: Int)
}

/// How an image whose size is not the network's is brought to it.
public enum ImageFitKind: String, Sendable, CaseIterable {
  /// Centred on the background; larger images are resized.
  case pad
  /// Resampled.
  case resize
}
