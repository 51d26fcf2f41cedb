import Attach
import Foundation
import Runs
import Telemetry

/// A process of its own session that trains a run without a terminal, and logs in the run's folder.
struct DetachedProcess {
  let identifier: Int32
  private let folder: RunFolder
  /// Where in the log its words begin.
  private let logStart: UInt64

  /// Starts `gantui resume` on a run whose lock nobody holds. A fork would not do: Dispatch and libgomp have threads.
  init(resuming folder: RunFolder, format: LogFormat = .text, interval: Double? = nil) throws {
    self.folder = folder
    var status = stat()
    logStart = stat(folder.logPath, &status) == 0 ? UInt64(max(0, status.st_size)) : 0

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, folder.logPath, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // What libraries have open stays here.
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
      if let descriptor = Int32(name), descriptor > STDERR_FILENO { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // This process has its signals blocked, and the new one blocks them itself.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // POSIX_SPAWN_SETSID, which the headers show to GNU programs only.
    let newSession = 0x80
    posix_spawnattr_setflags(&attributes, Int16(Int(POSIX_SPAWN_SETSIGMASK) | newSession))

    var arguments = ["gantui", "resume", folder.path, "--headless", "--log-format", format.rawValue]
    arguments += ["--log-every", "\(interval ?? Self.logInterval)"]
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, Self.program, &actions, &attributes, &words, environ)
    guard code == 0 else {
      throw Failure(
        "\(Self.program): cannot be started: \(String(cString: strerror(code)))", code: ExitCode.inputOutput)
    }
    identifier = process
  }

  /// Seconds between two lines of a log that may grow for days.
  static let logInterval = 10.0

  /// This program's file; the kernel's own link to it where the file has been replaced.
  private static var program: String {
    let link = "/proc/self/exe"
    guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
      access(path, X_OK) == 0
    else { return link }
    return path
  }

  /// Waits until it trains, and tells a person where the run is now.
  /// - Throws: a `Failure` with its own words and exit code where it ends instead.
  func introduce() throws {
    guard try waitUntilTraining() else {
      printLine("\(folder.name) has no step left to train; its log: \(folder.logPath)")
      return
    }
    printLine("\(folder.name) trains on without a terminal, as process \(identifier)")
    printLine("  watch and steer it: gantui attach \(folder.name)")
    printLine("  its log: \(folder.logPath)")
  }

  /// - Returns: false where the run has ended already.
  private func waitUntilTraining() throws -> Bool {
    Process.endOnSignals()
    var viewer: Viewer?
    while true {
      var status: Int32 = 0
      if waitpid(identifier, &status, WNOHANG) == identifier {
        let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
        // A short run may be over already.
        if code == 0 { return false }
        throw Failure(lastWords ?? "ended with exit code \(code); see \(folder.logPath)", code: code)
      }
      if viewer == nil {
        viewer = try? Viewer(folder: folder.path, program: Gantui.version, name: "")
        viewer?.start {}
      }
      for event in viewer?.link.events.receive() ?? [] {
        switch event {
        case .state(.training, _), .state(.paused, _):
          viewer?.hangUp()
          return true
        default: break
        }
      }
      if viewer?.end != nil { viewer = nil }
      usleep(20_000)
    }
  }

  /// The sentence with which it ended.
  private var lastWords: String? {
    guard let log = FileHandle(forReadingAtPath: folder.logPath) else { return nil }
    try? log.seek(toOffset: logStart)
    let text = String(decoding: (try? log.readToEnd()) ?? Data(), as: UTF8.self)
    let line = text.split(separator: "\n").last { $0.hasPrefix("gantui: ") }
    return line.map { String($0.dropFirst("gantui: ".count)) }
  }
}
