import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// A viewer written from the protocol's description alone: a length of four bytes, then JSON.
final class RawViewer {
  private let descriptor: Int32
  private var bytes: [UInt8] = []
  private var lastRequest = 0
  /// All events so far, by the name of their kind.
  private(set) var events: [(kind: String, value: Any)] = []

  /// Connects to a run as soon as it listens.
  init(_ run: String, in workspace: Workspace) throws {
    let path = "\(workspace.runs)/\(run)/attach.sock"
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw TestError("\(path): too long") }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let isConnected = poll(60, every: 1000) {
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
      }
    }
    self.descriptor = descriptor
    guard isConnected else { throw TestError("\(path): nobody listens") }
    send("{\"version\":1,\"program\":\"test\",\"name\":\"raw\"}")
  }

  deinit { close(descriptor) }

  private func send(_ json: String) {
    let body = Array(json.utf8)
    let frame = withUnsafeBytes(of: UInt32(body.count).bigEndian) { Array($0) } + body
    _ = frame.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Sends a command without values, such as `pause`.
  func ask(_ command: String) {
    lastRequest += 1
    send("{\"request\":{\"id\":\(lastRequest),\"command\":{\"\(command)\":{}}}}")
  }

  /// Reads what is there.
  /// - Returns: whether the run is still there.
  func read() throws -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(descriptor, &piece, piece.count, Int32(MSG_DONTWAIT))
      if count == 0 { return false }
      guard count > 0 else { return errno == EAGAIN || errno == EINTR }
      bytes.append(contentsOf: piece[..<count])
      while bytes.count >= 4 {
        let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 4 + length else { break }
        let object = try JSONSerialization.jsonObject(with: Data(bytes[4..<(4 + length)])) as? [String: Any]
        bytes.removeFirst(4 + length)
        let event = object?["event"] as? [String: Any]
        if let kind = event?.keys.first, let value = event?[kind] { events.append((kind, value)) }
      }
    }
  }

  /// Waits until the run is in a state, such as `paused`.
  func wait(for state: String) throws {
    let isThere = try poll(60) {
      guard try read() else { throw TestError("the run hung up before it was \(state)") }
      return self.state == state
    }
    guard isThere else { throw TestError("the run is not \(state) but \(String(describing: self.state))") }
  }

  /// Waits until the run hangs up.
  func waitForEnd() throws {
    guard try poll(120, until: { try !read() }) else { throw TestError("the run does not end") }
  }

  /// The last state that was heard of.
  var state: String? {
    let last = events.last { $0.kind == "state" }?.value as? [String: Any]
    return (last?["_0"] as? [String: Any])?.keys.first
  }
}
