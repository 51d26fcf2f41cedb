import Foundation

/// A file system of a few megabytes in memory, gone after the test; it takes root to make one.
final class SmallDisk {
  let path: String

  /// - Returns: nil where it cannot be made; a test has nothing to say then.
  init?(_ workspace: Workspace, megabytes: Int, options: String = "rw") {
    path = workspace.path + "/disk"
    guard getuid() == 0,
      (try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)) != nil,
      Self.run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m,\(options)", "tmpfs", path])
    else {
      print("no small file system can be mounted here: a test of full disks is skipped")
      return nil
    }
  }

  deinit { _ = Self.run("umount", ["-l", path]) }

  private var ballast: String { path + "/ballast" }

  /// Takes all room but so many kilobytes.
  func fill(leaving kilobytes: Int = 0) throws {
    try Data().write(to: URL(fileURLWithPath: ballast))
    guard let file = FileHandle(forWritingAtPath: ballast) else { throw TestError("no ballast") }
    var block = 1 << 16
    // Smaller and smaller, until not a page is left.
    while block >= 512 {
      do {
        try file.write(contentsOf: Data(count: block))
      } catch {
        block /= 2
      }
    }
    let size = try file.seekToEnd()
    try file.truncate(atOffset: size - min(size, UInt64(kilobytes) << 10))
    try file.close()
  }

  /// Gives the room back.
  func empty() throws { try FileManager.default.removeItem(atPath: ballast) }

  private static func run(_ program: String, _ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
