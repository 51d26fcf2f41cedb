import Foundation
import Testing

@testable import TerminalKit

@Suite struct ExportTests {
  private var frame: CellBuffer {
    var frame = CellBuffer(size: Size(width: 12, height: 3), style: Theme.dark.background)
    frame.write("a<b & 漢", x: 1, y: 0, style: Theme.dark.title)
    frame.write("▀█▄", x: 1, y: 1, style: Style(foreground: .rgb(255, 0, 0), background: .rgb(0, 0, 255)))
    frame.write("plain", x: 0, y: 2, style: .plain)
    return frame
  }

  @Test func ansiSetsAndEndsItsColours() {
    let text = frame.ansi(colors: .truecolor)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].contains("\u{1B}[0;38;2;255;0;0;48;2;0;0;255m▀█▄"))
    for line in lines.prefix(2) { #expect(line.hasSuffix("\u{1B}[0m")) }
    #expect(frame.ansi(colors: .indexed256).contains(";38;5;"))
    let few = Style(foreground: .ansi(1), background: .ansi(12), attributes: [.bold, .underline])
    var one = CellBuffer(size: Size(width: 1, height: 1))
    one[0, 0] = Cell("x", style: few)
    #expect(one.ansi(colors: .ansi16) == "\u{1B}[0;1;4;31;104mx\u{1B}[0m")
    #expect(one.ansi(colors: .monochrome) == "\u{1B}[0;1;4mx\u{1B}[0m")
    #expect(CellBuffer(size: Size(width: 5, height: 2)).ansi(colors: .truecolor) == "\n")
  }

  @Test func changesAreOnlyWhatChanged() {
    var next = frame
    #expect(frame.ansi(changesFrom: frame, colors: .truecolor) == "")
    next.write("X", x: 3, y: 2, style: .plain)
    #expect(next.ansi(changesFrom: frame, colors: .truecolor) == "\u{1B}[3;4H\u{1B}[0mX")
    #expect(next.ansi(changesFrom: nil, colors: .truecolor).hasPrefix("\u{1B}[0m\u{1B}[2J\u{1B}[1;1H"))
    // A wide character is sent as a whole.
    var wide = frame
    wide.write("漢", x: 8, y: 2, style: .plain)
    #expect(wide.ansi(changesFrom: frame, colors: .truecolor).hasSuffix("漢"))
  }

  @Test func svgIsXML() throws {
    let text = frame.svg(theme: .dark)
    let parser = XMLCheck(text)
    #expect(parser.isWellFormed, "\(text)")
    #expect(text.contains("a&lt;b\u{A0}&amp;"))
    #expect(text.contains("fill=\"#ff0000\"") && text.contains("fill=\"#0000ff\""))
    #expect(text.contains("width=\"100.8\" height=\"51\""))
    for size in [Size(width: 1, height: 1), Size(width: 0, height: 0)] {
      #expect(XMLCheck(CellBuffer(size: size).svg(theme: .plain)).isWellFormed)
    }
  }

  @Test func recordingsAreLinesOfJSON() throws {
    var recording = CastRecording(size: frame.size, colors: .truecolor)
    var text = recording.header(title: "a \"b\"\n", timestamp: 7, terminal: "xterm")
    text += recording.lines(of: frame, at: 100)
    #expect(recording.lines(of: frame, at: 101) == "")
    text += recording.lines(of: CellBuffer(size: Size(width: 4, height: 2)), at: 102.5)
    let lines = text.split(separator: "\n").map { try? JSONSerialization.jsonObject(with: Data($0.utf8)) }
    #expect(lines.count == 4 && lines.allSatisfy { $0 != nil })
    let header = try #require(lines[0] as? [String: Any])
    #expect(
      header["version"] as? Int == 2 && header["width"] as? Int == 12 && header["title"] as? String == "a \"b\"\n")
    let events = lines.dropFirst().compactMap { $0 as? [Any] }
    #expect(events.map { $0[1] as? String } == ["o", "r", "o"])
    #expect(events.map { $0[0] as? Double } == [0, 2.5, 2.5])
    #expect(events[1][2] as? String == "4x2")
  }

  @Test func theClipboardIsBase64() {
    #expect(Clipboard.sequence(for: "hello") == "\u{1B}]52;c;aGVsbG8=\u{7}")
  }

  @Test func mouseReports() {
    func read(_ text: String, _ isRelease: Bool = false) -> MouseEvent? {
      MouseEvent(report: text, isRelease: isRelease)
    }
    #expect(read("0;10;20") == MouseEvent(.press, x: 9, y: 19))
    #expect(read("0;10;20", true) == MouseEvent(.release, x: 9, y: 19))
    #expect(read("32;1;1") == MouseEvent(.drag, x: 0, y: 0))
    #expect(read("2;10;20") == MouseEvent(.press, x: 9, y: 19, isRight: true))
    #expect(read("34;1;1") == MouseEvent(.drag, x: 0, y: 0, isRight: true))
    #expect(read("2;10;20", true) == MouseEvent(.release, x: 9, y: 19, isRight: true))
    #expect(read("1;10;20") == nil && read("33;10;20") == nil)
    #expect(read("64;300;5") == MouseEvent(.wheelUp, x: 299, y: 4))
    #expect(read("81;1;1") == MouseEvent(.wheelDown, x: 0, y: 0))
    for text in ["", "0;1", "1;1;1", "3;1;1", "0;0;1", "0;-1;1", "a;1;1", "0;99999999999999999999;1"] {
      #expect(read(text) == nil, "\(text)")
    }
  }
}

/// Whether every tag is closed and every ampersand is one of XML's: what a frame's drawing can do wrong.
private struct XMLCheck {
  let isWellFormed: Bool
  init(_ text: String) {
    var open: [Substring] = []
    var isGood = true
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      let between = rest[..<start]
      if between.contains(">") || !Self.hasGoodEntities(between) { isGood = false }
      guard let end = rest[start...].firstIndex(of: ">") else {
        isGood = false
        break
      }
      let tag = rest[rest.index(after: start)..<end]
      if tag.first == "/" {
        if open.popLast() != tag.dropFirst() { isGood = false }
      } else if tag.last != "/" {
        open.append(tag.prefix { $0 != " " })
      }
      rest = rest[rest.index(after: end)...]
    }
    isWellFormed = isGood && open.isEmpty
  }

  private static func hasGoodEntities(_ text: Substring) -> Bool {
    text.split(separator: "&", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
      ["amp;", "lt;", "gt;"].contains(where: part.hasPrefix)
    }
  }
}
