import Foundation
import Testing

extension EndToEnd {
  /// SIGKILL at random moments of a run that checkpoints often.
  @Suite struct Kill {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    /// How many; more in `make soak`.
    private static let kills = ProcessInfo.processInfo.environment["GANTUI_KILLS"].flatMap { Int($0) } ?? 10
    private static let steps = 3000

    /// Everything that anybody may look at, right after a kill.
    private func inspect(_ run: String) throws {
      for step in workspace.checkpoints(run) {
        // A checkpoint is whole or not there.
        #expect(throws: Never.self, "step \(step)") { try workspace.checkpoint(run, step) }
      }
      let listed = try Program.run(["runs", "--json"], in: workspace)
      #expect(listed.errors == "", "\(listed.errors)")
      let line = try #require(listed.objects().first { $0["name"] as? String == run })
      #expect(["killed", "finished"].contains(line["state"] as? String), "\(line)")
      let shown = try Program.run(["show", run], in: workspace)
      #expect(shown.status == 0 && shown.errors == "", "\(shown.errors)")
    }

    @Test func atAnyMomentAndAgain() throws {
      let file = try workspace.ring(steps: Self.steps, checkpointEvery: 7)
      #expect(try Program.run(["train", file, "--name", "whole"], in: workspace).status == 0)
      let expected = try workspace.checkpoint("whole", Self.steps)

      func finish(_ run: String) throws {
        let outcome = try Program.run(["resume", run, "--headless"], in: workspace)
        #expect(outcome.status == 0, "\(outcome.errors)")
        for word in ["skipped", "damaged", "new journal"] {
          #expect(!outcome.output.contains(word), "\(outcome.output)")
        }
        let found = try workspace.checkpoint(run, Self.steps)
        #expect(found.differences(from: expected) == [] && found.metadata["counters"] == expected.metadata["counters"])
        let left = try FileManager.default.subpathsOfDirectory(atPath: workspace.runs + "/" + run)
        #expect(left.filter { $0.hasSuffix(".partial") || $0.contains("damaged") } == [])
        // Each step of the curve is there at most once, though steps were done more than once; of what led to a
        // checkpoint at most a tenth of a second is missing.
        let curve = try Program.run(
          ["export", run, "--format", "jsonl", "--metrics", "loss/generator"], in: workspace
        ).objects()
        var last = 0
        for line in curve {
          #expect(line["first_step"] as? Int ?? 0 > last)
          last = line["step"] as? Int ?? 0
        }
        #expect(last == Self.steps)
      }

      var (number, run, begun) = (1, "run-1", false)
      for _ in 0..<Self.kills {
        let arguments = begun ? ["resume", run, "--headless"] : ["train", file, "--name", run]
        let child = try Child(Program.path, arguments, in: workspace)
        usleep(UInt32.random(in: 0...900_000))
        child.signal(SIGKILL)
        let status = try child.wait().status
        #expect(status == -SIGKILL || status == 0)
        begun = FileManager.default.fileExists(atPath: "\(workspace.runs)/\(run)/configuration.yaml")
        guard begun else { continue }
        try inspect(run)
        guard workspace.checkpoints(run).last == Self.steps else { continue }
        try finish(run)
        try FileManager.default.removeItem(atPath: workspace.runs + "/" + run)
        number += 1
        (run, begun) = ("run-\(number)", false)
      }
      if begun { try finish(run) }
    }
  }
}
