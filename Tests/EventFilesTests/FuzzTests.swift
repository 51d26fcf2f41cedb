import Foundation
import Testing

@testable import EventFiles

/// Damaged event files: nothing may crash, hang or take memory; 500 inputs, and 10,000 with `GANTUI_SOAK`.
@Suite struct FuzzTests {
  private static let rounds = ProcessInfo.processInfo.environment["GANTUI_SOAK"] == nil ? 500 : 10_000

  /// Good files to start from: ours, and PyTorch's with all kinds of values.
  private static func seeds() throws -> [[UInt8]] {
    let torch = ["events.out.tfevents.1700000000.host.1", "session/events.out.tfevents.1700000200.host.1"]
    return [EncodingTests.bytes(EncodingTests.records)]
      + (try torch.map { [UInt8](try Data(contentsOf: resource("torch/\($0)"))) })
  }

  /// The payloads of a good file's records.
  private static func payloads(_ bytes: [UInt8]) -> [[UInt8]] {
    var payloads: [[UInt8]] = []
    var offset = 0
    while case .record(let payload) = RecordFraming.record(in: bytes, at: offset) {
      payloads.append(Array(bytes[payload]))
      offset = payload.upperBound + RecordFraming.footerSize
    }
    return payloads
  }

  @Test func damagedFilesAreReadAsFarAsTheyAreWhole() throws {
    let seeds = try Self.seeds()
    let folder = try TemporaryFolder()
    var generator = Generator(state: 1)
    for round in 0..<Self.rounds {
      var bytes = seeds[round % seeds.count]
      switch round / seeds.count % 5 {
      case 0: Self.flip(&bytes, &generator)
      case 1: bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
      case 2: Self.lengthen(&bytes, &generator)
      case 3:
        bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in .random(in: 0...255, using: &generator) }
      default: bytes = Self.damagedPayloads(bytes, &generator)
      }
      let path = try folder.write("\(round).tfevents", bytes)
      var reader = EventFileReader(path: path)
      var count = 0
      let outcome = reader.read { _ in count += 1 }
      #expect(reader.offset <= bytes.count && count <= bytes.count / RecordFraming.overhead)
      #expect(outcome.problems.count <= 2 && !outcome.isBehind)
      // What is read again from the start is the same, and once read there is no more of it.
      #expect(reader.read { _ in count += 1 } == EventFileReader.Outcome())
      var folderReader = EventFolderReader(folder: folder.path)
      _ = folderReader.read()
      #expect(folderReader.read().isEmpty)
      unlink(path)
    }
  }

  /// Messages with damage that no checksum tells of, since it was there before the checksum.
  @Test func hostileMessagesAreRefusedOrRead() throws {
    let payloads = try Self.seeds().flatMap(Self.payloads)
    #expect(payloads.count > 20)
    var generator = Generator(state: 2)
    for round in 0..<Self.rounds {
      var bytes = payloads[round % payloads.count]
      switch round / payloads.count % 3 {
      case 0: Self.flip(&bytes, &generator)
      case 1: bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
      default:
        let place = Int.random(in: 0...bytes.count, using: &generator)
        let count = Int.random(in: 1...11, using: &generator)
        bytes.insert(contentsOf: [UInt8](repeating: 0xFF, count: count), at: place)
      }
      guard let record = try? EventRecord(decoding: bytes, 0..<bytes.count) else { continue }
      if case .summary(let values) = record.content { #expect(values.count <= bytes.count / 2) }
    }
  }

  private static func flip(_ bytes: inout [UInt8], _ generator: inout Generator) {
    guard !bytes.isEmpty else { return }
    for _ in 0..<Int.random(in: 1...8, using: &generator) {
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    }
  }

  /// Gives a record a length of any size, with a good checksum.
  private static func lengthen(_ bytes: inout [UInt8], _ generator: inout Generator) {
    let length = UInt64.random(in: 0...UInt64.max, using: &generator) >> UInt64.random(in: 0..<64, using: &generator)
    bytes.replaceSubrange(0..<8, with: withUnsafeBytes(of: length.littleEndian, Array.init))
    let checksum = CRC32C.masked(bytes[0..<8])
    bytes.replaceSubrange(8..<12, with: withUnsafeBytes(of: checksum.littleEndian, Array.init))
  }

  private static func damagedPayloads(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var result: [UInt8] = []
    for var payload in payloads(bytes) {
      flip(&payload, &generator)
      RecordFraming.append(payload, to: &result)
    }
    return result
  }
}
