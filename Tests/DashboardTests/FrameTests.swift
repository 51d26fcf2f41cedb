import Dashboard
import Foundation
import Telemetry
import TerminalKit
import Testing

/// Frames as they were when a person last looked at them and found them good.
///
/// `GANTUI_WRITE_FRAMES=1 swift test --filter FrameTests` writes them anew: look at the difference before committing it.
@Suite struct FrameTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Frames")

  private func compare(_ frame: CellBuffer, with name: String) throws {
    let file = Self.folder.appending(path: name + ".txt")
    let text = frame.text + "\n"
    if ProcessInfo.processInfo.environment["GANTUI_WRITE_FRAMES"] == "1" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    let lines = zip(text.split(separator: "\n", omittingEmptySubsequences: false), 0...)
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, row) in lines where row >= wanted.count || line != wanted[row] {
      Issue.record("\(name) row \(row): \"\(line)\" instead of \"\(row < wanted.count ? wanted[row] : "")\"")
      return
    }
    #expect(text == expected)
  }

  private func draw(_ state: DashboardState, _ size: Size, _ capabilities: Capabilities = Scenes.braille)
    -> CellBuffer
  {
    var state = state
    _ = state.update(.resized(size))
    return state.view(size: size, theme: .dark, capabilities: capabilities)
  }

  private static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 50)]

  @Test(arguments: sizes) func ring(size: Size) throws {
    try compare(draw(Scenes.ring, size), with: "ring-\(size.width)x\(size.height)-braille")
    try compare(draw(Scenes.ring, size, Scenes.ascii), with: "ring-\(size.width)x\(size.height)-ascii")
  }

  @Test(arguments: sizes) func pictures(size: Size) throws {
    try compare(draw(Scenes.pictures, size), with: "pictures-\(size.width)x\(size.height)-braille")
    try compare(draw(Scenes.pictures, size, Scenes.ascii), with: "pictures-\(size.width)x\(size.height)-ascii")
  }

  @Test func theFirstFrame() throws {
    try compare(draw(DashboardState(runName: "ring8"), Size(width: 80, height: 24)), with: "first-80x24")
  }

  @Test func modeCollapse() throws {
    var state = Scenes.ring
    _ = state.hear(.verdict(Scenes.collapse))
    try compare(draw(state, Size(width: 80, height: 24)), with: "collapse-80x24")
  }

  @Test func theHelp() throws {
    var state = Scenes.ring
    _ = state.press(.character("?"))
    try compare(draw(state, Size(width: 120, height: 40)), with: "help-120x40")
    try compare(draw(state, Size(width: 80, height: 24)), with: "help-80x24")
  }

  @Test func theQuestion() throws {
    var state = Scenes.ring
    _ = state.press(.character("q"))
    try compare(draw(state, Size(width: 80, height: 24)), with: "quit-80x24")
  }

  @Test func aTypedValueThatIsRefused() throws {
    var state = Scenes.ring
    _ = state.press(.enter)
    _ = state.type("5e3")
    _ = state.press(.enter)
    try compare(draw(state, Size(width: 80, height: 24)), with: "refused-80x24")
  }

  @Test func aPendingValueAndAPause() throws {
    var state = Scenes.ring
    _ = state.press(.down, .down, .right, .right, .character(" "))
    _ = state.hear(.state(.paused(reason: nil), step: 6000))
    try compare(draw(state, Size(width: 80, height: 24)), with: "paused-80x24")
  }

  @Test func theEnd() throws {
    var state = Scenes.ring
    _ = state.hear(.state(.finished, step: 20_000))
    try compare(draw(state, Size(width: 80, height: 24)), with: "finished-80x24")
    state = Scenes.ring
    _ = state.hear(
      .state(.failed(message: "loss/generator is not a number after step 6,012: generator/dense2/weight"), step: 6012))
    try compare(draw(state, Size(width: 120, height: 40)), with: "failed-120x40")
  }

  @Test(arguments: Pane.allCases) func fullScreens(pane: Pane) throws {
    var state = Scenes.ring
    state.open(pane)
    try compare(draw(state, Size(width: 100, height: 30)), with: "full-\(pane.rawValue)-100x30")
  }

  @Test(arguments: [Size(width: 40, height: 12), Size(width: 60, height: 60), Size(width: 160, height: 14)])
  func oddSizes(size: Size) throws {
    try compare(draw(Scenes.ring, size), with: "ring-\(size.width)x\(size.height)-braille")
  }

  @Test func theStartScreen() throws {
    var screen = StartScreen(configurations: StartScreenTests.items, runs: StartScreenTests.runs)
    let size = Size(width: 80, height: 24)
    for _ in 0..<3 { _ = screen.update(.key(.down)) }
    try compare(screen.view(size: size, theme: .dark, capabilities: Scenes.braille), with: "start-80x24")
  }

  @Test func tooSmall() throws {
    try compare(draw(Scenes.ring, Size(width: 39, height: 11)), with: "small-39x11")
    #expect(draw(Scenes.ring, Size(width: 39, height: 11)).text.contains("needs 40x12, has 39x11"))
  }

  /// Without Unicode nothing but ASCII is drawn.
  @Test(arguments: sizes) func asciiIsASCII(size: Size) {
    var state = Scenes.ring
    _ = state.hear(.verdict(Scenes.collapse))
    for keys: [Key] in [[], [.character("?")], [.escape, .character("q")], [.character("n"), .enter]] {
      for key in keys { _ = state.press(key) }
      #expect(draw(state, size, Scenes.ascii).text.allSatisfy { $0.isASCII })
    }
    #expect(draw(Scenes.pictures, size, Scenes.ascii).text.allSatisfy { $0.isASCII })
  }
}
