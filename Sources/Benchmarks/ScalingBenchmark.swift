import Execution
import Foundation

/// How a step's time, its compile time and its memory grow with the batch, the networks and the images.
public struct ScalingBenchmark {
  /// What grows, everything else staying as it is.
  public enum Series: String, Sendable, CaseIterable {
    /// Samples in a batch: dense networks of two hidden layers of 128.
    case batch
    /// Units of each of two hidden layers, at a batch of 64.
    case width
    /// Hidden layers of 64 units, at a batch of 64.
    case depth
    /// Pixels along an image's edge: a DCGAN of 16 features at a batch of 16.
    case image

    public var values: [Int] {
      switch self {
      case .batch, .width: (4...11).map { 1 << $0 }
      case .depth: (0...6).map { 1 << $0 }
      case .image: (4...7).map { 1 << $0 }
      }
    }
  }

  /// What was measured at one value of a series.
  public struct Point: Sendable {
    public var series: Series
    public var value: Int
    public var batch: Int
    public var threads: Int
    public var millisecondsPerStep: Double
    /// The fastest of some times that the system was traced and compiled, its first weights drawn already.
    public var compileMilliseconds: Double
    /// Memory that intermediate values share.
    public var arenaMegabytes: Double
    /// Of the step's graph, and of what it was compiled to.
    public var nodes: Int
    public var instructions: Int
    /// Of the step's matrix products and convolutions.
    public var multiplications: Int

    public var microsecondsPerSample: Double { millisecondsPerStep * 1e3 / Double(batch) }
    public var compilePerThousandNodes: Double { compileMilliseconds * 1e3 / Double(nodes) }
    public var picosecondsPerMultiplication: Double { millisecondsPerStep * 1e9 / Double(multiplications) }
  }

  /// Whether a figure stays level along a series.
  public struct Verdict: Sendable {
    public var series: Series
    /// Such as "microseconds per sample".
    public var figure: String
    public var values: [Double]
    /// The most that the figure may grow.
    public var limit: Double

    /// How far the figure ever rises above an earlier one; 1 where it only falls.
    public var growth: Double {
      var (least, growth) = (Double.infinity, 1.0)
      for value in values {
        least = min(least, value)
        growth = max(growth, value / least)
      }
      return growth
    }
    public var holds: Bool { growth <= limit }
  }

  /// How long each step is timed.
  public var seconds: Double
  /// Nil for as many threads as a run would take.
  public var threads: Int?

  public init(seconds: Double = 0.5, threads: Int? = nil) {
    self.seconds = seconds
    self.threads = threads
  }

  /// The step at one value, which need not be among `series.values`.
  public func measure(_ series: Series, _ value: Int) throws -> Point {
    let workload = Workload.scaled(series, value)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let step = try BenchmarkedStep(workload, threads: threads, cores: cores)
    // Compiled again with the weights drawn: some times to pass over a busy moment, fewer where each takes long.
    var compile = Double.infinity
    let budget = Stopwatch()
    repeat {
      compile = min(
        compile, try BenchmarkedStep(workload, threads: threads, cores: cores, store: step.store).compileSeconds)
    } while budget.seconds < 0.1
    let times = StepBenchmark(seconds: seconds, threads: threads).timed(step)
    guard step.isFinite() else { throw BenchmarkError.notFinite(workload.name) }
    return Point(
      series: series, value: value, batch: step.batch, threads: step.threads,
      millisecondsPerStep: times.median * 1e3, compileMilliseconds: compile * 1e3,
      arenaMegabytes: Double(step.arenaCount) * 4 / 1e6, nodes: step.nodeCount, instructions: step.instructionCount,
      multiplications: step.multiplications)
  }

  /// Compiles once, so that the first point does not pay for what libraries do on first use.
  public func warmUp() throws {
    for series in [Series.depth, .image] {
      _ = try BenchmarkedStep(
        .scaled(series, series.values[0]), threads: threads, cores: ProcessInfo.processInfo.activeProcessorCount)
    }
  }

  /// - Parameter points: a whole series, in order.
  public static func verdicts(_ series: Series, _ points: [Point]) -> [Verdict] {
    // Timings of these lengths repeat to a quarter or so on a shared machine; what grows as it should not, grows by factors.
    func verdict(_ figure: String, _ values: [Double], limit: Double = 1.5) -> Verdict {
      Verdict(series: series, figure: figure, values: values, limit: limit)
    }
    func arena(_ unit: String, _ count: (Point) -> Int) -> Verdict {
      verdict("arena kB per \(unit)", points.map { $0.arenaMegabytes * 1e3 / Double(count($0)) })
    }
    let compile = verdict("compile ms per 1,000 nodes", points.map(\.compilePerThousandNodes))
    let work = verdict("picoseconds per multiplication", points.map(\.picosecondsPerMultiplication))
    switch series {
    case .batch:
      return [
        verdict("microseconds per sample", points.map(\.microsecondsPerSample)), arena("sample", \.batch), compile,
      ]
    // Where networks and images are large, compiling is clearing memory.
    case .width: return [work]
    case .image: return [work, arena("pixel") { $0.value * $0.value }]
    case .depth:
      // What every layer adds; what the rest of the program needs, it needs once.
      let added = zip(points, points.dropFirst()).map {
        ($1.arenaMegabytes - $0.arenaMegabytes) / Double($1.nodes - $0.nodes) * 1e3
      }
      return [compile, verdict("arena MB per 1,000 nodes added", added), work]
    }
  }
}

extension ScalingBenchmark.Point {
  /// The columns' names.
  public static let header =
    "series   value threads    ms/step  us/sample compile ms   arena MB   nodes instructions"

  public var row: String {
    func number(_ value: Double, _ width: Int, _ digits: Int = 3) -> String {
      String(format: "%\(width).\(digits)f", value)
    }
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    return series.rawValue.padding(toLength: 6, withPad: " ", startingAt: 0)
      + [
        pad("\(value)", 8), pad("\(threads)", 8), number(millisecondsPerStep, 11), number(microsecondsPerSample, 11),
        number(compileMilliseconds, 11, 2), number(arenaMegabytes, 11), pad("\(nodes)", 8), pad("\(instructions)", 13),
      ].joined()
  }

  /// One line.
  public var json: String {
    func number(_ value: Double) -> String { value.isFinite ? String(format: "%.6g", value) : "null" }
    return """
      {"series": "\(series.rawValue)", "value": \(value), "batch": \(batch), "threads": \(threads), \
      "ms_per_step": \(number(millisecondsPerStep)), "us_per_sample": \(number(microsecondsPerSample)), \
      "compile_ms": \(number(compileMilliseconds)), "arena_mb": \(number(arenaMegabytes)), "nodes": \(nodes), \
      "instructions": \(instructions), "multiplications": \(multiplications)}
      """
  }
}

extension ScalingBenchmark.Verdict {
  /// One sentence.
  public var text: String {
    let range = String(
      format: "%.3g to %.3g, at most %.2f times an earlier one", values.min() ?? 0, values.max() ?? 0, growth)
    return "\(series.rawValue): \(figure) \(holds ? "stay level or fall" : "GROW"): \(range)"
  }

  /// One line.
  public var json: String {
    """
    {"series": "\(series.rawValue)", "figure": "\(figure)", "growth": \(String(format: "%.4g", growth)), \
    "limit": \(limit), "holds": \(holds)}
    """
  }
}

extension Workload {
  /// The step at one value of a series.
  fileprivate static func scaled(_ series: ScalingBenchmark.Series, _ value: Int) -> Workload {
    switch series {
    case .batch: points("\(series)\(value)", hidden: [128, 128], batch: value)
    case .width: points("\(series)\(value)", hidden: [value, value], batch: 64)
    case .depth: points("\(series)\(value)", hidden: Array(repeating: 64, count: value), batch: 64)
    case .image: images("\(series)\(value)", size: value)
    }
  }

  private static func points(_ name: String, hidden: [Int], batch: Int) -> Workload {
    let layers = "[\(hidden.map(String.init).joined(separator: ", "))]"
    return Workload(
      name: name, precision: .f32,
      yaml: """
        name: \(name)
        data: { kind: ring }
        model:
          kind: gan
          generator: { kind: mlp, hidden: \(layers), activation: relu }
          discriminator: { kind: mlp, hidden: \(layers), activation: leaky-relu }
        schedule: { batch: \(batch) }
        """, sample: [2], primitives: [])
  }

  private static func images(_ name: String, size: Int) -> Workload {
    // The configuration of a run accepts fewer sizes than the networks do; they follow `sample`.
    Workload(
      name: name, precision: .f32,
      yaml: """
        name: \(name)
        data: { kind: images, path: ., size: 32, channels: 1 }
        model:
          kind: gan
          share-fakes: true
          generator: { kind: dcgan, features: 16 }
          discriminator: { kind: dcgan, features: 16 }
        schedule: { batch: 16 }
        """, sample: [1, size, size], primitives: [])
  }
}
