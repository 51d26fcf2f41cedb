import Datasets
import Execution
import Measures
import Models
import Tensors

/// Measures of InfoGAN's code, whose categories nobody has named.
extension Measurer {
  /// The class of each category: one to one, so that the judge's readings of the samples agree most often; what is left
  /// over where there are more categories than classes is what most of its samples are.
  func namesOfCategories() throws -> [Int32] {
    let categories = try generated().categories ?? []
    return try Self.names(
      of: categories.map(Int.init), as: try judgement().predictions, categories: subject.categories,
      classes: dataset.classCount ?? 1)
  }

  /// The class of each category, from pairs of a category and a class.
  static func names(of categories: [Int], as classes: [Int], categories count: Int, classes classCount: Int) throws
    -> [Int32]
  {
    var table = Array(repeating: [Double](repeating: 0, count: max(1, classCount)), count: max(1, count))
    for (category, found) in zip(categories, classes)
    where table.indices.contains(category) && table[category].indices.contains(found) {
      table[category][found] += 1
    }
    let assignment = try Assignment(maximizing: table)
    return zip(table, assignment.columns).map { row, column in
      Int32(column ?? row.indices.max { row[$0] < row[$1] } ?? 0)
    }
  }

  /// How well the category that the discriminator reads tells the class of data it has not learnt.
  ///
  /// Categories are named one to one by the labels of training samples; the test set's labels are not looked at before.
  ///
  /// Reference: [Chen et al. 2016](https://arxiv.org/abs/1606.03657), section 7.2.
  func codeAccuracyLines() throws -> [MeasureLine] {
    guard let run = subject.run, let indexed = dataset as? any IndexedDataset, let classes = dataset.classCount else {
      return []
    }
    let learnt = try indexed.samples(of: .training, count: parameters.count, seed: parameters.seed)
    let names = try Self.names(
      of: try run.categories(of: learnt.values), as: (learnt.labels ?? []).map(Int.init),
      categories: subject.categories,
      classes: classes)
    let test = try dataset.evaluationSamples(count: 10_000, seed: parameters.seed)
    let read = try run.categories(of: test.values)
    let right = zip(read, test.labels ?? []).count { names.indices.contains($0) && names[$0] == $1 }
    let accuracy = read.isEmpty ? Double.nan : Double(right) / Double(read.count)
    return [
      MeasureLine(
        "accuracy", title: "accuracy of the code's category", .number(accuracy),
        note: "n \(read.count) \(real.testName), categories named by \(learnt.count) training samples"),
      MeasureLine("error", title: "  error", .number(1 - accuracy)),
      MeasureLine("classes", title: "  class of each category", .list(names.map { .integer(Int($0)) })),
    ]
  }
}

extension RunSampler {
  /// The category that the discriminator reads in each of the samples `[count, ...]`, normalized.
  func categories(of values: [Float]) throws -> [Int] {
    guard let coder = system.coder, system.latents.categories > 0 else { return [] }
    let rows = 256
    let program = try compiled(coder(rows))
    let size = dataset.shape.size
    let points = program.input(ProgramPort.points)
    var result: [Int] = []
    for first in stride(from: 0, to: values.count / max(1, size), by: rows) {
      let count = min(rows, values.count / size - first)
      for index in points.indices { points[index] = index < count * size ? values[first * size + index] : 0 }
      program.run(counter: 0, substep: 0)
      let codes = try program.outputElements(ProgramPort.codes)
      for row in 0..<count {
        let logits = codes[row * system.latents.codeCount..<row * system.latents.codeCount + system.latents.categories]
        let best = logits.indices.max { logits[$0] < logits[$1] } ?? logits.startIndex
        result.append(best - logits.startIndex)
      }
    }
    return result
  }
}
