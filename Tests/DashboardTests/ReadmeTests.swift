import Foundation
import TerminalKit
import Testing

@testable import Dashboard

/// The README's table of keys is the dashboard's.
@Suite struct ReadmeTests {
  /// The lines of the README, and nothing where there is none beside the tests.
  private static let lines: [String] = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    let text = try? String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
    return text?.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) ?? []
  }()

  /// The rows that the README must have, in their order: those of the help, with the section before each.
  private static var expected: [String] { KeyTable.markdownRows }

  @Test func theKeyTableIsTheDashboards() throws {
    let header = try #require(Self.lines.firstIndex(of: "| | keys | meaning |"))
    let rows = Self.lines[(header + 2)...].prefix { $0.hasPrefix("|") }
    for row in Self.expected { #expect(rows.contains(row), "the README lacks the row \(row)") }
    for row in rows { #expect(Self.expected.contains(row), "no key says what the README's row says: \(row)") }
    #expect(Array(rows) == Self.expected)
  }

  @Test func theFrameIsOneOfTheDashboard() throws {
    let fences = Self.lines.indices.filter { Self.lines[$0].hasPrefix("```") }
    try #require(fences.count >= 2)
    let frame = Self.lines[(fences[0] + 1)..<fences[1]]
    #expect(frame.count == 36)
    // Those that the first layout has room for on such a screen.
    let size = Size(width: frame.first?.count ?? 0, height: frame.count)
    let panes = DashboardState(runName: "ring8").layout(size: size, bannerRows: 0).panes.map(\.pane)
    #expect(panes.count >= 5)
    for pane in panes { #expect(frame.contains { $0.contains(" \(pane.title) ") }, "\(pane.title)") }
  }
}
