import Benchmarks
import Execution
import Testing

@Suite struct WorkloadTests {
  @Test func theListsHaveTheOperationsOfTheNetworks() {
    func flops(_ name: String) -> Double {
      Workload.all.first { $0.name == name && $0.precision == .f32 }?.primitives
        .reduce(0) { $0 + $1.primitive.flops * Double($1.count) } ?? 0
    }
    // Hidden layers of wgangp512: 22 products in each of 5 critic updates and 10 in G's.
    let square = 2.0 * Double(256 * 512 * 512)
    #expect(flops("wgangp512") > 120 * square)
    #expect(flops("wgangp512") < 121.5 * square)
    // dcgan32: 11 passes over the two large layers, and little beside them.
    let large = 2.0 * Double(64 * 16 * (64 * 128 * 64 + 128 * 256 * 16))
    #expect(flops("dcgan32") > 11 * large)
    #expect(flops("dcgan32") < 11.5 * large)
  }

  @Test(arguments: ["toy16", "dcgan32"]) func measures(name: String) throws {
    for workload in Workload.all where workload.name == name {
      guard workload.precision == .f32 || CPUBackend.hasBF16 else { continue }
      let result = try StepBenchmark(seconds: 0.01).measure(workload)
      #expect(result.millisecondsPerStep > 0 && result.floor > 0 && result.peakMegabytes > 1)
      #expect(result.json.hasPrefix("{\"workload\": \"\(name)\", \"precision\": \"\(workload.precision.rawValue)\""))
    }
  }
}
