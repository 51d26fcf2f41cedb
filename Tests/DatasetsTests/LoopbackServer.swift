import Foundation
import Synchronization

/// A web server on 127.0.0.1 for tests of downloads, one request a connection.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    var path: String
    /// The first byte asked for, of a `Range: bytes=N-`.
    var start: Int?
  }

  struct Answer: Sendable {
    var status = 200
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// Closes the connection after so many bytes of the body, though the length announced more.
    var breaksAfter: Int?
  }

  let port: UInt16
  private let socket: Int32
  private let seen = Mutex<[Request]>([])

  var address: String { "http://127.0.0.1:\(port)/" }
  var requests: [Request] { seen.withLock { $0 } }

  struct NoSocket: Error {}

  init(_ answer: @escaping @Sendable (Request, Int) -> Answer) throws {
    socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw NoSocket() }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let handle = socket
    let isBound = withUnsafeMutablePointer(to: &name) { name in
      name.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
        bind(handle, name, length) == 0 && listen(handle, 8) == 0 && getsockname(handle, name, &length) == 0
      }
    }
    guard isBound else {
      close(socket)
      throw NoSocket()
    }
    port = UInt16(bigEndian: name.sin_port)
    let thread = Thread { [weak self] in
      while true {
        let connection = accept(handle, nil, nil)
        guard connection >= 0 else { return }
        self?.serve(connection, answer)
        close(connection)
      }
    }
    thread.start()
  }

  deinit {
    shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  private func serve(_ connection: Int32, _ answer: (Request, Int) -> Answer) {
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      head += buffer[..<count]
    }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    var request = Request(path: words.count > 1 ? String(words[1]) : "")
    for line in lines where line.lowercased().hasPrefix("range: bytes=") {
      request.start = Int(line.dropFirst(13).prefix { $0.isNumber })
    }
    let number = seen.withLock { seen in
      seen.append(request)
      return seen.count - 1
    }
    let answer = answer(request, number)
    var text = "HTTP/1.1 \(answer.status) X\r\nContent-Length: \(answer.body.count)\r\nConnection: close\r\n"
    for (name, value) in answer.headers { text += "\(name): \(value)\r\n" }
    send(connection, Array((text + "\r\n").utf8))
    send(connection, Array(answer.body.prefix(answer.breaksAfter ?? .max)))
    shutdown(connection, Int32(SHUT_WR))
    // Whoever closes while the other end still sends resets the connection: wait for its end.
    while recv(connection, &buffer, buffer.count, 0) > 0 {}
  }

  private func send(_ connection: Int32, _ bytes: [UInt8]) {
    var sent = 0
    bytes.withUnsafeBytes { bytes in
      while sent < bytes.count {
        let count = Foundation.send(
          connection, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count <= 0 { return }
        sent += count
      }
    }
  }
}

extension LoopbackServer.Answer {
  /// A file as a server sends it that knows ranges.
  static func file(_ bytes: [UInt8], _ request: LoopbackServer.Request, breaksAfter: Int? = nil) -> Self {
    guard let start = request.start else { return Self(body: bytes, breaksAfter: breaksAfter) }
    guard start < bytes.count else { return Self(status: 416, headers: ["Content-Range": "bytes */\(bytes.count)"]) }
    return Self(
      status: 206, headers: ["Content-Range": "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"],
      body: Array(bytes[start...]), breaksAfter: breaksAfter)
  }
}
