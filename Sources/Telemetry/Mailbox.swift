import Synchronization

/// A queue between two threads: the sender never waits, the receiver takes all there is.
///
/// What does not fit into `capacity` is dropped from the old end, and counted, so a reader that stopped reading costs
/// neither time nor memory.
public final class Mailbox<Message: Sendable>: Sendable {
  private struct State {
    var messages: [Message] = []
    var dropped = 0
    var wake: (@Sendable () -> Void)?
  }
  private let state = Mutex(State())
  private let capacity: Int
  private let mayDrop: @Sendable (Message) -> Bool

  /// - Parameters:
  ///   - capacity: the number of messages kept.
  ///   - mayDrop: whether a message may be dropped when the mailbox is full; others are kept beyond the capacity.
  public init(capacity: Int = .max, mayDrop: @escaping @Sendable (Message) -> Bool = { _ in true }) {
    self.capacity = capacity
    self.mayDrop = mayDrop
  }

  /// Calls `wake` after each `send`, on the sender's thread; it must not block.
  public func onSend(_ wake: (@Sendable () -> Void)?) {
    state.withLock { $0.wake = wake }
  }

  public func send(_ message: Message) {
    let wake = state.withLock { state in
      if state.messages.count >= capacity, let oldest = state.messages.firstIndex(where: mayDrop) {
        state.messages.remove(at: oldest)
        state.dropped += 1
      }
      state.messages.append(message)
      return state.wake
    }
    wake?()
  }

  /// Wakes the receiver without a message.
  public func poke() { state.withLock { $0.wake }?() }

  /// Takes all messages, oldest first.
  public func receive() -> [Message] {
    state.withLock { state in
      let messages = state.messages
      state.messages = []
      return messages
    }
  }

  /// Gives messages back that were received and are for the next receiver: they come before those sent since.
  public func putBack(_ messages: some Collection<Message>) {
    state.withLock { $0.messages.insert(contentsOf: messages, at: 0) }
  }

  public var isEmpty: Bool { state.withLock { $0.messages.isEmpty } }
  /// How many messages were dropped so far.
  public var droppedCount: Int { state.withLock { $0.dropped } }
}

/// The two one-way lines between a trainer and its viewer.
public struct Link: Sendable {
  public let commands: Mailbox<Request>
  public let events: Mailbox<Event>

  public init() {
    commands = Mailbox()
    events = Mailbox(capacity: 4096) { event in
      switch event {
      case .metrics, .panel: true
      default: false
      }
    }
  }
}
