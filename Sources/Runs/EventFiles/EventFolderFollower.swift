import Datasets
import EventFiles
import Foundation
import Telemetry

/// A folder of event files that another program writes, as a run that can only be watched.
///
/// Tags are metrics, pictures are panels. Tags of files in folders below begin with the folder's path.
public struct EventFolderFollower: Sendable {
  /// What was read so far.
  public private(set) var history = RunHistory()
  /// Whether there is more to be read at once.
  public private(set) var isBehind = false
  private var reader: EventFolderReader
  private let name: String
  private var firstTime: Double?
  private var hasDescribed = false
  private var hasWaited = false
  private var pictures: Set<String> = []
  private var refusedPictures: Set<String> = []
  private var hyperparameters: [String: [String: HyperparameterSession.Value]] = [:]

  /// Few values are told step by step, more all at once.
  private static let reportLimit = 2048
  /// The bytes that a poll reads, so that a key never waits for long.
  private static let readLimit = 1 << 23
  private static let pictureLimit = 32
  private static let pixelLimit = 1 << 22

  /// Nothing is read yet.
  /// - Parameter folder: an absolute path.
  public init(folder: String) {
    reader = EventFolderReader(folder: folder)
    name = URL(fileURLWithPath: folder).lastPathComponent
  }

  /// Whether a folder, or one below it, has event files.
  public static func hasEventFiles(_ folder: String) -> Bool {
    var reader = EventFolderReader(folder: folder)
    // Nothing is read: only the files are found.
    _ = reader.read(limit: 0)
    return reader.fileCount > 0
  }

  /// Reads what is new, and tells of it as a trainer would.
  public mutating func poll() -> [Event] {
    let increment = reader.read(limit: Self.readLimit)
    isBehind = increment.isBehind
    var events: [Event] = []
    let isFirst = !hasDescribed
    hyperparameters.merge(increment.hyperparameters) { _, new in new }
    if isFirst || !increment.hyperparameters.isEmpty {
      hasDescribed = true
      events.append(.described(description))
    }
    events += scalars(increment)
    if isFirst || increment.restarts[""] != nil { events.append(.state(.training, step: history.step)) }
    for (tag, point) in increment.images.sorted(by: { $0.key < $1.key }) { events += picture(tag, point) }
    for problem in increment.problems { events.append(message(.warning, "\(problem)")) }
    if reader.fileCount == 0, increment.problems.isEmpty, !hasWaited {
      hasWaited = true
      events.append(message(.warning, "\(reader.folder): has no event files yet; waiting for them"))
    }
    // Only the folder's own run says how it ended: those below may be others.
    switch increment.endings[""] {
    case .success: events.append(.state(.finished, step: history.step))
    case .failure: events.append(.state(.failed(message: "says its event file"), step: history.step))
    case .unknown, .running, nil: break
    }
    return events
  }

  private func message(_ level: LogMessage.Level, _ text: String) -> Event {
    .message(LogMessage(level: level, text: text), step: history.step)
  }

  private var description: RunDescription {
    RunDescription(
      name: name, folder: reader.folder, seed: 0, summary: summary, totalSteps: 0, players: [], metrics: [],
      hyperparameters: [], modes: nil)
  }

  private static let summaryLimit = 40

  /// Hyperparameters, a line each.
  private var summary: [String] {
    let lines = hyperparameters.sorted { $0.key < $1.key }.flatMap { run, values in
      values.sorted { $0.key < $1.key }.map { name, value in
        let text =
          switch value {
          case .number(let number): "\(number)"
          case .flag(let flag): "\(flag)"
          case .text(let text): oneLine(text)
          }
        return "\(oneLine(EventIncrement.tag(name, run: run))) = \(text)"
      }
    }
    return Array(lines.prefix(Self.summaryLimit))
  }

  // MARK: scalars

  private mutating func scalars(_ increment: EventIncrement) -> [Event] {
    for (run, step) in increment.restarts {
      history.truncate(after: step - 1) { run.isEmpty || $0.rawValue.hasPrefix(run + "/") }
    }
    guard !increment.scalars.isEmpty || !increment.restarts.isEmpty else { return [] }
    let first = increment.scalars.values.compactMap { $0.first?.wallTime }.min()
    firstTime = firstTime ?? first
    if increment.restarts.isEmpty, increment.count <= Self.reportLimit, !increment.goesBack {
      let reports = self.reports(increment.scalars)
      for report in reports { history.take(.metrics(report)) }
      return reports.map(Event.metrics)
    }
    for (tag, points) in increment.scalars {
      let id = MetricID(rawValue: tag)
      for point in points {
        history.take(.metrics(report(point, buckets: [id: Bucket(step: point.step, value: point.value)])))
      }
    }
    return [.history(history)]
  }

  /// A report for each step, in their order.
  private func reports(_ scalars: [String: [ScalarPoint]]) -> [MetricReport] {
    var reports: [Int: MetricReport] = [:]
    for (tag, points) in scalars {
      let id = MetricID(rawValue: tag)
      for point in points {
        var report = reports[point.step] ?? self.report(point, buckets: [:])
        let bucket = Bucket(step: point.step, value: point.value)
        // A program that never says a step says zero each time.
        if report.buckets[id]?.merge(bucket) == nil { report.buckets[id] = bucket }
        reports[point.step] = report
      }
    }
    return reports.values.sorted { $0.step < $1.step }
  }

  private func report(_ point: ScalarPoint, buckets: [MetricID: Bucket]) -> MetricReport {
    MetricReport(step: point.step, elapsed: max(0, point.wallTime - (firstTime ?? point.wallTime)), buckets: buckets)
  }

  // MARK: pictures

  private mutating func picture(_ tag: String, _ point: ImagePoint) -> [Event] {
    guard pictures.contains(tag) || pictures.count < Self.pictureLimit else { return [] }
    do {
      let image = try PNG.image(of: point.image.encoded, name: oneLine(tag), limit: Self.pixelLimit)
      pictures.insert(tag)
      let grid = ImageGrid(
        count: 1, width: image.width, height: image.height, channels: image.channels, pixels: image.pixels)
      return [.panel(Panel(id: tag, title: oneLine(tag), step: point.step, content: .images(grid)))]
    } catch {
      guard refusedPictures.count < Self.pictureLimit, refusedPictures.insert(tag).inserted else { return [] }
      return [message(.warning, "\(error)")]
    }
  }
}

extension EventIncrement {
  /// Whether a tag's steps do.
  fileprivate var goesBack: Bool {
    scalars.values.contains { points in zip(points, points.dropFirst()).contains { $1.step < $0.step } }
  }
}
