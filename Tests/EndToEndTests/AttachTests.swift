import Foundation
import Testing

extension EndToEnd {
  /// Runs without a terminal of their own, and those who look on.
  @Suite struct Attach {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private func endless() throws -> String {
      try workspace.ring(hidden: 64, batch: 64, steps: 10_000_000, checkpointEvery: 1000)
    }

    /// The id of the process that trains a run.
    private func process(_ run: String) throws -> Int32 {
      let text = try String(contentsOfFile: "\(workspace.runs)/\(run)/lock", encoding: .utf8)
      return try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    private func isAlive(_ process: Int32) -> Bool {
      guard kill(process, 0) == 0 else { return false }
      let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
      return status.split(separator: " ").dropFirst(2).first != "Z"
    }

    /// Stops a run that trains without a terminal.
    private func end(_ run: String) throws {
      let process = try process(run)
      kill(process, SIGTERM)
      #expect(poll(60) { !isAlive(process) })
    }

    private func log(_ run: String) throws -> String {
      try String(contentsOfFile: "\(workspace.runs)/\(run)/log.txt", encoding: .utf8)
    }

    /// Starts `gantui train --detach`.
    private func detach(_ configuration: String) throws {
      let outcome = try Program.run(["train", configuration, "--detach"], in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.lines.first?.hasPrefix("ring trains on without a terminal, as process ") == true)
      #expect(outcome.output.contains("gantui attach ring"))
    }

    @Test func detachAndAttach() throws {
      try detach(endless())
      let process = try process("ring")
      #expect(isAlive(process))
      // A session of its own, so that no terminal's end reaches it.
      #expect(getsid(process) == process)
      #expect(try Program.run(["runs"], in: workspace).output.contains("training"))
      let mode = try FileManager.default.attributesOfItem(atPath: "\(workspace.runs)/ring/attach.sock")
      #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
      // It is another process's.
      let second = try Program.run(["resume", "ring", "--detach"], in: workspace)
      #expect(second.status == 64 && second.errors.contains("process \(process) has it open"))

      for (columns, rows) in [(80, 24), (200, 50)] {
        let terminal = try Terminal(columns: columns, rows: rows, in: workspace)
        try terminal.gantui("attach ring")
        try terminal.wait(for: "watching, nobody has the wheel (W: take it)")
        try terminal.wait("a run with curves and samples") { text in
          text.contains("training  ") && text.contains("G loss") && text.contains("samples")
            && !text.contains("no samples yet")
        }
        // Without the wheel keys say what to do.
        try terminal.press("Space")
        try terminal.wait(for: "watching: nobody has the wheel; W takes it")
        try terminal.press("W")
        try terminal.wait(for: "at the wheel (W: give it up)")
        try terminal.press("Space")
        try terminal.wait("a pause") { $0.contains("paused  ") }
        let edits = try workspace.journal("ring").count { $0["kind"] as? String == "edit" }
        try terminal.press("Right")
        #expect(poll { (try? workspace.journal("ring").count { $0["kind"] as? String == "edit" }) == edits + 1 })
        try terminal.press("Space")
        try terminal.wait("training") { $0.contains("training  ") }
        try terminal.press("q")
        let (code, screen) = try terminal.waitForExit()
        #expect(code == 0, "\(screen)")
        #expect(screen.contains("the run goes on; gantui attach ring comes back to it"), "\(screen)")
        #expect(isAlive(process))
      }
      try end("ring")
      #expect(try workspace.journal("ring").last?["state"] as? String == "stopped")
      #expect(try log("ring").contains("looks on"))
      #expect(!FileManager.default.fileExists(atPath: "\(workspace.runs)/ring/attach.sock"))

      // And on from there, detached again, to its end.
      let last = try #require(workspace.checkpoints("ring").last)
      let resumed = try Program.run(["resume", "ring", "--detach", "--steps", "\(last + 100)"], in: workspace)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(poll(60) { (try? workspace.journal("ring").last?["state"] as? String) == "finished" })
    }

    @Test func twoDashboardsAndOneWheel() throws {
      let first = try Terminal(in: workspace)
      try first.gantui("run \(try endless())")
      try first.wait("a run that trains") { $0.contains("training  ") }
      let second = try Terminal(in: workspace)
      try second.gantui("attach ring")
      try second.wait("somebody at the wheel") { $0.contains("watching, ") && $0.contains(" has the wheel") }
      try first.wait(for: "at the wheel")
      try second.press("W")
      try first.wait("another at the wheel") { $0.contains("watching, ") && $0.contains("#1 has the wheel") }
      try first.press("Space")
      try first.wait(for: "watching: ")
      try second.press("Space")
      try first.wait("a pause") { $0.contains("paused  ") }
      // Who leaves gives the wheel back to the run's own dashboard.
      try second.press("q")
      #expect(try second.waitForExit().code == 0)
      try first.press("Space")
      try first.wait("training") { $0.contains("training  ") }
      try first.press("Q")
      #expect(try first.waitForExit().code == 0)
    }

    @Test func theKeyThatDetachesKeepsTheBits() throws {
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 4000, checkpointEvery: 1000)
      #expect(try Program.run(["train", file, "--name", "whole"], in: workspace).status == 0)
      let expected = try workspace.checkpoint("whole", 4000)

      let terminal = try Terminal(in: workspace)
      try terminal.gantui("run \(file)")
      try terminal.press("Space")
      try terminal.wait("a pause") { $0.contains("paused  ") }
      try terminal.press("&")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 0, "\(screen)")
      #expect(screen.contains("gantui attach ring"), "\(screen)")
      #expect(poll(60) { (try? workspace.journal("ring").last?["state"] as? String) == "finished" })
      let found = try workspace.checkpoint("ring", 4000)
      #expect(found.differences(from: expected) == [])
      #expect(found.metadata["counters"] == expected.metadata["counters"])
    }

    /// With no, one and five viewers, one of them stopped, one that does not read and one that dies, training makes the
    /// same bits.
    @Test func viewersChangeNoBit() throws {
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 6000, checkpointEvery: 2000)
      #expect(try Program.run(["train", file, "--name", "none"], in: workspace).status == 0)

      func train(_ name: String, beside others: (RawViewer) throws -> Void) throws {
        let child = try Child(Program.path, ["train", file, "--name", name], in: workspace)
        let driver = try RawViewer(name, in: workspace)
        driver.ask("takeWheel")
        driver.ask("pause")
        try driver.wait(for: "paused")
        try others(driver)
        try driver.waitForEnd()
        #expect(driver.state == "finished")
        #expect(try child.wait().status == 0)
      }
      try train("one") { $0.ask("resume") }
      var keep: [Any] = []
      try train("five") { driver in
        let deaf = try RawViewer("five", in: workspace)
        let (stopped, seeing) = (try Terminal(in: workspace), try Terminal(in: workspace))
        for terminal in [stopped, seeing] {
          try terminal.gantui("attach five")
          try terminal.wait(for: "has the wheel (W: take it)")
        }
        kill(try stopped.gantuiProcess(), SIGSTOP)
        keep = [deaf, stopped, seeing]
        var fleeting: RawViewer? = try RawViewer("five", in: workspace)
        _ = try fleeting?.read()
        driver.ask("resume")
        try driver.wait(for: "training")
        fleeting = nil
      }
      for step in [2000, 4000, 6000] {
        let expected = try workspace.checkpoint("none", step)
        #expect(!expected.tensors.isEmpty)
        for name in ["one", "five"] {
          let found = try workspace.checkpoint(name, step)
          #expect(found.differences(from: expected) == [], "\(name) \(step)")
          #expect(found.metadata["counters"] == expected.metadata["counters"])
        }
      }
      withExtendedLifetime(keep) {}
    }

    @Test func aLostRunIsToldAndAnEndedOneIsShown() throws {
      try detach(endless())
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("attach ring")
      try terminal.wait(for: "has the wheel (W: take it)")
      kill(try process("ring"), SIGKILL)
      var (code, screen) = try terminal.waitForExit()
      #expect(code == 74, "\(screen)")
      var words = screen.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("ring: the connection is lost"), "\(screen)")
      #expect(words.contains("gantui resume ring goes on from the newest checkpoint"), "\(screen)")
      #expect(words.contains("ring: left at step"), "\(screen)")

      // Nobody trains it; the dead process's socket is still there.
      let outcome = try Program.run(["attach", "ring"], in: workspace)
      #expect(outcome.status == 64)
      #expect(outcome.errors == "gantui: ring: no process trains this run; gantui resume ring goes on with it\n")

      #expect(try Program.run(["resume", "ring", "--detach"], in: workspace).status == 0)
      let headless = try Program.run(["attach", "ring"], in: workspace)
      #expect(headless.status == 64 && headless.saysOneSentence, "\(headless.errors)")
      try terminal.start("clear")
      try terminal.gantui("attach ring")
      try terminal.wait(for: "has the wheel (W: take it)")
      try end("ring")
      try terminal.wait(for: "stopped with a checkpoint")
      try terminal.press("q")
      (code, screen) = try terminal.waitForExit()
      #expect(code == 0, "\(screen)")
      words = screen.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("ring: stopped at step"), "\(screen)")
      #expect(words.contains("gantui resume ring goes on"), "\(screen)")
    }

    @Test func aClosedWindowLeavesALogAndASocket() throws {
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("run \(try endless())")
      try terminal.wait("a run that trains") { $0.contains("training  ") }
      let process = try terminal.gantuiProcess()
      try terminal.hangUp()
      #expect(poll { (try? log("ring").contains("the terminal is gone; process \(process) trains on")) == true })
      #expect(poll(60) { (try? log("ring").contains("step ")) == true })
      let other = try Terminal(in: workspace)
      try other.gantui("attach ring")
      try other.wait(for: "watching, nobody has the wheel (W: take it)")
      try other.press("W")
      try other.wait(for: "at the wheel")
      try other.press("Q")
      try other.wait(for: "Stop the run and keep a checkpoint?")
      try other.press("y")
      #expect(try other.waitForExit().code == 0)
      #expect(poll(60) { !isAlive(process) })
      #expect(try workspace.journal("ring").last?["state"] as? String == "stopped")
    }

    @Test func aHeadlessRunOutlivesItsTerminalToo() throws {
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("train \(try endless())")
      try terminal.wait(for: "steps/s")
      let process = try terminal.gantuiProcess()
      try terminal.hangUp()
      #expect(poll(60) { (try? log("ring").contains("step ")) == true })
      let viewer = try RawViewer("ring", in: workspace)
      try viewer.wait(for: "training")
      try end("ring")
      #expect(!isAlive(process))
      #expect(try log("ring").contains("checkpoint "))
    }

    @Test func whatCannotBeginLeavesNothing() throws {
      let file = try workspace.images("missing", steps: 10, checkpointEvery: 10, path: "nowhere.idx")
      let outcome = try Program.run(["train", file, "--detach"], in: workspace)
      #expect(outcome.status == 74 && outcome.saysOneSentence, "\(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.contains("nowhere.idx"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.runs) == [])
      let short = try Program.run(["train", try workspace.ring(steps: 20), "--detach"], in: workspace)
      #expect(short.status == 0, "\(short.errors)")
      #expect(poll { (try? workspace.journal("ring").last?["state"] as? String) == "finished" })
      let usage = try Program.run(["train", "ring8", "--detach", "--log-every", "-1"], in: workspace)
      #expect(usage.status == 64)
    }
  }
}
