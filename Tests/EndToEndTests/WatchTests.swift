import Foundation
import Testing

extension EndToEnd {
  /// Event files of another program in the dashboard.
  @Suite struct Watch {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    /// What PyTorch's SummaryWriter wrote.
    private static let written = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../EventFilesTests/Data/torch/events.out.tfevents.1700000000.host.1").standardizedFileURL

    @Test func aFolderIsFollowedAndNotChanged() throws {
      let bytes = try Data(contentsOf: Self.written)
      try FileManager.default.createDirectory(
        atPath: workspace.path + "/foreign", withIntermediateDirectories: true)
      let path = try workspace.write("foreign/events.out.tfevents.1.host.1", bytes.prefix(500))
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      let terminal = try Terminal(columns: 100, rows: 30, in: workspace)
      try terminal.gantui("watch \(folder)")
      try terminal.wait("the first steps") { $0.contains("foreign") && $0.contains("step 10") }
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: bytes.dropFirst(500))
      try handle.close()
      try terminal.wait("the last step") { $0.contains("step 45") }
      for key in ["Space", ".", "c", "s"] {
        try terminal.press(key)
        try terminal.wait(for: "this run is only watched: nothing here can be changed")
      }
      try terminal.press("q")
      let (code, screen) = try terminal.waitForExit()
      #expect(code == 0, "\(screen)")
      #expect(screen.contains("foreign: left at step 45"), "\(screen)")
      try terminal.expectSane()
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test func whatIsNoFolderIsToldInASentence() throws {
      let missing = try Program.run(["watch", workspace.scratch("nowhere")], in: workspace)
      #expect(missing.status == 74 && missing.errors.hasSuffix("no such folder\n"), "\(missing.errors)")
      let file = try Program.run(["watch", try workspace.write("file", "text")], in: workspace)
      #expect(file.status == 64 && file.errors.contains("is no folder"), "\(file.errors)")
      let terminal = try Program.run(["watch", "."], in: workspace)
      #expect(terminal.status == 64 && terminal.errors.split(separator: "\n").count == 1, "\(terminal.errors)")
    }
  }
}
