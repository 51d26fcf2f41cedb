import Foundation
import Testing

/// The built program, which `make test` puts beside the tests.
enum Program {
  static let path: String = {
    let tests = Bundle.allBundles.map(\.bundlePath) + [CommandLine.arguments[0]]
    let folders = tests.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    return folders.map { $0 + "/gantui" }.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "gantui"
  }()
}

@Test func theProgramIsThere() {
  #expect(FileManager.default.isExecutableFile(atPath: Program.path), "\(Program.path)")
}
