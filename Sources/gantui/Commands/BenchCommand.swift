import ArgumentParser
import Benchmarks
import Execution
import Foundation
import Runs

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps", abstract: "Time training steps of fixed workloads, and what of them the kernels alone take.",
    discussion: """
      floor_ms is the time of a step's matrix products and convolutions alone, from a list written by hand; efficiency \
      is floor_ms / ms_per_step. make compare sets the steps beside PyTorch's and JAX's. "scaling" in place of a workload \
      times how steps grow with batch, width, depth and image size.
      """)

  @Argument(help: "toy16, toy128, wgangp512, dcgan32 or dcgan64, or scaling. [default: all workloads]")
  var workloads: [String] = []
  @Option(help: "f32 or bf16. [default: both where there are both]")
  var precision: String?
  @Option(help: "Seconds to time each step. [default: 3; for scaling 0.5]")
  var seconds: Double?
  @Option(help: "Threads of the engine. [default: as a run would take]")
  var threads: Int?
  @Flag(help: "One JSON object a line.")
  var json = false
  @Flag(help: "Also the time by kind of instruction, by layer and by primitive.")
  var details = false
  @Flag(help: "Print the instructions of each step instead.")
  var listing = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a whole number from 1 to 1024")
    }
    if let seconds, !(0.01...3600).contains(seconds) {
      throw ValidationError("--seconds takes a number from 0.01 to 3600")
    }
    if let precision, Precision(rawValue: precision) == nil { throw ValidationError("--precision takes f32 or bf16") }
  }

  func run() throws {
    if workloads.contains("scaling") {
      guard workloads.count == 1 else { throw Failure("scaling stands alone, without workloads", code: ExitCode.usage) }
      return try runScaling()
    }
    let chosen = try selected()
    let benchmark = StepBenchmark(seconds: seconds ?? 3, threads: threads)
    var table = BenchmarkTable()
    for workload in chosen {
      if listing {
        print("\(workload.name) \(workload.precision.rawValue)\n\(try benchmark.listing(workload))\n")
        continue
      }
      let result = try benchmark.measure(workload)
      print(json ? result.json : table.row(result))
      if details, !json { print(BenchmarkTable.details(result)) }
      fflush(nil)
    }
  }

  private func runScaling() throws {
    let benchmark = ScalingBenchmark(seconds: seconds ?? 0.5, threads: threads)
    try benchmark.warmUp()
    if !json { print(ScalingBenchmark.Point.header) }
    var verdicts: [ScalingBenchmark.Verdict] = []
    for series in ScalingBenchmark.Series.allCases {
      var points: [ScalingBenchmark.Point] = []
      for value in series.values {
        let point = try benchmark.measure(series, value)
        print(json ? point.json : point.row)
        fflush(nil)
        points.append(point)
      }
      verdicts += ScalingBenchmark.verdicts(series, points)
    }
    for verdict in verdicts { print(json ? verdict.json : verdict.text) }
  }

  private func selected() throws -> [Workload] {
    for name in workloads where !Workload.all.contains(where: { $0.name == name }) {
      throw Failure("\(BenchmarkError.unknownWorkload(name))", code: ExitCode.usage)
    }
    var chosen = Workload.all.filter { workloads.isEmpty || workloads.contains($0.name) }
    if let precision { chosen = chosen.filter { $0.precision.rawValue == precision } }
    guard !chosen.isEmpty else {
      throw Failure("these workloads have no convolution to compute in bf16", code: ExitCode.usage)
    }
    guard !CPUBackend.hasBF16 else { return chosen }
    if precision == Precision.bf16.rawValue {
      throw Failure("this processor has no bf16 instructions; take --precision f32", code: ExitCode.usage)
    }
    return chosen.filter { $0.precision == .f32 }
  }
}
