import Foundation
import Testing

@testable import EventFiles

@Suite struct ReaderTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let name = "events.out.tfevents.1.host.1"

  private func scalars(_ steps: Range<Int>, tag: String = "loss") -> [UInt8] {
    EncodingTests.bytes(
      steps.map { step in
        EventRecord(
          wallTime: Double(step), step: step, content: .summary([SummaryValue(tag: tag, content: .scalar(Float(step)))])
        )
      })
  }

  private func start(at step: Int) -> [UInt8] {
    EncodingTests.bytes([EventRecord(wallTime: 0, step: step, content: .start)])
  }

  private func points(_ steps: some Sequence<Int>) -> [ScalarPoint] {
    steps.map { ScalarPoint(step: $0, wallTime: Double($0), value: Double($0)) }
  }

  /// Numbers as TensorBoard's own reader finds them (scripts/parity/make_events.py).
  @Test func readsWhatPyTorchWrites() throws {
    var reader = EventFolderReader(folder: resource("torch").path)
    let found = reader.read()
    let expected = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: resource("torch.json"))) as? [String: [[Any]]])
    #expect(Set(found.scalars.keys) == Set(expected.keys))
    for (tag, rows) in expected {
      let points = found.scalars[tag] ?? []
      #expect(points.map(\.step) == rows.map { $0[0] as? Int ?? -1 }, "\(tag)")
      #expect(points.map(\.wallTime) == rows.map { Double($0[1] as? String ?? "") ?? -1 }, "\(tag)")
      let values = rows.map { Double($0[2] as? String ?? "") ?? -1 }
      #expect(points.map(\.value.bitPattern) == values.map(\.bitPattern), "\(tag)")
    }
    #expect(found.restarts == ["": 30])
    let image = try #require(found.images["Samples"])
    #expect(image.step == 10 && image.image.width == 6 && image.image.height == 4 && image.image.colorspace == 3)
    #expect(image.image.encoded.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(
      found.hyperparameters == [
        "session": ["rate": .number(2e-4), "batch": .number(64), "norm": .number(1), "optimizer": .text("adam")]
      ])
    #expect(found.endings == ["session": .success])
    #expect(found.problems == [] && !found.isBehind)
    #expect(reader.read().isEmpty)
  }

  @Test func followsAFileByteByByte() throws {
    let bytes = scalars(1..<4)
    let size = bytes.count / 3
    try folder.write(Self.name, [])
    var reader = EventFolderReader(folder: folder.path)
    var found: [ScalarPoint] = []
    for (index, byte) in bytes.enumerated() {
      try folder.append(Self.name, [byte])
      let increment = reader.read()
      #expect(increment.problems == [])
      found += increment.scalars["loss"] ?? []
      #expect(found.count == (index + 1) / size)
    }
    #expect(found == points(1..<4))
  }

  @Test func newFilesAndFoldersAreFound() throws {
    var reader = EventFolderReader(folder: folder.path)
    #expect(reader.read().isEmpty)
    try folder.write("notes.txt", Array("tfevents".utf8))
    try folder.write(Self.name, scalars(0..<2))
    #expect(reader.read().scalars == ["loss": points(0..<2)])
    try folder.write("events.out.tfevents.2.host.1", scalars(2..<3))
    try folder.write("train/a/" + Self.name, scalars(5..<6))
    #expect(reader.read().scalars == ["loss": points(2..<3), "train/a/loss": points(5..<6)])
    #expect(reader.fileCount == 3)
    // A link back leads to nothing new.
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/loop", withDestinationPath: folder.path)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/again.tfevents", withDestinationPath: folder.path + "/" + Self.name)
    #expect(reader.read().isEmpty)
  }

  @Test func aRestartVoidsWhatCameAfterItsStep() throws {
    try folder.write(Self.name, scalars(0..<5) + start(at: 3) + scalars(3..<4))
    try folder.write("other/" + Self.name, scalars(0..<5))
    var reader = EventFolderReader(folder: folder.path)
    let first = reader.read()
    #expect(first.scalars["loss"] == points([0, 1, 2, 3]))
    #expect(first.restarts == ["": 3])
    try folder.append(Self.name, start(at: 1) + start(at: 2))
    let second = reader.read()
    #expect(second.scalars == [:] && second.restarts == ["": 1])
    try folder.append("other/" + Self.name, start(at: 4))
    #expect(reader.read().restarts == ["other": 4])
  }

  @Test func damageEndsAFileWithOneSentence() throws {
    var bytes = scalars(1..<5)
    let size = bytes.count / 4
    bytes[2 * size + 20] ^= 1
    try folder.write(Self.name, bytes)
    var reader = EventFolderReader(folder: folder.path)
    let found = reader.read()
    #expect(found.scalars["loss"] == points(1..<3))
    #expect(found.problems == [.damaged(path: "\(folder.path)/\(Self.name)", offset: 2 * size)])
    #expect(
      "\(found.problems[0])"
        == "\(folder.path)/\(Self.name): is damaged at byte \(2 * size); what follows there is passed over")
    try folder.append(Self.name, scalars(4..<6))
    #expect(reader.read().isEmpty)
    // Other files go on.
    try folder.write("events.out.tfevents.2.host.1", scalars(7..<8))
    #expect(reader.read().scalars["loss"] == points(7..<8))
  }

  @Test func whatIsNoEventFileIsToldOnce() throws {
    try folder.write("a.tfevents", [UInt8](repeating: 0, count: 100))
    try FileManager.default.createDirectory(atPath: folder.path + "/b.tfevents", withIntermediateDirectories: true)
    mkfifo(folder.path + "/c.tfevents", 0o600)
    var reader = EventFolderReader(folder: folder.path)
    #expect(
      reader.read().problems == [
        .damaged(path: folder.path + "/a.tfevents", offset: 0),
        .unreadable(path: folder.path + "/c.tfevents", errno: EINVAL),
      ])
    #expect(reader.read().isEmpty)
    var missing = EventFolderReader(folder: folder.path + "/missing")
    #expect(missing.read().problems == [.unreadable(path: folder.path + "/missing", errno: ENOENT)])
    #expect(missing.read().isEmpty)
  }

  @Test func aFileThatBecomesShorterIsLeft() throws {
    try folder.write(Self.name, scalars(0..<3))
    var reader = EventFolderReader(folder: folder.path)
    #expect(reader.read().count == 3)
    truncate(folder.path + "/" + Self.name, 10)
    #expect(reader.read().problems == [.shortened(path: "\(folder.path)/\(Self.name)")])
    try folder.append(Self.name, scalars(0..<9))
    #expect(reader.read().isEmpty)
  }

  /// A header with a good checksum and any length.
  private func header(_ length: UInt64) -> [UInt8] {
    var bytes = withUnsafeBytes(of: length.littleEndian, Array.init)
    let checksum = CRC32C.masked(bytes)
    withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
    return bytes
  }

  @Test func hugeLengthsCostNothing() throws {
    for (index, length) in [UInt64.max, UInt64(Int.max), UInt64(Int.max) - 10, 1 << 40].enumerated() {
      try folder.write("\(index).tfevents", scalars(0..<1, tag: "\(index)") + header(length) + [1, 2, 3])
    }
    // Half a record, for all that anyone can tell.
    try folder.write("wait.tfevents", header(1 << 39) + [1, 2, 3])
    var reader = EventFolderReader(folder: folder.path)
    let found = reader.read()
    #expect(found.count == 4 && found.problems.count == 4)
    #expect(reader.read().isEmpty)
  }

  @Test func longRecordsArePassedOverUnread() throws {
    let length = EventFileReader.recordLimit + 1
    try folder.write(Self.name, scalars(0..<1) + header(UInt64(length)))
    var reader = EventFolderReader(folder: folder.path)
    #expect(reader.read().count == 1)
    let size = scalars(0..<1).count + RecordFraming.overhead + length
    truncate(folder.path + "/" + Self.name, off_t(size))
    try folder.append(Self.name, scalars(1..<2))
    // Passing over it counts as reading it.
    let skipped = reader.read()
    #expect(skipped.isEmpty && skipped.isBehind)
    let found = reader.read()
    #expect(found.scalars["loss"] == points(1..<2) && found.problems == [])
  }

  @Test func manyRecordsAreReadInPieces() throws {
    let count = 60_000
    try folder.write(Self.name, scalars(0..<count))
    var reader = EventFolderReader(folder: folder.path)
    var found: [ScalarPoint] = []
    var reads = 0
    while true {
      let increment = reader.read(limit: 1 << 18)
      found += increment.scalars["loss"] ?? []
      reads += 1
      if !increment.isBehind { break }
    }
    #expect(found == points(0..<count) && reads > 1)
  }

  @Test func recordsThatAreNoEventsAreSteppedOver() throws {
    var bytes = scalars(0..<1)
    let offset = bytes.count
    RecordFraming.append([0xFF, 0xFF], to: &bytes)
    RecordFraming.append([0x00], to: &bytes)
    RecordFraming.append([], to: &bytes)
    try folder.write(Self.name, bytes + scalars(1..<2))
    var reader = EventFolderReader(folder: folder.path)
    let found = reader.read()
    #expect(found.scalars["loss"] == points(0..<2))
    #expect(found.problems == [.noEvent(path: "\(folder.path)/\(Self.name)", offset: offset)])
  }

  @Test func tagsAndStepsHaveBounds() throws {
    let values = (0..<EventFolderReader.tagLimit + 10).map {
      SummaryValue(tag: "tag\($0)", content: .scalar(1))
    }
    let long = SummaryValue(tag: String(repeating: "x", count: 10_000), content: .scalar(1))
    try folder.write(
      Self.name,
      EncodingTests.bytes([
        EventRecord(wallTime: .nan, step: -5, content: .summary([values[0]])),
        EventRecord(wallTime: .nan, step: .max, content: .summary([values[0]])),
        EventRecord(wallTime: .nan, step: 1, content: .summary([long, SummaryValue(tag: "", content: .scalar(1))])),
        EventRecord(wallTime: .nan, step: 1, content: .summary(values)),
      ]))
    var reader = EventFolderReader(folder: folder.path)
    let found = reader.read()
    #expect(found.scalars.count == EventFolderReader.tagLimit)
    #expect(found.scalars["tag0"] == [ScalarPoint(step: 1, wallTime: 0, value: 1)])
    #expect(found.problems == [.tooManyTags(folder: folder.path, limit: EventFolderReader.tagLimit)])
  }

  @Test func filesAreWrittenAsTheyAreRead() throws {
    let writer = try EventFileWriter(folder: folder.path, time: 5, host: "h", process: 1)
    let second = try EventFileWriter(folder: folder.path, time: 5, host: "h", process: 1)
    #expect(writer.path == folder.path + "/events.out.tfevents.0000000005.h.1")
    #expect(second.path == writer.path + ".1")
    try writer.append([])
    try writer.append(Array(EncodingTests.records.dropFirst()))
    var reader = EventFileReader(path: writer.path)
    var records: [EventRecord] = []
    #expect(reader.read { records.append($0) } == EventFileReader.Outcome())
    #expect(records.count == EncodingTests.records.count)
    #expect(records.first?.content == .fileVersion("brain.Event:2") && records.first?.wallTime == 5)
    #expect("\(records.dropFirst())" == "\(EncodingTests.records.dropFirst())")
    #expect(throws: EventFileError.self) { try EventFileWriter(folder: folder.path + "/none", time: 5) }
  }
}
