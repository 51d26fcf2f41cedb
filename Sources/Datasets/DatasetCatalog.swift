/// A value of a dataset's parameter, as a configuration has it.
public enum ParameterValue: Hashable, Sendable, CustomStringConvertible {
  case integer(Int)
  case number(Double)
  case flag(Bool)
  case text(String)

  public var description: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): Parameter.text(value)
    case .flag(let value): String(value)
    case .text(let value): value
    }
  }
}

/// A parameter of a kind of dataset, for `gantui catalog` and the checks of configurations.
public struct DatasetParameter: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case integer
    case number
    case flag
    case text
    case choice([String])
  }
  /// The key in the configuration's `data`.
  public let key: String
  public let kind: Kind
  /// nil: it may be left out and there is no single default, or it must be given (`isRequired`).
  public let defaultValue: ParameterValue?
  public let isRequired: Bool
  /// What is accepted, in words: "a whole number from 1 to 10000".
  public let accepted: String
  /// One line for people.
  public let explanation: String

  init(
    _ key: String, _ kind: Kind, _ defaultValue: ParameterValue? = nil, isRequired: Bool = false, accepted: String,
    _ explanation: String
  ) {
    self.key = key
    self.kind = kind
    self.defaultValue = defaultValue
    self.isRequired = isRequired
    self.accepted = accepted
    self.explanation = explanation
  }
}

/// A kind of dataset.
public struct DatasetEntry: Hashable, Sendable {
  /// The value of `data.kind`.
  public let kind: String
  /// One line for people.
  public let summary: String
  /// True when samples are images.
  public let hasImages: Bool
  public let parameters: [DatasetParameter]
}

/// All kinds of datasets, with their parameters; and datasets made from them.
public enum DatasetCatalog {
  public static let entries: [DatasetEntry] = synthetic + files

  public static func entry(_ kind: String) -> DatasetEntry? { entries.first { $0.kind == kind } }

  private static let standardized = DatasetParameter(
    "standardized", .flag, .flag(false), accepted: "true or false",
    "shift and scale to zero mean and unit deviation; measures still report in data units")

  private static func number(_ key: String, _ value: Double, _ range: String, _ explanation: String) -> DatasetParameter
  {
    DatasetParameter(key, .number, .number(value), accepted: "a number from \(range)", explanation)
  }

  private static func integer(_ key: String, _ value: Int, _ range: String, _ explanation: String) -> DatasetParameter {
    DatasetParameter(key, .integer, .integer(value), accepted: "a whole number from \(range)", explanation)
  }

  private static let synthetic = [
    DatasetEntry(
      kind: "ring", summary: "Gaussians evenly spaced on a circle, 2-D", hasImages: false,
      parameters: [
        integer("modes", 8, "1 to 10000", "how many Gaussians"),
        number("radius", 2, "1e-06 to 1000000", "of the circle"),
        number("deviation", 0.02, "1e-06 to 1000000", "of each Gaussian along each axis"), standardized,
      ]),
    DatasetEntry(
      kind: "grid", summary: "Gaussians on a square grid, 2-D", hasImages: false,
      parameters: [
        integer("side", 5, "1 to 100", "Gaussians along each axis: 5 makes 25"),
        number("spacing", 2, "1e-06 to 1000000", "between neighbouring means"),
        number("deviation", 0.05, "1e-06 to 1000000", "of each Gaussian along each axis"), standardized,
      ]),
    DatasetEntry(
      kind: "moons", summary: "two interleaved half circles, 2-D", hasImages: false,
      parameters: [number("noise", 0.1, "0 to 10", "deviation along each axis"), standardized]),
    DatasetEntry(
      kind: "swiss-roll", summary: "a spiral of one and a half turns, 2-D", hasImages: false,
      parameters: [number("noise", 0.2, "0 to 10", "deviation along each axis"), standardized]),
    DatasetEntry(
      kind: "spiral", summary: "spiral arms from the origin, 2-D", hasImages: false,
      parameters: [
        integer("arms", 2, "1 to 12", "how many arms"), number("noise", 0.1, "0 to 10", "deviation along each axis"),
        standardized,
      ]),
    DatasetEntry(
      kind: "checkerboard", summary: "uniform on every other cell, 2-D", hasImages: false,
      parameters: [integer("cells", 4, "2 to 16", "cells along each side, each of side 2"), standardized]),
    DatasetEntry(
      kind: "pinwheel", summary: "swept Gaussian blades, 2-D", hasImages: false,
      parameters: [
        integer("arms", 5, "2 to 64", "how many blades"),
        number("radial-deviation", 0.3, "1e-06 to 1", "along a blade"),
        number("tangential-deviation", 0.1, "1e-06 to 1", "across a blade"),
        number("rate", 0.25, "0 to 2", "of the sweep, in radians"), standardized,
      ]),
  ]

  private static let size = DatasetParameter(
    "size", .integer, accepted: "a whole number from 4 to 1024", "side of the images; left out: as stored")
  private static let fit = DatasetParameter(
    "fit", .choice(ImageFit.allCases.map(\.rawValue)), .text("resize"), accepted: "resize or pad",
    "how images reach the size: scaled and cropped, or framed with zeros")

  private static func path(_ explanation: String, isRequired: Bool) -> DatasetParameter {
    DatasetParameter("path", .text, isRequired: isRequired, accepted: "a path", explanation)
  }

  private static let cached = path("folder of the files; left out: the cache of `gantui data get`", isRequired: false)

  private static let files = [
    DatasetEntry(
      kind: "mnist", summary: DownloadableSet.mnist.summary, hasImages: true, parameters: [cached, size, fit]),
    DatasetEntry(
      kind: "fashion-mnist", summary: DownloadableSet.fashion.summary, hasImages: true,
      parameters: [cached, size, fit]),
    DatasetEntry(
      kind: "digits", summary: DownloadableSet.digits.summary, hasImages: true, parameters: [cached, size, fit]),
    DatasetEntry(
      kind: "idx", summary: "images in an IDX file, plain or gzip", hasImages: true,
      parameters: [
        path("an IDX file of images, or a folder with MNIST's file names", isRequired: true),
        DatasetParameter("labels", .text, accepted: "a path", "an IDX file of labels for an IDX file of images"), size,
        fit,
      ]),
    DatasetEntry(
      kind: "points", summary: "points of any dimension from a CSV or NPY file, or images from an NPY file",
      hasImages: false,
      parameters: [path("the file", isRequired: true), standardized, size, fit]),
    DatasetEntry(
      kind: "images", summary: "a folder of PNG or JPEG images; sub-folders are classes", hasImages: true,
      parameters: [
        path("the folder", isRequired: true),
        integer("size", 32, "4 to 1024", "side that images are scaled and cropped to"),
        DatasetParameter("channels", .integer, .integer(3), accepted: "1 (gray) or 3 (colour)", "of the images"),
        DatasetParameter(
          "skip-unreadable", .flag, .flag(false), accepted: "true or false", "leave out files that cannot be decoded"),
      ]),
  ]

  /// Makes a dataset from the values of a configuration; what is left out takes its default.
  ///
  /// - Parameters:
  ///   - cache: where named sets lie when there is no `path`.
  /// - Throws: `DatasetError`, which names the key or the file and what would be accepted.
  public static func dataset(
    _ kind: String, _ values: [String: ParameterValue] = [:], cache: String = DataCache.folder
  ) throws(DatasetError) -> any Dataset {
    guard let entry = entry(kind) else { throw .unknownName(name: kind, known: entries.map(\.kind)) }
    let read = try ParameterValues(entry, values)
    switch kind {
    case "ring":
      return SyntheticDataset(
        try Ring(
          modes: try read.integer("modes"), radius: try read.number("radius"), deviation: try read.number("deviation")),
        standardized: try read.flag("standardized"))
    case "grid":
      return SyntheticDataset(
        try Grid(
          side: try read.integer("side"), spacing: try read.number("spacing"), deviation: try read.number("deviation")),
        standardized: try read.flag("standardized"))
    case "moons":
      return SyntheticDataset(
        try TwoMoons(noise: try read.number("noise")), standardized: try read.flag("standardized"))
    case "swiss-roll":
      return SyntheticDataset(
        try SwissRoll(noise: try read.number("noise")), standardized: try read.flag("standardized"))
    case "spiral":
      return SyntheticDataset(
        try Spiral(arms: try read.integer("arms"), noise: try read.number("noise")),
        standardized: try read.flag("standardized"))
    case "checkerboard":
      return SyntheticDataset(
        try Checkerboard(cells: try read.integer("cells")), standardized: try read.flag("standardized"))
    case "pinwheel":
      return SyntheticDataset(
        try Pinwheel(
          arms: try read.integer("arms"), radialDeviation: try read.number("radial-deviation"),
          tangentialDeviation: try read.number("tangential-deviation"), rate: try read.number("rate")),
        standardized: try read.flag("standardized"))
    case "mnist", "fashion-mnist":
      let folder = try DataCache.locate(kind, path: try read.text("path"), cache: cache)
      return try IDXDataset.load(
        folder: folder, name: kind, size: try read.optionalInteger("size"), fit: try read.fit())
    case "digits":
      let file = try DataCache.locate(kind, path: try read.text("path"), cache: cache)
      return try DigitsCSV.load(file: file, name: kind, size: try read.optionalInteger("size"), fit: try read.fit())
    case "idx":
      let path = FilePath.expanded(try read.required("path"))
      let size = try read.optionalInteger("size"), fit = try read.fit()
      if FilePath.isFolder(path) { return try IDXDataset.load(folder: path, name: kind, size: size, fit: fit) }
      return try IDXDataset.load(
        images: path, labels: try read.text("labels").map(FilePath.expanded), name: kind, size: size, fit: fit)
    case "points":
      return try PointsFile.load(
        file: FilePath.expanded(try read.required("path")), name: kind, standardized: try read.flag("standardized"),
        size: try read.optionalInteger("size"), fit: try read.fit())
    case "images":
      return try ImageFolder(
        folder: FilePath.expanded(try read.required("path")), name: kind, size: try read.integer("size"),
        channels: try read.integer("channels"), skipsUnreadable: try read.flag("skip-unreadable"))
    default:
      throw .unknownName(name: kind, known: entries.map(\.kind))
    }
  }
}

/// The values given for an entry's parameters, checked for their types; defaults stand in for what is missing.
struct ParameterValues {
  private let entry: DatasetEntry
  private var values: [String: ParameterValue] = [:]

  init(_ entry: DatasetEntry, _ given: [String: ParameterValue]) throws(DatasetError) {
    self.entry = entry
    let keys = entry.parameters.map(\.key)
    if let key = given.keys.sorted().first(where: { !keys.contains($0) }) {
      throw .unknownParameter(dataset: entry.kind, key: key, known: keys)
    }
    for parameter in entry.parameters {
      guard let value = given[parameter.key] ?? parameter.defaultValue else {
        if parameter.isRequired {
          throw .missingParameter(dataset: entry.kind, key: parameter.key, accepted: parameter.accepted)
        }
        continue
      }
      values[parameter.key] = value
      // Types are checked before any file is opened.
      switch parameter.kind {
      case .integer: _ = try optionalInteger(parameter.key)
      case .number: _ = try number(parameter.key)
      case .flag: _ = try flag(parameter.key)
      case .text: _ = try text(parameter.key)
      case .choice(let choices):
        guard case .text(let text) = value, choices.contains(text) else { throw wrong(parameter.key) }
      }
    }
  }

  func integer(_ key: String) throws(DatasetError) -> Int {
    guard let value = try optionalInteger(key) else { throw missing(key) }
    return value
  }

  func optionalInteger(_ key: String) throws(DatasetError) -> Int? {
    switch values[key] {
    case nil: return nil
    case .integer(let value)?: return value
    case .number(let value)?:
      guard let value = Int(exactly: value) else { throw wrong(key) }
      return value
    default: throw wrong(key)
    }
  }

  func number(_ key: String) throws(DatasetError) -> Double {
    switch values[key] {
    case .integer(let value)?: return Double(value)
    case .number(let value)?: return value
    case nil: throw missing(key)
    default: throw wrong(key)
    }
  }

  func flag(_ key: String) throws(DatasetError) -> Bool {
    switch values[key] {
    case .flag(let value)?: return value
    case nil: throw missing(key)
    default: throw wrong(key)
    }
  }

  func text(_ key: String) throws(DatasetError) -> String? {
    switch values[key] {
    case nil: return nil
    case .text(let value)? where !value.isEmpty: return value
    default: throw wrong(key)
    }
  }

  func required(_ key: String) throws(DatasetError) -> String {
    guard let value = try text(key) else { throw missing(key) }
    return value
  }

  func fit() throws(DatasetError) -> ImageFit {
    guard let fit = ImageFit(rawValue: try required("fit")) else { throw wrong("fit") }
    return fit
  }

  private func missing(_ key: String) -> DatasetError {
    .missingParameter(dataset: entry.kind, key: key, accepted: accepted(key))
  }

  private func wrong(_ key: String) -> DatasetError {
    .invalidParameter(
      dataset: entry.kind, key: key, value: values[key]?.description ?? "missing", accepted: accepted(key))
  }

  private func accepted(_ key: String) -> String {
    entry.parameters.first { $0.key == key }?.accepted ?? "a value"
  }
}
