import Execution
import Foundation
import Testing

@testable import Benchmarks

@Suite struct ThreadTests {
  @Test func readsTheLinesOfStat() throws {
    let line = "1234 (training/data) S 1 1 1 0 -1 4194560 10 0 0 0 250 50 0 0 25 5 3 0 77 1000 20 18446744073709551615"
    let thread = try #require(ThreadStatus(line: line))
    #expect(thread.id == 1234 && thread.name == "training/data" && thread.ticks == 300)
    // The kernel quotes nothing.
    let odd = try #require(ThreadStatus(line: "7 (a) b (c) R 1 1 1 0 -1 0 0 0 0 0 3 4 0 0 20 0 1 0 5 0 0\n"))
    #expect(odd.name == "a) b (c" && odd.ticks == 7)
    for broken in ["", "12", "12 (x)", "(x) R 1", "x (y) R 1 1 1 0 -1 0 0 0 0 0 3 4", "7 (a) R 1 1 1 0 -1 0 0 0 0 0 3"]
    {
      #expect(ThreadStatus(line: broken) == nil, "\(broken)")
    }
  }

  @Test(arguments: [
    ("gantui", 10, ThreadGroup.dashboard), ("training", 11, .training), ("training/data", 12, .data),
    ("observer", 13, .observer), ("gantui", 14, .other), ("training", 10, .dashboard),
  ]) func tellsThreadsByTheirNames(name: String, id: Int, group: ThreadGroup) throws {
    let thread = try #require(ThreadStatus(line: "\(id) (\(name)) R 1 1 1 0 -1 0 0 0 0 0 3 4 0 0"))
    #expect(ThreadGroup(thread, process: 10) == group)
  }

  @Test func busyTimeIsNeitherIdleNorWaiting() {
    let text = "cpu  100 20 30 4000 500 6 7 8 90 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n"
    #expect(Contention.busy(text) == 171 / Double(ProcessTimes.ticksPerSecond))
    for broken in ["", "cpu 1 2", "cpu0 1 1 1 1 1 1 1 1", "cpu a b c d e f g h"] {
      #expect(Contention.busy(broken) == 0)
    }
  }

  @Test func countsWhatThisProcessDoes() {
    var times = ProcessTimes(process: getpid())
    var sum = 0.0
    for index in 0..<30_000_000 { sum += Double(index & 7) }
    times.read()
    #expect(sum > 0 && times.total > 0)
    #expect(ProcessTimes.ticked(getpid()) >= 0)
    #expect(ProcessTimes(process: -1).total == 0)
  }
}

@Suite struct InterfaceResultTests {
  @Test func percentilesAreOfTheValues() {
    let values = (1...200).map(Double.init).shuffled()
    #expect(percentile(0.5, of: values) == 100)
    #expect(percentile(0.99, of: values) == 198)
    #expect(percentile(1, of: values) == 200)
    #expect(percentile(0, of: values) == 1)
    #expect(percentile(0.99, of: [7]) == 7)
    #expect(percentile(0.5, of: []).isNaN)
  }

  @Test func sharesAreOfAllCPUTime() {
    var shares = CPUShares(
      workload: "toy16", wallSeconds: 5, seconds: [.training: 9, .data: 0.9, .observer: 0.04, .dashboard: 0.06],
      tickedSeconds: 10)
    #expect(abs(shares.interface - 0.01) < 1e-12)
    #expect(InterfaceResult.share(shares).isMet)
    shares.seconds[.other] = 0.2
    #expect(!InterfaceResult.share(shares).isMet)
    #expect(CPUShares(workload: "", wallSeconds: 0, seconds: [:], tickedSeconds: 0).interface == 0)
  }

  @Test func everyResultIsAnObjectAndARow() throws {
    let results: [InterfaceResult] = [
      .share(CPUShares(workload: "toy16", wallSeconds: 5, seconds: [.training: 5], tickedSeconds: 5)),
      .keys(KeyLatencies(workload: "toy16", seconds: [0.001, 0.002], unrecognized: 0, isReaderUrgent: true)),
      .pause(PausedTime(workload: "toy16", wallSeconds: 3, seconds: 0, tickedSeconds: 0)),
      .start(StartTimes(workload: "toy16", version: [0.02], firstFrame: [0.03])),
      .start(StartTimes(workload: "toy16", version: [], firstFrame: [])),
    ]
    for result in results {
      let object = try JSONSerialization.jsonObject(with: Data(result.json.utf8)) as? [String: Any]
      #expect(object?["workload"] as? String == "toy16")
      #expect(object?["met"] as? Bool == result.isMet)
      #expect(result.row.hasPrefix("toy16 ") && !result.row.contains("\n"))
    }
    #expect(results.map(\.isMet) == [true, true, true, true, false])
  }
}

/// The built program, in a terminal, for moments: what is measured has no meaning, that it is does.
@Suite(.serialized) struct InterfaceBenchmarkTests {
  private static let executable: String? = (Bundle.allBundles.map(\.bundlePath) + [CommandLine.arguments[0]])
    .map { URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/gantui" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private func measure(_ part: InterfaceBenchmark.Part, _ name: String) throws -> InterfaceResult {
    let workload = try #require(Workload.all.first { $0.name == name && $0.precision == .f32 })
    let executable = try #require(Self.executable)
    return try InterfaceBenchmark(
      executable: executable, seconds: 0.2, warmUp: 0.3, keys: 4, pause: 0.1, starts: 2
    ).measure(part, workload)
  }

  @Test(arguments: ["toy16", "dcgan32"]) func theTrainingThreadIsNamed(workload: String) throws {
    guard case .share(let shares) = try measure(.share, workload) else { return }
    #expect(shares.seconds[.training] ?? 0 > 0)
    #expect(shares.total > 0 && shares.interface >= 0 && shares.interface < 1)
  }

  @Test func keysAreAnswered() throws {
    guard case .keys(let keys) = try measure(.keys, "toy16") else { return }
    #expect(keys.seconds.count == 4 && keys.seconds.allSatisfy { $0 > 0 })
  }

  @Test func aPausedRunIsWatched() throws {
    guard case .pause(let time) = try measure(.pause, "toy16") else { return }
    #expect(time.seconds >= 0 && time.tickedSeconds >= 0)
  }

  @Test func startsAreTimed() throws {
    guard case .start(let times) = try measure(.start, "toy16") else { return }
    #expect(times.version.count == 2 && times.firstFrame.count == 1)
  }

  @Test func aProgramThatEndsIsAnError() throws {
    let workload = try #require(Workload.all.first)
    #expect(throws: InterfaceBenchmarkError.self) {
      try InterfaceBenchmark(executable: "/bin/true", seconds: 0.1, warmUp: 0.1).measure(.share, workload)
    }
    #expect(throws: InterfaceBenchmarkError.self) {
      try InterfaceBenchmark(executable: "/nowhere/gantui").measure(.keys, workload)
    }
  }
}
