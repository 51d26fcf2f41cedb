import Datasets
import Models
import Telemetry
import Tensors

/// Opens the data that a configuration names.
public enum DatasetFactory {
  /// - Throws: a `DatasetError` that names the file or the parameter.
  public static func dataset(_ configuration: DataConfiguration) throws -> any Dataset {
    let dataset = try DatasetSelection(configuration.selection).applied(to: try whole(configuration))
    guard case .stackedMNIST = configuration.source, let digits = dataset as? any IndexedDataset else { return dataset }
    return try StackedDataset(digits, name: configuration.kind.rawValue)
  }

  /// The data without a selection; of stacked images what they are stacked from.
  private static func whole(_ configuration: DataConfiguration) throws -> any Dataset {
    let standardize = configuration.standardize
    switch configuration.source {
    case .dirac: return PointMass()
    case .ring(let modes, let radius, let deviation):
      return SyntheticDataset(try Ring(modes: modes, radius: radius, deviation: deviation), standardized: standardize)
    case .grid(let side, let spacing, let deviation):
      return SyntheticDataset(try Grid(side: side, spacing: spacing, deviation: deviation), standardized: standardize)
    case .moons(let noise): return SyntheticDataset(try TwoMoons(noise: noise), standardized: standardize)
    case .swissRoll(let noise): return SyntheticDataset(try SwissRoll(noise: noise), standardized: standardize)
    case .spiral(let arms, let noise):
      return SyntheticDataset(try Spiral(arms: arms, noise: noise), standardized: standardize)
    case .checkerboard(let cells): return SyntheticDataset(try Checkerboard(cells: cells), standardized: standardize)
    case .pinwheel(let arms, let radial, let tangential, let rate):
      return SyntheticDataset(
        try Pinwheel(arms: arms, radialDeviation: radial, tangentialDeviation: tangential, rate: rate),
        standardized: standardize)
    case .drawn(let points, let jitter):
      return SyntheticDataset(
        try Drawing(
          points: points.map { Drawing.Point(x: $0.x, y: $0.y, weight: $0.weight) }, jitter: jitter),
        standardized: standardize)
    case .points(let path): return try PointsFile.load(file: path, standardized: standardize)
    case .mnist(let fashion, let path, let size, let fit):
      return try mnist(fashion ? "fashion-mnist" : "mnist", path: path, size: size, fit: fit)
    case .stackedMNIST(let path, let size, let fit): return try mnist("mnist", path: path, size: size, fit: fit)
    case .idx(let images, let labels, let size, let fit):
      return try IDXDataset.load(images: images, labels: labels, size: size, fit: Datasets.ImageFit(fit))
    case .digits(let path, let size, let fit):
      return try DigitsCSV.load(
        file: try DataCache.locate("digits", path: path), size: size, fit: Datasets.ImageFit(fit))
    case .images(let path, let size, let channels): return try ImageFolder(folder: path, size: size, channels: channels)
    case .pairs(let pairs):
      return try ImagePairs(
        folder: pairs.path, layout: PairLayout(pairs.layout), aligned: pairs.isAligned, size: pairs.size,
        channels: pairs.channels, direction: PairDirection(pairs.direction),
        augmentation: PairAugmentation(
          jitter: pairs.jitters ? PairAugmentation.pix2pix.jitter : 1, mirrors: pairs.mirrors),
        heldOut: PairHoldOut(pairs.heldOut))
    }
  }
}

extension DatasetFactory {
  private static func mnist(_ name: String, path: String?, size: Int, fit: ImageFitKind) throws -> any Dataset {
    try IDXDataset.load(
      folder: try DataCache.locate(name, path: path), name: name, size: size, fit: Datasets.ImageFit(fit))
  }
}

extension DatasetSelection {
  init(_ selection: SelectionConfiguration) {
    let part: Part? =
      switch selection.split {
      case .all: nil
      case .train: .train
      case .test: .test
      }
    self.init(part: part, only: selection.only, without: selection.without, perClass: selection.perClass)
  }
}

extension Datasets.ImageFit {
  init(_ fit: ImageFitKind) {
    switch fit {
    case .pad: self = .pad
    case .resize: self = .resize
    }
  }
}

extension PairLayout {
  init(_ layout: PairLayoutKind) {
    switch layout {
    case .sideBySide: self = .sideBySide
    case .folders: self = .folders
    }
  }
}

extension PairDirection {
  init(_ direction: PairDirectionKind) {
    switch direction {
    case .aToB: self = .aToB
    case .bToA: self = .bToA
    }
  }
}

extension PairHoldOut {
  /// - Parameter value: a share below 1, or a number of pairs; nil for the files' own.
  init(_ value: Double?) {
    switch value {
    case nil: self = .automatic
    case 0?: self = .nothing
    case let value? where value < 1: self = .share(value)
    case let value?: self = .last(Int(exactly: value.rounded()) ?? .max)
    }
  }
}

extension SampleDescription {
  /// What a system must know of a dataset.
  init(_ dataset: any Dataset) {
    self.init(
      sample: Shape(dataset.shape.axes),
      source: (dataset as? any PairedDataset).map { Shape($0.sourceShape.axes) }, classes: dataset.classCount)
  }
}

/// The shape of a dataset's samples as the engine has it.
func sampleShape(_ dataset: any Dataset) -> Shape { SampleDescription(dataset).sample }
