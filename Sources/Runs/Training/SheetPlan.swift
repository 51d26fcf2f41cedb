/// What a sheet is made of: latents with their classes, or samples that are there already.
struct SheetPlan {
  var title: String
  /// That of the weights, where these are not the newest.
  var step: Int?
  var columns = SheetMaker.columns
  var latents: [Float] = []
  var classes: [Int32] = []
  var samples: [Float]?
  var rowLabels: [String]?
  var columnLabels: [String]?
  var labels: [String] = []
}

extension SheetPlan {
  /// Images, and below each what belongs to it with the label of the two.
  ///
  /// - Parameters:
  ///   - upper: `[labels] + sample`, as `lower`.
  ///   - names: of the rows of `upper` and of those of `lower`.
  ///   - size: values of a sample.
  init(_ title: String, _ upper: [Float], over lower: [Float], labels: [String], names: (String, String), size: Int) {
    self.init(title: title)
    var (sheet, rows): ([Float], [String]) = ([], [])
    for start in stride(from: 0, to: labels.count, by: columns) {
      let end = min(start + columns, labels.count)
      let missing = start + columns - end
      let blank = [Float](repeating: -1, count: missing * size)
      sheet += upper[start * size..<end * size] + blank + lower[start * size..<end * size] + blank
      self.labels += Array(repeating: "", count: columns)
      self.labels += labels[start..<end] + Array(repeating: "", count: missing)
      rows += [names.0, names.1]
    }
    samples = sheet
    rowLabels = rows
  }
}
