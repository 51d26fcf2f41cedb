import Dispatch
import Foundation
import Synchronization
import Telemetry

/// Stands between a trainer and all who look on: the session of its own process, and any number of viewers that attach
/// to the socket in the run's folder.
///
/// It works on a thread of its own. The trainer only puts events into a mailbox; a viewer that is slow, stopped or dead
/// costs a bounded queue.
public final class AttachServer: Sendable {
  /// What a server needs to know of its process.
  public struct Place: Sendable {
    /// The run's folder, whose lock this process holds.
    public var folder: String
    /// The program's version.
    public var program: String
    /// Who sits at the dashboard of this process; nil where it has none.
    public var dashboard: String?
    /// What the journal in a run's folder tells of its past; it is asked for whoever comes later, on the server's thread.
    public var history: @Sendable (_ folder: String) -> RunHistory
    public init(
      folder: String, program: String, dashboard: String?,
      history: @escaping @Sendable (_ folder: String) -> RunHistory = { _ in RunHistory() }
    ) {
      self.folder = folder
      self.program = program
      self.dashboard = dashboard
      self.history = history
    }
  }

  /// The lines to the session of this process.
  public let local = Link()
  /// Why nobody can attach; nil where one can.
  public let problem: AttachError?

  private let trainer: Link
  private let place: Place
  private let listener: RunSocket.Listener?
  private let alarm: Alarm
  private let flags = Mutex(Flags())
  private let watchers = Atomic<Int>(0)
  private let hasToldAll = Atomic<Bool>(false)
  private let isClosed = DispatchSemaphore(value: 0)

  struct Flags {
    var isRinging = false
    var hasTrainerEnded = false
    var hasDashboardLeft = false
    var mustClose = false
    /// Where the socket is to be; nil leaves it where it was made.
    var folder: String?
  }

  /// Listens in the run's folder. Where that cannot be, `problem` says why, and the run goes on without viewers.
  /// - Throws: `AttachError.system` where the system has no descriptors left.
  public init(_ place: Place, trainer: Link) throws(AttachError) {
    self.place = place
    self.trainer = trainer
    alarm = try Alarm()
    do throws(AttachError) {
      listener = try RunSocket.listen(in: place.folder)
      problem = nil
    } catch {
      listener = nil
      problem = error
    }
  }

  /// Begins; to be called before the trainer starts.
  public func start() {
    trainer.events.onSend { [self] in ring() }
    local.commands.onSend { [self] in ring() }
    let thread = Thread { [self] in
      // Tools tell threads by their names.
      Thread.current.name = "attach"
      var hub = Hub(self.place, listener: self.listener, trainer: self.trainer, local: self.local, alarm: self.alarm)
      if let problem = self.problem { hub.warn("nobody can attach to this run: \(problem)") }
      hub.run(
        flags: { self.takeFlags() }, watched: { self.watchers.store($0, ordering: .relaxed) },
        toldAll: { self.tellAll() })
      self.trainer.events.onSend(nil)
      self.local.commands.onSend(nil)
      self.isClosed.signal()
    }
    thread.start()
  }

  /// Whether a viewer is attached.
  public var isWatched: Bool { watchers.load(ordering: .relaxed) > 0 }

  /// Whether the trainer has ended, and all that it said has come to `local`.
  public var isOver: Bool { hasToldAll.load(ordering: .acquiring) }

  /// The trainer sends no more events. Viewers hear the last ones, and the socket is closed.
  public func trainerEnded() { change { $0.hasTrainerEnded = true } }

  /// The process trains another run from now on, whose lock it holds: whoever attaches finds the socket in that run's
  /// folder, and those who are attached stay.
  public func move(to folder: String) { change { $0.folder = folder } }

  /// The dashboard of this process is gone, and the run goes on.
  public func dashboardLeft() { change { $0.hasDashboardLeft = true } }

  /// Closes the socket, and waits until it is gone; about a second at most.
  public func close() {
    change { $0.mustClose = true }
    _ = isClosed.wait(timeout: .now() + 2)
    isClosed.signal()
  }

  private func change(_ body: (inout Flags) -> Void) {
    flags.withLock { body(&$0) }
    ring()
  }

  private func tellAll() {
    hasToldAll.store(true, ordering: .releasing)
    local.events.poke()
  }

  /// Wakes the thread; once is enough until it has looked.
  private func ring() {
    let isFirst = flags.withLock { flags in
      defer { flags.isRinging = true }
      return !flags.isRinging
    }
    if isFirst { alarm.ring() }
  }

  private func takeFlags() -> Flags {
    flags.withLock { flags in
      defer { flags.isRinging = false }
      return flags
    }
  }
}
