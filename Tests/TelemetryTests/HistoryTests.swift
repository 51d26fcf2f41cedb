import Foundation
import Telemetry
import Testing

@Suite struct HistoryTests {
  /// A value for each step that no formula of the history knows.
  private func value(_ step: Int) -> Double { Double((step &* 7919 + 104729) % 10007) / 100 - 50 }

  private func history(steps: Int, capacity: Int = 64) -> History {
    var history = History(capacity: capacity)
    for step in 0..<steps { history.append(Bucket(step: step, value: value(step))) }
    return history
  }

  @Test func anEmptyHistoryHasNoColumns() {
    let history = History()
    #expect(history.isEmpty)
    #expect(history.last == nil)
    #expect(history.firstStep == nil)
    #expect(history.columns(steps: 0...100, count: 10).isEmpty)
    #expect(history.minimum.isNaN)
  }

  @Test func oneBucketIsOneColumn() {
    var history = History()
    history.append(Bucket(step: 7, value: 3))
    #expect(history.columns(steps: 0...100, count: 10) == [Bucket(step: 7, value: 3)])
    #expect(history.columns(steps: 7...7, count: 1) == [Bucket(step: 7, value: 3)])
    #expect(history.columns(steps: 8...100, count: 10).isEmpty)
    #expect(history.columns(steps: 0...100, count: 0).isEmpty)
    #expect(history.columns(steps: Int.min...Int.max, count: 3).count == 1)
  }

  @Test func shortRunsAreKeptAsTheyCame() {
    let history = history(steps: 50)
    let columns = history.columns(steps: 0...49, count: 50)
    #expect(columns == (0..<50).map { Bucket(step: $0, value: value($0)) })
  }

  @Test(arguments: [1, 2, 63, 64, 65, 1000, 4097, 20000])
  func nothingIsLostOverAnyLength(steps: Int) {
    let history = history(steps: steps)
    for count in [1, 3, 20, 64, 200] {
      let columns = history.columns(steps: 0...(steps - 1), count: count)
      #expect(columns.count <= count)
      #expect(columns.reduce(0) { $0 + $1.count } == steps)
      #expect(columns.first?.firstStep == 0)
      #expect(columns.last?.lastStep == steps - 1)
      #expect(columns.last?.last == value(steps - 1))
      for (column, next) in zip(columns, columns.dropFirst()) { #expect(column.lastStep + 1 == next.firstStep) }
      for column in columns {
        let values = (column.firstStep...column.lastStep).map(value)
        #expect(column.minimum == values.min())
        #expect(column.maximum == values.max())
        #expect(abs(column.sum - values.reduce(0, +)) < 1e-6)
        #expect(column.last == values.last)
      }
    }
    #expect(history.minimum == (0..<steps).map(value).min())
    #expect(history.maximum == (0..<steps).map(value).max())
  }

  @Test func memoryGrowsWithTheLogarithmOnly() {
    let history = history(steps: 100_000, capacity: 64)
    // Eleven halvings from 100,000 to 64, and a few small levels above; half as many at the beginning of each.
    #expect(history.bucketCount <= (64 + 32) * 18)
    #expect(history.columns(steps: 0...99_999, count: 40).count > 15)
  }

  @Test func aSpikeStaysVisibleAtEveryWidth() {
    var history = History(capacity: 64)
    for step in 0..<30_000 { history.append(Bucket(step: step, value: step == 1234 ? 1e6 : 0)) }
    for count in [1, 7, 80, 400] {
      #expect(history.columns(steps: 0...29_999, count: count).contains { $0.maximum == 1e6 })
    }
  }

  @Test func aRecentRangeIsSeenFinely() {
    let history = history(steps: 10_000, capacity: 256)
    let columns = history.columns(steps: 9_950...9_999, count: 50)
    #expect(columns == (9_950..<10_000).map { Bucket(step: $0, value: value($0)) })
    // The past in the middle is as fine as its level.
    let past = history.columns(steps: 5_000...5_999, count: 20)
    #expect(past.count >= 10 && past.count <= 20)
    #expect(past.allSatisfy { $0.lastStep >= 5_000 && $0.firstStep <= 5_999 })
  }

  @Test func nonFiniteValuesAreCountedAndDoNotSpoilExtremes() {
    var history = History(capacity: 16)
    for step in 0..<100 { history.append(Bucket(step: step, value: step % 10 == 3 ? .nan : Double(step))) }
    let columns = history.columns(steps: 0...99, count: 5)
    #expect(columns.reduce(0) { $0 + $1.nonFiniteCount } == 10)
    #expect(columns.allSatisfy { $0.minimum.isFinite && $0.maximum.isFinite && $0.mean.isFinite })
    #expect(history.maximum == 99)
  }

  @Test func stepsThatRunBackwardsForgetWhatCameAfter() {
    var history = history(steps: 1000, capacity: 64)
    history.append(Bucket(step: 400, value: 77))
    #expect(history.lastStep == 400)
    let columns = history.columns(steps: 0...999, count: 100)
    #expect(columns.last?.last == 77)
    #expect(columns.allSatisfy { $0.lastStep <= 400 })
    for step in 401..<1000 { history.append(Bucket(step: step, value: value(step))) }
    #expect(history.columns(steps: 0...999, count: 10).last?.lastStep == 999)
    #expect(history.columns(steps: 0...999, count: 10).reduce(0) { $0 + $1.count } > 900)
  }

  @Test func recentTruncationLosesNothingBeforeIt() {
    var history = history(steps: 1000, capacity: 256)
    history.truncate(after: 949)
    #expect(history.columns(steps: 0...999, count: 8).reduce(0) { $0 + $1.count } == 950)
    for step in 950..<1500 { history.append(Bucket(step: step, value: value(step))) }
    for count in [4, 50, 300] {
      #expect(history.columns(steps: 0...1499, count: count).reduce(0) { $0 + $1.count } == 1500)
    }
    history.truncate(after: -1)
    #expect(history.isEmpty && history.minimum.isNaN)
  }

  @Test func theSameStepMayBeReportedTwice() {
    var history = History()
    history.append(Bucket(step: 5, value: 1))
    history.append(Bucket(step: 5, value: 2))
    #expect(history.columns(steps: 0...9, count: 10).first?.count == 2)
    #expect(history.last?.last == 2)
  }

  @Test func codingKeepsEveryBit() throws {
    var history = history(steps: 777, capacity: 64)
    history.append(Bucket(step: 777, value: .nan))
    history.append(Bucket(step: 778, value: -.infinity))
    var wide = Bucket(step: 779, value: 0.1)
    wide.merge(Bucket(step: 790, value: -0.0))
    history.append(wide)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(history)
    var copy = try JSONDecoder().decode(History.self, from: data)
    // NaN is unequal to itself: compare what is drawn and what is stored.
    #expect(try encoder.encode(copy) == data)
    #expect(copy.bucketCount == history.bucketCount)
    history.append(Bucket(step: 800, value: 4))
    copy.append(Bucket(step: 800, value: 4))
    #expect(try encoder.encode(copy) == encoder.encode(history))
    #expect(data.count < history.bucketCount * 60)
  }

  @Test func damagedBytesAreRefused() throws {
    let data = try JSONEncoder().encode(history(steps: 9))
    let text = String(decoding: data, as: UTF8.self)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var levels = try #require(object["levels"] as? [String])
    let first = try #require(Data(base64Encoded: levels[0]))
    levels[0] = first.dropLast().base64EncodedString()
    var damaged = object
    damaged["levels"] = levels
    let bytes = try JSONSerialization.data(withJSONObject: damaged)
    #expect(throws: HistoryError.truncatedLevel(0)) { try JSONDecoder().decode(History.self, from: bytes) }
    let newer = text.replacingOccurrences(of: "\"version\":1", with: "\"version\":9")
    #expect(throws: HistoryError.unknownVersion(9)) {
      try JSONDecoder().decode(History.self, from: Data(newer.utf8))
    }
    #expect("\(HistoryError.unknownVersion(9))".contains("version 9"))
  }
}
