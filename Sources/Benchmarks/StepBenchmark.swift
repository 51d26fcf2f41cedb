import CAllocations
import Execution
import Foundation

/// What was measured of a workload's step.
public struct StepResult: Sendable {
  public var workload: String
  public var precision: String
  public var threads: Int
  public var millisecondsPerStep: Double
  public var p90: Double
  /// The time of the step's matrix products and convolutions alone.
  public var floor: Double
  public var compileMilliseconds: Double
  /// Heap allocations in a step: our own, and those under a frame of oneDNN or its threads. Nil where they cannot be seen.
  public var allocations: Double?
  public var libraryAllocations: Double?
  public var peakMegabytes: Double
  /// Billions of floating-point operations of the listed primitives, and of a large f32 product in a second.
  public var gigaflops: Double
  public var peakGigaflops: Double
  /// Milliseconds by kind of instruction and by layer, the largest first.
  public var kinds: [(name: String, milliseconds: Double)]
  public var layers: [(name: String, milliseconds: Double)]
  /// The listed primitives: calls, and milliseconds of one.
  public var primitives: [(name: String, count: Int, milliseconds: Double, gigaflops: Double)]

  public var efficiency: Double { floor / millisecondsPerStep }
  /// Of the machine's peak in f32 products: what of it the step's listed operations come to.
  public var peakShare: Double { gigaflops / (millisecondsPerStep / 1e3) / peakGigaflops }
}

/// Times a workload's step and its floor. Everything runs on the calling thread and the threads that it starts.
public struct StepBenchmark {
  /// How long the step is timed.
  public var seconds: Double
  /// Nil for as many threads as a run would take.
  public var threads: Int?

  public init(seconds: Double = 3, threads: Int? = nil) {
    self.seconds = seconds
    self.threads = threads
  }

  public func measure(_ workload: Workload) throws -> StepResult {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    PeakMemory.reset()
    let step = try BenchmarkedStep(workload, threads: threads, cores: cores)
    let times = timed(step)
    let peak = PeakMemory.megabytes()
    guard step.isFinite() else { throw BenchmarkError.notFinite(workload.name) }
    let counted = allocations(step)
    let profile = step.profile(count: max(1, min(50, Int(0.5 / times.median))))
    let (primitives, floor) = try floorOf(workload, threads: threads ?? cores)
    let result = StepResult(
      workload: workload.name, precision: workload.precision.rawValue, threads: step.threads,
      millisecondsPerStep: times.median * 1e3, p90: times.p90 * 1e3, floor: floor,
      compileMilliseconds: step.compileSeconds * 1e3, allocations: counted?.own, libraryAllocations: counted?.library,
      peakMegabytes: peak,
      gigaflops: workload.primitives.reduce(0) { $0 + $1.primitive.flops * Double($1.count) } / 1e9,
      peakGigaflops: try peakGigaflops(threads: threads ?? cores), kinds: sorted(profile.kinds),
      layers: sorted(profile.layers), primitives: primitives)
    return result
  }

  /// The instructions that a workload's step was compiled to, as text.
  public func listing(_ workload: Workload) throws -> String {
    try BenchmarkedStep(workload, threads: threads, cores: ProcessInfo.processInfo.activeProcessorCount).listing
  }

  /// Seconds of the median step and of the 90th percentile.
  func timed(_ step: BenchmarkedStep) -> (median: Double, p90: Double) {
    let warmUp = Stopwatch()
    repeat { step.run() } while warmUp.seconds < min(0.5, seconds / 4)
    var times: [Double] = []
    times.reserveCapacity(1 << 20)
    let total = Stopwatch()
    repeat {
      let one = Stopwatch()
      step.run()
      times.append(one.seconds)
    } while (total.seconds < seconds || times.count < 5) && times.count < 1 << 20
    times.sort()
    return (times[times.count / 2], times[times.count * 9 / 10])
  }

  private func allocations(_ step: BenchmarkedStep) -> (own: Double, library: Double)? {
    guard ca_is_active() != 0 else { return nil }
    let steps = 3
    ca_start()
    for _ in 0..<steps { step.run() }
    let count = ca_stop()
    return (Double(count.own) / Double(steps), Double(count.library) / Double(steps))
  }

  private func floorOf(
    _ workload: Workload, threads: Int
  ) throws -> (list: [(name: String, count: Int, milliseconds: Double, gigaflops: Double)], floor: Double) {
    var list: [(name: String, count: Int, milliseconds: Double, gigaflops: Double)] = []
    for (primitive, count) in workload.primitives {
      let seconds = try primitive.seconds(threads: threads, precision: workload.precision, budget: 0.1)
      list.append((primitive.description, count, seconds * 1e3, primitive.flops / seconds / 1e9))
    }
    return (list, list.reduce(0) { $0 + $1.milliseconds * Double($1.count) })
  }

  private func sorted(_ seconds: [String: Double]) -> [(name: String, milliseconds: Double)] {
    seconds.map { (name: $0.key, milliseconds: $0.value * 1e3) }
      .sorted { ($0.milliseconds, $1.name) > ($1.milliseconds, $0.name) }
  }
}

/// Why a benchmark has no result.
public enum BenchmarkError: Error, CustomStringConvertible {
  case notFinite(String)
  case unknownWorkload(String)

  public var description: String {
    switch self {
    case .notFinite(let name): "benchmark \(name): a gradient was not finite, so its steps changed nothing"
    case .unknownWorkload(let name):
      "no workload is named \(name); there are \(Set(Workload.all.map(\.name)).sorted().joined(separator: ", "))"
    }
  }
}
