import Foundation
import Glibc
import Telemetry
import Testing

@testable import Attach

/// 500 messages that nobody means; 10,000 with `GANTUI_SOAK`.
@Suite(.serialized) struct FuzzTests {
  private static let count = ProcessInfo.processInfo.environment["GANTUI_SOAK"] == nil ? 500 : 10_000

  private static let requests: [Command] = [
    .pause, .resume, .step(player: nil), .step(player: "generator"), .set(id: "rate", value: .nan), .checkpoint,
    .saveSamples, .takeWheel, .releaseWheel,
  ]

  /// A message with something wrong, or not.
  private static func mutated(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 0...6, using: &dice) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &dice)
      switch Int.random(in: 0...5, using: &dice) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &dice)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &dice)))
      case 3: bytes.insert(contentsOf: bytes[..<place].suffix(30), at: place)
      case 4: bytes.insert(contentsOf: Array("9e999,-1,null,{\"a\":[]},\u{0}".utf8).shuffled(using: &dice), at: place)
      default: bytes.removeLast(bytes.count - place)
      }
    }
    return bytes
  }

  private static func input(_ dice: inout Dice) throws -> [UInt8] {
    func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) } }
    let hello = RawClient.frame(Array("{\"version\":1,\"program\":\"1.0\",\"name\":\"fuzz\"}".utf8))
    let command = requests[Int.random(in: 0..<requests.count, using: &dice)]
    let request = Array(try Wire.encode(Asked(request: Request(id: dice.next(), command: command))))
    switch Int.random(in: 0...7, using: &dice) {
    case 0: return noise(Int.random(in: 0...200, using: &dice))
    case 1: return RawClient.frame(noise(Int.random(in: 1...200, using: &dice)))
    case 2: return mutated(hello, &dice)
    case 3: return hello + mutated(request, &dice)
    case 4:
      // The length is true, the rest is not.
      return hello + RawClient.frame(mutated(Array(request.dropFirst(4)), &dice) + [32])
    case 5: return hello + request.prefix(Int.random(in: 0...request.count, using: &dice))
    case 6: return hello + RawClient.frame([UInt8](repeating: 0x5B, count: Int.random(in: 1...60_000, using: &dice)))
    default: return hello + request + mutated(request, &dice) + request
    }
  }

  @Test func theServer() throws {
    var dice = Dice(6)
    let stage = try Stage()
    let good = try stage.viewer()
    try good.wheel(nil, isYours: false)
    var open: [RawClient] = []
    for number in 1...Self.count {
      let client = try stage.client()
      client.write(try Self.input(&dice))
      // Some stay a while, some hang up at once.
      if Bool.random(using: &dice) { open.append(client) }
      if open.count > 20 { open.removeFirst(10) }
      for request in stage.trainer.commands.receive() {
        stage.say(.reply(request: request.id, text: "done", failed: false))
      }
      if number.isMultiple(of: 100) {
        stage.say("mark \(number)")
        try good.hear("mark \(number)")
      }
    }
    open = []
    let request = good.ask(.takeWheel)
    #expect(try !good.reply(to: request).failed)
    good.ask(.pause)
    #expect(poll { stage.trainer.commands.receive().contains { $0.command == .pause } })
    #expect(good.viewer.end == nil)
  }

  @Test func theViewersReader() throws {
    var dice = Dice(7)
    var refused = 0
    let messages = try Samples.all.map { Array(try Wire.encode(Told(event: $0))) }
    for _ in 0..<Self.count {
      var reader = MessageReader(limit: Wire.eventLimit)
      var body = Self.mutated(messages[Int.random(in: 0..<messages.count, using: &dice)], &dice)
      if Bool.random(using: &dice) { body = RawClient.frame(Array(body.dropFirst(4)) + [32]) }
      reader.append(body)
      do throws(AttachError) {
        while let message = try reader.next() {
          // What can be read can be remembered.
          var history = RunHistory()
          history.take(try Wire.decode(Told.self, from: message).event)
        }
      } catch {
        refused += 1
        #expect(!"\(error)".contains("\n"))
      }
    }
    #expect(refused > Self.count / 10)
  }
}
