import CKernels
import Tensors
import Testing

@testable import Execution

/// A program that a team of threads runs gives the same bits where one thread does all parts.
@Suite struct TeamTests {
  /// Products of both kinds of division, kernels, sums, draws and an update: large enough to be shared, and small ones.
  private func program() throws -> Program {
    var program = Program(name: "team")
    let weights = Variable(name: "w", shape: [160, 224]) { _ in
      (0..<(160 * 224)).map { Double($0 % 37) * 0.01 - 0.18 }
    }
    try trace {
      let x = Tensor.randomNormal([192, 160], stream: "x")
      let hidden = x.matmul(weights.value).tanh()
      let narrow = hidden.transposed().matmul(x)
      let small = x.sum(axes: [0])
      let loss = (hidden * hidden).mean() + (small * small).sum()
      program.output("narrow", narrow)
      program.output("loss", loss)
      program.assign(weights.value - 0.01 * gradients(of: loss, withRespectTo: [weights.value])[0], to: weights)
    }
    return program
  }

  private func run(alone: Bool, times: Int) throws -> [[Float]] {
    let backend = CPUBackend(threads: 3)
    let program = try program()
    let store = try backend.makeCPUStore(program.variables, seed: 1)
    CPUProgram.prepareThread(threads: 3)
    let compiled = try backend.compile(program, store: store)
    for counter in 0..<times {
      compiled.pace.pointee = ck_pace()
      compiled.pace.pointee.is_alone = alone ? 1 : 0
      compiled.run(counter: UInt64(counter), substep: 0)
    }
    return try ["narrow", "loss"].map { Array(try compiled.outputElements($0)) } + [Array(try store.elements(of: "w"))]
  }

  @Test func oneThreadGivesTheTeamsBits() throws {
    let team = try run(alone: false, times: 3)
    #expect(try run(alone: true, times: 3) == team)
    #expect(team.allSatisfy { $0.allSatisfy(\.isFinite) } && team[2].contains { $0 != team[2][0] })
  }

  @Test func whatIsFasterIsTried() {
    var pace = ck_pace()
    // A team that waits for other programs: 2 ms a run, and 1 ms alone.
    var time: Int64 = 0
    var alone = 0
    for _ in 0..<2000 {
      let spent: Int64 = pace.is_alone == 1 ? 1_000_000 : 2_000_000
      time += spent
      alone += Int(pace.is_alone)
      ck_note_pace(&pace, time, spent)
    }
    #expect(alone > 1500 && alone < 2000)
    // The other programs end.
    var together = 0
    for _ in 0..<8000 {
      let spent: Int64 = pace.is_alone == 1 ? 1_000_000 : 500_000
      time += spent
      together += pace.is_alone == 1 ? 0 : 1
      ck_note_pace(&pace, time, spent)
    }
    #expect(together > 4000 && pace.is_alone == 0)
  }
}
