import Foundation
import Testing

extension EndToEnd {
  /// Terminals of all kinds, and what is left of them when the program ends in a way that nobody planned.
  @Suite struct Terminals {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private func endless() throws -> String {
      try workspace.ring(hidden: 64, batch: 64, steps: 1_000_000, checkpointEvery: 100)
    }

    private func open(_ terminal: Terminal) throws {
      try terminal.gantui("run \(try endless())")
      try terminal.wait("a run that trains") { $0.contains("training  ") }
    }

    @Test func terminate() throws {
      let terminal = try Terminal(in: workspace)
      try open(terminal)
      kill(try terminal.gantuiProcess(), SIGTERM)
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 143)
      #expect(screen.contains("ring: stopped at step"), "\(screen)")
      #expect(try workspace.journal("ring").last?["state"] as? String == "stopped")
    }

    @Test(arguments: [SIGSEGV, SIGABRT, SIGQUIT]) func crash(_ signal: Int32) throws {
      let terminal = try Terminal(in: workspace)
      try open(terminal)
      kill(try terminal.gantuiProcess(), signal)
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 128 + signal, "\(screen)")
      // The run can be gone on with.
      let last = try #require(workspace.checkpoints("ring").last)
      let resumed = try Program.run(["resume", "ring", "--headless", "--steps", "\(last + 10)"], in: workspace)
      #expect(resumed.status == 0, "\(resumed.errors)")
    }

    @Test func aClosedWindowDoesNotEndTheRun() throws {
      let terminal = try Terminal(in: workspace)
      try open(terminal)
      let process = try terminal.gantuiProcess()
      try terminal.hangUp()
      let seen = workspace.checkpoints("ring").last ?? 0
      #expect(poll { workspace.checkpoints("ring").last ?? 0 > seen + 1000 })
      #expect(kill(process, 0) == 0)
      // And it still hears a signal.
      kill(process, SIGTERM)
      #expect(poll { (try? workspace.journal("ring").last?["state"] as? String) == "stopped" })
      #expect(poll { kill(process, 0) != 0 || Self.isZombie(process) })
    }

    private static func isZombie(_ process: Int32) -> Bool {
      let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
      return status.split(separator: " ").dropFirst(2).first == "Z"
    }

    @Test(arguments: ["dumb", "unknown-terminal", "vt52x"]) func withoutAUsefulTerminal(_ type: String) throws {
      let terminal = try Terminal(in: workspace, environment: ["TERM": type])
      try terminal.gantui("run \(try workspace.ring(steps: 60))")
      let (code, wrapped) = try terminal.waitForExit()
      let screen = wrapped.replacingOccurrences(of: "\n", with: "")
      #expect(code == 0)
      #expect(screen.contains("TERM=\(type): "), "\(screen)")
      #expect(screen.contains("training without the dashboard"), "\(screen)")
      #expect(screen.contains("step 60/60"), "\(screen)")
    }

    @Test func withoutColours() throws {
      let terminal = try Terminal(in: workspace, environment: ["NO_COLOR": "1", "COLORTERM": "truecolor"])
      try open(terminal)
      let screen = try terminal.screenWithColours()
      #expect(Self.colours(in: screen) == [], "\(screen)")
      #expect(screen.contains("hyperparameters"))
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
    }

    @Test(arguments: [("vt100", false), ("xterm-256color", true), ("xterm", true), ("linux", true)])
    func otherTerminals(_ type: String, _ hasColours: Bool) throws {
      let terminal = try Terminal(in: workspace, environment: ["TERM": type])
      try open(terminal)
      let screen = try terminal.wait(for: "hyperparameters")
      #expect(screen.contains("losses"))
      #expect(Self.colours(in: try terminal.screenWithColours()).isEmpty == !hasColours)
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
    }

    @Test func onlyASCII() throws {
      let terminal = try Terminal(in: workspace, environment: ["LANG": "C"])
      try terminal.gantui("run \(try endless()) --ascii")
      let screen = try terminal.wait("a run that trains") { $0.contains("training  ") && $0.contains("G loss") }
      #expect(screen.unicodeScalars.allSatisfy { $0.isASCII }, "\(screen)")
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
    }

    /// The colours that a captured screen sets: parameters of SGR of 30 and above.
    private static func colours(in screen: String) -> [String] {
      screen.split(separator: "\u{1B}").dropFirst().compactMap { part in
        guard part.hasPrefix("["), let end = part.firstIndex(of: "m") else { return nil }
        let parameters = part[part.index(after: part.startIndex)..<end]
        let sets = parameters.split(separator: ";").contains { (Int($0.prefix { $0 != ":" }) ?? 0) >= 30 }
        return sets && parameters != "39" && parameters != "49" ? String(parameters) : nil
      }
    }

    @Test func theStartScreen() throws {
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("")
      let screen = try terminal.wait(for: "go on with")
      for name in ["ring8", "grid25", "moons", "digits", "mnist-dcgan", "no earlier runs"] {
        #expect(screen.contains(name), "\(screen)")
      }
      try terminal.press("q")
      #expect(try terminal.waitForExit().code == 0)
      #expect(!FileManager.default.fileExists(atPath: workspace.runs))

      // By filter to a run, and out.
      try terminal.start("clear")
      try terminal.gantui("--theme light")
      try terminal.wait(for: "go on with")
      try terminal.press("/")
      try terminal.type("moons")
      try terminal.wait("one choice") { $0.contains("moons") && !$0.contains("grid25") }
      try terminal.press("Enter")
      try terminal.wait("a run that trains") { $0.contains("training  ") && $0.contains("moons") }
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
      let last = try #require(workspace.checkpoints("moons").last)

      // The run is there to be gone on with.
      try terminal.start("clear")
      try terminal.gantui("")
      let again = try terminal.wait(for: "go on with")
      #expect(again.contains("stopped"), "\(again)")
      try terminal.press("End")
      try terminal.press("Enter")
      try terminal.wait("a run that trains") { $0.contains("training  ") && $0.contains("moons") }
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
      #expect(try #require(workspace.checkpoints("moons").last) > last)
    }

    @Test func theStartScreenHearsSignalsAndSizes() throws {
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("")
      try terminal.wait(for: "go on with")
      for (columns, rows) in [(20, 5), (1, 1), (60, 15)] {
        try terminal.resize(columns: columns, rows: rows)
        usleep(50_000)
      }
      try terminal.wait(for: "ring8")
      kill(try terminal.gantuiProcess(), SIGTERM)
      _ = try terminal.waitForExit()
    }

    @Test func progressOnATerminal() throws {
      let terminal = try Terminal(in: workspace)
      try terminal.gantui("train \(try endless())")
      try terminal.wait(for: "steps/s")
      try terminal.press("C-c")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 130)
      #expect(screen.contains("gantui: stopped; gantui resume ring goes on"), "\(screen)")
    }
  }
}
