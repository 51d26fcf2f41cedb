import Foundation
import Glibc
import Telemetry

/// The thread of a server: events from the trainer to all, requests from who has the wheel to the trainer.
struct Hub {
  private var place: AttachServer.Place
  private let trainer: Link
  private let local: Link
  private let alarm: Alarm
  private var listener: RunSocket.Listener?

  private var connections: [Connection] = []
  private var viewerCount = 0
  private var helm: Helm
  private var picture = RunPicture()
  /// Who asked what, by the numbers that the trainer knows requests by.
  private var asked: [UInt64: (seat: Helm.Seat, request: UInt64)] = [:]
  private var lastRequest: UInt64 = 0
  private var complaints = Complaints()
  private var mendedAt = -Double.infinity
  /// When to accept again, after the system had no descriptors.
  private var acceptsAt = 0.0

  /// Seconds between two histories that mend holes.
  private static let mendInterval = 10.0
  /// Seconds that viewers get for the last events.
  private static let farewell = 1.0

  init(
    _ place: AttachServer.Place, listener: RunSocket.Listener?, trainer: Link, local: Link, alarm: Alarm
  ) {
    self.place = place
    self.listener = listener
    self.trainer = trainer
    self.local = local
    self.alarm = alarm
    helm = Helm(hasDashboard: place.dashboard != nil)
  }

  /// Seconds of the monotonic clock.
  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  mutating func run(flags: () -> AttachServer.Flags, watched: (Int) -> Void, toldAll: () -> Void) {
    var watchers = 0
    if place.dashboard != nil { tellWheel() }
    while true {
      let flags = flags()
      let ended = flags.hasTrainerEnded
      if flags.hasDashboardLeft, helm.hasDashboard { leave(.dashboard) }
      if let folder = flags.folder, folder != place.folder { move(to: folder) }
      passEvents()
      passRequests()
      if ended || flags.mustClose {
        toldAll()
        sayGoodbye()
        return
      }
      flush()
      let count = connections.count(where: \.isAttached)
      if count != watchers {
        watched(count)
        // A paused trainer makes a picture for the first who comes.
        if watchers == 0 { trainer.commands.poke() }
        watchers = count
      }
      wait()
    }
  }

  /// Waits until something can be read or written, or is due, and reads.
  private mutating func wait() {
    let now = Self.now()
    let accepts = listener != nil && now >= acceptsAt
    var entries = [pollfd(fd: alarm.descriptor, events: Int16(POLLIN), revents: 0)]
    entries.append(pollfd(fd: accepts ? listener?.descriptor ?? -1 : -1, events: Int16(POLLIN), revents: 0))
    for connection in connections {
      let events = (connection.wantsToRead ? POLLIN : 0) | (connection.outbox.isEmpty ? 0 : POLLOUT)
      entries.append(pollfd(fd: connection.descriptor, events: Int16(events), revents: 0))
    }
    var due = connections.compactMap(\.deadline)
    if listener != nil, !accepts { due.append(acceptsAt) }
    if connections.contains(where: { $0.outbox.hasHoles && $0.outbox.isEmpty }) {
      due.append(mendedAt + Self.mendInterval)
    }
    if let next = complaints.due { due.append(next) }
    let milliseconds = due.min().map { Int32(clamping: Int(max(0, min($0 - now, 3600)) * 1000) + 1) } ?? -1
    guard poll(&entries, nfds_t(entries.count), milliseconds) >= 0 else { return }
    if entries[0].revents != 0 { alarm.silence() }
    let after = Self.now()
    for (connection, entry) in zip(connections, entries.dropFirst(2)) {
      if entry.revents != 0 { serve(connection, events: entry.revents, now: after) }
      if let deadline = connection.deadline, after >= deadline, connections.contains(where: { $0 === connection }) {
        refuse(connection, connection.isAttached ? "half a message" : "no hello")
      }
    }
    if entries[1].revents != 0 { accept(now: after) }
    mend(now: after)
    if let line = complaints.overdue(now: after) { warn(line) }
  }

  // MARK: viewers

  /// Listens in another folder, and no more in the one before.
  private mutating func move(to folder: String) {
    listener?.close(folder: place.folder)
    place.folder = folder
    acceptsAt = 0
    do throws(AttachError) {
      listener = try RunSocket.listen(in: folder)
    } catch {
      listener = nil
      warn("nobody can attach to this run: \(error)")
    }
  }

  private mutating func accept(now: Double) {
    guard let listener else { return }
    while true {
      let descriptor = RunSocket.accept(listener)
      guard descriptor >= 0 else {
        if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS {
          acceptsAt = now + 1
          complain("no descriptor is left for one more viewer", now: now)
        }
        return
      }
      viewerCount += 1
      let connection = Connection(number: viewerCount, descriptor: descriptor, now: now)
      // The file's mode keeps others out; where a file system does not honour it, this does.
      if let peer = RunSocket.peer(of: descriptor), peer.user != geteuid(), peer.user != 0 {
        connection.dismiss(refusal("this run belongs to another user"))
        complain("user \(peer.user) was refused", now: now)
        continue
      }
      connections.append(connection)
    }
  }

  private mutating func serve(_ connection: Connection, events: Int16, now: Double) {
    if events & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
      let isOpen = connection.receive()
      read(connection, now: now)
      guard connections.contains(where: { $0 === connection }) else { return }
      if !isOpen {
        if connection.isInsideMessage, connection.wantsToRead {
          complain("\(connection.title) left in the middle of a message", now: now)
        }
        remove(connection)
        return
      }
    }
    if events & Int16(POLLOUT) != 0, !connection.flush() { remove(connection) }
  }

  /// Takes the whole messages that a viewer has sent.
  private mutating func read(_ connection: Connection, now: Double) {
    do throws(AttachError) {
      while let found = try connection.next(now: now) {
        switch found {
        case .hello(let hello):
          guard greet(connection, hello) else { return }
        case .request(let request): take(request, from: connection.seat)
        }
      }
    } catch {
      refuse(connection, "\(error)")
    }
  }

  private func refusal(_ reason: String) -> Answer {
    .refused(version: Hello.currentVersion, program: place.program, reason: reason)
  }

  /// - Returns: whether the viewer may stay.
  private mutating func greet(_ connection: Connection, _ hello: Hello) -> Bool {
    guard hello.version == Hello.currentVersion else {
      connection.dismiss(
        refusal(
          "the run is trained by gantui \(place.program), whose socket speaks version \(Hello.currentVersion), not \(hello.version)"
        ))
      remove(connection)
      return false
    }
    let name = Wire.cleaned(hello.name, limit: 40)
    connection.attach(as: "\(name.isEmpty ? Connection.nameless : name) #\(connection.number)")
    if let answer = try? Wire.encode(
      Answer.welcome(version: Hello.currentVersion, program: place.program, you: connection.title))
    {
      connection.outbox.begin(with: answer)
    }
    // Who gives no name only looks whether the run trains.
    if !name.isEmpty {
      for event in picture.events(place.history(place.folder)) { send(event, to: connection) }
    }
    tellWheel()
    if !name.isEmpty { announce("\(connection.title) looks on") }
    return true
  }

  /// A viewer whose words make no sense has to go; the run does not mind.
  private mutating func refuse(_ connection: Connection, _ reason: String) {
    complain("\(connection.title) was refused: \(reason)", now: Self.now())
    if !connection.isAttached { connection.dismiss(refusal(reason)) }
    remove(connection)
  }

  private mutating func remove(_ connection: Connection) {
    guard let index = connections.firstIndex(where: { $0 === connection }) else { return }
    connections.remove(at: index)
    guard let name = connection.name else { return }
    if !name.hasPrefix(Connection.nameless) { announce("\(name) has left") }
    leave(connection.seat)
  }

  // MARK: the wheel

  private func name(_ seat: Helm.Seat?) -> String? {
    switch seat {
    case .dashboard: place.dashboard
    case .viewer(let number): connections.first { $0.number == number }?.title
    case nil: nil
    }
  }

  private mutating func leave(_ seat: Helm.Seat) {
    helm.leave(seat)
    tellWheel()
  }

  /// Tells everybody who steers.
  private mutating func tellWheel() {
    let holder = name(helm.holder)
    let viewers = connections.count(where: \.isAttached)
    func wheel(_ seat: Helm.Seat) -> Event {
      .wheel(Wheel(holder: holder, isYours: helm.holder == seat, viewers: viewers))
    }
    local.events.send(wheel(.dashboard))
    for connection in connections where connection.isAttached { send(wheel(connection.seat), to: connection) }
  }

  /// A request of somebody: to the trainer where he has the wheel.
  private mutating func take(_ request: Request, from seat: Helm.Seat) {
    switch request.command {
    case .takeWheel:
      helm.take(seat)
      tellWheel()
      reply(to: seat, request.id, "you have the wheel")
    case .releaseWheel:
      helm.release(seat)
      tellWheel()
      reply(to: seat, request.id, helm.holder == seat ? "you keep the wheel" : "you have given up the wheel")
    default:
      // A process may always stop its own run.
      guard helm.holder == seat || (seat == .dashboard && request.command == .stop) else {
        let holder = name(helm.holder).map { "\($0) has the wheel" } ?? "nobody has the wheel"
        return reply(to: seat, request.id, "\(holder); W takes it", failed: true)
      }
      lastRequest += 1
      asked[lastRequest] = (seat, request.id)
      if case .viewer(let number) = seat { connections.first { $0.number == number }?.pending += 1 }
      let origin: EditOrigin = if case .viewer = seat { .attach } else { request.origin }
      trainer.commands.send(Request(id: lastRequest, command: request.command, origin: origin))
    }
  }

  private mutating func reply(to seat: Helm.Seat, _ request: UInt64, _ text: String, failed: Bool = false) {
    let event = Event.reply(request: request, text: text, failed: failed)
    switch seat {
    case .dashboard: local.events.send(event)
    case .viewer(let number): connections.first { $0.number == number }.map { send(event, to: $0) }
    }
  }

  private mutating func passRequests() {
    for request in local.commands.receive() { take(request, from: .dashboard) }
  }

  // MARK: events

  private mutating func passEvents() {
    for event in trainer.events.receive() {
      if case .reply(let request, let text, let failed) = event {
        guard let (seat, id) = asked.removeValue(forKey: request) else { continue }
        reply(to: seat, id, text, failed: failed)
        if case .viewer(let number) = seat, let viewer = connections.first(where: { $0.number == number }) {
          viewer.pending -= 1
          // What came while it had asked too much is in its buffer, of which no descriptor tells.
          read(viewer, now: Self.now())
        }
        continue
      }
      picture.take(event)
      broadcast(event)
    }
  }

  /// To all, the own process first.
  private mutating func broadcast(_ event: Event) {
    local.events.send(event)
    guard !connections.isEmpty else { return }
    let packet = Packet(event)
    for connection in connections where connection.isAttached { send(packet, to: connection) }
  }

  private mutating func send(_ event: Event, to connection: Connection) { send(Packet(event), to: connection) }

  private mutating func send(_ packet: Packet, to connection: Connection) {
    if connection.outbox.append(packet) { return }
    // Many at once are no sign that it does not read.
    if connection.flush(), connection.outbox.append(packet) { return }
    // Announcing it would fill the queues of others like it.
    guard let index = connections.firstIndex(where: { $0 === connection }) else { return }
    connections.remove(at: index)
    complain("\(connection.title) does not read and was disconnected", now: Self.now())
    leave(connection.seat)
  }

  private mutating func flush() {
    for connection in connections where !connection.outbox.isEmpty && !connection.flush() { remove(connection) }
  }

  /// Sends the whole history to viewers that have caught up after they lost some of it.
  private mutating func mend(now: Double) {
    guard now >= mendedAt + Self.mendInterval else { return }
    let torn = connections.filter { $0.outbox.hasHoles && $0.outbox.isEmpty }
    guard !torn.isEmpty else { return }
    mendedAt = now
    let packet = Packet(.history(picture.history(place.history(place.folder))))
    for connection in torn {
      connection.outbox.mend()
      send(packet, to: connection)
    }
  }

  // MARK: words

  private mutating func announce(_ text: String) {
    broadcast(.message(LogMessage(level: .info, text: text), step: picture.step))
  }

  mutating func warn(_ text: String) {
    broadcast(.message(LogMessage(level: .warning, text: text), step: picture.step))
  }

  /// Logs what somebody did wrong, without a flood of it.
  private mutating func complain(_ text: String, now: Double) {
    if let line = complaints.add("attach: \(text)", now: now) { warn(line) }
  }

  /// Hands the last events to viewers that take them, and closes.
  private mutating func sayGoodbye() {
    let end = Self.now() + Self.farewell
    while true {
      flush()
      let waiting = connections.filter { !$0.outbox.isEmpty }
      let left = end - Self.now()
      if waiting.isEmpty || left <= 0 { break }
      var entries = waiting.map { pollfd(fd: $0.descriptor, events: Int16(POLLOUT), revents: 0) }
      poll(&entries, nfds_t(entries.count), Int32(left * 1000) + 1)
    }
    listener?.close(folder: place.folder)
    listener = nil
    connections = []
  }
}
