import CSignals
import Glibc
import Synchronization

/// The signals that a terminal program takes as events.
public enum Signal: Hashable, Sendable, CaseIterable {
  /// Ctrl-C.
  case interrupt
  case terminate
  /// The terminal went away.
  case hangup
  case windowChanged
  case continued
  /// Ctrl-Z.
  case stop

  var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .terminate: SIGTERM
    case .hangup: SIGHUP
    case .windowChanged: SIGWINCH
    case .continued: SIGCONT
    case .stop: SIGTSTP
    }
  }
}

/// Signals as events on a file descriptor.
///
/// Make one as the first act of `main`: it blocks the signals for the calling thread and for every thread started
/// later, so that none of them is interrupted. A process started by this one inherits the blocked signals: pass
/// `POSIX_SPAWN_SETSIGMASK` with an empty set.
public final class SignalSource: Sendable {
  /// Readable while a signal is pending; to be waited for beside standard input.
  public let fileDescriptor: Int32
  private let signals: [Signal]
  private let terminated = Mutex<ContinuousClock.Instant?>(nil)

  /// - Throws: `TerminalError.system` where the system has no descriptors left.
  public init(_ signals: Set<Signal> = Set(Signal.allCases)) throws(TerminalError) {
    self.signals = signals.sorted { $0.number < $1.number }
    let numbers = self.signals.map(\.number)
    fileDescriptor = signals_open(numbers, Int32(numbers.count))
    guard fileDescriptor >= 0 else { throw .system(call: "signalfd", code: errno) }
  }

  deinit { close(fileDescriptor) }

  /// Takes the signals that came since the last call, oldest first, without waiting.
  ///
  /// `timeout` and batch systems send SIGTERM to a process and again to its group: what comes within a second of the first
  /// is the same wish.
  public func pending() -> [Signal] {
    var numbers = [Int32](repeating: 0, count: 32)
    let count = signals_read(fileDescriptor, &numbers, Int32(numbers.count))
    let found = numbers.prefix(Int(max(0, count))).compactMap { number in signals.first { $0.number == number } }
    return found.filter { $0 != .terminate || isNewWish() }
  }

  private func isNewWish() -> Bool {
    terminated.withLock { last in
      let now = ContinuousClock.now
      if let last, now - last < .seconds(1) { return false }
      last = now
      return true
    }
  }
}

/// A descriptor that other threads make readable, so that a thread that waits for keys also hears of messages.
public final class WakeUp: Sendable {
  public let fileDescriptor: Int32

  /// - Throws: `TerminalError.system` where the system has no descriptors left.
  public init() throws(TerminalError) {
    fileDescriptor = signals_open_wakeup()
    guard fileDescriptor >= 0 else { throw .system(call: "eventfd", code: errno) }
  }

  deinit { close(fileDescriptor) }

  /// Makes the descriptor readable; never blocks.
  public func wake() { signals_wake(fileDescriptor) }

  /// Makes it unreadable again.
  public func drain() { signals_drain(fileDescriptor) }
}

public enum FileDescriptors {
  /// Waits until one of the descriptors can be read or has failed, or the time is over.
  /// - Parameter timeoutMilliseconds: nil waits for ever, 0 not at all.
  /// - Returns: those that can be read or have failed; empty after the time or when a signal interrupted the wait.
  public static func wait(for descriptors: [Int32], timeoutMilliseconds: Int?) -> Set<Int32> {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let timeout = timeoutMilliseconds.map { Int32(clamping: max(0, $0)) } ?? -1
    guard poll(&entries, nfds_t(entries.count), timeout) > 0 else { return [] }
    return Set(entries.filter { $0.revents != 0 }.map(\.fd))
  }

  /// Whether the other side of a terminal or pipe is gone.
  public static func isGone(_ descriptor: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
  }
}
