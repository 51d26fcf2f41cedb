/// Ranks from 1, ascending; equal values share the mean of theirs. Shape as given.
///
/// - Parameter values: finite.
func averageRanks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = Array(repeating: 0.0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
    start = end
  }
  return ranks
}

/// Spearman's rank correlation of two series, -1...1: the correlation coefficient of their ranks, ties with the mean of theirs.
///
/// Reference: C. Spearman, "The proof and measurement of association between two things" (1904).
///
/// - Returns: nil where one series is constant, and so has no order.
/// - Throws: `MeasureError.countMismatch`, `.tooFewPoints` with fewer than 2 values, or `.nonFinite`.
public func rankCorrelation(_ first: [Double], _ second: [Double]) throws(MeasureError) -> Double? {
  guard first.count == second.count else {
    throw .countMismatch(what: "values", expected: first.count, found: second.count)
  }
  guard first.count >= 2 else { throw .tooFewPoints(needed: 2, found: first.count) }
  try requireFinite(first, "values")
  try requireFinite(second, "values")
  // Ranks have the mean (n + 1) / 2 whatever the ties.
  let centre = Double(first.count + 1) / 2
  let x = averageRanks(first).map { $0 - centre }
  let y = averageRanks(second).map { $0 - centre }
  var products = (xx: 0.0, yy: 0.0, xy: 0.0)
  for index in x.indices {
    products.xx += x[index] * x[index]
    products.yy += y[index] * y[index]
    products.xy += x[index] * y[index]
  }
  guard products.xx > 0, products.yy > 0 else { return nil }
  return max(-1, min(1, products.xy / (products.xx * products.yy).squareRoot()))
}

/// The area under the receiver operating characteristic: the probability that a positive scores higher than a negative, ties
/// counted half.
///
///     AUC = (R - n(n + 1)/2) / (n m)
///
/// with R the sum of the ranks of the n positives among all n + m scores (Mann and Whitney's U over n m): 0.5 for scores that
/// tell nothing, 1 for a perfect order.
///
/// Reference: J. A. Hanley, B. J. McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC)
/// curve", Radiology 143 (1982).
///
/// - Parameters:
///   - positives: scores of what is to be found, such as anomalies.
///   - negatives: scores of the others.
/// - Throws: `MeasureError.tooFewPoints` for an empty list, or `.nonFinite`.
public func areaUnderROC(positives: [Double], negatives: [Double]) throws(MeasureError) -> Double {
  guard !positives.isEmpty, !negatives.isEmpty else { throw .tooFewPoints(needed: 1, found: 0) }
  try requireFinite(positives, "scores")
  try requireFinite(negatives, "scores")
  let ranks = averageRanks(positives + negatives)
  let sum = ranks.prefix(positives.count).reduce(0, +)
  let n = Double(positives.count)
  return (sum - n * (n + 1) / 2) / (n * Double(negatives.count))
}
