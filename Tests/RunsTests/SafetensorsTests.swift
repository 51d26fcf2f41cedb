import Foundation
import Testing

@testable import Runs

private func sample() throws -> Safetensors {
  Safetensors(
    tensors: [
      "generator.0.weight": try #require(
        StoredTensor([0.5, -1, .nan, .infinity, 1e-38, 3] as [Float], shape: [2, 3])),
      "generator.0.moment": try #require(StoredTensor([1e300, -0.0] as [Double], shape: [2, 1])),
      "counter": try #require(StoredTensor([Int64.min], shape: [])),
      "order": try #require(StoredTensor([1, -2, 3] as [Int32], shape: [3])),
      "bytes": try #require(StoredTensor([1, 2, 255] as [UInt8], shape: [1, 3])),
      "flags": try #require(StoredTensor(type: .bool, shape: [2], bytes: [0, 1])),
      "nothing": try #require(StoredTensor([] as [Float], shape: [4, 0])),
    ],
    metadata: ["step": "1000", "a \"quoted\"\nkey\u{1}": "é\\"])
}

@Suite struct SafetensorsTests {
  @Test func whatIsWrittenIsRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.safetensors"
    let written = try sample()
    try written.write(to: path)
    let read = try Safetensors(contentsOf: path)
    #expect(read == written)
    #expect(try read.values("order", shape: [3], of: Int32.self, path: path) == [1, -2, 3])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.safetensors"])
  }

  @Test func equalContentsGiveEqualBytes() throws {
    let folder = try TemporaryFolder()
    let written = try sample()
    var again = Safetensors(metadata: written.metadata)
    for (name, tensor) in written.tensors.sorted(by: { $0.key > $1.key }) { again.tensors[name] = tensor }
    try written.write(to: folder.path + "/a")
    try again.write(to: folder.path + "/b")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a"))
    #expect(try bytes == Data(contentsOf: URL(fileURLWithPath: folder.path + "/b")))
    #expect(bytes.prefix(8).reduce(0) { $0 + Int($1) } > 0 && bytes[0] % 8 == 0)
  }

  @Test func anEmptyFileOfTensorsIsFine() throws {
    let folder = try TemporaryFolder()
    try Safetensors().write(to: folder.path + "/empty")
    #expect(try Safetensors(contentsOf: folder.path + "/empty") == Safetensors())
  }

  /// Written by `safetensors.numpy.save` 0.8.0 of Python.
  @Test func readsWhatPythonWrites() throws {
    let folder = try TemporaryFolder()
    let base64 =
      "IAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCIsIm5vdGUiOiJxXCJcXFxuIn0sInN0ZXAiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCLDqSI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMCwzXSwiZGF0YV9vZmZzZXRzIjpbOCw4XX0sImEud2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldHMiOls4LDMyXX0sIm1hc2siOnsiZHR5cGUiOiJCT09MIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMzIsMzRdfX0gICAgICAHAAAAAAAAAAAAAAAAAIA+AAAAPwAAQD8AAIA/AACgPwEA"
    let path = try folder.write("python", try #require(Data(base64Encoded: base64)))
    let file = try Safetensors(contentsOf: path)
    #expect(file.metadata == ["format": "pt", "note": "q\"\\\n"])
    #expect(try file.values("a.weight", shape: [2, 3], of: Float.self, path: path) == [0, 0.25, 0.5, 0.75, 1, 1.25])
    #expect(try file.values("step", shape: [], of: Int64.self, path: path) == [7])
    #expect(file.tensors["mask"] == StoredTensor(type: .bool, shape: [2], bytes: [1, 0]))
    #expect(try file.values("é", shape: [0, 3], of: Double.self, path: path) == [])
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let file = try sample()
    #expect(throws: SafetensorsError.missing(path: "p", name: "x")) {
      try file.values("x", shape: [], of: Float.self, path: "p")
    }
    #expect(throws: SafetensorsError.wrongShape(path: "p", name: "order", expected: [4], found: [3])) {
      try file.values("order", shape: [4], of: Int32.self, path: "p")
    }
    #expect(throws: SafetensorsError.wrongType(path: "p", name: "order", expected: .float32, found: .int32)) {
      try file.values("order", shape: [3], of: Float.self, path: "p")
    }
    #expect(StoredTensor([1] as [Float], shape: [2]) == nil)
    #expect(StoredTensor([] as [Float], shape: [-1, 0]) == nil)
    #expect(StoredTensor([] as [Float], shape: [.max, .max]) == nil)
    #expect(file.tensors["order"]?.values(of: Float.self) == nil)
  }
}

@Suite struct DamagedSafetensorsTests {
  private func file(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) -> Data {
    let bytes = Array(header.utf8)
    return Data(withUnsafeBytes(of: (length ?? UInt64(bytes.count)).littleEndian) { Array($0) } + bytes + data)
  }

  private func tensor(_ name: String, _ begin: String, _ end: String, type: String = "U8", shape: String = "[4]")
    -> String
  {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
  }

  @Test func eachDamageHasItsSentence() throws {
    let folder = try TemporaryFolder()
    let four: [UInt8] = [1, 2, 3, 4]
    let damages: [(Data, String)] = [
      (Data([1, 2, 3]), "has 3 bytes, too few for a checkpoint; it is cut off"),
      (Data(), "has 0 bytes, too few for a checkpoint; it is cut off"),
      (
        file("{}", length: 100),
        "claims a header of 100 bytes where at most 2 are possible; it is cut off or no checkpoint"
      ),
      (
        file("{}", length: .max),
        "claims a header of 18446744073709551615 bytes where at most 2 are possible; it is cut off or no checkpoint"
      ),
      (file(""), "has a damaged header: it ends too early at byte 0"),
      (file("[]"), "has a damaged header: the header is not an object of tensors"),
      (file("{} x"), "has a damaged header: something follows its end at byte 3"),
      (file("{'a':1}"), "has a damaged header: unexpected byte 0x27 at byte 1"),
      (file("{\"a\":1}"), "has a damaged header: a is not a tensor's dtype, shape and data_offsets"),
      (file("{\"__metadata__\":{\"a\":1}}"), "has a damaged header: __metadata__.a is not a text"),
      (file("{\"__metadata__\":[]}"), "has a damaged header: __metadata__ is not an object of texts"),
      (
        file("{\(tensor("a", "0", "4")),\(tensor("a", "0", "4"))}", four),
        "has a damaged header: the name \"a\" is given twice at byte 56"
      ),
      (
        file("{\(tensor("a", "0", "4", type: "F16", shape: "[2]"))}", four),
        "a has the element type F16; accepted are F32, F64, I32, I64, U8, BOOL"
      ),
      (file("{\(tensor("a", "0", "4", shape: "[3]"))}", four), "a has 4 bytes, and its shape needs 3"),
      (
        file("{\(tensor("a", "0", "4", shape: "[4294967296,4294967296]"))}", four),
        "a has 4 bytes, and its shape needs too many"
      ),
      (
        file("{\(tensor("a", "0", "4", shape: "[9223372036854775808]"))}", four),
        "has a damaged header: a is not a tensor's dtype, shape and data_offsets"
      ),
      (
        file("{\(tensor("a", "0", "18446744073709551616"))}", four),
        "has a damaged header: a number that is not a whole one below 2^64 at byte 68"
      ),
      (file("{\(tensor("a", "0", "-4"))}", four), "has a damaged header: unexpected byte 0x2d at byte 49"),
      (
        file("{\(tensor("a", "0", "4.0"))}", four),
        "has a damaged header: a number that is not a whole one below 2^64 at byte 50"
      ),
      (
        file("{\(tensor("a", "4", "0"))}", four),
        "has a damaged header: a is not a tensor's dtype, shape and data_offsets"
      ),
      (
        file("{\(tensor("a", "0", "4"))}", [1, 2, 3]),
        "a ends at byte 4 of the data, and only 3 are there; the file is cut off"
      ),
      (file("{\(tensor("a", "0", "4")),\(tensor("b", "2", "6"))}", four + four), "b overlaps another tensor"),
      (file("{\(tensor("a", "0", "4"))}", four + four), "byte 4 of the data belongs to no tensor"),
      (file("{\(tensor("a", "4", "8"))}", four + four), "byte 0 of the data belongs to no tensor"),
      (file(String(repeating: "[", count: 100_000)), "has a damaged header: it is nested too deep at byte 8"),
      (file("{\"a\\ud800\":1}"), "has a damaged header: unexpected byte 0x22 at byte 9"),
      (file("{\"a\\x\":1}"), "has a damaged header: a text that is not UTF-8 or wrongly escaped at byte 5"),
    ]
    for (data, sentence) in damages {
      let path = try folder.write("x", data)
      let error = #expect(throws: SafetensorsError.self) { try Safetensors(contentsOf: path) }
      #expect(error?.description == "\(path): \(sentence)")
      #expect(error?.exitCode == ExitCode.data)
    }
  }

  @Test func aMissingFileAndAFolderAreRefused() throws {
    let folder = try TemporaryFolder()
    #expect(throws: SafetensorsError.isDirectory(path: folder.path)) { try Safetensors(contentsOf: folder.path) }
    #expect(throws: SafetensorsError.unreadable(path: folder.path + "/x", errno: ENOENT)) {
      try Safetensors(contentsOf: folder.path + "/x")
    }
  }

  @Test func everyCutIsRefused() throws {
    let folder = try TemporaryFolder()
    try sample().write(to: folder.path + "/whole")
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/whole"))
    for count in stride(from: 0, to: whole.count, by: 3) {
      let path = try folder.write("cut", whole.prefix(count))
      #expect(throws: SafetensorsError.self) { try Safetensors(contentsOf: path) }
    }
  }

  /// More of them in `make soak`.
  @Test func fuzzedFilesNeverTrap() throws {
    let rounds = ProcessInfo.processInfo.environment["GANTUI_FUZZ"].flatMap { Int($0) } ?? 600
    let folder = try TemporaryFolder()
    try sample().write(to: folder.path + "/whole")
    let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path + "/whole")))
    var state: UInt64 = 11
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var refused = 0
    for _ in 0..<rounds {
      var bytes = whole
      for _ in 0...random(4) {
        let index = random(random(2) == 0 ? 16 : bytes.count)
        switch random(4) {
        case 0: bytes[index] = UInt8(random(256))
        case 1: bytes[index] ^= 1 << UInt8(random(8))
        case 2: bytes.insert(Array("{}[]\",:0919-e\\u".utf8)[random(15)], at: index)
        default: bytes.removeSubrange(index..<min(bytes.count, index + 1 + random(9)))
        }
      }
      let path = try folder.write("mutated", Data(bytes))
      do {
        let file = try Safetensors(contentsOf: path)
        #expect(throws: CheckpointError.self) { try Checkpoint(file, path: path) }
      } catch let error {
        refused += 1
        #expect(!error.description.contains("\n"))
      }
    }
    #expect(refused > rounds / 2)
  }
}

@Suite struct DurableFileTests {
  @Test func aFailedWriteLeavesTheOldFileAndNoOther() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("kept/a", "old")
    let missing = folder.path + "/none/a"
    #expect(throws: RunStoreError.writeFailed(path: missing, errno: ENOENT)) {
      try DurableFile.replace(missing, with: Data("new".utf8))
    }
    // A folder cannot be replaced by a file.
    let blocked = folder.path + "/kept"
    #expect(throws: RunStoreError.writeFailed(path: blocked, errno: EISDIR)) {
      try DurableFile.replace(blocked, with: Data("new".utf8))
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["kept"])
    try DurableFile.replace(path, with: Data("new".utf8))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
  }

  @Test func aFullDiskIsRecognized() {
    let error = #expect(throws: RunStoreError.self) {
      let descriptor = open("/dev/full", O_WRONLY)
      defer { close(descriptor) }
      let code = DurableFile.write([1, 2, 3], to: descriptor)
      if code != 0 { throw RunStoreError.writeFailed(path: "a", errno: code) }
    }
    #expect(error?.isDiskFull == true)
    #expect(error?.description == "a: cannot be written: no space left on device")
    #expect(!RunStoreError.writeFailed(path: "a", errno: EACCES).isDiskFull)
  }
}
