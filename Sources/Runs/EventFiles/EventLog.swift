import Datasets
import EventFiles
import Foundation
import Models
import Synchronization
import Telemetry

/// A picture of samples for the event files.
struct StoredPicture: Sendable {
  var step: Int
  var image: PixelImage
  /// The bytes of a PNG file.
  var encoded: [UInt8]
}

/// A run's event file, written while it trains, for TensorBoard.
///
/// Of each metric it holds the last value of an interval: one second, and a 3600th of the time trained where that is
/// longer, so that a run's file grows with the logarithm of its length in the end. The history has what lies between.
/// Everything of an interval is one write. Each session writes a file of its own, which begins by saying after which step
/// it goes on: TensorBoard then drops what an earlier session told of later steps.
final class EventLog {
  /// Takes a picture, from any thread; it is written with the next values.
  let keep: @Sendable (StoredPicture) -> Void

  private let folder: RunFolder
  private let pictures = PictureBox()
  private var writer: EventFileWriter?
  /// What the file begins with, until it is written.
  private var opening: [EventRecord]
  private var pending: [MetricID: ScalarPoint] = [:]
  private var ending: EventRecord?
  private var elapsed: Double
  private var lastStep: Int
  private var dueAt: Double
  private var picturedAt: Double
  private var hasFailed = false

  private static let shortestInterval = 1.0
  /// Part of the time trained that lies between two writes.
  private static let share = 1.0 / 3600
  /// The same of pictures, of which TensorBoard shows a few only.
  private static let shortestPictureInterval = 5.0
  private static let pictureShare = 1.0 / 20
  private static let pictureTag = "samples"

  /// Nothing is written before there is something to tell.
  ///
  /// - Parameters:
  ///   - step: that the session begins with.
  ///   - elapsed: seconds of training of earlier sessions.
  init(_ folder: RunFolder, configuration: RunConfiguration, step: Int, elapsed: Double?) {
    self.folder = folder
    self.elapsed = elapsed ?? 0
    picturedAt = elapsed ?? 0
    lastStep = step
    let now = Self.now()
    dueAt = Clock.monotonic() + Self.shortestInterval
    let session = HyperparameterSession.started(configuration.hyperparameterValues, time: now)
    opening = [
      EventRecord(wallTime: now, step: step + 1, content: .start),
      EventRecord(wallTime: now, step: 0, content: .summary([session.summaryValue])),
    ]
    keep = { [pictures] in pictures.put($0) }
  }

  deinit {
    // A run that failed: what it told last is the most telling.
    _ = write()
  }

  /// Takes in what happened, and writes when it is time to.
  ///
  /// - Returns: why the file cannot be written, once; it is tried again later, with the newest values.
  func take(_ event: Event) -> String? {
    switch event {
    case .metrics(let report):
      elapsed = max(elapsed, report.elapsed)
      lastStep = max(lastStep, report.step)
      let now = Self.now()
      for (id, bucket) in report.buckets {
        pending[id] = ScalarPoint(step: bucket.lastStep, wallTime: now, value: bucket.last)
      }
      return Clock.monotonic() >= dueAt ? write() : nil
    case .history(let history) where history.step < lastStep:
      // The run went back.
      pending = pending.filter { $0.value.step <= history.step }
      lastStep = history.step
      opening.append(EventRecord(wallTime: Self.now(), step: history.step + 1, content: .start))
      return write()
    case .state(let state, _):
      switch state {
      case .finished: return end(.success)
      case .failed: return end(.failure)
      case .paused, .stopped: return write()
      case .preparing, .training, .stopping: return nil
      }
    default: return nil
    }
  }

  /// Whether it is time for a picture.
  /// - Parameter elapsed: seconds of training so far.
  func wantsPicture(elapsed: Double) -> Bool {
    guard elapsed - picturedAt >= max(Self.shortestPictureInterval, elapsed * Self.pictureShare) else { return false }
    picturedAt = elapsed
    return true
  }

  private static func now() -> Double { Date().timeIntervalSince1970 }

  /// Says how the run ended; the file of a later session takes it back with its first record.
  private func end(_ status: HyperparameterSession.Status) -> String? {
    let now = Self.now()
    let session = HyperparameterSession.ended(status, time: now)
    ending = EventRecord(wallTime: now, step: 0, content: .summary([session.summaryValue]))
    return write()
  }

  // MARK: writing

  private func write() -> String? {
    dueAt = Clock.monotonic() + max(Self.shortestInterval, elapsed * Self.share)
    let picture = pictures.take()
    guard !pending.isEmpty || picture != nil || ending != nil else { return nil }
    let records = opening + scalars() + (picture.map { [Self.record($0)] } ?? []) + (ending.map { [$0] } ?? [])
    do throws(EventFileError) {
      try open().append(records)
      (opening, pending, ending) = ([], [:], nil)
      hasFailed = false
      return nil
    } catch {
      // A picture that finds no room is gone; of the values the newest are kept.
      defer { hasFailed = true }
      return hasFailed ? nil : "\(error)"
    }
  }

  /// The file, made when it is first written to.
  private func open() throws(EventFileError) -> EventFileWriter {
    if let writer { return writer }
    let made = try EventFileWriter(folder: folder.path, time: Self.now())
    writer = made
    return made
  }

  /// One record a step, in the order of the steps.
  private func scalars() -> [EventRecord] {
    Dictionary(grouping: pending) { $0.value.step }.sorted { $0.key < $1.key }.map { step, points in
      let values = points.sorted { $0.key.rawValue < $1.key.rawValue }.map { id, point in
        SummaryValue(tag: id.rawValue, content: .scalar(Float(point.value)))
      }
      return EventRecord(
        wallTime: points.map(\.value.wallTime).max() ?? 0, step: step, content: .summary(values))
    }
  }

  private static func record(_ picture: StoredPicture) -> EventRecord {
    EventRecord(
      wallTime: now(), step: picture.step,
      content: .summary([SummaryValue(tag: pictureTag, content: .image(SummaryImage(picture)))]))
  }
}

extension SummaryImage {
  init(_ picture: StoredPicture) {
    self.init(
      width: picture.image.width, height: picture.image.height, colorspace: picture.image.channels,
      encoded: picture.encoded)
  }
}

/// The newest picture on its way from the observer's thread to the trainer's.
private final class PictureBox: Sendable {
  private let picture = Mutex<StoredPicture?>(nil)
  func put(_ new: StoredPicture) { picture.withLock { $0 = new } }
  func take() -> StoredPicture? {
    picture.withLock { picture in
      defer { picture = nil }
      return picture
    }
  }
}
