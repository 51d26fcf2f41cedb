import Foundation
import Testing

extension EndToEnd {
  /// A run that was interrupted, in whatever way, and went on ends with the bits of one that never stopped.
  @Suite struct Resume {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    /// Trains without an interruption and returns the last checkpoint.
    private func whole(_ configuration: String, as name: String, steps: Int) throws -> TensorFile {
      let outcome = try Program.run(["train", configuration, "--name", name], in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try workspace.checkpoint(name, steps)
    }

    /// Starts a run and waits until it has the checkpoint of a step.
    private func begin(_ configuration: String, as name: String, until step: Int) throws -> Child {
      let child = try Child(Program.path, ["train", configuration, "--name", name], in: workspace)
      guard poll(60, every: 500, until: { workspace.checkpoints(name).last ?? 0 >= step || !child.isRunning }) else {
        throw TestError("no checkpoint of step \(step): \(child.output)")
      }
      return child
    }

    @discardableResult private func resume(_ name: String) throws -> Outcome {
      let outcome = try Program.run(["resume", name, "--headless"], in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome
    }

    private func expectSame(_ name: String, _ steps: Int, as expected: TensorFile) throws {
      let found = try workspace.checkpoint(name, steps)
      #expect(found.differences(from: expected) == [])
      #expect(found.metadata["counters"] == expected.metadata["counters"])
      #expect(!expected.tensors.isEmpty)
      #expect(expected.notFinite == [])
    }

    @Test func afterCtrlCWithAnMLP() throws {
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 4000, checkpointEvery: 200)
      let expected = try whole(file, as: "whole", steps: 4000)
      #expect(expected.tensors.keys.contains { $0.contains("average") }, "\(expected.tensors.keys)")

      let child = try begin(file, as: "stopped", until: 200)
      child.signal(SIGINT)
      let outcome = try child.wait()
      #expect(outcome.status == 130, "\(outcome.errors)")
      #expect(outcome.errors == "gantui: stopped; gantui resume stopped goes on\n")
      let stopped = try #require(workspace.checkpoints("stopped").last)
      #expect(stopped >= 200 && stopped < 4000)
      #expect(try workspace.journal("stopped").last?["state"] as? String == "stopped")

      try resume("stopped")
      try expectSame("stopped", 4000, as: expected)
    }

    @Test func afterKillWithAnMLP() throws {
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 4000, checkpointEvery: 300)
      let expected = try whole(file, as: "whole", steps: 4000)
      let child = try begin(file, as: "killed", until: 600)
      child.signal(SIGKILL)
      #expect(try child.wait().status == -SIGKILL)
      // From the last checkpoint on, which is a regular one.
      #expect(try #require(workspace.checkpoints("killed").last).isMultiple(of: 300))
      #expect(try Program.run(["runs"], in: workspace).output.contains("killed"))
      // Killed again, and then again while it goes on.
      let again = try Child(Program.path, ["resume", "killed", "--headless"], in: workspace)
      poll(30, every: 500) { workspace.checkpoints("killed").last ?? 0 >= 1800 || !again.isRunning }
      again.signal(SIGKILL)
      #expect(try again.wait().status == -SIGKILL)
      try resume("killed")
      try expectSame("killed", 4000, as: expected)
    }

    /// The two together, as convolutions take their time.
    @Test func afterCtrlCAndAfterKillWithADCGAN() throws {
      let file = try workspace.images(steps: 400, checkpointEvery: 100)
      let expected = try whole(file, as: "whole", steps: 400)
      for (name, number) in [("stopped", SIGINT), ("killed", SIGKILL)] {
        let child = try begin(file, as: name, until: 200)
        child.signal(number)
        #expect(try child.wait().status == (number == SIGINT ? 130 : -SIGKILL))
        #expect(try #require(workspace.checkpoints(name).last) < 400)
        try resume(name)
        try expectSame(name, 400, as: expected)
      }
    }

    /// Whether this machine has bf16 instructions, as the kernel tells it.
    private static let hasBF16 =
      (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains("avx512_bf16") ?? false

    @Test(.enabled(if: hasBF16)) func inBF16() throws {
      let file = try workspace.images(steps: 4, checkpointEvery: 2)
      func train(_ name: String, steps: Int, precision: String = "bf16") throws {
        let outcome = try Program.run(
          ["train", file, "--name", name, "--steps", "\(steps)", "--set", "precision=\(precision)"], in: workspace)
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      try train("whole", steps: 4)
      let expected = try workspace.checkpoint("whole", 4)
      #expect(expected.metadata["precision"] == "bf16")
      #expect(expected.tensors.values.allSatisfy { $0.type == "F32" })
      try train("single", steps: 4, precision: "f32")
      #expect(try workspace.checkpoint("single", 4).metadata["precision"] == "f32")
      #expect(try workspace.checkpoint("single", 4).differences(from: expected) != [])

      try train("parted", steps: 2)
      let further = try Program.run(["resume", "parted", "--headless", "--steps", "4"], in: workspace)
      #expect(further.status == 0, "\(further.errors)")
      #expect(!further.output.contains("its numbers will differ"))
      try expectSame("parted", 4, as: expected)

      // Samples are of the f32 weights, and any processor draws them.
      let old = ["ONEDNN_MAX_CPU_ISA": "AVX2"]
      let sampled = try Program.run(["sample", "parted", "--out", "s.png"], in: workspace, environment: old)
      #expect(sampled.status == 0, "\(sampled.errors)")
      #expect(try Program.run(["runs"], in: workspace, environment: old).output.contains("parted"))
      for arguments in [
        ["resume", "parted", "--headless", "--steps", "6"], ["train", file, "--set", "precision=bf16"],
      ] {
        let refused = try Program.run(arguments, in: workspace, environment: old)
        #expect(refused.status == 65)
        #expect(refused.saysOneSentence, "\(refused.errors)")
        #expect(refused.errors.contains("precision"))
        #expect(refused.errors.contains("bf16 needs a processor with bf16 instructions"), "\(refused.errors)")
      }
      #expect(workspace.checkpoints("parted").last == 4)

      // The configuration decides, and the run says that it is another one now.
      let path = "\(workspace.runs)/parted/configuration.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("precision: bf16", with: "precision: f32").write(
        toFile: path, atomically: true, encoding: .utf8)
      let changed = try Program.run(["resume", "parted", "--headless", "--steps", "6"], in: workspace)
      #expect(changed.status == 0, "\(changed.errors)")
      #expect(changed.output.contains("was trained in bf16 and goes on in f32"), "\(changed.output)")
      #expect(try workspace.checkpoint("parted", 6).metadata["precision"] == "f32")
    }

    @Test func bf16WithoutConvolutionsIsRefused() throws {
      let outcome = try Program.run(
        ["train", try workspace.ring(), "--set", "precision=bf16"], in: workspace)
      #expect(outcome.status == 65)
      #expect(
        outcome.errors
          == "gantui: --set precision=bf16: bf16 is for convolutions, and this model's networks have none; take f32\n")
    }

    @Test func theSameRunTwiceIsTheSame() throws {
      let file = try workspace.ring(steps: 200)
      let first = try whole(file, as: "first", steps: 200)
      #expect(try whole(file, as: "second", steps: 200).differences(from: first) == [])
      let other = try Program.run(["train", file, "--name", "other", "--seed", "2"], in: workspace)
      #expect(other.status == 0)
      #expect(try workspace.checkpoint("other", 200).differences(from: first) != [])
    }

    @Test func aFinishedRunGoesOnWithMoreSteps() throws {
      let file = try workspace.ring(steps: 100)
      _ = try whole(file, as: "run", steps: 100)
      let again = try resume("run")
      #expect(again.output.contains("checkpoint \(workspace.checkpointPath("run", 100))"), "\(again.output)")
      let longer = try Program.run(["resume", "run", "--headless", "--steps", "150"], in: workspace)
      #expect(longer.status == 0, "\(longer.errors)")
      #expect(workspace.checkpoints("run").last == 150)
    }

    @Test func aRunIsTrainedByOneProcess() throws {
      let file = try workspace.ring(steps: 1_000_000, checkpointEvery: 100)
      let child = try begin(file, as: "run", until: 100)
      let second = try Program.run(["resume", "run", "--headless"], in: workspace)
      #expect(second.status == 64)
      #expect(second.errors == "gantui: run: process \(child.identifier) has it open; gantui attach run looks on\n")
      // Who is refused has changed nothing.
      let configuration = try String(contentsOfFile: "\(workspace.runs)/run/configuration.yaml", encoding: .utf8)
      #expect(try Program.run(["resume", "run", "--headless", "--steps", "2000000"], in: workspace).status == 64)
      #expect(
        try String(contentsOfFile: "\(workspace.runs)/run/configuration.yaml", encoding: .utf8) == configuration)
      #expect(try Program.run(["runs"], in: workspace).output.contains("training"))
      child.signal(SIGTERM)
      #expect(try child.wait().status == 143)
    }

    @Test func damagedCheckpointsArePassedOver() throws {
      let file = try workspace.ring(steps: 400, checkpointEvery: 100)
      let expected = try whole(file, as: "run", steps: 400)
      func cut(_ step: Int) throws {
        let url = URL(fileURLWithPath: workspace.checkpointPath("run", step))
        let data = try Data(contentsOf: url)
        try data.prefix(data.count / 2).write(to: url)
      }
      try cut(400)
      try cut(300)
      let outcome = try resume("run")
      #expect(outcome.output.contains("the checkpoint of step 400 was skipped: "), "\(outcome.output)")
      #expect(outcome.output.contains("the checkpoint of step 300 was skipped: "), "\(outcome.output)")
      try expectSame("run", 400, as: expected)

      for step in workspace.checkpoints("run") { try cut(step) }
      let kept = workspace.checkpoints("run")
      let none = try Program.run(["resume", "run", "--headless"], in: workspace)
      #expect(none.status == 65)
      #expect(none.saysOneSentence, "\(none.errors)")
      #expect(none.errors.contains("no checkpoint to continue from"))
      #expect(workspace.checkpoints("run") == kept)
    }

    @Test func fewerStepsThanAreDone() throws {
      _ = try whole(try workspace.ring(steps: 200, checkpointEvery: 100), as: "run", steps: 200)
      let shorter = try Program.run(["resume", "run", "--headless", "--steps", "150"], in: workspace)
      #expect(shorter.status == 64 && shorter.saysOneSentence, "\(shorter.errors)")
      #expect(shorter.errors.contains("run has done 200 steps already"))
      let configuration = try String(contentsOfFile: "\(workspace.runs)/run/configuration.yaml", encoding: .utf8)
      #expect(configuration.contains("steps: 200"))
    }

    @Test func aCheckpointThatIsNone() throws {
      _ = try whole(try workspace.ring(steps: 200, checkpointEvery: 100), as: "run", steps: 200)
      for bytes in [Data(), Data("hello".utf8), Data(repeating: 0xFF, count: 64)] {
        try bytes.write(to: URL(fileURLWithPath: workspace.checkpointPath("run", 200)))
        let outcome = try resume("run")
        #expect(outcome.output.contains("the checkpoint of step 200 was skipped: "), "\(outcome.output)")
      }
    }
  }
}
