import Foundation
import Testing

extension EndToEnd {
  /// A disk without room pauses a run and loses nothing.
  @Suite struct FullDisk {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    @Test func aRunWaitsForRoomAndGoesOn() throws {
      guard let disk = SmallDisk(workspace, megabytes: 3) else { return }
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 4000, checkpointEvery: 100)
      let whole = try Program.run(["train", file, "--name", "whole"], in: workspace)
      #expect(whole.status == 0)

      let child = try Child(
        Program.path, ["train", file, "--name", "run", "--runs-dir", disk.path, "--log-format", "json"], in: workspace)
      let log = disk.path + "/run/checkpoints/step-00000100.safetensors"
      poll(30, every: 200) { FileManager.default.fileExists(atPath: log) || !child.isRunning }
      try disk.fill()
      #expect(poll(30) { child.output.contains("\"state\":\"paused\"") }, "\(child.output) \(child.errors)")
      #expect(child.output.contains("no space left on device; training goes on when there is room"))
      #expect(child.isRunning)
      try disk.empty()
      let outcome = try child.wait()
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.objects().last?["step"] as? Int == 4000)
      let last = try TensorFile(disk.path + "/run/checkpoints/step-00004000.safetensors")
      #expect(try workspace.checkpoint("whole", 4000).differences(from: last) == [])
      let left = try FileManager.default.subpathsOfDirectory(atPath: disk.path).filter { $0.hasSuffix(".partial") }
      #expect(left == [])
    }

    @Test func ctrlCWhileThereIsNoRoom() throws {
      guard let disk = SmallDisk(workspace, megabytes: 3) else { return }
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 1_000_000, checkpointEvery: 100)
      let child = try Child(Program.path, ["train", file, "--runs-dir", disk.path], in: workspace)
      let first = disk.path + "/ring/checkpoints/step-00000100.safetensors"
      poll(30, every: 200) { FileManager.default.fileExists(atPath: first) || !child.isRunning }
      try disk.fill()
      #expect(poll(30) { child.output.contains("paused: ") }, "\(child.output) \(child.errors)")
      child.signal(SIGINT)
      let outcome = try child.wait()
      #expect(outcome.status == 74, "\(outcome.errors)")
      #expect(outcome.saysOneSentence && outcome.errors.contains("no space left on device"), "\(outcome.errors)")
      // What was kept before is whole.
      try disk.empty()
      let store = ["--runs-dir", disk.path]
      let listed = try Program.run(["runs", "--json"] + store, in: workspace).objects()
      let step = try #require(listed.first?["step"] as? Int)
      let resumed = try Program.run(
        ["resume", "ring", "--headless", "--steps", "\(step + 50)"] + store, in: workspace)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(!resumed.output.contains("skipped"))
    }

    @Test func aJournalThatHasNoRoomPausesTheRunToo() throws {
      guard let disk = SmallDisk(workspace, megabytes: 3) else { return }
      // No checkpoint is due for long.
      let file = try workspace.ring(steps: 1_000_000, checkpointEvery: 1_000_000)
      let child = try Child(
        Program.path, ["train", file, "--name", "run", "--runs-dir", disk.path, "--log-format", "json"], in: workspace)
      #expect(poll(60) { child.output.contains("\"loss/generator\"") || !child.isRunning })
      try disk.fill()
      #expect(poll(60) { child.output.contains("\"state\":\"paused\"") }, "\(child.output) \(child.errors)")
      #expect(
        child.output.contains("journal.sqlite: cannot be written: no space left on device; training goes on when"))
      let store = ["--runs-dir", disk.path]
      try disk.empty()
      #expect(
        poll(30) {
          (try? Program.run(["runs", "--json"] + store, in: workspace).objects().first?["state"] as? String)
            == "training"
        })
      child.signal(SIGTERM)
      #expect(try child.wait().status == 143)
      // Nothing is missing in between.
      let exported = try Program.run(
        ["export", "run", "--format", "jsonl", "--metrics", "loss/generator"] + store, in: workspace)
      var next = 1
      for line in exported.objects() {
        #expect(line["first_step"] as? Int == next)
        next = (line["step"] as? Int ?? 0) + 1
      }
      #expect(next > 100)
    }

    @Test func aScriptMayAskForTheEnd() throws {
      guard let disk = SmallDisk(workspace, megabytes: 3) else { return }
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 1_000_000, checkpointEvery: 100)
      let store = ["--runs-dir", disk.path]
      let child = try Child(Program.path, ["train", file, "--on-disk-full", "exit"] + store, in: workspace)
      let first = disk.path + "/ring/checkpoints/step-00000100.safetensors"
      poll(30, every: 200) { FileManager.default.fileExists(atPath: first) || !child.isRunning }
      try disk.fill()
      let outcome = try child.wait()
      #expect(outcome.status == 74, "\(outcome.errors)")
      #expect(outcome.saysOneSentence && outcome.errors.contains("no space left on device"), "\(outcome.errors)")
      try disk.empty()
      let step = try #require(Program.run(["runs", "--json"] + store, in: workspace).objects().first?["step"] as? Int)
      let resumed = try Program.run(["resume", "ring", "--headless", "--steps", "\(step + 50)"] + store, in: workspace)
      #expect(resumed.status == 0 && !resumed.output.contains("skipped"), "\(resumed.errors)")
    }

    @Test func aDiskThatIsFullFromTheStart() throws {
      guard let disk = SmallDisk(workspace, megabytes: 1) else { return }
      let file = try workspace.ring()
      try disk.fill()
      let outcome = try Program.run(["train", file, "--runs-dir", disk.path], in: workspace)
      #expect(outcome.status == 74)
      #expect(outcome.saysOneSentence && outcome.errors.contains("no space left on device"), "\(outcome.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["ballast"])
    }

    @Test func theDashboardSaysIt() throws {
      guard let disk = SmallDisk(workspace, megabytes: 16) else { return }
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 1_000_000, checkpointEvery: 1000)
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("run \(file) --runs-dir \(disk.path)")
      try terminal.wait("training") { $0.contains("training") }
      try disk.fill()
      try terminal.wait("the reason") { screen in
        screen.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains("no space left on device")
      }
      try terminal.wait(for: "paused")
      try disk.empty()
      try terminal.wait("training again") { $0.contains("training  step ") && !$0.contains("paused  ") }
      try terminal.press("Q")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 0, "\(screen)")
      #expect(screen.contains("ring: stopped at step"), "\(screen)")
    }
  }
}
