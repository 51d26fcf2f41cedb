import Execution
import Foundation
import Models
import Runs
import Tensors

/// A workload's compiled step.
final class BenchmarkedStep {
  let threads: Int
  /// Samples in a batch.
  let batch: Int
  /// Seconds to trace the system and compile the programs of a step.
  let compileSeconds: Double
  /// The weights and moments.
  let store: CPUStore
  let isFinite: () -> Bool
  private let programs: [CPUProgram]
  private let repeats: Int
  private var counter: UInt64 = 0

  /// - Parameters:
  ///   - threads: nil for as many as a run would take.
  ///   - known: the store of an earlier step of this workload; nil for a new one.
  init(_ workload: Workload, threads wanted: Int? = nil, cores: Int, store known: CPUStore? = nil) throws {
    let configuration = try RunConfiguration(yaml: workload.yaml, file: "\(workload.name).yaml")
    batch = configuration.schedule.batch
    let tracing = Stopwatch()
    let system = try TrainableSystem.adversarial(configuration, sample: Shape(workload.sample), classes: nil)
    let traced = tracing.seconds
    threads = wanted ?? threadCount(for: system.turn, cores: cores)
    CPUProgram.prepareThread(threads: threads)
    let backend = CPUBackend(threads: threads, precision: workload.precision)
    // The first weights are drawn before the watch starts: they are the run's, not the program's.
    store = try known ?? backend.makeCPUStore(system.variables, seed: configuration.seed)
    let compiling = Stopwatch()
    let turn = try backend.compile(system.turn, store: store)
    repeats = configuration.schedule.discriminatorSteps - 1
    programs = repeats > 0 ? [try backend.compile(system.players[0].update, store: store), turn] : [turn]
    compileSeconds = traced + compiling.seconds
    for program in programs {
      for id in system.hyperparameterInputs.map(\.id) {
        if let value = configuration.hyperparameter(id), let place = program.input(id).baseAddress {
          place.pointee = Float(value)
        }
      }
      // Any values will do; these are spread over the range of an image's.
      let batch = program.input(ProgramPort.batch)
      for index in batch.indices { batch[index] = Float(index &* 7919 % 2003) / 1001 - 1 }
    }
    let names = try system.players.map { try turn.outputElements(ProgramPort.isFinite($0.name)) }
    isFinite = { names.allSatisfy { $0[0] == 1 } }
  }

  /// Elements of the memory that intermediate values share, of all programs.
  var arenaCount: Int { programs.reduce(0) { $0 + $1.arenaCount } }

  /// Of the graphs of all programs.
  var nodeCount: Int { programs.reduce(0) { $0 + $1.program.nodes.count } }
  var instructionCount: Int { programs.reduce(0) { $0 + $1.instructionCount } }
  /// Multiplications of the matrix products and convolutions of a step.
  var multiplications: Int {
    programs.enumerated().reduce(0) { sum, entry in
      sum + multiplicationCount(of: entry.element.program) * (entry.offset < programs.count - 1 ? repeats : 1)
    }
  }

  func run() {
    for substep in 0..<repeats { programs[0].run(counter: counter, substep: UInt32(substep)) }
    programs[programs.count - 1].run(counter: counter, substep: UInt32(repeats))
    counter += 1
  }

  /// Seconds of one step by kind of instruction and by layer, the mean of `count` steps.
  func profile(count: Int) -> (kinds: [String: Double], layers: [String: Double]) {
    var (kinds, layers): ([String: Double], [String: Double]) = ([:], [:])
    for _ in 0..<count {
      for (index, program) in programs.enumerated() {
        for _ in 0..<(index < programs.count - 1 ? repeats : 1) {
          for entry in program.profile(counter: counter, substep: 0) {
            kinds[entry.kind, default: 0] += entry.seconds / Double(count)
            layers[entry.label.isEmpty ? "other" : entry.label, default: 0] += entry.seconds / Double(count)
          }
        }
      }
      counter += 1
    }
    return (kinds, layers)
  }

  /// The instructions of the step's programs, one a line, each with the milliseconds that it takes.
  var listing: String {
    programs.map { program in
      let times = (0..<9).map { _ in program.profile(counter: counter, substep: 0).map(\.seconds) }
      let lines = program.listing.enumerated().map { index, text in
        let sorted = times.map { $0[index] }.sorted()
        return String(format: "%9.4f  ", sorted[sorted.count / 2] * 1e3) + text
      }
      return ([program.program.name] + lines).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}
