/// Where the classes of points or images from a person's own file are.
public enum LabelSource: Hashable, Sendable, Codable {
  /// A column of the table itself: its number, counted from 1 (-1 is the last), or its name in the header.
  case column(String)
  /// A file with a label for each sample: text with one a line, an NPY array `[count]`, or an IDX file.
  case file(String)

  var column: LabelColumn? {
    if case .column(let text) = self { LabelColumn(text: text) } else { nil }
  }

  /// The labels of a file; nil where they are a column.
  func read(for samples: String, _ count: Int) throws(DatasetError) -> ClassLabels? {
    guard case .file(let file) = self else { return nil }
    let labels = try ClassLabels(file: file)
    guard labels.values.count == count else {
      throw .countMismatch(samples: samples, sampleCount: count, labels: file, labelCount: labels.values.count)
    }
    return labels
  }
}

/// A column of labels, by number or name.
struct LabelColumn {
  let text: String

  /// The place of the column, counted from 0.
  func place(of width: Int, header: [String]?, file: String) throws(DatasetError) -> Int {
    if let header, let place = header.firstIndex(of: text), place < width, width > 1 { return place }
    if let number = Int(text), width > 1 {
      if (1...width).contains(number) { return number - 1 }
      if (-width...(-1)).contains(number) { return width + number }
    }
    let names = header.map { $0.prefix(12).joined(separator: ", ") + ($0.count > 12 ? ", ..." : "") }
    throw missing(in: file, known: width > 1 ? names ?? "1 to \(width)" : "one, which is the points'")
  }

  func missing(in file: String, known: String) -> DatasetError {
    .malformed(file: file, fault: .missingColumn(column: text, known: known))
  }

  /// Takes the column out of an array `[count, dimension]`.
  func split(
    _ values: [Float], dimension: Int, file: String
  ) throws(DatasetError) -> (values: [Float], labels: ClassLabels) {
    let place = try place(of: dimension, header: nil, file: file)
    var rest: [Float] = []
    var column: [Float] = []
    for (index, value) in values.enumerated() {
      if index % dimension == place { column.append(value) } else { rest.append(value) }
    }
    return (rest, try ClassLabels(numbers: column, file: file))
  }
}

/// The class of each sample.
struct ClassLabels: Equatable {
  var values: [Int32]
  /// In the order of the classes; empty where labels are numbers.
  var names: [String] = []

  /// The largest label.
  static let limit = 65_535

  init(values: [Int32], names: [String] = []) {
    self.values = values
    self.names = names
  }

  /// - Throws: `DatasetError` for a number that is no label.
  init(numbers: [Float], file: String) throws(DatasetError) {
    values = []
    for (index, number) in numbers.enumerated() {
      guard let label = Int32(exactly: number), (0...Int32(Self.limit)).contains(label) else {
        throw .malformed(file: file, fault: .labelOutOfRange(index: index, label: String(number)))
      }
      values.append(label)
    }
  }

  /// Reads a file of labels, by what it begins with.
  init(file: String) throws(DatasetError) {
    let start = try ByteReader(file).read(NPY.signature.count)
    if start == NPY.signature {
      let array = try NPY.read(file)
      guard array.shape.count == 1 || array.shape.count == 2 && array.shape[1] == 1 else {
        throw .malformed(
          file: file, fault: .wrongDimensions(format: "NPY", found: array.shape, accepted: "[labels]"))
      }
      try self.init(numbers: array.values, file: file)
    } else if start.count > 3, start[0] == 0, start[1] == 0 {
      self.init(values: try IDX(file: file, ranks: 1...1).bytes.map(Int32.init))
    } else {
      var table = try TextTable(file: file)
      var collector = LabelCollector()
      while let fields = table.next() {
        guard fields.count == 1 else { throw table.wrongFieldCount(fields.count, expected: 1) }
        try collector.add(fields[0], of: table, field: 1)
      }
      self = collector.labels
    }
    guard !values.isEmpty else { throw .malformed(file: file, fault: .empty(what: "labels")) }
  }
}

/// Labels from text: whole numbers where the first is one, else names, whose classes are in alphabetical order.
struct LabelCollector {
  private var numbers: [Int32] = []
  private var names: [String] = []

  mutating func add(_ text: String, of table: TextTable, field: Int) throws(DatasetError) {
    guard !text.isEmpty else {
      throw .malformedLine(file: table.file, line: table.line, fault: .missingLabel(field: field))
    }
    if names.isEmpty, !numbers.isEmpty || Double(text) != nil {
      numbers.append(Int32(try table.integer(text, field: field, 0...ClassLabels.limit)))
    } else {
      names.append(text)
    }
  }

  var labels: ClassLabels {
    guard !names.isEmpty else { return ClassLabels(values: numbers) }
    let classes = Set(names).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(classes, 0...Int32.max))
    return ClassLabels(values: names.map { places[$0] ?? 0 }, names: classes)
  }
}
