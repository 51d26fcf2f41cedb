/// The candidate that a misspelled word most likely meant: the nearest one within a third of its length.
///
/// Distance is Damerau's with adjacent transpositions (optimal string alignment).
func spellingSuggestion(for word: String, among candidates: [String]) -> String? {
  let written = Array(word.lowercased().prefix(64))
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let distance = alignmentDistance(written, Array(candidate.lowercased()))
    guard distance <= max(1, min(written.count, candidate.count) / 3) else { continue }
    if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
  }
  return best?.candidate
}

private func alignmentDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforePrevious = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var current = [i + 1]
    for (j, y) in b.enumerated() {
      var distance = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (x == y ? 0 : 1))
      if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { distance = min(distance, beforePrevious[j - 1] + 1) }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
