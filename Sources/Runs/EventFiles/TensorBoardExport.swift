import Datasets
import EventFiles
import Foundation
import Models
import Telemetry

/// A run's past as an event file, for TensorBoard: metrics, sample pictures, hyperparameters.
public struct TensorBoardExport: Sendable {
  /// A stored picture of samples.
  public struct Sample: Sendable, Equatable {
    public var step: Int
    /// Of a PNG file.
    public var path: String
    public init(step: Int, path: String) {
      self.step = step
      self.path = path
    }
  }

  /// The values of each tag, in the order of their steps.
  public var scalars: [String: [ScalarPoint]]
  public var samples: [Sample]
  public var configuration: RunConfiguration?
  /// Seconds since 1970 when the run began.
  public var start: Double

  /// - Parameter scalars: the values of each tag, in the order of their steps.
  public init(
    scalars: [String: [ScalarPoint]], samples: [Sample], configuration: RunConfiguration?, start: Double
  ) {
    self.scalars = scalars
    self.samples = samples
    self.configuration = configuration
    self.start = start
  }

  /// What a run's journal keeps: the last value of each bucket, at the time when it was reported.
  ///
  /// - Parameter names: which metrics, by name or by the group before the slash; empty for all.
  /// - Throws: what opening and reading the journal throws.
  public init(_ run: RunFolder, metrics names: [String] = []) throws {
    var scalars: [String: [ScalarPoint]] = [:]
    var start = Date().timeIntervalSince1970
    try MetricExport(run, metrics: names).forEach { scalar in
      start = min(start, scalar.time - scalar.elapsed)
      scalars[scalar.metric.rawValue, default: []].append(
        ScalarPoint(step: scalar.bucket.lastStep, wallTime: scalar.time, value: scalar.bucket.last))
    }
    self.init(
      scalars: scalars, samples: Self.samples(of: run), configuration: try? run.configuration(), start: start)
  }

  /// The pictures in a run's folder, by step.
  public static func samples(of folder: RunFolder) -> [Sample] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.samplesPath)) ?? []
    return files.sorted().compactMap { file in
      guard file.hasPrefix("step-"), file.hasSuffix(".png") else { return nil }
      // A second picture of a step is step-00001000-2.png.
      let digits = file.dropFirst("step-".count).prefix { $0.isASCII && $0.isNumber }
      return Int(digits).map { Sample(step: $0, path: "\(folder.samplesPath)/\(file)") }
    }
  }

  /// Writes one event file.
  ///
  /// - Parameter folder: made where it is missing.
  /// - Returns: the file's path.
  /// - Throws: `EventFileError`, `DatasetError` for a picture that cannot be read; no file is left behind then.
  @discardableResult
  public func write(to folder: String) throws -> String {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw EventFileError.cannotCreate(path: folder, errno: errno == 0 ? EIO : errno)
    }
    let writer = try EventFileWriter(folder: folder, time: start)
    do {
      try write(to: writer)
    } catch {
      unlink(writer.path)
      throw error
    }
    return writer.path
  }

  private func write(to writer: EventFileWriter) throws {
    if let configuration {
      let session = HyperparameterSession.started(configuration.hyperparameterValues, time: start)
      try writer.append([EventRecord(wallTime: start, step: 0, content: .summary([session.summaryValue]))])
    }
    for (tag, points) in scalars.sorted(by: { $0.key < $1.key }) {
      try writer.append(
        points.map { point in
          EventRecord(
            wallTime: point.wallTime, step: point.step,
            content: .summary([SummaryValue(tag: tag, content: .scalar(Float(point.value)))]))
        })
    }
    for sample in samples {
      guard let data = FileManager.default.contents(atPath: sample.path) else {
        throw DatasetError.fileNotFound(file: sample.path)
      }
      let bytes = [UInt8](data)
      let image = try PNG.image(of: bytes, name: sample.path, limit: PixelImage.limit)
      let picture = StoredPicture(step: sample.step, image: image, encoded: bytes)
      let value = SummaryValue(tag: "samples", content: .image(SummaryImage(picture)))
      try writer.append([EventRecord(wallTime: start, step: sample.step, content: .summary([value]))])
    }
  }
}
