import ArgumentParser
import Benchmarks
import Execution
import Foundation
import Runs

/// `gantui bench`: the steps, where nothing else is named.
struct BenchCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time gantui itself: training steps, the interface, its frames, or a chart.",
    subcommands: [BenchCommand.self, InterfaceBenchCommand.self, FrameBenchCommand.self, ChartBenchCommand.self],
    defaultSubcommand: BenchCommand.self)
}

struct InterfaceBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interface", abstract: "Measure what the dashboard costs: gantui runs in a pseudo-terminal.",
    discussion: """
      share: CPU time of everything but training, of all. keys: from a key to the screen while training keeps all cores \
      busy. pause: CPU time of a paused run. start: from exec to the version and to the first frame.
      """)

  @Argument(help: "Whose share is measured: toy16, toy128, wgangp512, dcgan32, dcgan64. [default: all]")
  var workloads: [String] = []
  @Option(help: "share, keys, pause or start; several times for several. [default: all]")
  var only: [String] = []
  @Option(help: "Seconds of training over which a share is measured.")
  var seconds = 5.0
  @Option(help: "Keys to press.")
  var keys = 200
  @Flag(help: "One JSON object a line.")
  var json = false

  func validate() throws {
    if !(0.01...3600).contains(seconds) { throw ValidationError("--seconds takes a number from 0.01 to 3600") }
    if !(1...100_000).contains(keys) { throw ValidationError("--keys takes a whole number from 1 to 100000") }
    for name in only where InterfaceBenchmark.Part(rawValue: name) == nil {
      throw ValidationError("--only takes share, keys, pause or start")
    }
  }

  func run() throws {
    for name in workloads where !Workload.all.contains(where: { $0.name == name }) {
      throw Failure("\(BenchmarkError.unknownWorkload(name))", code: ExitCode.usage)
    }
    let benchmark = InterfaceBenchmark(seconds: seconds, keys: keys)
    for part in InterfaceBenchmark.Part.allCases where only.isEmpty || only.contains(part.rawValue) {
      for workload in Workload.all where workload.precision == .f32 && isChosen(workload.name, for: part) {
        let result = try benchmark.measure(part, workload)
        print(json ? result.json : result.row)
        fflush(nil)
      }
    }
  }

  /// Shares of all workloads; the rest of those where it is hardest, unless others are named.
  private func isChosen(_ name: String, for part: InterfaceBenchmark.Part) -> Bool {
    if !workloads.isEmpty { return workloads.contains(name) }
    return switch part {
    case .share: true
    case .keys: name == "dcgan64"
    case .pause: name == "toy16" || name == "dcgan64"
    case .start: name == "toy16"
    }
  }
}
