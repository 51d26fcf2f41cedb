import Foundation
import Testing

extension EndToEnd {
  /// The dashboard in a real terminal, under a person's fingers.
  @Suite struct Dashboard {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    /// A run that lasts longer than any test.
    private func endless() throws -> String {
      try workspace.ring(hidden: 64, batch: 64, steps: 1_000_000, checkpointEvery: 1000)
    }

    /// Opens the dashboard of a run and waits until it trains.
    private func open(
      _ arguments: String? = nil, columns: Int = 120, rows: Int = 40, environment: [String: String] = [:]
    ) throws -> Terminal {
      let terminal = try Terminal(columns: columns, rows: rows, in: workspace, environment: environment)
      try terminal.gantui(try arguments ?? "run \(endless())")
      try terminal.wait("a run that trains") { Self.isTraining($0) && Self.step($0) ?? 0 > 0 }
      return terminal
    }

    private static func isTraining(_ screen: String) -> Bool { screen.contains("training  ") }
    private static func isPaused(_ screen: String) -> Bool { screen.contains("paused  ") }

    /// The step that the header shows.
    private static func step(_ screen: String) -> Int? {
      guard let place = screen.range(of: "  step ") else { return nil }
      return Int(screen[place.upperBound...].prefix { $0.isNumber || $0 == "," }.filter(\.isNumber))
    }

    private func step(_ terminal: Terminal) throws -> Int { try #require(Self.step(try terminal.screen())) }

    /// Leaves by `Q`.
    private func leave(_ terminal: Terminal, _ location: SourceLocation = #_sourceLocation) throws {
      try terminal.press("Q")
      let (code, screen) = try terminal.waitForExit(location)
      #expect(code == 0, "\(screen)", sourceLocation: location)
    }

    @Test(arguments: [[80, 24], [120, 40], [200, 50]]) func theFrame(_ size: [Int]) throws {
      let terminal = try open(columns: size[0], rows: size[1])
      let screen = try terminal.wait("samples and losses") { text in
        ["losses", "balance", "entropy", "samples", "hyperparameters", "G loss", "q quit"].allSatisfy(text.contains)
      }
      let lines = screen.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      #expect(lines.count == size[1])
      #expect(lines.first?.hasPrefix("╭─ ring ─") == true && lines.first?.count == size[0], "\(screen)")
      #expect(try terminal.fact("alternate_on") == "1")
      #expect(try terminal.fact("cursor_flag") == "0")
      try leave(terminal)
    }

    @Test func theFirstFrameIsThereBeforeTheModel() throws {
      // Networks whose compilation takes a while.
      let file = try workspace.images(steps: 1000, checkpointEvery: 500)
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("run \(file) --set model.generator.features=64 --set model.discriminator.features=64")
      try terminal.wait("the first frame", seconds: 5) { $0.contains("preparing") || Self.isTraining($0) }
      // Ctrl-C twice does not wait for it.
      try terminal.press("C-c")
      try terminal.press("C-c")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 0, "\(screen)")
      #expect(screen.contains("run folder: \(workspace.runs)/images"), "\(screen)")
    }

    @Test func pauseStepAndGoOn() throws {
      let terminal = try open()
      try terminal.press("Space")
      try terminal.wait("a pause") { Self.isPaused($0) }
      let paused = try step(terminal)
      try terminal.press(".")
      try terminal.wait("one step") { Self.step($0) == paused + 1 }
      // A step ends with the generator's update.
      try terminal.press("d")
      try terminal.press("g")
      try terminal.wait("the step of two updates") { Self.step($0) == paused + 2 }
      #expect(Self.isPaused(try terminal.screen()))
      try terminal.press("Space")
      try terminal.wait("training") { Self.isTraining($0) && Self.step($0) ?? 0 > paused + 2 }
      // `.` pauses a run that trains.
      try terminal.press(".")
      try terminal.wait("a pause") { Self.isPaused($0) }
      try terminal.press("q")
      try terminal.wait(for: "Stop the run and keep a checkpoint?")
      try terminal.press("n")
      try terminal.wait("no question") { !$0.contains("Stop the run") }
      try terminal.press("q")
      try terminal.wait(for: "Stop the run and keep a checkpoint?")
      let shown = try step(terminal)
      try terminal.press("y")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 0)
      // The step that `.` took after the pause may not have been on the screen yet.
      let last = try #require(workspace.checkpoints("ring").last)
      #expect(last == shown || last == shown + 1)
      let digits = screen.filter { $0 != "," }
      #expect(digits.contains("ring: stopped at step \(last) of "), "\(screen)")
      #expect(screen.contains("gantui resume ring goes on"))

      // And resume goes on from there.
      try terminal.start("clear")
      try terminal.gantui("resume ring")
      try terminal.wait("the run again") { Self.isTraining($0) && Self.step($0) ?? 0 > last }
      try leave(terminal)
      #expect(try #require(workspace.checkpoints("ring").last) > last)
    }

    @Test func aTurnedRateIsTheSameEverywhere() throws {
      let terminal = try open()
      let before = try terminal.wait(for: "▸ G rate")
      #expect(before.contains("◂ 1e-3 ▸") || before.contains("◂ 0.001 ▸"), "\(before)")
      try terminal.press("Right")
      try terminal.wait("an edit in the log") { $0.contains("G rate 0.001 -> ") }
      let edit = try #require(try workspace.journal("ring").last { $0["kind"] as? String == "edit" })
      #expect(edit["id"] as? String == "optimizers.generator.rate")
      #expect(edit["old"] as? Double == 1e-3)
      let raised = try #require(edit["new"] as? Double)
      #expect(raised > 1e-3 && raised < 2e-3)

      // Another one, typed; first something that is no number.
      try terminal.press("Down")
      try terminal.press("Down")
      try terminal.press("Down")
      try terminal.wait(for: "▸ D rate")
      try terminal.press("Enter")
      try terminal.type("fast")
      try terminal.press("Enter")
      try terminal.wait(for: "fast")
      for _ in 0..<4 { try terminal.press("BSpace") }
      try terminal.type("2.5e-4")
      try terminal.press("Enter")
      try terminal.wait("an edit in the log") { $0.contains("D rate 0.001 -> 2.5e-4") }

      let kept = workspace.checkpoints("ring").count
      try terminal.press("c")
      #expect(poll { workspace.checkpoints("ring").count > kept })
      try leave(terminal)
      let last = try #require(workspace.checkpoints("ring").last)
      let checkpoint = try workspace.checkpoint("ring", last)
      #expect(try checkpoint.hyperparameter("optimizers.generator.rate") == raised)
      #expect(try checkpoint.hyperparameter("optimizers.discriminator.rate") == 2.5e-4)
      // A resumed run goes on with them.
      try terminal.start("clear")
      try terminal.gantui("resume ring")
      try terminal.wait("the typed rate") { $0.contains("2.5e-4") && Self.isTraining($0) }
      try leave(terminal)
    }

    @Test func aPictureIsSaved() throws {
      let terminal = try open("run \(try workspace.images(steps: 100_000, checkpointEvery: 1000))")
      try terminal.press("s")
      try terminal.wait(for: "samples saved as")
      let folder = "\(workspace.runs)/images/samples"
      let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
      #expect(file.hasSuffix(".png") && data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
      #expect(data.suffix(8).starts(with: Data("IEND".utf8)))
      try leave(terminal)
    }

    @Test func helpThemesAndPanels() throws {
      let terminal = try open()
      try terminal.press("?")
      try terminal.wait("the help") { $0.contains("pause or resume") && $0.contains("keep a checkpoint") }
      try terminal.press("Escape")
      try terminal.wait("no help") { !$0.contains("keep a checkpoint") }
      let first = try terminal.screenWithColours()
      try terminal.press("t")
      // The frame's colour is another one.
      let border = { (text: String) in text.split(separator: "╭").first.map(String.init) ?? "" }
      try terminal.wait("other colours") { _ in border(try terminal.screenWithColours()) != border(first) }
      try terminal.press("5")
      try terminal.wait("no panel of hyperparameters") { !$0.contains("G rate") }
      try terminal.press("5")
      try terminal.wait("all panels") { $0.contains("G rate") }
      try terminal.press("v")
      try terminal.wait("one panel") { !$0.contains("entropy") }
      try terminal.press("Escape")
      try terminal.wait("all panels") { $0.contains("entropy") }
      // The palette: by completion to another layout, and what nobody knows is a sentence.
      try terminal.press(":")
      try terminal.type("preset cha")
      try terminal.press("Tab")
      try terminal.press("Enter")
      try terminal.wait("one chart") { $0.contains("losses") && !$0.contains("entropy") }
      try terminal.press(":")
      try terminal.type("fly away")
      try terminal.press("Enter")
      try terminal.wait(for: "there is no command \"fly\"")
      try terminal.press(":")
      try terminal.type("preset overview")
      try terminal.press("Enter")
      try terminal.wait("all panels") { $0.contains("entropy") }
      try terminal.press("f")
      try terminal.wait(for: "FROZEN")
      try terminal.press("f")
      try terminal.wait("no longer frozen") { !$0.contains("FROZEN") }
      // A theme is seen while it is chosen, and taken back.
      try terminal.press("T")
      try terminal.wait(for: "themes")
      try terminal.press("Down")
      try terminal.press("Escape")
      try terminal.wait("no list") { !$0.contains("themes") }
      // Every other key, in a row and more than once: nothing may come of it but frames.
      for _ in 0..<2 {
        for key in [
          "Tab", "Tab", "v", "v", "v", "v", "v", "v", "v", "v", "Escape", "+", "-", "y", "o", ")", "(", "i", "n",
          "PgUp",
          "PgDn", "Home", "End", "BTab", "F1", "Escape", "F5", "M-x", "Enter", "Escape", "IC", "DC", "S-Left",
          "S-Right",
          "<", ">", "{", "}", "k", "j", "h", "l", "|", "Left", "Up", "Tab", "Escape", "P", "O", "Down", "Escape", "/",
          "a", "Enter", "Escape", "V", "9", "9",
        ] { try terminal.press(key) }
      }
      try terminal.press("Escape")
      try terminal.press("Escape")
      try terminal.wait("a run that trains") { Self.isTraining($0) }
      try leave(terminal)
    }

    @Test func otherSizes() throws {
      let terminal = try open(columns: 100, rows: 30)
      for (columns, rows) in [(20, 5), (40, 12), (200, 50), (79, 23), (300, 10), (10, 60)] {
        try terminal.resize(columns: columns, rows: rows)
        try terminal.wait("something at \(columns)x\(rows)") { text in
          let lines = text.split(separator: "\n")
          return !lines.isEmpty && lines.allSatisfy { $0.count <= columns }
        }
      }
      // Where nothing can be seen, nothing may break either.
      for (columns, rows) in [(1, 1), (20, 5)] {
        try terminal.resize(columns: columns, rows: rows)
        usleep(100_000)
      }
      try terminal.resize(columns: 120, rows: 40)
      let screen = try terminal.wait("the whole frame") { text in
        text.contains("hyperparameters") && text.split(separator: "\n").first?.count == 120
      }
      #expect(screen.hasPrefix("╭─ ring ─"), "\(screen)")
      // Something else wrote on the screen: Ctrl-L clears it.
      let process = try terminal.gantuiProcess()
      try Data("\u{1B}[3;3HXXXXXXXX".utf8).write(to: URL(fileURLWithPath: "/proc/\(process)/fd/1"))
      try terminal.press("C-l")
      try terminal.wait("a clean screen") { !$0.contains("XXXX") && $0.hasPrefix("╭─ ring ─") }
      try leave(terminal)
    }

    @Test func suspendAndContinue() throws {
      let terminal = try open()
      try terminal.press("C-z")
      try terminal.wait("the shell") { $0.contains("Stopped") && $0.contains("ready>") }
      #expect(try terminal.fact("alternate_on") == "0")
      #expect(try terminal.fact("cursor_flag") == "1")
      try terminal.start("fg")
      try terminal.wait("the dashboard") { $0.hasPrefix("╭─ ring ─") && Self.isTraining($0) }
      #expect(try terminal.fact("alternate_on") == "1")
      try terminal.press("Q")
      // The rest of the command line went away with the suspended program.
      try terminal.wait(for: "ring: stopped at step ")
      #expect(try terminal.fact("alternate_on") == "0")
      #expect(poll { (try? terminal.screen().contains("goes on")) ?? false })
    }

    @Test func theSameBitsWithAndWithoutTheDashboard() throws {
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 1200, checkpointEvery: 500)
      #expect(try Program.run(["train", file, "--name", "plain"], in: workspace).status == 0)
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("run \(file) --name seen")
      // What changes the view changes no bit.
      try terminal.wait(for: "losses")
      for key in ["v", "v", "t", "s", "?", "Escape", "Escape", "Escape"] { try terminal.press(key) }
      try terminal.resize(columns: 90, rows: 30)
      try terminal.wait("the end") { $0.contains("finished") }
      try terminal.press("q")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 0, "\(screen)")
      #expect(screen.contains("seen: finished at step 1,200"), "\(screen)")
      let (plain, seen) = (try workspace.checkpoint("plain", 1200), try workspace.checkpoint("seen", 1200))
      #expect(seen.differences(from: plain) == [])
      #expect(seen.metadata["counters"] == plain.metadata["counters"])

      // Paused and stepped player by player, too.
      try terminal.start("clear")
      try terminal.gantui("run \(file) --name stepped")
      try terminal.wait("steps") { Self.step($0) ?? 0 > 0 || $0.contains("finished") }
      for key in ["Space", "d", "g", "d", "g", ".", "Space"] { try terminal.press(key) }
      try terminal.wait("the end") { $0.contains("finished") }
      try terminal.press("q")
      _ = try terminal.waitForExit()
      #expect(try workspace.checkpoint("stepped", 1200).differences(from: plain) == [])
    }

    @Test func aGradientThatIsNotFinitePauses() throws {
      let file = try workspace.ring(hidden: 32, batch: 32, steps: 1_000_000, checkpointEvery: 100)
      let text = try String(contentsOfFile: file, encoding: .utf8)
        .replacingOccurrences(of: "kind: adam, rate: 1e-3", with: "kind: sgd, rate: 1e20")
      let terminal = try Terminal(columns: 160, in: workspace)
      try terminal.gantui("run \(try workspace.write("exploding.yaml", text))")
      let screen = try terminal.wait("a pause") { Self.isPaused($0) && $0.contains("is not finite in ") }
      #expect(screen.contains("its update was not applied"), "\(screen)")
      let kept = workspace.checkpoints("ring").count
      try terminal.press("c")
      try terminal.wait("a checkpoint") { _ in workspace.checkpoints("ring").count >= kept }
      try terminal.press("Q")
      let (code, _) = try terminal.waitForExit()
      #expect(code == 0)
      let last = try #require(workspace.checkpoints("ring").last)
      #expect(try workspace.checkpoint("ring", last).notFinite == [])
      let reasons = try workspace.journal("ring").compactMap { $0["reason"] as? String }
      #expect(reasons.contains { $0.contains("gradient is not finite in") }, "\(reasons)")
    }

    @Test func aRunThatFailsSaysWhy() throws {
      let terminal = try Terminal(in: workspace)
      let file = try workspace.images(steps: 10, checkpointEvery: 10, path: "nothing.idx")
      try terminal.gantui("run \(file)")
      try terminal.wait("the reason") { $0.contains("failed") && $0.contains("nothing.idx") }
      try terminal.press("q")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 74, "\(screen)")
      #expect(screen.contains("nothing.idx: there is no such file"), "\(screen)")
    }
  }
}
