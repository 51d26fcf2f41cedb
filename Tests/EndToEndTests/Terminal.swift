import Foundation
import Testing

/// A real terminal: a shell in a tmux server of its own, whose keys the test presses and whose screen it reads.
final class Terminal {
  private static let program = ["/usr/bin/tmux", "/usr/local/bin/tmux", "/bin/tmux"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }
  private static let prompt = "ready>"

  private let socket: String
  private let workspace: Workspace

  /// - Throws: a `TestError` where tmux is missing; `make setup` installs it.
  init(
    columns: Int = 120, rows: Int = 40, in workspace: Workspace, environment: [String: String] = [:]
  ) throws {
    guard Self.program != nil else { throw TestError("tmux is missing; make setup installs it") }
    self.workspace = workspace
    socket = "gantui-\(getpid())-\(UUID().uuidString.prefix(8))"
    let settings = try workspace.write(
      "tmux.conf",
      """
      set -g status off
      set -g default-terminal tmux-256color
      set -g default-size \(columns)x\(rows)
      set -s escape-time 0
      set -g remain-on-exit on

      """)
    var variables = workspace.environment
    // tmux sets its own; colours are the program's to choose.
    variables["TERM"] = nil
    variables["PS1"] = Self.prompt + " "
    variables["GANTUI"] = Program.path
    variables.merge(environment) { $1 }
    let assignments = variables.map { "\($0)=\($1)" }.sorted()
    try tmux(
      ["-f", settings, "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c", workspace.path, "env", "-i"]
        + (environment["TERM"] == nil ? ["TERM=tmux-256color"] : []) + assignments + ["/bin/sh", "-i"])
    try wait("the shell") { $0.contains(Self.prompt) }
  }

  deinit { _ = try? tmux(["kill-server"]) }

  /// Kills the terminal with all that runs in it, as a closed window does.
  func hangUp() throws { try tmux(["kill-server"]) }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    guard let program = Self.program else { throw TestError("tmux is missing; make setup installs it") }
    let path = workspace.scratch("tmux")
    let arguments = ["-L", socket] + arguments
    let status = try Self.spawn(program, arguments, environment: workspace.environment, output: path)
    let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    unlink(path)
    guard status == 0 else { throw TestError("tmux \(arguments.joined(separator: " ")): \(text)") }
    return text
  }

  /// Runs a program to its end. Foundation's `Process` would wait for the server, too, which inherits its descriptors.
  private static func spawn(
    _ program: String, _ arguments: [String], environment: [String: String], output: String
  ) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Threads of the test may have signals blocked, such as the one by which tmux ends itself.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, program, &actions, &attributes, &words, &variables)
    guard code == 0 else { throw TestError("\(program): \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    // The exit code, or what a shell says of a signal.
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  // MARK: what is shown

  /// The screen as text, a row a line.
  func screen() throws -> String { try tmux(["capture-pane", "-p"]) }

  /// The screen with its escape sequences.
  func screenWithColours() throws -> String { try tmux(["capture-pane", "-p", "-e"]) }

  /// A fact of tmux about the terminal, such as `alternate_on`.
  func fact(_ name: String) throws -> String {
    try tmux(["display-message", "-p", "#{\(name)}"]).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Waits for a screen.
  /// - Returns: it.
  /// - Throws: a `TestError` with what is there instead after `seconds`.
  @discardableResult
  func wait(_ what: String, seconds: Double = 30, until isShown: (String) throws -> Bool) throws -> String {
    var last = ""
    let isThere = try poll(seconds, every: 20_000) {
      last = try screen()
      return try isShown(last)
    }
    guard isThere else { throw TestError("the screen does not show \(what) but:\n\(last)") }
    return last
  }

  /// Waits for a text on the screen.
  @discardableResult
  func wait(for text: String, seconds: Double = 30) throws -> String {
    try wait("\"\(text)\"", seconds: seconds) { $0.contains(text) }
  }

  /// Copies every byte that programs write to the terminal into a file from now on.
  /// - Returns: its path.
  func record() throws -> String {
    let path = workspace.scratch("bytes")
    try tmux(["pipe-pane", "cat > '\(path)'"])
    return path
  }

  // MARK: what is done

  /// Presses keys by tmux's names, such as `q`, `Enter`, `C-c`, `Up`.
  func press(_ keys: String...) throws { try press(keys) }
  func press(_ keys: [String]) throws { try tmux(["send-keys"] + keys) }

  /// Types a text as it stands.
  func type(_ text: String) throws { try tmux(["send-keys", "-l", "--", text]) }

  func resize(columns: Int, rows: Int) throws {
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// Starts a command of the shell.
  func start(_ command: String) throws {
    try type(command)
    try press("Enter")
  }

  /// Starts gantui, after which the shell says its exit code; see `waitForExit`.
  func gantui(_ arguments: String, before: String = "") throws {
    try start(
      "\(before)stty -g > modes.before; \"$GANTUI\" \(arguments); echo exit=$? > exit.code; stty -g > modes.after; cat exit.code"
    )
  }

  /// Waits for the end of gantui, and checks that the terminal is itself again.
  /// - Returns: the exit code, and the screen.
  func waitForExit(seconds: Double = 60, _ location: SourceLocation = #_sourceLocation) throws -> (
    code: Int32, screen: String
  ) {
    let screen = try wait("an exit code", seconds: seconds) { text in
      text.split(separator: "\n").contains { $0.hasPrefix("exit=") } && text.contains(Self.prompt)
    }
    let code = Int32(try file("exit.code").trimmingCharacters(in: .whitespacesAndNewlines).dropFirst("exit=".count))
    try expectSane(location)
    guard let code else { throw TestError("no exit code on:\n\(screen)") }
    return (code, screen)
  }

  /// Checks that nothing of the dashboard's terminal modes is left.
  func expectSane(_ location: SourceLocation = #_sourceLocation) throws {
    #expect(try file("modes.after") == file("modes.before"), sourceLocation: location)
    for (name, value) in [
      ("alternate_on", "0"), ("cursor_flag", "1"), ("keypad_flag", "0"), ("keypad_cursor_flag", "0"),
      ("mouse_any_flag", "0"),
    ] {
      #expect(try fact(name) == value, "\(name)", sourceLocation: location)
    }
  }

  private func file(_ name: String) throws -> String {
    try String(contentsOfFile: "\(workspace.path)/\(name)", encoding: .utf8)
  }

  /// The process id of the gantui that runs in the terminal.
  func gantuiProcess() throws -> Int32 {
    let shell = try fact("pane_pid")
    var found: Int32?
    _ = poll(10) {
      let text = try? String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
      found = text?.split(separator: " ").compactMap { Int32($0) }.first { child in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(child)/exe"))?.hasSuffix("/gantui")
          ?? false
      }
      return found != nil
    }
    guard let found else { throw TestError("gantui does not run in the terminal") }
    return found
  }
}
