import Dashboard
import Foundation
import Runs
import Synchronization
import Telemetry

/// Reads the other runs of a store for the dashboard, on a queue of its own: a history is megabytes, and keys must not
/// wait for it.
final class RunReader: Sendable {
  private let store: RunStore
  private let queue = DispatchQueue(label: "gantui.runs", qos: .userInitiated)
  private struct Box {
    var answers: [Input] = []
    var wake: (@Sendable () -> Void)?
  }
  private let box = Mutex(Box())

  /// - Parameter run: the run that is shown; its neighbours are read.
  init(beside run: RunFolder) {
    store = RunStore(option: URL(fileURLWithPath: run.path).deletingLastPathComponent().path)
  }

  /// - Parameter wake: called from the queue when an answer is there.
  func onAnswer(_ wake: @escaping @Sendable () -> Void) { box.withLock { $0.wake = wake } }

  /// What was read since the last call, in order.
  func answers() -> [Input] {
    box.withLock { box in
      defer { box.answers = [] }
      return box.answers
    }
  }

  /// Tells what runs there are.
  func list() {
    queue.async { [self] in
      let runs = ((try? store.list()) ?? []).map {
        StoredRun(name: $0.run.name, step: $0.checkpointStep ?? 0, state: $0.status.word)
      }
      answer(.runs(runs))
    }
  }

  /// Reads a run's history.
  func load(_ name: String) {
    queue.async { [self] in
      do {
        answer(.overlay(name, try store.run(name).runHistory()))
      } catch {
        answer(.overlayFailed(name, reason: Failure(error).message))
      }
    }
  }

  private func answer(_ input: Input) {
    let wake = box.withLock { box in
      box.answers.append(input)
      return box.wake
    }
    wake?()
  }
}

extension RunFolder {
  /// What the run's journal remembers.
  /// - Throws: `RunStoreError`.
  func runHistory() throws -> RunHistory { try openReader().history(of: self) }
}
