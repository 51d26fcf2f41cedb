import Foundation

/// A thread's line of `/proc/PID/task/TID/stat`, as far as it is needed here.
public struct ThreadStatus: Sendable, Equatable {
  public var id: Int32
  /// At most 15 bytes; the main thread has the program's.
  public var name: String
  /// Clock ticks in user and in kernel mode.
  public var ticks: Int

  /// Takes apart a line of `stat`; nil for anything else. A name may hold blanks and parentheses.
  public init?(line: String) {
    guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close,
      let id = Int32(line[..<open].trimmingCharacters(in: .whitespaces))
    else { return nil }
    let fields = line[line.index(after: close)...].split(separator: " ")
    // From the third on; utime and stime are the 14th and 15th.
    guard fields.count >= 13, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
    self.id = id
    name = String(line[line.index(after: open)..<close])
    ticks = user + system
  }
}

/// What a thread works for, told by its name.
public enum ThreadGroup: String, Sendable, CaseIterable {
  /// The training loop and the engine's threads, which inherit its name.
  case training
  /// Batches made ahead: training's work, too.
  case data
  case observer
  /// The main thread: keys, events, frames.
  case dashboard
  case other

  /// - Parameter process: the process' own id, which is that of its main thread.
  public init(_ thread: ThreadStatus, process: Int32) {
    self =
      switch thread.name {
      case _ where thread.id == process: .dashboard
      case "training": .training
      case "training/data": .data
      case "observer": .observer
      default: .other
      }
  }

  public var isTraining: Bool { self == .training || self == .data }
}

/// CPU seconds of a process by group of threads, added up over readings of `/proc`: a thread that ends between two of
/// them takes along only what it did since the first.
struct ProcessTimes {
  private let process: Int32
  private var known: [Int32: Double] = [:]
  private(set) var seconds: [ThreadGroup: Double] = [:]

  /// Counts from now on.
  init(process: Int32) {
    self.process = process
    read()
    seconds = [:]
  }

  var total: Double { seconds.values.reduce(0, +) }

  /// Adds what the threads did since the last reading.
  mutating func read() {
    let threads = Self.threads(of: process)
    for (thread, time) in threads {
      // A number that counts down is of a new thread with an old one's id.
      let before = known[thread.id] ?? 0
      seconds[ThreadGroup(thread, process: process), default: 0] += time >= before ? time - before : time
    }
    known = Dictionary(threads.map { ($0.thread.id, $0.seconds) }) { first, _ in first }
  }

  /// The threads with their CPU seconds: exact where the kernel tells, else in clock ticks.
  static func threads(of process: Int32) -> [(thread: ThreadStatus, seconds: Double)] {
    let folder = "/proc/\(process)/task"
    let ids = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return ids.compactMap { id in
      guard let thread = ThreadStatus(line: text("\(folder)/\(id)/stat")) else { return nil }
      let exact = text("\(folder)/\(id)/schedstat").split(separator: " ").first.flatMap { Double($0) }
      return (thread, exact.map { $0 * 1e-9 } ?? Double(thread.ticks) / Double(ticksPerSecond))
    }
  }

  /// CPU seconds of all threads that the process ever had, in clock ticks.
  static func ticked(_ process: Int32) -> Double {
    (ThreadStatus(line: text("/proc/\(process)/stat"))?.ticks).map { Double($0) / Double(ticksPerSecond) } ?? 0
  }

  static let ticksPerSecond = max(1, sysconf(Int32(_SC_CLK_TCK)))

  private static func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// Cores that other programs, and the machine under this one, took for themselves: what spoils a measurement.
struct Contention {
  private let process: Int32
  private let watch = Stopwatch()
  private let start: Double

  init(beside process: Int32) {
    self.process = process
    start = Self.others(beside: process)
  }

  /// The mean since it was made.
  var cores: Double { max(0, Self.others(beside: process) - start) / max(watch.seconds, 1e-3) }

  private static func others(beside process: Int32) -> Double {
    let text = FileManager.default.contents(atPath: "/proc/stat").map { String(decoding: $0, as: UTF8.self) } ?? ""
    return busy(text) - ProcessTimes.ticked(process) - ProcessTimes.ticked(getpid())
  }

  /// Busy and stolen seconds of all cores, of the first line of `/proc/stat`: user, nice, system, idle, iowait, irq,
  /// softirq, steal.
  static func busy(_ text: String) -> Double {
    let line = text.prefix { $0 != "\n" }.split(separator: " ")
    guard line.first == "cpu", line.count >= 9 else { return 0 }
    let ticks = line.dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count == 8 else { return 0 }
    return (ticks.reduce(0, +) - ticks[3] - ticks[4]) / Double(ProcessTimes.ticksPerSecond)
  }
}
