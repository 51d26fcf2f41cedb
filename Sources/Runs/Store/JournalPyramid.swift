import Foundation
import GRDB
import Telemetry

/// Metrics of a stretch of steps on their way into the journal: a bucket each, and when.
struct JournalReport {
  /// The last step.
  var step: Int
  /// Seconds since 1970, and seconds of training, at its end.
  var time: Double
  var elapsed: Double
  var buckets: [MetricID: Bucket]

  init(_ report: MetricReport, time: Double) {
    (step, self.time, elapsed, buckets) = (report.step, time, report.elapsed, report.buckets)
  }

  /// Takes in a later report where it is of other metrics.
  /// - Returns: whether it did.
  mutating func takes(_ later: JournalReport) -> Bool {
    guard later.buckets.keys.allSatisfy({ buckets[$0] == nil }) else { return false }
    merge(later)
    return true
  }

  mutating func merge(_ later: JournalReport) {
    (step, time, elapsed) = (max(step, later.step), later.time, max(elapsed, later.elapsed))
    buckets.merge(later.buckets) { earlier, later in
      var merged = earlier
      merged.merge(later)
      return merged
    }
  }

  /// Half as many, each of two.
  static func merged(_ reports: [JournalReport]) -> [JournalReport] {
    stride(from: 0, to: reports.count, by: 2).map { index in
      var report = reports[index]
      if index + 1 < reports.count { report.merge(reports[index + 1]) }
      return report
    }
  }
}

/// A report as it stands in the journal.
struct StoredReport {
  var level: Int
  var number: Int
  var report: JournalReport
}

/// How curves are kept in the journal: `report` and `bucket`, thinned as the run grows.
///
/// Reports are numbered 0, 1, 2, ... Report n of level k stands for those of level 0 from n * 2^k on, 2^k of them. Each
/// level holds the newest `capacity` of its own; two older ones are merged into one of the next level. So all that was
/// reported is there once, finer the newer it is, with every minimum and maximum; the size grows with the logarithm of a
/// run's length. Which pairs are due follows from the number alone.
struct JournalPyramid {
  /// Reports of a level; even.
  static let capacity = 1024
  /// What the longest thinkable run needs.
  static let levels = 40

  private var names: [MetricID: Int] = [:]
  private var nextName = 1
  private var nextReport = 0

  init() {}

  /// Reads where the writer goes on.
  init(_ db: Database) throws {
    var (names, nextName, nextReport) = (names, nextName, nextReport)
    try db.forEachRow("SELECT id, name FROM metric") { row in
      names[MetricID(rawValue: row.text(1))] = row.integer(0)
      nextName = max(nextName, min(row.integer(0), Int.max >> 1) + 1)
    }
    try db.forEachRow("SELECT level, max(number) FROM report GROUP BY level") { row in
      let (level, number) = (row.integer(0), row.integer(1))
      guard (0..<Self.levels).contains(level), (0..<(1 << 20)).contains(number >> (Self.levels - level)) else { return }
      nextReport = max(nextReport, (number + 1) << level)
    }
    (self.names, self.nextName, self.nextReport) = (names, nextName, nextReport)
  }

  /// Appends a report to level 0 and merges what is due.
  mutating func append(_ report: JournalReport, _ db: Database) throws {
    var index = nextReport
    try write(StoredReport(level: 0, number: index, report: report), db)
    nextReport += 1
    var level = 0
    while !index.isMultiple(of: 2), level + 1 < Self.levels {
      let first = index - 1 - Self.capacity
      guard first >= 0 else { break }
      try mergePair(level: level, first: first, db)
      level += 1
      index = first / 2
    }
  }

  private func mergePair(level: Int, first: Int, _ db: Database) throws {
    var buckets: [Int: Bucket] = [:]
    try db.forEachRow(Self.pair, [level, first, first + 1]) { row in
      guard let (metric, bucket) = Self.bucket(row) else { return }
      if buckets[metric] == nil { buckets[metric] = bucket } else { buckets[metric]?.merge(bucket) }
    }
    var (step, time, elapsed, isThere) = (0, 0.0, 0.0, false)
    try db.forEachRow(
      "SELECT step, time, elapsed FROM report WHERE level = ? AND number IN (?, ?) ORDER BY number",
      [level, first, first + 1]
    ) { row in
      (step, time, elapsed, isThere) = (max(step, row.integer(0)), row.number(1), row.number(2), true)
    }
    guard isThere else { return }
    try db.run("DELETE FROM bucket WHERE level = ? AND report IN (?, ?)", [level, first, first + 1])
    try db.run("DELETE FROM report WHERE level = ? AND number IN (?, ?)", [level, first, first + 1])
    try Self.write(level: level + 1, number: first / 2, step: step, time: time, elapsed: elapsed, buckets, db)
  }

  private mutating func write(_ stored: StoredReport, _ db: Database) throws {
    var buckets: [Int: Bucket] = [:]
    for (id, bucket) in stored.report.buckets { buckets[try number(of: id, db)] = bucket }
    let report = stored.report
    try Self.write(
      level: stored.level, number: stored.number, step: report.step, time: report.time, elapsed: report.elapsed,
      buckets, db)
  }

  private mutating func number(of id: MetricID, _ db: Database) throws -> Int {
    if let known = names[id] { return known }
    let number = nextName
    try db.run("INSERT INTO metric VALUES (?, ?)", [number, id.rawValue])
    names[id] = number
    nextName += 1
    return number
  }

  private static func write(
    level: Int, number: Int, step: Int, time: Double, elapsed: Double, _ buckets: [Int: Bucket], _ db: Database
  ) throws {
    try db.run("INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?, ?)", [level, number, step, time, elapsed])
    for (metric, bucket) in buckets.sorted(by: { $0.key < $1.key }) {
      // SQLite takes NaN for NULL.
      try db.run(
        "INSERT OR REPLACE INTO bucket VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          level, number, metric, bucket.firstStep, bucket.lastStep, bucket.minimum, bucket.maximum, bucket.last,
          bucket.sum, bucket.count, bucket.nonFiniteCount,
        ])
    }
  }

  /// Forgets what reaches beyond a step.
  static func truncate(after step: Int, _ db: Database) throws {
    try db.run("DELETE FROM bucket WHERE last_step > ?", [step])
    try db.run(
      """
      DELETE FROM report WHERE NOT EXISTS
        (SELECT 1 FROM bucket WHERE bucket.level = report.level AND bucket.report = report.number)
      """)
    try db.run("UPDATE report SET step = ? WHERE step > ?", [step, step])
  }

  // MARK: Reading

  private static let columns =
    "metric, first_step, last_step, minimum, maximum, final, sum, count, not_finite, report"
  private static let pair = "SELECT \(columns) FROM bucket WHERE level = ? AND report IN (?, ?) ORDER BY report"

  /// Steps and counts beyond these are damage.
  private static let steps = 0...(1 << 50)
  private static let counts = 0...(1 << 40)

  private static func bucket(_ row: JournalRow) -> (metric: Int, bucket: Bucket)? {
    let (first, last, count, notFinite) = (row.integer(1), row.integer(2), row.integer(7), row.integer(8))
    guard steps.contains(first), steps.contains(last), first <= last, counts.contains(count), counts.contains(notFinite)
    else { return nil }
    var bucket = Bucket(step: first, value: row.number(5))
    bucket.lastStep = last
    (bucket.minimum, bucket.maximum) = count > 0 ? (row.number(3), row.number(4)) : (.nan, .nan)
    guard count == 0 || (bucket.minimum.isFinite && bucket.maximum.isFinite && bucket.minimum <= bucket.maximum) else {
      return nil
    }
    (bucket.sum, bucket.count, bucket.nonFiniteCount) = (row.number(6), count, notFinite)
    return (row.integer(0), bucket)
  }

  /// Calls a closure for each report, oldest first; buckets that make no sense are left out.
  static func forEachReport(
    of wanted: Set<MetricID>? = nil, _ db: Database, _ body: (StoredReport) throws -> Void
  ) throws {
    var names: [Int: MetricID] = [:]
    try db.forEachRow("SELECT id, name FROM metric") { row in
      let id = MetricID(rawValue: row.text(1))
      if wanted?.contains(id) ?? true { names[row.integer(0)] = id }
    }
    var top = -1
    try db.forEachRow("SELECT max(level) FROM report") { top = min($0.isNull(0) ? -1 : $0.integer(0), levels - 1) }
    for level in stride(from: top, through: 0, by: -1) {
      var current: StoredReport?
      try db.forEachRow(
        """
        SELECT \(columns), report.step, report.time, report.elapsed FROM bucket
          JOIN report ON report.level = bucket.level AND report.number = bucket.report
        WHERE bucket.level = ? ORDER BY bucket.report
        """, [level]
      ) { row in
        guard let (metric, bucket) = bucket(row), let id = names[metric] else { return }
        let number = row.integer(9)
        if let open = current, open.number != number {
          try body(open)
          current = nil
        }
        if current == nil {
          let report = MetricReport(
            step: steps.contains(row.integer(10)) ? row.integer(10) : bucket.lastStep, elapsed: row.number(12),
            buckets: [:])
          current = StoredReport(level: level, number: number, report: JournalReport(report, time: row.number(11)))
        }
        current?.report.buckets[id] = bucket
      }
      if let current { try body(current) }
    }
  }
}
