import Foundation
import Testing

extension EndToEnd {
  /// `runs`, `show`, `rm` and `export`.
  @Suite struct RunCommands {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private func states() throws -> [String: String] {
      var states: [String: String] = [:]
      for line in try Program.run(["runs", "--json"], in: workspace).objects() {
        if let name = line["name"] as? String { states[name] = line["state"] as? String }
      }
      return states
    }

    @Test func statesFollowFromFacts() throws {
      let short = try workspace.ring("short", steps: 50, checkpointEvery: 10)
      #expect(try Program.run(["train", short, "--name", "finished"], in: workspace).status == 0)
      let endless = try workspace.ring("endless", steps: 1_000_000, checkpointEvery: 100)
      func begin(_ name: String) throws -> Child {
        let child = try Child(Program.path, ["train", endless, "--name", name], in: workspace)
        #expect(poll(60) { !workspace.checkpoints(name).filter { $0 > 0 }.isEmpty || !child.isRunning })
        return child
      }
      let stopped = try begin("stopped")
      stopped.signal(SIGTERM)
      try stopped.wait()
      let killed = try begin("killed")
      killed.signal(SIGKILL)
      try killed.wait()
      let training = try begin("training")
      #expect(
        try states() == ["finished": "finished", "stopped": "stopped", "killed": "killed", "training": "training"])

      // A run that trains stays; others go when that was confirmed.
      let refused = try Program.run(["runs", "rm", "training", "--yes"], in: workspace)
      #expect(refused.status == 64)
      #expect(
        refused.errors
          == "gantui: training: process \(training.identifier) has it open; gantui attach training looks on\n")
      let unasked = try Program.run(["rm", "killed"], in: workspace)
      #expect(unasked.status == 64 && unasked.saysOneSentence, "\(unasked.errors)")
      #expect(try Program.run(["rm", "killed", "stopped", "--yes"], in: workspace).status == 0)
      #expect(try states() == ["finished": "finished", "training": "training"])
      training.signal(SIGINT)
      try training.wait()
    }

    @Test func aRunIsShownAndExported() throws {
      let file = try workspace.ring(steps: 300, checkpointEvery: 50)
      let trained = try Program.run(
        ["train", file, "--set", "schedule.keep-best=entropy/gap", "--set", "schedule.keep-checkpoints=2"],
        in: workspace)
      #expect(trained.status == 0, "\(trained.errors)")
      let shown = try Program.run(["show", "ring"], in: workspace)
      #expect(shown.status == 0 && shown.errors == "", "\(shown.errors)")
      for text in ["ring: finished", "step 300 of 300", "loss/generator", "checkpoints", "  best", "  storing took "] {
        #expect(shown.output.contains(text), "\(text): \(shown.output)")
      }
      let json = try Program.run(["show", "ring", "--json"], in: workspace)
      let object = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(object["state"] as? String == "finished" && object["step"] as? Int == 300)
      let kept = (object["checkpoints"] as? [[String: Any]] ?? []).compactMap { $0["step"] as? Int }
      #expect(kept == workspace.checkpoints("ring"))
      let metrics = try #require(object["metrics"] as? [String: [String: Any]])
      #expect(metrics["loss/generator"]?["last"] is Double)

      let csv = try Program.run(["export", "ring", "--metrics", "loss", "--out", "m.csv"], in: workspace)
      #expect(csv.status == 0 && csv.output == "", "\(csv.errors)")
      let lines = try String(contentsOfFile: workspace.path + "/m.csv", encoding: .utf8).split(separator: "\n")
      #expect(lines.first == "metric,first_step,last_step,time,elapsed,minimum,maximum,mean,last,count,not_finite")
      #expect(lines.count > 1 && lines.dropFirst().allSatisfy { $0.hasPrefix("loss/") })
      let jsonl = try Program.run(
        ["export", "ring", "--format", "jsonl", "--metrics", "loss/generator"], in: workspace)
      #expect(jsonl.objects().compactMap { $0["count"] as? Int }.reduce(0, +) == 300)
      let unknown = try Program.run(["export", "ring", "--metrics", "los"], in: workspace)
      #expect(unknown.status == 64)
      #expect(unknown.errors == "gantui: ring: has no metric los; did you mean loss?\n")
      let unwritable = try Program.run(["export", "ring", "--out", "nowhere/m.csv"], in: workspace)
      #expect(unwritable.status == 74 && unwritable.saysOneSentence)
    }

    @Test func aDamagedJournalCostsASentence() throws {
      let file = try workspace.ring(steps: 100, checkpointEvery: 50)
      #expect(try Program.run(["train", file], in: workspace).status == 0)
      let journal = workspace.runs + "/ring/journal.sqlite"
      let handle = try #require(FileHandle(forWritingAtPath: journal))
      try handle.seek(toOffset: 4096)
      try handle.write(contentsOf: Data(repeating: 0xA5, count: 20_000))
      try handle.close()
      for command in [["runs"], ["show", "ring"]] {
        let outcome = try Program.run(command, in: workspace)
        #expect(outcome.status == 0 && outcome.output.contains("finished"), "\(outcome.output)")
        #expect(outcome.saysOneSentence && outcome.errors.contains("journal"), "\(outcome.errors)")
      }
      let resumed = try Program.run(["resume", "ring", "--headless", "--steps", "200"], in: workspace)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.output.contains("a new journal begins here"), "\(resumed.output)")
      #expect(FileManager.default.fileExists(atPath: workspace.runs + "/ring/journal-damaged-1.sqlite"))
      #expect(try Program.run(["show", "ring"], in: workspace).errors == "")
    }
  }
}
