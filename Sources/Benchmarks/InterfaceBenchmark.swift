import Datasets
import Foundation
import Runs

/// Measures what the dashboard costs: the real program trains in a pseudo-terminal, with nobody between it and the
/// clock.
public struct InterfaceBenchmark {
  /// What can be measured.
  public enum Part: String, Sendable, CaseIterable {
    /// The CPU time of everything but training.
    case share
    /// From a key to the screen.
    case keys
    /// The CPU time of a paused run.
    case pause
    /// From `exec` to the version, and to the first frame.
    case start
  }

  /// Seconds of training over which CPU time is counted, for each workload.
  public var seconds: Double
  /// Seconds of training before that: programs are compiled and the data's side of the measurements made.
  public var warmUp: Double
  /// How many keys are pressed.
  public var keys: Int
  /// Seconds of pause over which CPU time is counted.
  public var pause: Double
  /// How often the program is started.
  public var starts: Int

  private let executable: String

  /// - Parameter executable: the path of gantui; by default this program's.
  public init(
    executable: String? = nil, seconds: Double = 5, warmUp: Double = 3, keys: Int = 200, pause: Double = 3,
    starts: Int = 20
  ) {
    self.executable = executable ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    self.seconds = seconds
    self.warmUp = warmUp
    self.keys = keys
    self.pause = pause
    self.starts = starts
  }

  /// - Parameter workload: what trains meanwhile; its precision does not matter.
  /// - Throws: `InterfaceBenchmarkError`.
  public func measure(_ part: Part, _ workload: Workload) throws -> InterfaceResult {
    let scene = try Scene(workload)
    return switch part {
    case .share: try share(workload, scene)
    case .keys: try keys(workload, scene)
    case .pause: try pause(workload, scene)
    case .start: try start(workload, scene)
    }
  }

  // MARK: the parts

  private func share(_ workload: Workload, _ scene: Scene) throws -> InterfaceResult {
    let program = try training(scene)
    defer { program.end() }
    let ticked = ProcessTimes.ticked(program.process)
    let contention = Contention(beside: program.process)
    var times = ProcessTimes(process: program.process)
    let watch = Stopwatch()
    while watch.seconds < seconds {
      program.drain(for: min(0.1, seconds - watch.seconds))
      times.read()
    }
    guard program.isRunning else { throw InterfaceBenchmarkError.ended(workload.name) }
    return .share(
      CPUShares(
        workload: workload.name, wallSeconds: watch.seconds, seconds: times.seconds,
        tickedSeconds: ProcessTimes.ticked(program.process) - ticked, othersCores: contention.cores))
  }

  /// What the first lines of the help say.
  private static let sentences = ["pause or resume", "keep a checkpoint", "one step, after a pause"]

  /// `?` opens and closes the help, which covers most of the screen: every key changes what is shown.
  private func keys(_ workload: Workload, _ scene: Scene) throws -> InterfaceResult {
    let program = try training(scene)
    defer { program.end() }
    let priority = ReaderPriority()
    defer { priority.end() }
    let contention = Contention(beside: program.process)
    var generator = SystemRandomNumberGenerator()
    var latencies: [Double] = []
    var unrecognized = 0
    for index in 0..<keys {
      // Telemetry draws no sooner than a tenth of a second after the last frame, whatever drew that: what comes before
      // is the key's.
      _ = program.readUntilQuiet(for: 0.01, limit: 1)
      _ = program.read(within: Double.random(in: 0...0.06, using: &generator))
      let watch = Stopwatch()
      program.press("?")
      let first = program.read(within: 1)
      let latency = watch.seconds
      guard !first.isEmpty else { throw InterfaceBenchmarkError.noAnswer(workload.name) }
      latencies.append(latency)
      let output = first + program.readUntilQuiet(for: 0.01, limit: 0.05)
      // Only the open help has its sentences on the screen; one of them may be drawn in pieces, over what was alike there.
      let text = String(decoding: output, as: UTF8.self)
      if index % 2 == 0, !Self.sentences.contains(where: text.contains) { unrecognized += 1 }
    }
    return .keys(
      KeyLatencies(
        workload: workload.name, seconds: latencies, unrecognized: unrecognized, isReaderUrgent: priority.isUrgent,
        othersCores: contention.cores))
  }

  private func pause(_ workload: Workload, _ scene: Scene) throws -> InterfaceResult {
    let program = try training(scene)
    defer { program.end() }
    program.press(" ")
    try wait(for: "paused", scene, program)
    // The picture and the measurement of a pause come once: they are no cost of waiting.
    program.drain(for: 1)
    var (ticked, before) = (ProcessTimes.ticked(program.process), 0.0)
    for _ in 0..<60 where ticked - before >= 0.01 {
      before = ticked
      program.drain(for: 0.5)
      ticked = ProcessTimes.ticked(program.process)
    }
    var times = ProcessTimes(process: program.process)
    program.drain(for: pause)
    times.read()
    guard program.isRunning else { throw InterfaceBenchmarkError.ended(workload.name) }
    return .pause(
      PausedTime(
        workload: workload.name, wallSeconds: pause, seconds: times.total,
        tickedSeconds: ProcessTimes.ticked(program.process) - ticked))
  }

  private func start(_ workload: Workload, _ scene: Scene) throws -> InterfaceResult {
    var versions: [Double] = []
    var frames: [Double] = []
    for _ in 0..<starts {
      let watch = Stopwatch()
      guard try TerminalProgram.run(executable, ["--version"]) == 0 else {
        throw InterfaceBenchmarkError.ended("--version")
      }
      versions.append(watch.seconds)
    }
    for _ in 0..<max(1, starts / 2) {
      let watch = Stopwatch()
      let program = try TerminalProgram(executable, scene.arguments)
      defer { program.end() }
      var output: [UInt8] = []
      // The first bytes only set the terminal up; the first frame says what the wait is for.
      while !String(decoding: output, as: UTF8.self).contains("building the model") {
        let bytes = program.read(within: 10)
        guard !bytes.isEmpty else { throw InterfaceBenchmarkError.ended(workload.name) }
        output += bytes
      }
      frames.append(watch.seconds)
    }
    return .start(StartTimes(workload: workload.name, version: versions, firstFrame: frames))
  }

  // MARK: the program

  /// The program after its start-up.
  private func training(_ scene: Scene) throws -> TerminalProgram {
    let program = try TerminalProgram(executable, scene.arguments)
    try wait(for: "training", scene, program)
    program.drain(for: warmUp)
    return program
  }

  /// Waits until the run's folder tells of a state.
  private func wait(for state: String, _ scene: Scene, _ program: TerminalProgram) throws {
    let watch = Stopwatch()
    while scene.state != state {
      guard program.isRunning, watch.seconds < 60 else { throw InterfaceBenchmarkError.ended(scene.name) }
      program.drain(for: 0.02)
    }
  }
}

/// A workload's configuration and data in a folder that goes with it.
private final class Scene {
  let name: String
  private let folder: String

  var arguments: [String] { ["run", "\(folder)/\(name).yaml", "--runs-dir", "\(folder)/runs"] }

  /// What the newest run's folder tells of its state.
  var state: String? {
    let run = try? RunStore(option: "\(folder)/runs").folders().max { $0.name < $1.name }
    return run.map { RunSummary($0).status.word }
  }

  init(_ workload: Workload) throws {
    name = workload.name
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("gantui-bench-\(UUID().uuidString)").path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(workload.yaml.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).yaml"))
      try writeImages(workload.sample)
    } catch {
      throw InterfaceBenchmarkError.unwritable("\(folder): \(error)")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Noise, where the configuration asks for a folder of images: training costs the same whatever they show.
  private func writeImages(_ sample: [Int]) throws {
    guard sample.count == 3 else { return }
    var state: UInt64 = 1
    for index in 0..<256 {
      let pixels = (0..<sample.reduce(1, *)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      }
      guard let image = PixelImage(width: sample[2], height: sample[1], channels: sample[0], pixels: pixels) else {
        return
      }
      try PNG.write(image, to: "\(folder)/\(index).png")
    }
  }
}

/// Lets this thread take its turn at once while it waits for output, where the system allows: what is timed is the
/// program, not the queue for a core that training keeps busy.
private struct ReaderPriority {
  let isUrgent: Bool

  init() {
    var urgent = sched_param()
    urgent.sched_priority = 1
    isUrgent = sched_setscheduler(0, SCHED_FIFO, &urgent) == 0
  }

  func end() {
    guard isUrgent else { return }
    var normal = sched_param()
    sched_setscheduler(0, SCHED_OTHER, &normal)
  }
}

/// Why an interface benchmark has no result.
public enum InterfaceBenchmarkError: Error, CustomStringConvertible {
  case system(String, Int32)
  case unwritable(String)
  case ended(String)
  case noAnswer(String)

  public var description: String {
    switch self {
    case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
    case .unwritable(let reason): "the benchmark's files cannot be written: \(reason)"
    case .ended(let name): "benchmark of the interface: the program with \(name) ended or never began"
    case .noAnswer(let name):
      "benchmark of the interface: a key pressed while \(name) trains changed nothing within a second"
    }
  }
}
