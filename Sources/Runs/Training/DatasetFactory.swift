import Datasets
import Models
import Tensors

/// Opens the data that a configuration names.
public enum DatasetFactory {
  /// - Throws: a `DatasetError` that names the file or the parameter.
  public static func dataset(_ configuration: DataConfiguration) throws -> any Dataset {
    let standardize = configuration.standardize
    switch configuration.source {
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
    case .points(let path): return try PointsFile.load(file: path, standardized: standardize)
    case .mnist(let fashion, let path, let size, let fit):
      let name = fashion ? "fashion-mnist" : "mnist"
      return try IDXDataset.load(
        folder: try DataCache.locate(name, path: path), name: name, size: size, fit: Datasets.ImageFit(fit))
    case .idx(let images, let labels, let size, let fit):
      return try IDXDataset.load(images: images, labels: labels, size: size, fit: Datasets.ImageFit(fit))
    case .digits(let path, let size, let fit):
      return try DigitsCSV.load(
        file: try DataCache.locate("digits", path: path), size: size, fit: Datasets.ImageFit(fit))
    case .images(let path, let size, let channels): return try ImageFolder(folder: path, size: size, channels: channels)
    }
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

/// The shape of a dataset's samples as the engine has it.
func sampleShape(_ dataset: any Dataset) -> Shape { Shape(dataset.shape.axes) }
