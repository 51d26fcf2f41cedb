import Foundation
import Testing

@Suite struct ArchitectureTests {
  private let tree = SourceTree.package

  @Test func onlyTheDoorsOfTheHouseAreUsed() throws {
    for (room, files) in try tree.rooms() {
      for file in files {
        for found in ImportLine.all(in: try tree.text(file)) {
          #expect(
            House.mayImport(found.module, in: room), "\(file):\(found.line): \(room) may not import \(found.module)")
        }
      }
    }
  }

  @Test func someModulesHaveOneDoor() throws {
    for (room, files) in try tree.rooms() {
      for file in files {
        for found in ImportLine.all(in: try tree.text(file)) {
          guard let door = House.onlyDoor[found.module] else { continue }
          #expect(room == door, "\(file):\(found.line): only \(door) imports \(found.module)")
        }
      }
    }
  }

  @Test func pureRoomsDoNoInputOrOutput() throws {
    let calls =
      /\b(?:print|debugPrint|dump|readLine|fopen|fputs|fprintf|printf|fwrite|fread|open|getenv|setenv|system|exit)\(/
    for (room, files) in try tree.rooms() where House.pureRooms.contains(room) {
      for file in files {
        let lines = try tree.text(file).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.utf8.contains(UInt8(ascii: "(")) {
          let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
          // A method or declaration of that name is no call of the C library's.
          let found = code.matches(of: calls).contains { match in
            let before = code[..<match.range.lowerBound]
            return !before.hasSuffix(".") && !before.hasSuffix("func ")
          }
          if found { Issue.record("\(file):\(index + 1): \(room) does input or output: \(line)") }
        }
      }
    }
  }

  @Test func sourcesAreFinished() throws {
    let words = ["TODO", "FIXME", "fatalError", "try!", "as!"]
    for file in tree.files(in: "Sources", extensions: ["swift", "c", "h"]) {
      let text = try tree.text(file)
      for word in words where text.range(of: word, options: .literal) != nil {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = lines.firstIndex { $0.contains(word) } ?? 0
        Issue.record("\(file):\(line + 1) has \(word)")
      }
    }
  }

  @Test func everyTargetHasFilesAndEveryFolderIsATarget() throws {
    let (sources, tests) = try tree.targets()
    #expect(sources.count == Set(sources).count && tests.count == Set(tests).count)
    #expect(sources.sorted() == (try tree.names(in: "Sources")), "targets against folders in Sources")
    #expect(tests.sorted() == (try tree.names(in: "Tests")), "targets against folders in Tests")
    for target in sources {
      let files = tree.files(in: "Sources/\(target)", extensions: ["swift", "c", "h", "modulemap"])
      #expect(!files.isEmpty, "Sources/\(target) is empty")
    }
    for target in tests {
      #expect(!tree.files(in: "Tests/\(target)", extensions: ["swift"]).isEmpty, "Tests/\(target) is empty")
    }
  }

  @Test func noRoomIsAPlaceholder() {
    let files = tree.files(in: "Sources", extensions: ["swift"]) + tree.files(in: "Tests", extensions: ["swift"])
    for file in files {
      #expect(!file.hasSuffix("/Placeholder.swift"), "\(file) is a placeholder")
    }
  }

  /// A room that nobody drew has no doors: each target in Swift is in the plan, and the plan has no others.
  @Test func thePlanIsComplete() throws {
    let swiftRooms = try tree.rooms().filter { !$0.files.isEmpty }.map(\.name)
    #expect(Set(swiftRooms) == Set(House.doors.keys))
    // No room can be reached from itself.
    for room in House.doors.keys {
      var reached: Set<String> = []
      var open = Array(House.doors[room] ?? [])
      while let next = open.popLast() {
        if reached.insert(next).inserted { open += House.doors[next] ?? [] }
      }
      #expect(!reached.contains(room), "\(room) can be reached from itself")
    }
  }

  /// What the system must bring is installed by `scripts/setup`.
  @Test func setupKnowsEverySystemLibrary() throws {
    let setup = try tree.text("scripts/setup")
    for target in try tree.targets().sources where target.hasPrefix("C") {
      let isSystemLibrary = !tree.files(in: "Sources/\(target)", extensions: ["modulemap"]).isEmpty
      guard isSystemLibrary else { continue }
      #expect(setup.contains(target), "scripts/setup names no package for \(target)")
    }
  }

  @Test func importLinesAreRead() {
    let source = """
      import Foundation
      @testable import Measures
      #if canImport(Glibc)
        import Glibc
      #endif
      @_spi(Testing) public import struct Tensors.Shape
      internal import func Yams.load
      // import Comments
      let important = "import Strings"
      import Dispatch.source
      """
    let expected = ["Foundation", "Measures", "Glibc", "Tensors", "Yams", "Dispatch"]
    #expect(ImportLine.all(in: source).map(\.module) == expected)
    #expect(ImportLine.all(in: source).map(\.line) == [1, 2, 4, 6, 7, 10])
  }

  @Test func doorsAreShut() {
    #expect(House.mayImport("Tensors", in: "Networks"))
    #expect(!House.mayImport("Foundation", in: "Networks"))
    #expect(!House.mayImport("Execution", in: "Networks"))
    #expect(!House.mayImport("CCurses", in: "Dashboard"))
    #expect(!House.mayImport("FoundationNetworking", in: "Runs"))
    #expect(!House.mayImport("Swift", in: "Attic"))
  }
}
