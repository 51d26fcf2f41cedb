/// Which samples of finite data a run learns from: a split, some classes, a half, so many of each class.
///
/// Taken in that order. Splits and halves are the same for every seed, so that runs of different seeds are judged by the
/// same samples; which samples `perClass` takes depends on `seed`. Labels keep their numbers: `only: [3]` leaves
/// `classCount` as it was.
public struct DatasetSelection: Hashable, Sendable, Codable {
  /// A part of the training samples, or the test split.
  public enum Part: String, Hashable, Sendable, Codable, CaseIterable {
    case train
    case test
    /// One random half of the training samples, to compare real data with real data.
    case firstHalf = "first-half"
    /// The other half.
    case secondHalf = "second-half"
  }

  /// nil: all training samples. Data without a test split of its own has a fifth of each class held out where `train` or
  /// `test` is asked for.
  public var part: Part?
  /// The share of the training samples, of each class alike, that becomes the test split; nil: the files' own test split.
  public var heldOut: Double?
  /// The classes that are kept; empty: all. The test split is filtered too.
  public var only: [Int]
  /// The classes that are left out. The test split is filtered too.
  public var without: [Int]
  /// How many training samples of each class are kept; nil: all. The test split stays whole.
  public var perClass: Int?
  public var seed: UInt64

  /// What is held out where a split is asked for and nothing says how large.
  public static let usualShare = 0.2

  public init(
    part: Part? = nil, heldOut: Double? = nil, only: [Int] = [], without: [Int] = [], perClass: Int? = nil,
    seed: UInt64 = 0
  ) {
    self.part = part
    self.heldOut = heldOut
    self.only = only
    self.without = without
    self.perClass = perClass
    self.seed = seed
  }

  /// Whether nothing is left out.
  public var isWhole: Bool { firstKey == nil }

  /// The data that is left; the data itself where nothing is left out.
  ///
  /// - Throws: `DatasetError` where the data is endless or comes in pairs, has no labels or not such classes, or where
  ///   nothing would be left.
  public func applied(to dataset: any Dataset) throws(DatasetError) -> any Dataset {
    guard let (key, value) = firstKey else { return dataset }
    guard let base = dataset as? any IndexedDataset else {
      throw .invalidParameter(
        dataset: dataset.name, key: key, value: value,
        accepted: "left out, for this is no data that can be divided this way")
    }
    return try DatasetSubset(base, self)
  }

  /// What the selection says first, as a configuration has it.
  private var firstKey: (key: String, value: String)? {
    if let part { return ("split", part.rawValue) }
    if let heldOut { return ("held-out", Parameter.text(heldOut)) }
    if !only.isEmpty { return ("only", Self.text(only)) }
    if !without.isEmpty { return ("without", Self.text(without)) }
    if let perClass { return ("per-class", String(perClass)) }
    return nil
  }

  /// What is said of it in a summary, such as `only 3, 5`.
  var notes: [String] {
    [
      part.map { part in
        switch part {
        case .train: "training split"
        case .test: "test split"
        case .firstHalf: "first half"
        case .secondHalf: "second half"
        }
      },
      heldOut.map { "\(Parameter.text($0)) held out" }, only.isEmpty ? nil : "only \(Self.text(only))",
      without.isEmpty ? nil : "without \(Self.text(without))", perClass.map { "\($0) of each class" },
    ].compactMap { $0 }
  }

  static func text(_ classes: [Int]) -> String { classes.map(String.init).joined(separator: ", ") }
}
