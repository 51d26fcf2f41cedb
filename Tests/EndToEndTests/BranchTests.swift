import Foundation
import Testing

extension EndToEnd {
  /// Going back to an earlier step: branches and replays, by command and by key.
  @Suite(.serialized) struct BranchTests {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private func gantui(_ arguments: String...) throws -> Outcome { try Program.run(arguments, in: workspace) }

    @Test func aBranchTakesAnotherPenaltyAndReplays() throws {
      #expect(try gantui("train", workspace.ring()).status == 0)
      let branch = try gantui(
        "branch", "ring", "--at", "250", "--set", "penalties.gradient-penalty=none", "--set", "penalties.r1.weight=1",
        "--name", "other", "--headless")
      #expect(branch.status == 0, "\(branch.errors)")
      #expect(branch.errors == "gantui: ring has no checkpoint of step 250; step 200 before it is taken\n")
      #expect(branch.output.contains("branched from ring at step 200"))
      #expect(workspace.checkpoints("other") == [200, 300, 400])
      let configuration = try String(contentsOfFile: "\(workspace.runs)/other/configuration.yaml", encoding: .utf8)
      #expect(configuration.contains("r1") && !configuration.contains("kind: gradient-penalty"))
      #expect(
        try !workspace.checkpoint("other", 400).differences(from: workspace.checkpoint("ring", 400)).isEmpty)

      for (run, count) in [("ring", 5), ("other", 3)] {
        let replay = try gantui("replay", run)
        #expect(replay.status == 0, "\(replay.errors)")
        #expect(
          replay.output == "\(run): all \(count) checkpoints are the same, bit for bit, up to step 400\n",
          "\(replay.output)")
      }
    }

    @Test func aTamperedCheckpointIsNamed() throws {
      #expect(try gantui("train", workspace.ring(steps: 300)).status == 0)
      let path = workspace.checkpointPath("ring", 200)
      var data = try Data(contentsOf: URL(fileURLWithPath: path))
      data[data.count - 1] ^= 0x40
      try data.write(to: URL(fileURLWithPath: path))
      let replay = try gantui("replay", "ring")
      #expect(replay.status == 1 && replay.saysOneSentence)
      #expect(replay.errors.contains("step 200: tensor "), "\(replay.errors)")
      #expect(try gantui("replay", "ring", "--until", "150").status == 0)
    }

    @Test func whatCannotBeBranchedIsASentence() throws {
      #expect(try gantui("train", workspace.ring(steps: 100)).status == 0)
      for (arguments, words) in [
        (["branch", "rong"], "did you mean ring?"), (["branch", "ring"], "step 100 is the last of 100"),
        (["branch", "ring", "--at", "0", "--set", "model.generator.hidden=[3]", "--headless"], "has shape"),
        (["replay", "rong"], "did you mean ring?"),
      ] {
        let outcome = try Program.run(arguments, in: workspace)
        #expect(outcome.status > 1 && outcome.saysOneSentence, "\(arguments): \(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.runs) == ["ring"])
    }

    @Test func theBranchOfARuleIsWhereViewersAttach() throws {
      let path = try workspace.ring(
        steps: 100_000_000, extra: "alerts: [ \"score/fake >= 0 for 500 steps -> branch\" ]")
      let detached = try gantui("train", path, "--detach")
      #expect(detached.status == 0, "\(detached.errors)")
      func socket(_ run: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(workspace.runs)/\(run)/attach.sock")
      }
      func branch() -> String? {
        let runs = (try? FileManager.default.contentsOfDirectory(atPath: workspace.runs)) ?? []
        return runs.first { $0.hasPrefix("ring-at-") && socket($0) }
      }
      var found: String?
      for _ in 0..<600 where found == nil {
        found = branch()
        usleep(50_000)
      }
      let child = try #require(found)
      #expect(!socket("ring"))
      // So is its log.
      #expect(FileManager.default.fileExists(atPath: "\(workspace.runs)/\(child)/log.txt"))
      let parent = try gantui("attach", "ring")
      #expect(parent.status != 0 && parent.errors.contains("no process trains this run"), "\(parent.errors)")
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("attach \(child)")
      try terminal.wait(for: "branched from ring")
      try terminal.press("W")
      try terminal.wait(for: "at the wheel")
      try terminal.press("q")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 0 && screen.contains("gantui attach \(child)"), "\(screen)")
      let line = try gantui("runs", "--json").output.split(separator: "\n").first { $0.contains("\"\(child)\"") }
      let process = line?.firstMatch(of: /"process":([0-9]+)/).flatMap { Int32($0.1) }
      kill(try #require(process), SIGTERM)
      for _ in 0..<600 where socket(child) { usleep(50_000) }
      #expect(!socket(child))
    }

    @Test func aBranchTakesChangesFromTheCommandLineOfTheDashboard() throws {
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("run \(try workspace.ring(steps: 1_000_000, checkpointEvery: 200))")
      try terminal.wait("a checkpoint") { _ in workspace.checkpoints("ring").count > 1 }
      try terminal.type(":branch penalties.r1.wait=3")
      try terminal.press("Enter")
      try terminal.wait(for: "unknown key; accepted are weight")
      try terminal.type(":branch penalties.r1.weight=3 generator.rate=0.0005")
      try terminal.press("Enter")
      try terminal.wait(for: "ring-at-")
      try terminal.press("q")
      try terminal.wait(for: "Stop the run and keep a checkpoint?")
      try terminal.press("y")
      #expect(try terminal.waitForExit().code == 0)
      let runs = try FileManager.default.contentsOfDirectory(atPath: workspace.runs).sorted()
      #expect(runs.count == 2)
      let text = try String(contentsOfFile: "\(workspace.runs)/\(runs[1])/configuration.yaml", encoding: .utf8)
      #expect(text.contains("kind: r1\n    weight: 3") && text.contains("rate: 0.0005"), "\(text)")
    }

    @Test func keysGoBackAndBranch() throws {
      let terminal = try Terminal(in: workspace)
      let path = try workspace.ring(steps: 1_000_000, checkpointEvery: 200)
      try terminal.gantui("run \(path)")
      try terminal.wait("a checkpoint") { _ in workspace.checkpoints("ring").count > 3 }
      try terminal.press("[")
      try terminal.wait(for: "enter branches here")
      try terminal.press("[")
      try terminal.wait("two moments back") { screen in
        guard let range = screen.range(of: #"[0-9]+ of [0-9]+ moments"#, options: .regularExpression) else {
          return false
        }
        let numbers = screen[range].split(separator: " ").compactMap { Int($0) }
        return numbers.count == 2 && numbers[0] == numbers[1] - 1
      }
      try terminal.press("Escape")
      try terminal.wait("the newest step") { !$0.contains("enter branches here") }
      try terminal.press("[")
      try terminal.wait(for: "enter branches here")
      try terminal.press("Enter")
      try terminal.wait(for: "ring-at-")
      try terminal.wait("training") { $0.contains("training") && !$0.contains("enter branches here") }
      try terminal.press("q")
      try terminal.wait(for: "Stop the run and keep a checkpoint?")
      try terminal.press("y")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 0 && screen.contains("gantui resume ring-at-"), "\(screen)")
      let runs = try FileManager.default.contentsOfDirectory(atPath: workspace.runs).sorted()
      #expect(runs.count == 2 && runs[0] == "ring" && runs[1].hasPrefix("ring-at-"))
      #expect(FileManager.default.fileExists(atPath: "\(workspace.runs)/\(runs[1])/branch.json"))
      for run in runs { #expect(try gantui("replay", run).status == 0) }
    }
  }
}
