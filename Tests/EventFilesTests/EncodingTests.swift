import Foundation
import Testing

@testable import EventFiles

@Suite struct EncodingTests {
  /// RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
  @Test func checksums() {
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(CRC32C.checksum((0..<32).reversed().map { UInt8($0) }) == 0x113F_DB5C)
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum([UInt8]()) == 0)
    // At each place, and for each length of what eight bytes at once leave over.
    let bytes = (0..<40).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    for start in 0..<9 {
      for end in start..<40 {
        var slow = ~UInt32(0)
        for byte in bytes[start..<end] {
          slow ^= UInt32(byte)
          for _ in 0..<8 { slow = slow & 1 == 1 ? slow >> 1 ^ 0x82F6_3B78 : slow >> 1 }
        }
        #expect(CRC32C.checksum(bytes[start..<end]) == ~slow)
      }
    }
  }

  static let records: [EventRecord] = {
    let start = HyperparameterSession.started(["batch": .number(64)], time: 1.5)
    let end = HyperparameterSession.ended(.success, time: 2.5)
    let image = SummaryImage(width: 3, height: 2, colorspace: 3, encoded: (0...255).map { $0 })
    return [
      EventRecord(wallTime: 1_700_000_000.25, step: 0, content: .fileVersion("brain.Event:2")),
      EventRecord(
        wallTime: 1_700_000_001.5, step: 1,
        content: .summary([
          SummaryValue(tag: "loss/generator", content: .scalar(0.75)),
          SummaryValue(tag: "loss/é", content: .scalar(.nan)),
        ])),
      EventRecord(
        wallTime: 1_700_000_002.5, step: 300, content: .summary([SummaryValue(tag: "samples", content: .image(image))])),
      EventRecord(
        wallTime: 1_700_000_003.5, step: 5_000_000_000,
        content: .summary([
          SummaryValue(
            tag: "tensor", plugin: SummaryPlugin(name: "scalars"), content: .tensor(SummaryTensor(scalar: 0.5)))
        ])),
      EventRecord(wallTime: 1_700_000_004.5, step: 0, content: .summary([start.summaryValue, end.summaryValue])),
      EventRecord(wallTime: 1_700_000_005.5, step: 200, content: .start),
    ]
  }()

  static func bytes(_ records: [EventRecord]) -> [UInt8] {
    var bytes: [UInt8] = []
    for record in records { RecordFraming.append(record.encoded, to: &bytes) }
    return bytes
  }

  /// The file was made and framed by TensorBoard's own code (scripts/parity/make_events.py).
  @Test func bytesAreThoseOfTensorBoard() throws {
    let expected = [UInt8](try Data(contentsOf: resource("reference.tfevents")))
    #expect(Self.bytes(Self.records) == expected)
  }

  @Test func recordsReadBackAsTheyWereWritten() throws {
    for record in Self.records {
      let bytes = record.encoded
      let read = try EventRecord(decoding: bytes, 0..<bytes.count)
      // Not a number is unlike itself.
      #expect("\(read)" == "\(record)")
    }
  }

  @Test func negativeStepsAndLargeNumbersKeepTheirValue() throws {
    for step in [-1, Int.min, Int.max, 1, 127, 128] {
      let bytes = EventRecord(wallTime: -0.5, step: step, content: .start).encoded
      let read = try EventRecord(decoding: bytes, 0..<bytes.count)
      #expect(read.step == step && read.wallTime == -0.5 && read.content == .start)
    }
  }

  @Test(
    arguments: [
      ([0x08], WireError.truncated), ([0x80], .truncated), ([0x09, 1, 2], .truncated), ([0x2A, 5, 1], .truncated),
      ([0x2A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], .truncated),
      ([0x10] + [UInt8](repeating: 0xFF, count: 10), .oversizedNumber),
      ([0x10] + [UInt8](repeating: 0x80, count: 9) + [0x02], .oversizedNumber),
      ([0x00, 0x00], .badKey), ([0x0B], .badKey), ([0x0C], .badKey), ([0x0F], .badKey),
      // Inside a value of a summary.
      ([0x2A, 4, 0x0A, 2, 0x0A, 9], .truncated),
    ] as [([UInt8], WireError)]) func whatIsNoMessageIsRefused(bytes: [UInt8], error: WireError)
  {
    #expect(throws: error) { try EventRecord(decoding: bytes, 0..<bytes.count) }
  }

  @Test func unknownFieldsArePassedOver() throws {
    var writer = WireWriter()
    writer.write(1, 7.5)
    writer.write(99, "unknown")
    writer.write(1000, varint: 3)
    writer.write(12, Float(1))
    writer.write(2, 9)
    // A field of another kind than it should have.
    writer.write(5, 1.0)
    let record = try EventRecord(decoding: writer.bytes, 0..<writer.bytes.count)
    #expect(record == EventRecord(wallTime: 7.5, step: 9, content: .other))
  }

  @Test func fileNamesHoldNoMoreThanLettersOfTheHost() {
    #expect(
      EventFileWriter.name(time: 12.7, host: "a/../b c.d", process: 7) == "events.out.tfevents.0000000012.abcd.7")
    #expect(EventFileWriter.name(time: 1e300, host: "", process: 7).hasSuffix(".localhost.7"))
    #expect(EventFileWriter.name(time: .nan, host: "x", process: 7).hasSuffix(".x.7"))
  }
}
