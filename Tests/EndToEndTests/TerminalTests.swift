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

    /// What a program may be ended by.
    enum End: String, CaseIterable, Sendable {
      case quit, control, terminate, quitSignal, illegal, abort, bus, segment, float

      var signal: Int32? {
        switch self {
        case .quit, .control: nil
        case .terminate: SIGTERM
        case .quitSignal: SIGQUIT
        case .illegal: SIGILL
        case .abort: SIGABRT
        case .bus: SIGBUS
        case .segment: SIGSEGV
        case .float: SIGFPE
        }
      }
    }

    /// Each kind of terminal is itself again after each end, and after a suspension; with a mouse that was on.
    @Test(arguments: ["xterm-256color", "screen", "tmux", "linux", "vt100"])
    func everyEndOnEveryTerminal(_ type: String) throws {
      let terminal = try Terminal(columns: 100, rows: 30, in: workspace)
      let file = try endless()
      for (index, end) in End.allCases.enumerated() {
        try terminal.start("clear; rm -f exit.code")
        try terminal.gantui("run \(file) --name \(end.rawValue)", before: "export TERM=\(type); ")
        try terminal.wait("a run that trains") { $0.contains("training  ") }
        if index == 0 {
          try terminal.press("C-z")
          try terminal.wait("the shell") { $0.contains("Stopped") }
          #expect(try terminal.fact("mouse_any_flag") == "0", "\(type)")
          #expect(try terminal.fact("alternate_on") == "0", "\(type)")
          // The shell said the code of the suspension; its word is to be gone when the program ends.
          try terminal.start(
            "clear; rm -f exit.code; fg; echo exit=$? > exit.code; stty -g > modes.after; cat exit.code")
          try terminal.wait("the dashboard") { $0.contains("training  ") }
        }
        switch end {
        case .quit: try terminal.press("Q")
        case .control: try terminal.press("C-c")
        default: if let signal = end.signal { kill(try terminal.gantuiProcess(), signal) }
        }
        let (code, screen) = try terminal.waitForExit()
        let expected: Int32 = end.signal.map { $0 == SIGTERM ? 143 : 128 + $0 } ?? 0
        #expect(code == expected, "\(type) \(end)\n\(screen)")
      }
    }

    @Test func theMouse() throws {
      let terminal = try Terminal(in: workspace)
      try open(terminal)
      #expect(try terminal.fact("mouse_any_flag") == "1")
      // A click on a row of the hyperparameters, as the terminal reports it.
      let screen = try terminal.wait(for: "D beta1")
      let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
      let row = try #require(lines.firstIndex { $0.contains("D beta1") })
      let place = try #require(lines[row].range(of: "D beta1"))
      let column = lines[row].distance(from: lines[row].startIndex, to: place.lowerBound)
      try terminal.type("\u{1B}[<0;\(column + 1);\(row + 1)M\u{1B}[<0;\(column + 1);\(row + 1)m")
      try terminal.wait(for: "▸ D beta1")
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
      try terminal.start("clear; rm -f exit.code")
      try terminal.gantui("run \(try endless()) --name quiet --no-mouse")
      try terminal.wait("a run that trains") { $0.contains("training  ") }
      #expect(try terminal.fact("mouse_any_flag") == "0")
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
    }

    /// tmux has no pixels: whatever is asked for, none of their sequences is written, and who asked is told.
    @Test(arguments: ["off", "auto", "kitty", "sixel"]) func pixelsInTmux(_ wish: String) throws {
      let terminal = try Terminal(columns: 100, rows: 30, in: workspace)
      let file = try workspace.images(steps: 1_000_000, checkpointEvery: 1_000_000)
      let bytes = try terminal.record()
      try terminal.gantui("run \(file) --pixels \(wish)")
      if wish == "kitty" || wish == "sixel" {
        try terminal.wait(for: "pixels: tmux passes no \(wish) pictures on; they stay in characters")
      }
      try terminal.wait("a picture") { $0.contains("samples ") && !$0.contains("no samples yet") && $0.contains("▀") }
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
      let written = String(decoding: FileManager.default.contents(atPath: bytes) ?? Data(), as: UTF8.self)
      #expect(written.contains("samples") && !written.contains("\u{1B}_G") && !written.contains("\u{1B}P"))
    }

    /// Settings are read, told about where they cannot be used, and kept.
    @Test func settingsAndRecordings() throws {
      let folder = workspace.path + "/home/.config/gantui"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let file = folder + "/config.yaml"
      try Data("# mine\npreset: chart\ncolors: many\nkeys: { pause: K }\n".utf8).write(to: URL(fileURLWithPath: file))
      let terminal = try Terminal(columns: 140, in: workspace)
      try terminal.gantui("run \(try endless()) --record shown.cast")
      try terminal.wait("the chart and the sentence") {
        $0.contains("training  ") && !$0.contains("entropy") && $0.contains("config.yaml:3: colors: expected auto")
      }
      try terminal.press("K")
      try terminal.wait("a pause") { $0.contains("paused  ") }
      try terminal.press(":")
      try terminal.type("option smoothing 0.9")
      try terminal.press("Enter")
      try terminal.wait(for: "smooth 0.9")
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.hasPrefix("# mine\npreset: chart\n") && text.contains("smoothing: 0.9"), "\(text)")
      let cast = try String(contentsOfFile: workspace.path + "/shown.cast", encoding: .utf8).split(separator: "\n")
      #expect(cast.count > 3)
      for line in cast { #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) } }
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
      try terminal.wait("the run, and what Enter does with it") { text in
        text.contains("stopped") && text.contains("enter resume")
      }
      try terminal.press("Enter")
      try terminal.wait("a run that trains") { $0.contains("training  ") && $0.contains("moons") }
      try terminal.press("Q")
      #expect(try terminal.waitForExit().code == 0)
      #expect(try #require(workspace.checkpoints("moons").last) > last)

      // One that another process trains is attached to, one that is over is looked at.
      #expect(try Program.run(["train", workspace.ring(steps: 300)], in: workspace).status == 0)
      try terminal.start("clear")
      try terminal.gantui("")
      try terminal.wait(for: "enter look")
      try terminal.press("Enter")
      try terminal.wait("the curves of a run that is over") { $0.contains("G loss") && $0.contains("300") }
      try terminal.press("[")
      try terminal.wait("an earlier moment of it") { $0.contains("enter branches here") }
      try terminal.press("Escape")
      try terminal.wait("the end again") { !$0.contains("enter branches here") }
      try terminal.press("q")
      #expect(try terminal.waitForExit().code == 0)
      #expect(try Program.run(["resume", "moons", "--detach"], in: workspace).status == 0)
      try terminal.start("clear")
      try terminal.gantui("")
      try terminal.wait(for: "enter attach")
      try terminal.press("Enter")
      try terminal.wait("the run of another process") { $0.contains("training  step") && $0.contains("moons") }
      try terminal.press("q")
      #expect(try terminal.waitForExit().screen.contains("gantui attach moons comes back to it"))
      try terminal.start("clear")
      try terminal.gantui("attach moons")
      try terminal.wait("it again") { $0.contains("training  step") }
      try terminal.press("W", "Q", "y")
      #expect(try terminal.waitForExit().code == 0)
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
