import CScheduling
import Datasets
import Dispatch
import Execution
import Foundation
import Measures
import Models
import Synchronization
import Telemetry

/// Trains a run on a serial Dispatch queue of its own: commands in at step boundaries, events out, never waiting for a reader.
///
/// The loop is one block of the queue, because libgomp keeps a pool of threads for each thread that calls it.
public final class Trainer: Sendable {
  /// How a trainer behaves beside its configuration.
  public struct Options: Sendable {
    /// Pauses before the first step.
    public var startsPaused = false
    /// Whether somebody watches who can decide what a non-finite gradient means; otherwise the run ends there.
    public var isAttended = true
    /// Whether a full disk pauses the run until there is room; otherwise the run ends there.
    public var waitsForRoom = true
    /// Whether somebody looks on from outside, so that pictures are wanted; asked on the trainer's thread.
    public var isWatched: @Sendable () -> Bool = { false }
    /// Pauses at this step.
    public var pausesAt: Int?
    /// Whether a run that has finished goes on answering, about its pictures and its earlier moments, until it is stopped or
    /// nobody watches any more.
    public var staysOpen = false
    /// Told on the trainer's thread when another run, a branch, is trained from now on; its lock is held.
    public var wentOver: @Sendable (RunFolder) -> Void = { _ in }
    public init() {}
  }

  /// How a run ended.
  public enum Ending: Sendable {
    /// All steps done.
    case finished
    /// Stopped on request, with a checkpoint.
    case stopped
    case failed(any Error)
  }

  /// What the system calls the thread of the loop, and those of the engine that it starts.
  public static let threadName = "training"

  /// How much nicer a run's threads are than the program while somebody watches it; half of what there is.
  static let attendedNiceness: Int32 = 10

  /// Microseconds of a turn at a core then: the kernel's threads that carry keys and frames wait for the end of one.
  private static let attendedTurn: UInt32 = 300

  public let link: Link
  private let configuration: RunConfiguration
  private let lock: RunLock
  private let options: Options
  private let queue = DispatchQueue(label: "gantui.trainer", qos: .userInitiated)
  private let wake = DispatchSemaphore(value: 0)
  private let ending = Mutex<Ending?>(nil)
  private let done = DispatchSemaphore(value: 0)
  private let onEnd = Mutex<(@Sendable () -> Void)?>(nil)
  private let isAttended: Atomic<Bool>
  private let current: Mutex<RunFolder>

  /// The folder of the run that is trained: after a branch that of the branch.
  public var folder: RunFolder { current.withLock { $0 } }

  /// Nothing runs until `start`.
  public init(
    _ configuration: RunConfiguration, folder: RunFolder, lock: RunLock, link: Link, options: Options = Options()
  ) {
    self.configuration = configuration
    current = Mutex(folder)
    self.lock = lock
    self.link = link
    self.options = options
    isAttended = Atomic(options.isAttended)
  }

  /// Nobody watches any more: from now on a gradient that is not finite ends the run, and so does its last step. Whoever
  /// calls this wakes the trainer by a command.
  public func leaveUnattended() { isAttended.store(false, ordering: .relaxed) }

  /// Starts the loop. `finished` is called on the trainer's queue when it has ended.
  public func start(finished: (@Sendable () -> Void)? = nil) {
    onEnd.withLock { $0 = finished }
    link.commands.onSend { [wake] in wake.signal() }
    queue.async { [self] in
      // Tools tell threads by their names, and libgomp's inherit this one.
      Thread.current.name = Self.threadName
      // With somebody at the keys, their thread goes before these at the cores, which training keeps busy.
      scheduling_be_nice(options.isAttended ? Self.attendedNiceness : 0)
      if options.isAttended { scheduling_take_turns(Self.attendedTurn) }
      let result = train()
      ending.withLock { $0 = result }
      onEnd.withLock { $0 }?()
      done.signal()
    }
  }

  /// Trains the run, and those that branch off while it trains, one after the other.
  private func train() -> Ending {
    var run = Run(configuration: configuration, folder: folder, lock: lock, options: options)
    while true {
      switch train(run) {
      case .ended(let ending): return ending
      case .branched(let branch, let dataset, let alerts, let isPaused):
        var options = options
        options.startsPaused = isPaused
        options.pausesAt = nil
        current.withLock { $0 = branch.folder }
        options.wentOver(branch.folder)
        run = Run(
          configuration: branch.configuration, folder: branch.folder, lock: branch.lock, options: options,
          dataset: branch.configuration.data == run.configuration.data ? dataset : nil, alerts: alerts)
      }
    }
  }

  /// What is trained until its end, or until another branches off.
  private struct Run {
    var configuration: RunConfiguration
    var folder: RunFolder
    var lock: RunLock
    var options: Options
    var dataset: (any Dataset)?
    var alerts: AlertMonitor?
  }

  private func train(_ run: Run) -> TrainingLoop.Outcome {
    var archive: RunArchive?
    defer {
      archive?.close()
      run.lock.release()
    }
    var loop: TrainingLoop?
    do {
      let opened = try RunArchive(run.folder, lock: run.lock, schedule: run.configuration.schedule)
      archive = opened
      let made = try TrainingLoop(
        run.configuration, archive: opened, link: link, options: run.options, dataset: run.dataset, alerts: run.alerts,
        isAttended: { [self] in isAttended.load(ordering: .relaxed) },
        wait: { [wake] seconds in
          if let seconds { _ = wake.wait(timeout: .now() + seconds) } else { wake.wait() }
        }, wake: { [wake] in wake.signal() })
      loop = made
      return try made.run()
    } catch {
      let failure = Event.state(.failed(message: "\(error)"), step: loop?.step ?? 0)
      // Of a run that cannot be built the curves are there all the same.
      if loop == nil, let past = archive?.past().history, past.step > 0 { link.events.send(.history(past)) }
      // One that has finished and cannot be opened has not failed by that.
      if archive?.hasFinished(steps: run.configuration.schedule.steps) != true {
        _ = loop?.eventLog?.take(failure)
        // The run has failed in any case; the journal says so where it can.
        try? archive?.record(failure)
      }
      link.events.send(failure)
      return .ended(.failed(error))
    }
  }

  /// Waits for the end of the run.
  public func wait() -> Ending {
    done.wait()
    done.signal()
    return ending.withLock { $0 } ?? .stopped
  }

  public var isEnded: Bool { ending.withLock { $0 != nil } }
}
