import Testing

@testable import Measures

@Suite struct AssignmentTests {
  @Test func equalsSciPy() throws {
    var draws = CounterGenerator(seed: 11)
    for ((rows, columns), expected) in zip([(6, 6), (4, 9), (9, 4), (30, 30)], ReferenceNumbers.assignments) {
      let table = (0..<rows).map { _ in (0..<columns).map { _ in draws.uniform() } }
      let found = try Assignment(maximizing: table)
      #expect(abs(found.sum - expected) < 1e-9)
      let used = found.columns.compactMap { $0 }
      #expect(used.count == min(rows, columns) && Set(used).count == used.count)
    }
  }

  @Test func categoriesFindTheirClasses() throws {
    // Each row's own greatest is column 0; together it goes to the row that loses most without it.
    #expect(try Assignment(maximizing: [[9, 8], [9, 1]]).columns == [1, 0])
    #expect(try Assignment(maximizing: [[1, 2, 3]]).columns == [2])
    #expect(try Assignment(maximizing: [[1], [5], [2]]).columns == [nil, 0, nil])
  }

  @Test func wrongTablesAreRefused() {
    #expect(throws: MeasureError.countNotPositive(what: "columns", value: 0)) { try Assignment(maximizing: []) }
    #expect(throws: MeasureError.countMismatch(what: "columns", expected: 2, found: 1)) {
      try Assignment(maximizing: [[1, 2], [3]])
    }
    #expect(throws: MeasureError.nonFinite(what: "values", count: 1)) { try Assignment(maximizing: [[1, .nan]]) }
  }
}
