/// A text table of numbers, a point a line, with or without a column of labels.
struct PointTable {
  /// Row by row, without the labels.
  private(set) var values: [Float] = []
  private(set) var dimension = 0
  private(set) var labels: ClassLabels?

  var count: Int { dimension > 0 ? values.count / dimension : 0 }

  /// - Parameter column: where labels are; nil: there are none.
  /// - Throws: `DatasetError` with the file and, where it is one line's fault, the line.
  init(_ file: String, labels column: LabelColumn?) throws(DatasetError) {
    var table = try TextTable(file: file)
    var collector = LabelCollector()
    var header: [String]?
    var width: Int?
    var labelPlace: Int?
    var isFirst = true
    while let fields = table.next() {
      defer { isFirst = false }
      if isFirst, fields.allSatisfy({ Double($0.replacing(",", with: ".")) == nil }) {
        header = fields
        continue
      }
      if let width {
        guard fields.count == width else { throw table.wrongFieldCount(fields.count, expected: width) }
      } else {
        guard fields.count <= PointsFile.columns else {
          throw table.wrongFieldCount(fields.count, expected: PointsFile.columns)
        }
        width = fields.count
        labelPlace = try column.map { column throws(DatasetError) in
          try column.place(of: fields.count, header: header, file: file)
        }
      }
      for (index, field) in fields.enumerated() {
        if index == labelPlace {
          try collector.add(field, of: table, field: index + 1)
          continue
        }
        let value = Float(try table.number(field, field: index + 1))
        guard value.isFinite else {
          throw .malformedLine(
            file: file, line: table.line,
            fault: .outOfRange(field: index + 1, text: field, accepted: "below 3.4e38 in magnitude"))
        }
        values.append(value)
      }
    }
    guard let width, !values.isEmpty else { throw .malformed(file: file, fault: .empty(what: "points")) }
    dimension = labelPlace == nil ? width : width - 1
    labels = labelPlace == nil ? nil : collector.labels
  }
}
