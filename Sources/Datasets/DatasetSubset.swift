/// Some of the samples of finite data, as a selection picks them.
public struct DatasetSubset: IndexedDataset {
  /// Samples of one split of the whole.
  private struct Part: Sendable {
    var split: DatasetSplit
    var samples: [Int]
  }

  public let base: any IndexedDataset
  public let selection: DatasetSelection
  private let training: Part
  private let test: Part

  /// - Throws: `DatasetError` where the selection asks for what the data does not have, or leaves nothing.
  public init(_ base: any IndexedDataset, _ selection: DatasetSelection) throws(DatasetError) {
    self.base = base
    self.selection = selection
    var training = Part(split: .training, samples: Array(0..<base.count(of: .training)))
    var test = Part(split: .test, samples: Array(0..<base.count(of: .test)))
    let isSplit = selection.part == .train || selection.part == .test
    if let share = selection.heldOut ?? (isSplit && test.samples.isEmpty ? DatasetSelection.usualShare : nil) {
      (training, test) = try Self.holdOut(share, of: training, base)
    }
    if selection.part == .test { (training, test) = (test, Part(split: .test, samples: [])) }
    if !selection.only.isEmpty || !selection.without.isEmpty {
      let classes = try Self.classes(selection, base)
      training = try Self.filtered(training, classes, base)
      test = (try? Self.filtered(test, classes, base)) ?? Part(split: .test, samples: [])
    }
    if selection.part == .firstHalf || selection.part == .secondHalf {
      training.samples = Self.half(training.samples, isFirst: selection.part == .firstHalf)
    }
    if let count = selection.perClass { training = try Self.few(count, of: training, base, seed: selection.seed) }
    guard !training.samples.isEmpty else {
      throw .invalidParameter(
        dataset: base.name, key: "data", value: selection.notes.joined(separator: ", "),
        accepted: "a selection that leaves samples of the \(base.count(of: .training))")
    }
    self.training = training
    self.test = test
  }

  public var name: String { base.name }
  public var summary: String {
    "\(name): \(training.samples.count) \(shape) (\(selection.notes.joined(separator: "; ")))"
  }
  public var shape: SampleShape { base.shape }
  public var classCount: Int? { base.classCount }
  public var classNames: [String] { base.classNames }
  public var normalization: Normalization { base.normalization }
  public var isSlow: Bool { base.isSlow }

  public func count(of split: DatasetSplit) -> Int { part(split).samples.count }

  public func label(of sample: Int, in split: DatasetSplit) -> Int32? {
    let part = part(split)
    return part.samples.indices.contains(sample) ? base.label(of: part.samples[sample], in: part.split) : nil
  }

  public func read(
    _ sample: Int, of split: DatasetSplit, into values: UnsafeMutableBufferPointer<Float>
  ) throws(DatasetError) {
    let part = part(split)
    guard part.samples.indices.contains(sample) else { return }
    try base.read(part.samples[sample], of: part.split, into: values)
  }

  private func part(_ split: DatasetSplit) -> Part { split == .training ? training : test }

  // MARK: picking

  /// Separates the uses of one seed.
  private enum Purpose {
    static let heldOut: UInt32 = 0x686F_6C64
    static let half: UInt32 = 0x6861_6C66
    static let few: UInt32 = 0x6665_7773
  }

  /// The samples of each class; all in one where there are no labels.
  private static func groups(_ part: Part, _ base: any IndexedDataset) -> [(label: Int32, samples: [Int])] {
    Dictionary(grouping: part.samples) { base.label(of: $0, in: part.split) ?? 0 }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func holdOut(
    _ share: Double, of part: Part, _ base: any IndexedDataset
  ) throws(DatasetError) -> (training: Part, test: Part) {
    try Parameter.within(share, 0.001...0.9, dataset: base.name, key: "held-out")
    var training = part, test = part
    (training.samples, test.samples) = ([], [])
    for (label, samples) in groups(part, base) {
      let order = Permutation(count: samples.count, seed: 0, epoch: UInt64(label), purpose: Purpose.heldOut)
      let count = Int((share * Double(samples.count)).rounded())
      for place in samples.indices {
        if place < count {
          test.samples.append(samples[order[place]])
        } else {
          training.samples.append(samples[order[place]])
        }
      }
    }
    guard !training.samples.isEmpty, !test.samples.isEmpty else {
      throw .invalidParameter(
        dataset: base.name, key: "held-out", value: Parameter.text(share),
        accepted: "a share of \(part.samples.count) samples that leaves some on either side")
    }
    training.samples.sort()
    test.samples.sort()
    return (training, test)
  }

  private static func classes(
    _ selection: DatasetSelection, _ base: any IndexedDataset
  ) throws(DatasetError) -> Set<Int32> {
    for (key, values) in [("only", selection.only), ("without", selection.without)] where !values.isEmpty {
      guard let classCount = base.classCount else { throw unlabelled(key, DatasetSelection.text(values), base) }
      if let wrong = values.first(where: { !(0..<classCount).contains($0) }) {
        throw .invalidParameter(
          dataset: base.name, key: key, value: String(wrong), accepted: "classes from 0 to \(classCount - 1)")
      }
    }
    let all = Set((0..<Int32(base.classCount ?? 0)))
    let only = selection.only.isEmpty ? all : Set(selection.only.map(Int32.init))
    return only.subtracting(selection.without.map(Int32.init))
  }

  private static func unlabelled(_ key: String, _ value: String, _ base: any IndexedDataset) -> DatasetError {
    .invalidParameter(dataset: base.name, key: key, value: value, accepted: "left out, for the samples have no labels")
  }

  private static func filtered(
    _ part: Part, _ classes: Set<Int32>, _ base: any IndexedDataset
  ) throws(DatasetError) -> Part {
    var part = part
    var kept: [Int] = []
    for sample in part.samples {
      guard let label = base.label(of: sample, in: part.split) else {
        throw unlabelled("only", DatasetSelection.text(classes.map(Int.init).sorted()), base)
      }
      if classes.contains(label) { kept.append(sample) }
    }
    part.samples = kept
    return part
  }

  private static func half(_ samples: [Int], isFirst: Bool) -> [Int] {
    let order = Permutation(count: samples.count, seed: 0, epoch: 0, purpose: Purpose.half)
    let middle = samples.count / 2
    return (isFirst ? 0..<middle : middle..<samples.count).map { samples[order[$0]] }.sorted()
  }

  private static func few(
    _ count: Int, of part: Part, _ base: any IndexedDataset, seed: UInt64
  ) throws(DatasetError) -> Part {
    guard base.classCount != nil, part.samples.allSatisfy({ base.label(of: $0, in: part.split) != nil }) else {
      throw unlabelled("per-class", String(count), base)
    }
    let groups = groups(part, base)
    let smallest = groups.map(\.samples.count).min() ?? 0
    try Parameter.count(count, 1...max(1, smallest), dataset: base.name, key: "per-class")
    var part = part
    part.samples = groups.flatMap { label, samples in
      let order = Permutation(count: samples.count, seed: seed, epoch: UInt64(label), purpose: Purpose.few)
      return (0..<count).map { samples[order[$0]] }
    }.sorted()
    return part
  }
}
