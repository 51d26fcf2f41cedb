import CursesTerminal
import Foundation
import Runs
import Synchronization

/// Where a session's lines go: to stdout, and to the run's log once the terminal is gone.
enum StandardOutput {
  private static let log = Mutex<String?>(nil)
  /// Whose log that is.
  private static let run = Mutex<RunFolder?>(nil)

  /// Lines go to this file from the moment on at which the terminal fails.
  static func fallBack(to folder: RunFolder) {
    run.withLock { $0 = folder }
    log.withLock { $0 = folder.logPath }
  }

  /// A branch goes on in the place of the run: what goes to that one's log, now or later, goes to the branch's.
  static func follow(_ branch: RunFolder) {
    let parent = run.withLock { run in
      defer { if run != nil { run = branch } }
      return run
    }
    guard let parent else { return }
    log.withLock { if $0 != nil { $0 = branch.logPath } }
    var (written, kept) = (stat(), stat())
    guard fstat(STDOUT_FILENO, &written) == 0, stat(parent.logPath, &kept) == 0, written.st_dev == kept.st_dev,
      written.st_ino == kept.st_ino
    else { return }
    let descriptor = open(branch.logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    dup2(descriptor, STDOUT_FILENO)
    dup2(descriptor, STDERR_FILENO)
    close(descriptor)
  }

  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        var entry = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        poll(&entry, 1, 1000)
      } else if errno != EINTR {
        // The terminal is gone, or the disk is full: what is said then is no reason to stop.
        guard errno == EIO, moveToLog() else { return }
      }
    }
  }

  /// Turns what goes to a terminal to the run's log, for the rest of the process; files and pipes stay.
  /// - Returns: whether stdout was turned.
  @discardableResult
  static func moveToLog() -> Bool {
    let path = log.withLock { path in
      defer { path = nil }
      return path
    }
    guard let path else { return false }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { for descriptor in [descriptor, null] where descriptor >= 0 { close(descriptor) } }
    // A terminal that is gone is no terminal for the system any more, but still a device.
    func isDevice(_ stream: Int32) -> Bool {
      var status = stat()
      return fstat(stream, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
    }
    if null >= 0, isDevice(STDIN_FILENO) { dup2(null, STDIN_FILENO) }
    guard descriptor >= 0 || null >= 0 else { return false }
    let isTurned = isDevice(STDOUT_FILENO)
    for stream in [STDOUT_FILENO, STDERR_FILENO] where isDevice(stream) {
      dup2(descriptor >= 0 ? descriptor : null, stream)
    }
    return isTurned
  }
}
