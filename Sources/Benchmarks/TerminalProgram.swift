import Foundation
import Glibc

/// A program in a pseudo-terminal of its own, whose keys are pressed and whose output is read here.
final class TerminalProgram {
  let process: Int32
  private let master: Int32
  private var hasEnded = false
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)

  static let columns: UInt16 = 120
  static let rows: UInt16 = 40

  /// - Throws: `InterfaceBenchmarkError.system`.
  init(_ program: String, _ arguments: [String]) throws {
    var (first, second): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: Self.rows, ws_col: Self.columns, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&first, &second, nil, nil, &size) == 0 else { throw InterfaceBenchmarkError.system("openpty", errno) }
    defer { close(second) }
    master = first
    _ = fcntl(first, F_SETFD, FD_CLOEXEC)
    do {
      process = try Self.spawn(program, arguments, terminal: second)
    } catch {
      close(first)
      throw error
    }
  }

  deinit {
    end()
    close(master)
  }

  /// Kills the program: what it leaves behind is in a folder that goes, too.
  func end() {
    guard !hasEnded else { return }
    hasEnded = true
    kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  var isRunning: Bool {
    guard !hasEnded else { return false }
    var information = siginfo_t()
    // Leaves the process to be waited for.
    let code = waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
    return code == 0 && information.si_signo == 0
  }

  func press(_ key: String) {
    let bytes = Array(key.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// Reads what the program writes within so many seconds; returns with the first bytes, or with none.
  func read(within seconds: Double) -> [UInt8] {
    var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32((max(0, min(seconds, 86_400)) * 1e3).rounded(.up))
    guard poll(&entry, 1, milliseconds) > 0, entry.revents & Int16(POLLIN) != 0 else { return [] }
    let count = chunk.withUnsafeMutableBytes { Glibc.read(master, $0.baseAddress, $0.count) }
    return count > 0 ? Array(chunk[..<count]) : []
  }

  /// Reads until the program has been quiet for so many seconds, at most `limit` seconds.
  func readUntilQuiet(for pause: Double, limit: Double) -> [UInt8] {
    let watch = Stopwatch()
    var all: [UInt8] = []
    while watch.seconds < limit {
      let bytes = read(within: pause)
      if bytes.isEmpty { break }
      all += bytes
    }
    return all
  }

  /// Keeps the terminal's buffer empty for so many seconds.
  func drain(for seconds: Double) {
    let watch = Stopwatch()
    while watch.seconds < seconds {
      // A program that is gone answers at once, for ever.
      if read(within: seconds - watch.seconds).isEmpty, !isRunning { return }
    }
  }

  /// Runs a program to its end with nothing to read and nowhere to write.
  /// - Returns: its exit code, or the number of the signal that ended it.
  static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard nothing >= 0 else { throw InterfaceBenchmarkError.system("/dev/null", errno) }
    defer { close(nothing) }
    let process = try spawn(program, arguments, terminal: nothing)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : status & 0x7F
  }

  private static func spawn(_ program: String, _ arguments: [String], terminal: Int32) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in Int32(0)...2 { posix_spawn_file_actions_adddup2(&actions, terminal, descriptor) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // This program takes its signals as events, and a child would inherit that they are blocked.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // A session of its own, so that keys of this program's terminal do not reach it; Swift does not see the flag's name.
    let newSession: Int32 = 0x80
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(newSession))
    var variables = ProcessInfo.processInfo.environment
    for name in ["COLORTERM", "LINES", "COLUMNS", "NO_COLOR", "TMUX", "GANTUI_RUNS"] { variables[name] = nil }
    variables.merge(["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]) { $1 }
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    var settings = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, program, &actions, &attributes, &words, &settings)
    guard code == 0 else { throw InterfaceBenchmarkError.system(program, code) }
    return process
  }
}
