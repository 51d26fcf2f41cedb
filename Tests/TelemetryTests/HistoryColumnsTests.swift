import Foundation
import Testing

@testable import Telemetry

/// The beginning of a run, which a logarithmic axis shows in as much room as all the rest.
@Suite struct HistoryColumnsTests {
  private func value(_ step: Int) -> Double { Double((step &* 7919 + 104729) % 10007) / 100 - 50 }

  private func history(steps: Int, capacity: Int = 64) -> History {
    var history = History(capacity: capacity)
    for step in 0..<steps { history.append(Bucket(step: step, value: value(step))) }
    return history
  }

  @Test func theBeginningStaysFineHoweverLongTheRunIs() {
    let history = history(steps: 100_000)
    // The head of each level holds the first 32 of its buckets.
    for (last, width) in [(15, 1), (31, 1), (63, 2), (255, 8), (1023, 32)] {
      let columns = history.columns(steps: 0...last, count: 64)
      #expect(columns.first?.firstStep == 0)
      #expect(columns.reduce(0) { $0 + $1.count } >= last + 1)
      #expect(columns.allSatisfy { $0.lastStep - $0.firstStep + 1 <= width }, "\(last)")
      for column in columns {
        let values = (column.firstStep...column.lastStep).map(value)
        #expect(column.minimum == values.min() && column.maximum == values.max())
      }
    }
  }

  @Test func headsForgetWhatIsGone() {
    var history = history(steps: 20_000)
    history.truncate(after: 9)
    for step in 10..<20_000 { history.append(Bucket(step: step, value: -value(step))) }
    let columns = history.columns(steps: 0...31, count: 32)
    #expect(columns.allSatisfy { $0.firstStep < 10 || $0.maximum <= 50 })
    for column in columns where column.firstStep >= 10 {
      #expect(column.minimum == (column.firstStep...column.lastStep).map { -value($0) }.min())
    }
    #expect(history.columns(steps: 0...19_999, count: 50).reduce(0) { $0 + $1.count } == 20_000)
  }

  @Test func headsAreStored() throws {
    let history = history(steps: 5_000)
    let copy = try JSONDecoder().decode(History.self, from: JSONEncoder().encode(history))
    #expect(copy == history)
    #expect(copy.columns(steps: 0...31, count: 32) == history.columns(steps: 0...31, count: 32))
  }

  @Test func historiesOfBeforeThereWereHeadsAreRead() throws {
    let history = history(steps: 5_000)
    let data = try JSONEncoder().encode(history)
    var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    object["heads"] = nil
    var copy = try JSONDecoder().decode(History.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(copy.columns(steps: 0...4_999, count: 40) == history.columns(steps: 0...4_999, count: 40))
    // What they forgot does not come back, and nothing else takes its place.
    for step in 5_000..<6_000 { copy.append(Bucket(step: step, value: value(step))) }
    let columns = copy.columns(steps: 0...99, count: 50)
    #expect(columns.first?.firstStep == 0)
    #expect(columns.reduce(0) { $0 + $1.count } >= 100)
    copy.truncate(after: 4_000)
    copy.append(Bucket(step: 4_001, value: 1))
    #expect(copy.columns(steps: 0...4_001, count: 20).first?.firstStep == 0)
  }

  @Test func columnsAreAppendedBehindOthers() {
    let history = history(steps: 1_000)
    var columns = [Bucket(step: -1, value: 0)]
    history.appendColumns(steps: 0...999, count: 10, to: &columns)
    #expect(columns.count == 11 && columns[0].firstStep == -1)
    #expect(Array(columns.dropFirst()) == history.columns(steps: 0...999, count: 10))
  }
}
