import Foundation
import Testing

@testable import Runs

/// The README documents every key as the catalog has it, and every sample configuration.
@Suite struct ReadmeTests {
  private static let lines: Set<String> = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    let text = try? String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
    return Set(text?.split(separator: "\n").map(String.init) ?? [])
  }()

  @Test func everyKeyStandsInTheReadme() {
    for entry in Catalog.entries {
      #expect(Self.lines.contains { $0.hasPrefix("| ") && $0.contains("`\(entry.path)`") }, "\(entry.path)")
    }
    for row in Catalog.markdown().split(separator: "\n") {
      #expect(Self.lines.contains(String(row)), "the README lacks the row \(row)")
    }
  }

  @Test func everySampleConfigurationStandsInTheReadme() {
    for name in EmbeddedSamples.names {
      #expect(Self.lines.contains { $0.hasPrefix("| `\(name)` | ") }, "\(name)")
    }
  }
}
