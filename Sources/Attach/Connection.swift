import Foundation
import Glibc
import Telemetry

/// A viewer on the other end of a socket, as the run sees it.
final class Connection {
  let number: Int
  let descriptor: Int32
  /// How others see it; nil until it has said hello.
  private(set) var name: String?
  var outbox = Outbox()
  /// Requests that the trainer has not answered.
  var pending = 0
  /// When a message that began must have ended, in seconds of the monotonic clock.
  private(set) var deadline: Double?
  private var reader = MessageReader(limit: Wire.requestLimit)

  /// The most requests of a viewer that wait for the trainer; more wait in the socket.
  static let pendingLimit = 256
  /// What somebody is called who gives no name.
  static let nameless = "viewer"
  /// Seconds that a hello, and every message, may take.
  static let patience = 10.0

  /// What reading found.
  enum Found {
    case hello(Hello)
    case request(Request)
  }

  init(number: Int, descriptor: Int32, now: Double) {
    self.number = number
    self.descriptor = descriptor
    deadline = now + Self.patience
  }

  deinit { close(descriptor) }

  var seat: Helm.Seat { .viewer(number) }
  var isAttached: Bool { name != nil }
  var wantsToRead: Bool { pending < Self.pendingLimit }
  /// What it is called where it has no name.
  var title: String { name ?? "\(Self.nameless) #\(number)" }
  /// Whether it hung up in the middle of a message.
  var isInsideMessage: Bool { reader.isInsideMessage }

  func attach(as name: String) { self.name = name }

  /// Reads what is there, once.
  /// - Returns: whether the other side is still there.
  func receive() -> Bool { reader.fill(from: descriptor, atMost: 1 << 16) }

  /// The next message.
  /// - Throws: `AttachError.oversized`, `AttachError.malformed`.
  func next(now: Double) throws(AttachError) -> Found? {
    guard wantsToRead else { return nil }
    guard let body = try reader.next() else {
      if reader.isInsideMessage || !isAttached { deadline = deadline ?? now + Self.patience } else { deadline = nil }
      return nil
    }
    deadline = isAttached ? nil : now + Self.patience
    return isAttached
      ? .request(try Wire.decode(Asked.self, from: body).request) : .hello(try Wire.decode(Hello.self, from: body))
  }

  /// Writes what waits, as far as the other side takes it.
  /// - Returns: whether the other side is still there.
  func flush() -> Bool {
    outbox.flush { bytes in
      // No SIGPIPE for a viewer that is gone.
      let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return count }
      return errno == EAGAIN || errno == EINTR ? 0 : nil
    }
  }

  /// Says a last word to somebody who is refused; what does not go out at once is lost.
  func dismiss(_ answer: Answer) {
    guard let data = try? Wire.encode(answer) else { return }
    _ = data.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }
}
