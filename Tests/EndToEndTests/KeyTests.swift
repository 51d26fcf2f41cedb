import Foundation
import Testing

extension EndToEnd {
  /// Every key of the table, in every place where keys mean something, in a real terminal.
  @Suite struct Keys {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    /// The keys of `gantui catalog --keys` under tmux's names, in the table's order.
    private func table() throws -> [String] {
      let rows = try Program.run(["catalog", "--keys"], in: workspace).output.split(separator: "\n").dropFirst(2)
      var keys: [String] = []
      for row in rows {
        // A bar is a key too, written as \|.
        let cells = row.replacingOccurrences(of: "\\|", with: "BAR").split(separator: "|").map(String.init)
        guard cells.count == 3 else { throw TestError("no row of the table: \(row)") }
        guard cells[0].trimmingCharacters(in: .whitespaces) != "mouse" else { continue }
        for chord in cells[1].split(separator: " ") {
          let key = try Self.name(chord.trimmingCharacters(in: ["`"]))
          if !keys.contains(key) { keys.append(key) }
        }
      }
      return keys
    }

    private static let names = [
      "space": "Space", "enter": "Enter", "esc": "Escape", "tab": "Tab", "shift-tab": "BTab", "backspace": "BSpace",
      "del": "DC", "pgup": "PPage", "pgdn": "NPage", "home": "Home", "end": "End", "↑": "Up", "↓": "Down",
      "←": "Left", "→": "Right", "shift-↑": "S-Up", "shift-↓": "S-Down", "shift-←": "S-Left", "shift-→": "S-Right",
      "BAR": "|", ";": "\\;",
    ]

    private static func name(_ chord: String) throws -> String {
      if let name = names[chord] { return name }
      if chord.count == 2, chord.hasPrefix("^"), let letter = chord.last { return "C-\(letter.lowercased())" }
      guard chord.count == 1 || chord.hasPrefix("F") else { throw TestError("tmux has no name for \(chord)") }
      return chord
    }

    /// What ends the program or leaves it, and what gives up the wheel, after which nothing else steers: other tests press
    /// them.
    private static let ends: Set<String> = ["q", "Q", "C-c", "C-z", "z", "&", "W"]

    /// The keys that open each place; Escape leaves all of them.
    private static let places: [[String]] = [
      [], ["Tab"], ["Tab", "Tab"], ["Tab", "Tab", "Tab"], ["BTab"], ["BTab", "BTab"], ["v"], ["["], ["[", "["], ["b"],
      [":"], ["/"], ["?"], ["?", "/"], ["T"], ["O"], ["|"], ["w"], ["J"], ["J", "J"], ["f"], ["P"], ["P"], ["P"], ["P"],
      ["P"], ["P"],
    ]

    private func open(_ configuration: String, columns: Int, rows: Int) throws -> Terminal {
      let terminal = try Terminal(columns: columns, rows: rows, in: workspace)
      try terminal.gantui("run \(configuration)")
      try terminal.wait(for: "training  ")
      return terminal
    }

    /// Leaves by `Q`, from whatever place the keys left.
    private func leave(_ terminal: Terminal) throws {
      try terminal.press("Escape", "Escape", "Escape", "Escape", "Q")
      // What it says at once tells why where it does not leave.
      usleep(500_000)
      let said = try terminal.screen()
      do {
        let (code, screen) = try terminal.waitForExit()
        #expect(code == 0, "\(screen)")
      } catch {
        throw TestError("it does not leave, having said:\n\(said)\n\(error)")
      }
    }

    /// Sizes that change ten times a second, and layouts with them, while a run trains: a minute in `make soak`.
    @Test func sizesInAStorm() throws {
      let seconds = ProcessInfo.processInfo.environment["GANTUI_SOAK"] == nil ? 4.0 : 60
      let file = try workspace.ring(hidden: 32, batch: 32, steps: 10_000_000, checkpointEvery: 5000)
      let terminal = try open(file, columns: 80, rows: 24)
      let start = ContinuousClock.now
      var sizes = 0
      while ContinuousClock.now - start < .seconds(seconds) {
        // Down to a cell, up to more than any screen.
        try terminal.resize(columns: 1 + sizes * 37 % 260, rows: 1 + sizes * 23 % 90)
        if sizes % 9 == 0 { try terminal.press("P") }
        if sizes % 14 == 0 { try terminal.press("v") }
        sizes += 1
        usleep(95_000)
      }
      try terminal.resize(columns: 120, rows: 40)
      try terminal.press("Escape")
      let screen = try terminal.wait("a whole frame") { text in
        let lines = text.split(separator: "\n")
        return lines.first?.count == 120 && lines.first?.hasPrefix("╭─ ring ─") == true && text.contains("training  ")
      }
      #expect(sizes > Int(seconds) * 5, "\(screen)")
      try leave(terminal)
    }

    /// In `make soak`: thousands of keys as fast as a terminal takes them are more than a busy machine answers in time.
    @Test(
      .enabled(if: ProcessInfo.processInfo.environment["GANTUI_SOAK"] != nil),
      arguments: [["ring", "80", "24"], ["images", "200", "50"]])
    func everyKeyInEveryPlace(_ what: [String]) throws {
      let keys = try table().filter { !Self.ends.contains($0) }
      #expect(keys.count > 90)
      let file =
        what[0] == "ring"
        ? try workspace.ring(hidden: 32, batch: 32, steps: 10_000_000, checkpointEvery: 5000)
        : try workspace.images(steps: 1_000_000, checkpointEvery: 500)
      var marks = 0
      let terminal = try open(file, columns: Int(what[1]) ?? 80, rows: Int(what[2]) ?? 24)
      for place in Self.places {
        // One key of the table at a time, each from the place itself.
        for group in stride(from: 0, to: keys.count, by: 20).map({ keys[$0..<min($0 + 20, keys.count)] }) {
          try terminal.press(group.flatMap { place + [$0] + ["Escape", "Escape", "Escape"] })
          // Typed behind all of them, a command's text shows that they were taken.
          marks += 1
          try terminal.type(":taken\(marks).")
          do {
            try terminal.wait(for: "taken\(marks).", seconds: 120)
          } catch {
            throw TestError("after \(place + group): \(error)")
          }
          try terminal.press("Escape")
        }
      }
      try leave(terminal)
    }
  }
}
