import Attach
import CursesTerminal
import Foundation
import Runs
import Telemetry

extension AttachServer {
  /// The server of a run that this process trains.
  static func serve(_ folder: RunFolder, trainer: Link, hasDashboard: Bool) throws -> AttachServer {
    try AttachServer(
      Place(
        folder: folder.path, program: Gantui.version, dashboard: hasDashboard ? Person.name : nil,
        history: { (try? RunFolder(path: $0).runHistory()) ?? RunHistory() }), trainer: trainer)
  }

  /// Goes over to a branch with its trainer: viewers find it there, and so does a log.
  @Sendable func follow(_ branch: RunFolder) {
    move(to: branch.path)
    StandardOutput.follow(branch)
  }
}

/// Who sits at this terminal.
enum Person {
  /// Such as `ann@pts/3`.
  static var name: String {
    let user = getpwuid(geteuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) } ?? "user \(geteuid())"
    let terminal = ttyname(STDIN_FILENO).map { String(cString: $0) }
    guard let terminal else { return user }
    return "\(user)@\(terminal.hasPrefix("/dev/") ? String(terminal.dropFirst(5)) : terminal)"
  }
}
