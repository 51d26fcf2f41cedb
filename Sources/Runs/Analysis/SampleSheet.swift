import Datasets

/// Samples in rows, as a picture or as numbers.
public struct SampleSheet: Sendable {
  private let values: [Float]
  private let dataset: any Dataset
  private let columns: Int

  /// - Parameters:
  ///   - values: `[count] + sample`, in the networks' units.
  ///   - columns: images in a row.
  public init(_ values: [Float], of model: RunModel, columns: Int) {
    self.values = values
    self.columns = columns
    dataset = model.dataset
  }

  /// Writes a picture of images (`.png`), or numbers in the data's units, images in −1 ... 1 (`.npy`).
  ///
  /// - Throws: `DatasetError.unwritable`, `TrainerError.noPicture` for samples that are no images.
  public func write(to path: String) throws {
    let shape = dataset.shape
    guard path.hasSuffix(".png") else {
      let numbers = shape.isImage ? values : dataset.normalization.inverted(values)
      try NPY.write(numbers, shape: [values.count / max(1, shape.size)] + shape.axes, to: path)
      return
    }
    guard case .image(let channels, let height, let width) = shape,
      let image = ImageSheet.arrange(
        ImageSheet.pixels(of: values, channels: channels, height: height, width: width), width: width, height: height,
        channels: channels, columns: columns)
    else { throw TrainerError.noPicture }
    try PNG.write(image, to: path)
  }
}
