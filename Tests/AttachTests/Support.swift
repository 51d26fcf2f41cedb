import Foundation
import Glibc
import Synchronization
import Telemetry
import Testing

@testable import Attach

/// Why a test could not go on.
struct TestError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// Asks again and again until the answer is yes, at most so many seconds.
@discardableResult
func poll(_ seconds: Double = 20, until isTrue: () throws -> Bool) rethrows -> Bool {
  let deadline = Date().addingTimeInterval(seconds)
  while true {
    if try isTrue() { return true }
    guard Date() < deadline else { return false }
    usleep(2_000)
  }
}

/// A folder with a server in it, and the trainer's end of its lines.
final class Stage {
  let folder: String
  let trainer = Link()
  let server: AttachServer

  init(
    dashboard: String? = nil, folder name: String = "run", isStarted: Bool = true,
    history: @escaping @Sendable (String) -> RunHistory = { _ in RunHistory() }
  ) throws {
    folder = FileManager.default.temporaryDirectory.path + "/attach-\(UUID().uuidString)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    server = try AttachServer(
      AttachServer.Place(folder: folder, program: "1.0", dashboard: dashboard, history: history), trainer: trainer)
    if isStarted { server.start() }
  }

  deinit {
    server.close()
    if let root = folder.range(of: "/attach-[0-9A-F-]+", options: .regularExpression) {
      try? FileManager.default.removeItem(atPath: String(folder[..<root.upperBound]))
    }
  }

  func say(_ event: Event) { trainer.events.send(event) }
  func say(_ text: String) { say(.message(LogMessage(level: .info, text: text), step: 1)) }

  /// The next command of the trainer.
  func command() throws -> Request {
    var found: [Request] = []
    guard
      poll(until: {
        found = trainer.commands.receive()
        return !found.isEmpty
      })
    else { throw TestError("no command came") }
    return found[0]
  }

  func viewer(_ name: String = "ann@pts/1") throws -> Seated { try Seated(folder, name: name) }
  func client() throws -> RawClient { try RawClient(folder) }
}

/// A viewer, and all that it has heard.
final class Seated {
  let viewer: Viewer
  private(set) var events: [Event] = []
  private var lastRequest: UInt64 = 0

  init(_ folder: String, name: String) throws {
    viewer = try Viewer(folder: folder, program: "1.0", name: name)
    viewer.start {}
  }

  deinit { viewer.hangUp() }

  @discardableResult
  func ask(_ command: Command) -> UInt64 {
    lastRequest += 1
    viewer.link.commands.send(Request(id: lastRequest, command: command))
    return lastRequest
  }

  /// Waits for an event.
  @discardableResult
  func hear<Found>(_ what: String, _ select: (Event) -> Found?) throws -> Found {
    var found: Found?
    poll {
      events += viewer.link.events.receive()
      found = events.lazy.compactMap(select).last
      return found != nil
    }
    guard let found else { throw TestError("\(viewer.name) does not hear \(what) but \(events.suffix(5))") }
    return found
  }

  func hear(_ text: String) throws {
    try hear(text) { if case .message(let message, _) = $0, message.text.contains(text) { true } else { nil } }
  }

  func reply(to request: UInt64) throws -> (text: String, failed: Bool) {
    try hear("a reply to \(request)") {
      if case .reply(request, let text, let failed) = $0 { (text, failed) } else { nil }
    }
  }

  /// Waits until somebody has the wheel.
  func wheel(_ holder: String?, isYours: Bool) throws {
    var last: Wheel?
    let isSo = poll {
      events += viewer.link.events.receive()
      last = events.lazy.compactMap { if case .wheel(let wheel) = $0 { wheel } else { nil } }.last
      return last?.holder == holder && last?.isYours == isYours
    }
    if !isSo {
      throw TestError("\(viewer.name): the wheel is \(String(describing: last)), not of \(holder ?? "nobody")")
    }
  }
}

/// A socket that writes whatever a test wants.
final class RawClient {
  let descriptor: Int32

  init(_ folder: String) throws {
    descriptor = try RunSocket.connect(to: folder)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
  }

  deinit { close(descriptor) }

  /// - Returns: whether the other side took all of it.
  @discardableResult
  func write(_ bytes: some Collection<UInt8>) -> Bool {
    let bytes = Array(bytes)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  func frame(_ json: String) { write(Self.frame(Array(json.utf8))) }

  static func frame(_ body: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(body.count).bigEndian) { Array($0) } + body
  }

  func hello(name: String = "raw") { frame("{\"version\":1,\"program\":\"1.0\",\"name\":\"\(name)\"}") }

  /// Everything until the other side hangs up.
  func readToEnd() -> Data {
    var all = Data()
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &bytes, bytes.count)
      guard count > 0 else { return all }
      all.append(contentsOf: bytes[..<count])
    }
  }
}

/// Numbers that a test can repeat: SplitMix64.
struct Dice: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

enum Samples {
  static let description = RunDescription(
    name: "ring", folder: "/runs/ring", seed: 1, summary: ["ring of 8"], totalSteps: 100,
    players: ["discriminator", "generator"],
    metrics: [MetricDescriptor(id: .generatorLoss, title: "G loss")],
    hyperparameters: [
      Hyperparameter(
        id: "rate", title: "rate", value: 1e-3, minimum: 0, maximum: 1, scale: .logarithmic, explanation: "how far")
    ], modes: 8)

  static func report(_ step: Int, _ value: Double = 0.5) -> Event {
    .metrics(
      MetricReport(step: step, elapsed: Double(step), buckets: [.generatorLoss: Bucket(step: step, value: value)]))
  }

  static func panel(_ step: Int, bytes: Int = 48) -> Event {
    .panel(
      Panel(
        id: Panel.samples, title: "samples", step: step,
        content: .images(
          ImageGrid(count: 1, width: bytes, height: 1, channels: 1, pixels: [UInt8](repeating: 7, count: bytes)))))
  }

  static let all: [Event] = [
    .described(description), .state(.paused(reason: "why"), step: 3), report(4, .nan), report(5, -.infinity), panel(6),
    .panel(
      Panel(
        id: "points", title: "points", step: 7,
        content: .points(
          PointsPanel(
            minimum: .init(x: -1, y: -1), maximum: .init(x: 1, y: 1), real: [.init(x: 0.1, y: .infinity)],
            generated: [],
            field: Field(columns: 2, rows: 1, values: [0.25, -0.5], middle: 0.5, label: "D(x)"))))),
    .edited(Edit(step: 8, id: "rate", oldValue: 1e-3, newValue: 1e-4)),
    .checkpointed(CheckpointRecord(step: 9, path: "/runs/ring/x")),
    .verdict(
      Verdict(step: 9, kind: .modeCollapse, severity: .critical, isActive: true, message: "collapse", rule: "x < 8")),
    .message(LogMessage(level: .warning, text: "wörds"), step: 9), .reply(request: 12, text: "done", failed: false),
    .wheel(Wheel(holder: nil, isYours: false, viewers: 2)), .history(RunHistory()),
  ]
}
