import Foundation

/// What was measured of the interface.
public enum InterfaceResult: Sendable {
  case share(CPUShares)
  case keys(KeyLatencies)
  case pause(PausedTime)
  case start(StartTimes)
}

/// Where a run's CPU time went while the dashboard was open.
public struct CPUShares: Sendable {
  /// The most that everything but training may take of the process' CPU time.
  public static let goal = 0.02

  public var workload: String
  public var wallSeconds: Double
  /// CPU seconds of each group of threads.
  public var seconds: [ThreadGroup: Double]
  /// CPU seconds of the process by the kernel's ticks of 10 ms, those of threads that ended among them.
  public var tickedSeconds: Double
  /// Cores that other programs used meanwhile.
  public var othersCores = 0.0

  public var total: Double { seconds.values.reduce(0, +) }

  /// A group's part of the CPU time, 0...1.
  public func share(_ group: ThreadGroup) -> Double { total > 0 ? (seconds[group] ?? 0) / total : 0 }

  /// The part of everything that is not training.
  public var interface: Double { ThreadGroup.allCases.filter { !$0.isTraining }.map(share).reduce(0, +) }
}

/// Times from a key to the first bytes of the frame that it causes.
public struct KeyLatencies: Sendable {
  /// The most that 99 of 100 keys may take, in seconds.
  public static let goal = 0.005

  public var workload: String
  public var seconds: [Double]
  /// Keys whose output did not show what they ask for.
  public var unrecognized: Int
  /// Whether the reader of the terminal went before training at the cores.
  public var isReaderUrgent: Bool
  /// Cores that other programs used meanwhile.
  public var othersCores = 0.0
}

/// CPU time of a paused run.
public struct PausedTime: Sendable {
  /// The most CPU seconds: one tick.
  public static let goal = 0.01

  public var workload: String
  public var wallSeconds: Double
  public var seconds: Double
  public var tickedSeconds: Double
}

/// Seconds from `exec`: to the end of `gantui --version`, and to the first frame of `gantui run`.
public struct StartTimes: Sendable {
  public static let versionGoal = 0.05
  public static let firstFrameGoal = 0.1

  public var workload: String
  public var version: [Double]
  public var firstFrame: [Double]
}

/// The value below which a share of the others lies: the nearest rank, so that it is one of them; NaN of none.
///
/// - Parameter share: 0 for the smallest to 1 for the largest.
public func percentile(_ share: Double, of values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let rank = (min(1, max(0, share)) * Double(values.count)).rounded(.up)
  return values.sorted()[min(values.count - 1, max(0, Int(rank) - 1))]
}

extension InterfaceResult {
  /// Whether the goal is reached.
  public var isMet: Bool {
    switch self {
    case .share(let shares): shares.interface <= CPUShares.goal
    case .keys(let keys): percentile(0.99, of: keys.seconds) < KeyLatencies.goal && keys.unrecognized == 0
    case .pause(let time): min(time.seconds, time.tickedSeconds) <= PausedTime.goal
    case .start(let times):
      percentile(0.5, of: times.version) < StartTimes.versionGoal
        && percentile(0.5, of: times.firstFrame) < StartTimes.firstFrameGoal
    }
  }

  private var workload: String {
    switch self {
    case .share(let result): result.workload
    case .keys(let result): result.workload
    case .pause(let result): result.workload
    case .start(let result): result.workload
    }
  }

  /// What is measured, the numbers, and the goal, for people.
  private var words: (what: String, numbers: String, goal: String) {
    func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }
    func milliseconds(_ seconds: Double) -> String { String(format: "%.2f ms", 1e3 * seconds) }
    // A tenth of a core spoils a measurement.
    func others(_ cores: Double) -> String {
      cores < 0.1 ? "" : String(format: "; other programs took %.2f cores", cores)
    }
    switch self {
    case .share(let shares):
      let groups: [ThreadGroup] = [.dashboard, .observer, .other, .training, .data]
      return (
        "interface's CPU",
        percent(shares.interface) + " = "
          + groups.filter { !$0.isTraining }.map { "\($0.rawValue) \(percent(shares.share($0)))" }
          .joined(separator: " + ")
          + String(
            format: "; training %.2f + data %.2f s of %.2f s",
            shares.seconds[.training] ?? 0, shares.seconds[.data] ?? 0, shares.total) + others(shares.othersCores),
        "<= " + percent(CPUShares.goal)
      )
    case .keys(let keys):
      let texts = [("p50", 0.5), ("p99", 0.99), ("max", 1)].map {
        "\($0.0) \(milliseconds(percentile($0.1, of: keys.seconds)))"
      }
      return (
        "key to screen",
        texts.joined(separator: ", ") + " of \(keys.seconds.count) keys"
          + (keys.unrecognized > 0 ? ", \(keys.unrecognized) not recognized" : "")
          + (keys.isReaderUrgent ? "" : "; the reader waited for a core, too")
          + others(keys.othersCores),
        "p99 < " + milliseconds(KeyLatencies.goal)
      )
    case .pause(let time):
      return (
        "paused", milliseconds(time.seconds) + String(format: " of CPU in %.1f s", time.wallSeconds),
        "<= " + milliseconds(PausedTime.goal)
      )
    case .start(let times):
      return (
        "start",
        "--version \(milliseconds(percentile(0.5, of: times.version))), first frame "
          + milliseconds(percentile(0.5, of: times.firstFrame)),
        "< \(milliseconds(StartTimes.versionGoal)), \(milliseconds(StartTimes.firstFrameGoal))"
      )
    }
  }

  /// One line of a table.
  public var row: String {
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    let words = words
    return
      "\(pad(workload, 10)) \(pad(words.what, 16)) \(pad(isMet ? "ok" : "missed", 7)) \(words.numbers) (\(words.goal))"
  }

  /// One object on one line; times in milliseconds, shares from 0 to 1.
  public var json: String {
    func number(_ value: Double) -> String { value.isFinite ? String(format: "%.6g", value) : "null" }
    var fields: [(String, String)] = [("workload", "\"\(workload)\"")]
    switch self {
    case .share(let shares):
      fields.append(("measure", "\"share\""))
      fields.append(("interface_share", number(shares.interface)))
      for group in ThreadGroup.allCases { fields.append(("\(group.rawValue)_share", number(shares.share(group)))) }
      fields.append(("cpu_s", number(shares.total)))
      fields.append(("cpu_ticks_s", number(shares.tickedSeconds)))
      fields.append(("wall_s", number(shares.wallSeconds)))
      fields.append(("others_cores", number(shares.othersCores)))
      fields.append(("goal_share", number(CPUShares.goal)))
    case .keys(let keys):
      fields.append(("measure", "\"keys\""))
      for (name, share) in [("p50_ms", 0.5), ("p99_ms", 0.99), ("max_ms", 1)] {
        fields.append((name, number(1e3 * percentile(share, of: keys.seconds))))
      }
      fields.append(("keys", "\(keys.seconds.count)"))
      fields.append(("unrecognized", "\(keys.unrecognized)"))
      fields.append(("reader_urgent", "\(keys.isReaderUrgent)"))
      fields.append(("others_cores", number(keys.othersCores)))
      fields.append(("goal_p99_ms", number(1e3 * KeyLatencies.goal)))
    case .pause(let time):
      fields.append(("measure", "\"pause\""))
      fields.append(("cpu_ms", number(1e3 * time.seconds)))
      fields.append(("cpu_ticks_ms", number(1e3 * time.tickedSeconds)))
      fields.append(("wall_s", number(time.wallSeconds)))
      fields.append(("goal_cpu_ms", number(1e3 * PausedTime.goal)))
    case .start(let times):
      fields.append(("measure", "\"start\""))
      fields.append(("version_ms", number(1e3 * percentile(0.5, of: times.version))))
      fields.append(("first_frame_ms", number(1e3 * percentile(0.5, of: times.firstFrame))))
      fields.append(("goal_version_ms", number(1e3 * StartTimes.versionGoal)))
      fields.append(("goal_first_frame_ms", number(1e3 * StartTimes.firstFrameGoal)))
    }
    fields.append(("met", "\(isMet)"))
    return "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }
}
