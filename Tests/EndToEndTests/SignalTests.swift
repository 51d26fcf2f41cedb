import Foundation
import Testing

extension EndToEnd {
  /// Signals at the wrong moment.
  @Suite struct Signals {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    /// Ctrl-C as early as can be: the run has a folder, and whatever is there of it can be gone on with.
    @Test(arguments: [0, 2_000, 10_000, 30_000]) func ctrlCWhileTheModelIsBuilt(_ microseconds: UInt32) throws {
      let file = try workspace.images(steps: 100_000, checkpointEvery: 1000)
      let child = try Child(Program.path, ["train", file, "--name", "early"], in: workspace)
      poll(10, every: 200) { FileManager.default.fileExists(atPath: "\(workspace.runs)/early/configuration.yaml") }
      usleep(microseconds)
      child.signal(SIGINT)
      let outcome = try child.wait()
      #expect(outcome.status == 130, "\(outcome.errors)")
      #expect(outcome.saysOneSentence, "\(outcome.errors)")
      let steps = try #require(workspace.checkpoints("early").last)
      let resumed = try Program.run(["resume", "early", "--headless", "--steps", "\(steps + 1)"], in: workspace)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(workspace.checkpoints("early").last == steps + 1)
    }

    @Test func ctrlCTwice() throws {
      let file = try workspace.ring(steps: 1_000_000, checkpointEvery: 100)
      let child = try Child(Program.path, ["train", file], in: workspace)
      poll(30) { workspace.checkpoints("ring").last ?? 0 >= 100 }
      child.signal(SIGINT)
      usleep(500)
      child.signal(SIGINT)
      let outcome = try child.wait()
      // The second one may come after the end.
      #expect(outcome.status == 130, "\(outcome.errors)")
      #expect(outcome.saysOneSentence, "\(outcome.errors)")
      let last = try #require(workspace.checkpoints("ring").last)
      let resumed = try Program.run(["resume", "ring", "--headless", "--steps", "\(last + 10)"], in: workspace)
      #expect(resumed.status == 0, "\(resumed.errors)")
    }

    @Test func aReaderThatGoesAwayCostsNoRun() throws {
      let file = try workspace.ring(steps: 1_000_000, checkpointEvery: 100)
      let child = try Child(
        "/bin/sh", ["-c", "\"$0\" train \"$1\" --log-format json | head -n 3", Program.path, file], in: workspace)
      let outcome = try child.wait()
      #expect(outcome.lines.count == 3)
      #expect(outcome.status == 0)
      let last = try #require(workspace.checkpoints("ring").last)
      let resumed = try Program.run(["resume", "ring", "--headless", "--steps", "\(last + 10)"], in: workspace)
      #expect(resumed.status == 0, "\(resumed.errors)")
    }

    @Test func suspendAndContinue() throws {
      let file = try workspace.ring(steps: 1_000_000, checkpointEvery: 100)
      let child = try Child(Program.path, ["train", file], in: workspace)
      poll(30) { workspace.checkpoints("ring").last ?? 0 >= 100 }
      child.signal(SIGTSTP)
      func state() -> String {
        let status = (try? String(contentsOfFile: "/proc/\(child.identifier)/stat", encoding: .utf8)) ?? ""
        return status.split(separator: " ").dropFirst(2).first.map(String.init) ?? ""
      }
      #expect(poll(10) { state() == "T" })
      child.signal(SIGCONT)
      let seen = try #require(workspace.checkpoints("ring").last)
      #expect(poll(30) { workspace.checkpoints("ring").last ?? 0 > seen })
      child.signal(SIGTERM)
      #expect(try child.wait().status == 143)
    }
  }
}
