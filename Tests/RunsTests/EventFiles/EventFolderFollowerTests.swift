import Datasets
import EventFiles
import Foundation
import Telemetry
import Testing

@testable import Runs

@Suite struct EventFolderFollowerTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func record(_ step: Int, _ tag: String, _ content: SummaryValue.Content) -> EventRecord {
    EventRecord(
      wallTime: 1000 + Double(step), step: step, content: .summary([SummaryValue(tag: tag, content: content)]))
  }

  private func scalars(_ steps: some Sequence<Int>, _ tag: String = "Loss/train") -> [EventRecord] {
    steps.map { record($0, tag, .scalar(Float($0))) }
  }

  @Test func scalarsBecomeAHistoryThatGoesOn() throws {
    let writer = try EventFileWriter(folder: folder.path, time: 1)
    try writer.append(scalars(0..<3))
    var follower = EventFolderFollower(folder: folder.path)
    var seen = RunHistory()
    let first = follower.poll()
    for event in first { seen.take(event) }
    guard case .described(let description)? = first.first else {
      Issue.record("no description")
      return
    }
    #expect(description.folder == folder.path && description.totalSteps == 0)
    #expect(first.last == .state(.training, step: 2))
    #expect(seen == follower.history && seen.step == 2 && seen.elapsed == 2)
    #expect(follower.poll() == [])
    try writer.append(scalars(3..<5) + scalars(4..<5, "Loss/test"))
    let second = follower.poll()
    #expect(second.count == 2)
    for event in second { seen.take(event) }
    #expect(seen == follower.history)
    #expect(seen["Loss/train"].columns(steps: 0...4, count: 5).map(\.last) == [0, 1, 2, 3, 4])
    #expect(seen["Loss/test"].last?.last == 4)
  }

  @Test func aRestartAndStepsThatGoBackAreToldAsAWhole() throws {
    let writer = try EventFileWriter(folder: folder.path, time: 1)
    let other = try EventFileWriter(folder: try below("b"), time: 1)
    try writer.append(scalars(0..<10))
    try other.append(scalars(0..<10))
    var follower = EventFolderFollower(folder: folder.path)
    _ = follower.poll()
    try other.append([EventRecord(wallTime: 0, step: 4, content: .start)] + scalars(4..<6))
    #expect(follower.poll() == [.history(follower.history)])
    #expect(follower.history["Loss/train"].lastStep == 9)
    #expect(follower.history["b/Loss/train"].lastStep == 5)
    try writer.append(scalars([10, 11, 2, 3]))
    #expect(follower.poll() == [.history(follower.history)])
    #expect(follower.history["Loss/train"].columns(steps: 0...11, count: 12).map(\.last) == [0, 1, 2, 3])
  }

  private func below(_ name: String) throws -> String {
    let path = "\(folder.path)/\(name)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test func manyValuesAreToldAtOnce() throws {
    let writer = try EventFileWriter(folder: folder.path, time: 1)
    try writer.append(scalars(0..<10_000))
    var follower = EventFolderFollower(folder: folder.path)
    let events = follower.poll()
    #expect(events.contains(.history(follower.history)) && events.count == 3)
    #expect(follower.history["Loss/train"].lastStep == 9999)
    #expect(follower.history["Loss/train"].maximum == 9999)
  }

  @Test func picturesBecomePanels() throws {
    let picture = try #require(PixelImage(width: 2, height: 1, channels: 3, pixels: [1, 2, 3, 250, 251, 252]))
    let gray = try #require(PixelImage(width: 1, height: 2, channels: 1, pixels: [7, 9]))
    func image(_ image: PixelImage) throws -> SummaryValue.Content {
      .image(SummaryImage(StoredPicture(step: 0, image: image, encoded: try PNG.bytes(of: image))))
    }
    let writer = try EventFileWriter(folder: folder.path, time: 1)
    try writer.append([
      record(1, "a", try image(picture)), record(2, "b", try image(gray)),
      record(3, "c", .image(SummaryImage(width: 1, height: 1, colorspace: 3, encoded: [1, 2, 3]))),
    ])
    var follower = EventFolderFollower(folder: folder.path)
    let events = follower.poll()
    let panels = events.compactMap { event -> ImageGrid? in
      if case .panel(let panel) = event, case .images(let grid) = panel.content { grid } else { nil }
    }
    #expect(
      panels == [
        ImageGrid(count: 1, width: 2, height: 1, channels: 3, pixels: picture.pixels),
        ImageGrid(count: 1, width: 1, height: 2, channels: 1, pixels: gray.pixels),
      ])
    let messages = events.count { if case .message = $0 { true } else { false } }
    #expect(messages == 1)
  }

  @Test func whatIsWrongIsSaidOnce() throws {
    var follower = EventFolderFollower(folder: folder.path)
    let first = follower.poll()
    #expect(
      first.last
        == .message(
          LogMessage(level: .warning, text: "\(folder.path): has no event files yet; waiting for them"), step: 0))
    #expect(follower.poll() == [])
    try folder.write("x.tfevents", String(repeating: "rubbish ", count: 10))
    guard case .message(let message, _)? = follower.poll().first else {
      Issue.record("no message")
      return
    }
    #expect(message.text.hasSuffix("is no event file, or is damaged at its beginning; it is passed over"))
    #expect(follower.poll() == [])
  }

  @Test func anEndedRunIsOver() throws {
    let writer = try EventFileWriter(folder: folder.path, time: 1)
    let session = HyperparameterSession.started(["rate": .number(0.5)], time: 1)
    try writer.append(
      scalars(0..<3) + [EventRecord(wallTime: 1, step: 0, content: .summary([session.summaryValue]))])
    var follower = EventFolderFollower(folder: folder.path)
    guard case .described(let description)? = follower.poll().first else {
      Issue.record("no description")
      return
    }
    #expect(description.summary == ["rate = 0.5"])
    let end = HyperparameterSession.ended(.success, time: 2)
    try writer.append([EventRecord(wallTime: 1, step: 0, content: .summary([end.summaryValue]))])
    #expect(follower.poll() == [.state(.finished, step: 2)])
    // It is given more steps.
    try writer.append([EventRecord(wallTime: 1, step: 3, content: .start)] + scalars(3..<4))
    #expect(follower.poll() == [.history(follower.history), .state(.training, step: 3)])
  }
}
