import Foundation
import Telemetry

/// The curves of a run as text for other programs: a line for each bucket that the journal keeps of a metric.
///
/// A bucket holds the exact minimum, maximum, mean and last value of its steps; the newest ones are of a tenth of a second
/// or of one step, older ones wider.
public struct MetricExport {
  public enum Format: String, Sendable, CaseIterable {
    /// A header and a line a bucket. Numbers that are not finite are `nan`, `inf` and `-inf`; what does not exist is empty.
    case csv
    /// A JSON object a line. Numbers that are not finite are the texts `nan`, `inf` and `-inf`; what does not exist is left out.
    case jsonl
  }

  public static let columns = [
    "metric", "first_step", "last_step", "time", "elapsed", "minimum", "maximum", "mean", "last", "count", "not_finite",
  ]

  private let run: RunFolder
  private let journal: JournalReader
  private let metrics: Set<MetricID>?

  /// - Parameter names: which metrics, by name or by the group before the slash; empty for all.
  /// - Throws: `RunStoreError`; `MetricExportError.unknownMetric`.
  public init(_ run: RunFolder, metrics names: [String] = []) throws {
    self.run = run
    guard access(run.journalPath, F_OK) == 0 || errno != ENOENT else {
      throw MetricExportError.noJournal(run: run.name)
    }
    journal = try run.openReader()
    let known = try journal.metrics()
    var chosen: Set<MetricID> = []
    for name in names {
      let found = known.filter { $0.rawValue == name || $0.group == name }
      guard !found.isEmpty else {
        let candidates = known.map(\.rawValue) + Set(known.map(\.group)).subtracting([""]).sorted()
        throw MetricExportError.unknownMetric(
          name, run: run.name, known: known.map(\.rawValue).sorted(),
          suggestion: spellingSuggestion(for: name, among: candidates))
      }
      chosen.formUnion(found)
    }
    metrics = names.isEmpty ? nil : chosen
  }

  /// Calls a closure for what is kept of the metrics, oldest first.
  func forEach(_ body: (JournalReader.Scalar) throws -> Void) throws { try journal.scalars(of: metrics, body) }

  /// Writes the metrics, oldest first.
  /// - Parameter sink: takes the text piece by piece.
  /// - Throws: what the sink throws; `RunStoreError`.
  public func write(as format: Format, to sink: (String) throws -> Void) throws {
    var text = format == .csv ? Self.columns.joined(separator: ",") + "\n" : ""
    var names: [MetricID: String] = [:]
    try journal.scalars(of: metrics) { scalar in
      let name = names[scalar.metric] ?? Self.quoted(scalar.metric.rawValue, for: format)
      names[scalar.metric] = name
      Self.append(scalar, name, format, to: &text)
      guard text.utf8.count > 1 << 16 else { return }
      try sink(text)
      text = ""
    }
    try sink(text)
  }

  /// Writes what happened as JSON lines in the order of time: sessions, states, verdicts, messages, checkpoints, and the
  /// ledger's edits, single steps and data.
  /// - Throws: what the sink throws; `RunStoreError`.
  public func writeEvents(to sink: (String) throws -> Void) throws {
    let encoder = JournalJSON.encoder
    var lines: [(time: Double, line: String)] = []
    func add(_ time: Double, _ value: some Encodable) throws {
      lines.append((time, String(decoding: try encoder.encode(value), as: UTF8.self)))
    }
    for record in try journal.records() { try add(record.time, record) }
    for entry in try journal.ledger() { try add(entry.time, LedgerLine(entry)) }
    for row in try journal.checkpoints() {
      try add(row.time, ExportedCheckpoint(row, path: run.checkpointPath(step: row.step)))
    }
    // Equal times keep their order.
    let sorted = lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    for (_, entry) in sorted { try sink(entry.line + "\n") }
  }

  private static func append(_ scalar: JournalReader.Scalar, _ name: String, _ format: Format, to text: inout String) {
    let bucket = scalar.bucket
    let hasValues = bucket.count > 0
    let numbers: [(String, Double?)] = [
      ("time", scalar.time), ("elapsed", scalar.elapsed), ("minimum", hasValues ? bucket.minimum : nil),
      ("maximum", hasValues ? bucket.maximum : nil), ("mean", hasValues ? bucket.mean : nil), ("last", bucket.last),
    ]
    switch format {
    case .csv:
      text += "\(name),\(bucket.firstStep),\(bucket.lastStep)"
      for (_, value) in numbers { text += "," + (value.map { "\($0)" } ?? "") }
      text += ",\(bucket.count),\(bucket.nonFiniteCount)\n"
    case .jsonl:
      text += "{\"kind\":\"metric\",\"metric\":\(name),\"first_step\":\(bucket.firstStep),\"step\":\(bucket.lastStep)"
      for case (let key, let value?) in numbers {
        text += value.isFinite ? ",\"\(key)\":\(value)" : ",\"\(key)\":\"\(value)\""
      }
      text += ",\"count\":\(bucket.count),\"not_finite\":\(bucket.nonFiniteCount)}\n"
    }
  }

  private static func quoted(_ name: String, for format: Format) -> String {
    switch format {
    case .csv:
      name.contains { ",\"\r\n".contains($0) } ? "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : name
    case .jsonl: (try? JournalJSON.encoder.encode(name)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
  }
}

/// Why a run's metrics cannot be exported.
public enum MetricExportError: Error, Equatable, CustomStringConvertible, ExitCoded {
  case noJournal(run: String)
  case unknownMetric(String, run: String, known: [String], suggestion: String?)

  public var exitCode: Int32 { ExitCode.usage }

  public var description: String {
    switch self {
    case .noJournal(let run): "\(run): has no journal: nothing was recorded of it yet"
    case .unknownMetric(let name, let run, let known, let suggestion):
      "\(run): has no metric \(oneLine(name))"
        + (suggestion.map { "; did you mean \($0)?" }
          ?? (known.isEmpty ? "; none was recorded yet" : "; there are \(listed(known, "and"))"))
    }
  }
}

private struct ExportedCheckpoint: Encodable {
  var time: Double
  var step: Int
  var kind = "checkpoint"
  var path: String
  var ledger: Int?
  var measured: Double?

  init(_ row: JournalReader.CheckpointRow, path: String) {
    (time, step, ledger, measured, self.path) = (row.time, row.step, row.ledger, row.measured, path)
  }
}
