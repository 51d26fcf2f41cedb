import Dispatch
import Foundation
import Glibc
import Synchronization
import Telemetry

/// Looks on at a run of another process, over the socket in its folder.
public final class Viewer: Sendable {
  /// How it ended.
  public enum Ending: Sendable, Equatable {
    /// The run is over, or this side hung up.
    case over
    /// The connection broke; why, in half a sentence.
    case lost(String)
  }

  /// The run's events, and the requests to it.
  public let link = Link()
  /// How others see this viewer.
  public let name: String
  /// The version of the program that trains the run.
  public let program: String
  /// The id of the process that trains it; nil where the system does not say.
  public let process: Int32?

  private let descriptor: Int32
  private let rest: MessageReader
  private let alarm: Alarm
  private let ending = Mutex<Ending?>(nil)
  private let mustClose = Atomic<Bool>(false)
  private let isClosed = DispatchSemaphore(value: 0)
  private let isStarted = Atomic<Bool>(false)

  /// Connects, and greets.
  /// - Parameters:
  ///   - folder: the run's.
  ///   - program: the version of this program.
  ///   - name: who looks on, such as `ann@pts/3`.
  /// - Throws: `AttachError.notServing` where no process serves the run; `AttachError.refused`, `.versionMismatch`,
  ///   `.silent`, `.malformed` and `.system`.
  public init(folder: String, program: String, name: String) throws(AttachError) {
    let descriptor = try RunSocket.connect(to: folder)
    do throws(AttachError) {
      alarm = try Alarm()
      var reader = MessageReader(limit: Wire.eventLimit)
      let answer = try Self.greet(
        descriptor, Hello(program: program, name: name), &reader, path: RunSocket.path(in: folder))
      switch answer {
      case .welcome(_, let program, let you): (self.name, self.program) = (you, Wire.cleaned(program, limit: 40))
      case .refused(let version, let program, let reason):
        guard version == Hello.currentVersion else {
          throw .versionMismatch(theirs: version, program: Wire.cleaned(program, limit: 40))
        }
        throw .refused(Wire.cleaned(reason, limit: 300))
      }
      rest = reader
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    process = RunSocket.peer(of: descriptor)?.process
  }

  deinit { Glibc.close(descriptor) }

  /// Nil while it looks on.
  public var end: Ending? { ending.withLock { $0 } }

  /// Begins. `ended` is called, on another thread, when the connection has.
  public func start(ended: @escaping @Sendable () -> Void) {
    isStarted.store(true, ordering: .relaxed)
    link.commands.onSend { [alarm] in alarm.ring() }
    let thread = Thread { [self] in
      Thread.current.name = "attach"
      let result = run()
      shutdown(descriptor, Int32(SHUT_RDWR))
      ending.withLock { $0 = result }
      ended()
      isClosed.signal()
    }
    thread.start()
  }

  /// Hangs up.
  public func hangUp() {
    guard isStarted.load(ordering: .relaxed) else { return }
    mustClose.store(true, ordering: .relaxed)
    alarm.ring()
    _ = isClosed.wait(timeout: .now() + 1)
    isClosed.signal()
  }

  // MARK: the thread

  private func run() -> Ending {
    var reader = rest
    var unsent = Data()
    var isOver = false
    do throws(AttachError) {
      try pass(&reader, &isOver)
      while !mustClose.load(ordering: .relaxed) {
        for request in link.commands.receive() {
          if let data = try? Wire.encode(Asked(request: request)) { unsent.append(data) }
        }
        guard Self.send(descriptor, &unsent) else { return gone(isOver) }
        var entries = [
          pollfd(fd: alarm.descriptor, events: Int16(POLLIN), revents: 0),
          pollfd(fd: descriptor, events: Int16(POLLIN | (unsent.isEmpty ? 0 : POLLOUT)), revents: 0),
        ]
        guard poll(&entries, 2, -1) > 0 else { continue }
        if entries[0].revents != 0 { alarm.silence() }
        guard entries[1].revents & ~Int16(POLLOUT) != 0 else { continue }
        let isOpen = reader.fill(from: descriptor, atMost: 1 << 18)
        try pass(&reader, &isOver)
        if !isOpen { return gone(isOver) }
      }
    } catch {
      return .lost("\(error)")
    }
    return .over
  }

  private func gone(_ isOver: Bool) -> Ending { isOver ? .over : .lost("the process that trained the run has hung up") }

  /// Hands on whole messages.
  private func pass(_ reader: inout MessageReader, _ isOver: inout Bool) throws(AttachError) {
    while let body = try reader.next() {
      let event = try Wire.decode(Told.self, from: body).event
      if case .state(let state, _) = event {
        isOver =
          switch state {
          case .finished, .stopped, .failed: true
          case .preparing, .training, .paused, .stopping: false
          }
      }
      link.events.send(event)
    }
  }

  /// Says hello and waits for the answer.
  private static func greet(
    _ descriptor: Int32, _ hello: Hello, _ reader: inout MessageReader, path: String
  ) throws(AttachError) -> Answer {
    guard var unsent = try? Wire.encode(hello) else { throw .silent(path: path) }
    let deadline = DispatchTime.now().uptimeNanoseconds + UInt64(Connection.patience * 1e9)
    while true {
      if let body = try reader.next() { return try Wire.decode(Answer.self, from: body) }
      let now = DispatchTime.now().uptimeNanoseconds
      guard now < deadline, send(descriptor, &unsent) else { throw .silent(path: path) }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN | (unsent.isEmpty ? 0 : POLLOUT)), revents: 0)
      poll(&entry, 1, Int32((deadline - now) / 1_000_000) + 1)
      guard entry.revents & ~Int16(POLLOUT) != 0 else { continue }
      if !reader.fill(from: descriptor, atMost: 1 << 18) {
        if let body = try reader.next() { return try Wire.decode(Answer.self, from: body) }
        throw .silent(path: path)
      }
    }
  }

  /// - Returns: whether the other side is still there.
  private static func send(_ descriptor: Int32, _ unsent: inout Data) -> Bool {
    while !unsent.isEmpty {
      let count = unsent.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        // What the other side said before it hung up is still to be read.
        return errno == EAGAIN || errno == EPIPE || errno == ECONNRESET
      }
      unsent = Data(unsent.dropFirst(count))
    }
    return true
  }
}
