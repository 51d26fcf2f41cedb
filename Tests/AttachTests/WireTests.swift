import Foundation
import Telemetry
import Testing

@testable import Attach

@Suite struct WireTests {
  @Test func eventsSurviveTheWay() throws {
    for event in Samples.all {
      var reader = MessageReader(limit: Wire.eventLimit)
      reader.append(try Wire.encode(Told(event: event)))
      let next = try reader.next()
      let body = try #require(next)
      let found = try Wire.decode(Told.self, from: body).event
      // NaN is not equal to itself; its text is.
      #expect("\(found)" == "\(event)")
      #expect(!reader.isInsideMessage)
    }
  }

  @Test func anInfiniteValueToSetSurvivesToo() throws {
    let request = Request(id: 7, command: .set(id: "rate", value: .infinity))
    let data = try Wire.encode(Asked(request: request))
    #expect(try Wire.decode(Asked.self, from: data.dropFirst(Wire.headerLength)).request == request)
  }

  @Test func picturesAreBytesOnTheWay() throws {
    let data = try Wire.encode(Told(event: Samples.panel(1, bytes: 30_000)))
    #expect(data.count < 30_000 * 4 / 3 + 300)
  }

  @Test func piecesAreAMessageWhenAllAreThere() throws {
    let first = try Wire.encode(Told(event: Samples.all[0]))
    let second = try Wire.encode(Told(event: Samples.all[1]))
    for size in [1, 2, 3, 5, 1000] {
      var reader = MessageReader(limit: 1 << 20)
      var found: [Data] = []
      let bytes = Array(first + second)
      for start in stride(from: 0, to: bytes.count, by: size) {
        reader.append(bytes[start..<min(bytes.count, start + size)])
        while let body = try reader.next() { found.append(body) }
      }
      #expect(found == [first.dropFirst(4), second.dropFirst(4)].map { Data($0) })
    }
  }

  @Test func lengthsThatCannotBeAreRefused() throws {
    var reader = MessageReader(limit: 100)
    reader.append([0, 0, 0, 101])
    #expect(throws: AttachError.oversized(bytes: 101, limit: 100)) { try reader.next() }
    var other = MessageReader(limit: 100)
    other.append([0, 0, 0, 0])
    #expect(throws: AttachError.malformed("no bytes")) { try other.next() }
    var half = MessageReader(limit: 100)
    half.append([0, 0, 0])
    let none = try half.next()
    #expect(none == nil)
    #expect(half.isInsideMessage)
  }

  @Test func whatCannotBeReadIsASentence() {
    func sentence(_ json: String) -> String {
      do throws(AttachError) {
        _ = try Wire.decode(Asked.self, from: Data(json.utf8))
        return "read"
      } catch {
        return "\(error)"
      }
    }
    #expect(sentence("{") == "a message that cannot be read: no JSON")
    #expect(sentence("{}") == "a message that cannot be read: no request at its top")
    #expect(
      sentence("{\"request\":{\"id\":\"x\",\"command\":{\"stop\":{}}}}")
        == "a message that cannot be read: a value of another type at request.id")
    #expect(sentence(String(repeating: "[", count: 60_000)).hasPrefix("a message that cannot be read"))
    #expect(sentence("{\"request\":{\"id\":1,\"command\":{\"stop\":{}}}}") == "read")
  }

  @Test func bytesThatAreNoElementsAreRefused() {
    struct Holder: Codable { @Packed var values: [Float] }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Holder.self, from: Data("{\"values\":\"AAAA\"}".utf8))
    }
  }

  @Test func namesAreFitForATerminal() {
    #expect(Wire.cleaned("ann@pts/1", limit: 40) == "ann@pts/1")
    #expect(Wire.cleaned("a\u{1B}[2Jb\nc\u{202E}", limit: 40) == "a [2Jb c")
    #expect(Wire.cleaned(String(repeating: "x", count: 100), limit: 40).count == 40)
    #expect(Wire.cleaned("\u{7}\u{7}", limit: 40) == "")
  }
}

@Suite struct OutboxTests {
  private func put(_ packet: Packet, into outbox: inout Outbox) {
    let isKept = outbox.append(packet)
    #expect(isKept)
  }

  /// What an outbox hands out, as events.
  private func events(_ outbox: inout Outbox) throws -> [Event] {
    var reader = MessageReader(limit: Wire.eventLimit)
    let isThere = outbox.flush { bytes in
      let count = min(bytes.count, 1000)
      reader.append(bytes[..<count])
      return count
    }
    #expect(isThere)
    var result: [Event] = []
    while let body = try reader.next() { result.append(try Wire.decode(Told.self, from: body).event) }
    return result
  }

  @Test func oldMetricsAndPicturesMakeRoom() throws {
    var outbox = Outbox()
    for step in 1...1000 {
      put(Packet(Samples.report(step)), into: &outbox)
      put(Packet(Samples.panel(step)), into: &outbox)
    }
    put(Packet(.state(.training, step: 0)), into: &outbox)
    #expect(outbox.hasHoles)
    let found = try events(&outbox)
    let steps = found.compactMap { if case .metrics(let report) = $0 { report.step } else { nil } }
    #expect(steps == Array((1001 - Outbox.metricsCapacity)...1000))
    let pictures = found.compactMap { if case .panel(let panel) = $0 { panel.step } else { nil } }
    #expect(pictures == Array((1001 - Outbox.panelsCapacity)...1000))
    #expect(found.last == .state(.training, step: 0))
    #expect(outbox.isEmpty)
  }

  @Test func whatMayNotBeDroppedIsNot() throws {
    var outbox = Outbox()
    for step in 1...Outbox.capacity { put(Packet(.state(.training, step: step)), into: &outbox) }
    put(Packet(Samples.report(1)), into: &outbox)
    let isKept = outbox.append(Packet(.state(.training, step: 0)))
    #expect(!isKept)
    #expect(!outbox.hasHoles)
    let found = try events(&outbox)
    #expect(found.count == Outbox.capacity + 1)
  }

  @Test func aFullSocketKeepsTheRest() throws {
    var outbox = Outbox()
    put(Packet(Samples.panel(1, bytes: 10_000)), into: &outbox)
    var taken = 0
    let isThere = outbox.flush { _ in
      guard taken == 0 else { return 0 }
      taken = 10
      return 10
    }
    #expect(isThere && !outbox.isEmpty)
    let isStillThere = outbox.flush { _ in nil }
    #expect(!isStillThere)
  }
}

@Suite struct HelmTests {
  @Test func withADashboard() {
    var helm = Helm(hasDashboard: true)
    #expect(helm.holder == .dashboard)
    helm.take(.viewer(1))
    #expect(helm.holder == .viewer(1))
    helm.release(.viewer(2))
    #expect(helm.holder == .viewer(1))
    helm.take(.viewer(2))
    helm.leave(.viewer(1))
    #expect(helm.holder == .viewer(2))
    helm.leave(.viewer(2))
    #expect(helm.holder == .dashboard)
    helm.release(.dashboard)
    #expect(helm.holder == nil)
    helm.take(.dashboard)
    helm.leave(.dashboard)
    #expect(helm.holder == nil)
    helm.take(.viewer(3))
    helm.release(.viewer(3))
    #expect(helm.holder == nil)
  }

  @Test func withoutOne() {
    var helm = Helm(hasDashboard: false)
    #expect(helm.holder == nil)
    helm.take(.viewer(1))
    helm.release(.viewer(1))
    #expect(helm.holder == nil)
  }
}
