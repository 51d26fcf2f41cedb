import Foundation
import Testing

extension EndToEnd {
  /// What cannot work: one sentence, the right exit code, nothing left behind.
  @Suite struct Failures {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private func expectFailure(
      _ arguments: [String], code: Int32, _ words: String..., location: SourceLocation = #_sourceLocation
    ) throws {
      let outcome = try Program.run(arguments, in: workspace)
      #expect(outcome.status == code, "\(outcome.errors)", sourceLocation: location)
      #expect(outcome.saysOneSentence, "\(outcome.errors)", sourceLocation: location)
      for word in words {
        #expect(outcome.errors.contains(word), "\(outcome.errors)", sourceLocation: location)
      }
      #expect(outcome.output == "", sourceLocation: location)
    }

    private func expectNoRuns(location: SourceLocation = #_sourceLocation) throws {
      let left = (try? FileManager.default.contentsOfDirectory(atPath: workspace.runs)) ?? []
      #expect(left == [], sourceLocation: location)
    }

    @Test func brokenConfigurations() throws {
      let file = try workspace.ring()
      func replacing(_ name: String, _ old: String, _ new: String) throws -> String {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains(old))
        return try workspace.write("\(name).yaml", text.replacingOccurrences(of: old, with: new))
      }
      try expectFailure(
        ["train", try replacing("unknown", "batch: 16", "bacth: 16")], code: 65, "unknown.yaml:13", "bacth", "batch")
      try expectFailure(
        ["train", try replacing("type", "batch: 16", "batch: many")], code: 65, "type.yaml:13", "batch", "many")
      try expectFailure(
        ["train", try replacing("value", "modes: 8", "modes: -1")], code: 65, "value.yaml:2", "modes")
      try expectFailure(
        ["train", try replacing("kind", "kind: ring", "kind: torus")], code: 65, "kind.yaml:2", "torus", "ring")
      try expectFailure(
        ["train", try replacing("network", "{ kind: mlp, hidden: [16, 16] }", "{ kind: dcgan }")], code: 65,
        "network.yaml:6", "dcgan")
      try expectFailure(["train", try workspace.write("yaml.yaml", "name: [")], code: 65, "yaml.yaml:", "YAML")
      try expectFailure(["train", try workspace.write("empty.yaml", "")], code: 65, "empty.yaml")
      try expectFailure(
        ["train", try workspace.write("bytes.yaml", Data([0xFF, 0xFE, 0, 1]))], code: 65, "bytes.yaml")
      try expectFailure(["check", file, "--set", "schedule.batch=0"], code: 65, "--set schedule.batch=0")
      try expectFailure(["check", file, "--set", "nonsense"], code: 64, "nonsense")
      try expectFailure(["train", file, "--steps", "0"], code: 65, "--steps")
      try expectNoRuns()
    }

    @Test func thingsThatAreNotThere() throws {
      try expectFailure(["train", "ring9"], code: 64, "ring9", "ring8")
      try expectFailure(["train", "\(workspace.path)/none.yaml"], code: 74, "none.yaml")
      try expectFailure(["train", workspace.path], code: 65, workspace.path)
      try expectFailure(["resume", "nothing", "--headless"], code: 64, "nothing", "no such run")
      try expectFailure(["sample", "nothing", "--out", "x.png"], code: 64, "nothing")
      try expectFailure(["train", "mnist-dcgan"], code: 74, "gantui data get mnist")
      try expectFailure(["data", "get", "imagenet"], code: 64, "imagenet", "mnist")
      try expectFailure(["check", "ring8", "--data-dir", "/nowhere"], code: 74, "/nowhere")
      try expectFailure(["run", "ring8", "--theme", "mauve"], code: 64, "mauve", "dark")
    }

    @Test func brokenData() throws {
      let whole = Workspace.idx()
      let file = try workspace.images(steps: 10, checkpointEvery: 10, path: "broken.idx")
      for (name, data, word) in [
        ("half", whole.prefix(whole.count / 2), "broken.idx"), ("header", whole.prefix(10), "broken.idx"),
        ("empty", Data(), "broken.idx"), ("magic", Data([1, 2, 3, 4]) + whole.dropFirst(4), "broken.idx"),
        ("labels", Data([0, 0, 8, 1, 0, 0, 0, 2, 1, 2]), "broken.idx"),
        ("huge", Data([0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12)), "broken.idx"),
      ] {
        try workspace.write("broken.idx", data)
        let outcome = try Program.run(["train", file, "--name", name], in: workspace)
        #expect(outcome.status == 65, "\(name): \(outcome.errors)")
        #expect(outcome.saysOneSentence && outcome.errors.contains(word), "\(name): \(outcome.errors)")
      }
      try FileManager.default.removeItem(atPath: "\(workspace.path)/broken.idx")
      let missing = try Program.run(["train", file, "--name", "missing"], in: workspace)
      #expect(missing.status == 74, "\(missing.errors)")
      #expect(missing.saysOneSentence, "\(missing.errors)")
      // Runs that could not begin are none.
      try expectNoRuns()
    }

    @Test func samplesOfARunWhoseDataAreGone() throws {
      let file = try workspace.images(steps: 5, checkpointEvery: 5)
      #expect(try Program.run(["train", file], in: workspace).status == 0)
      try workspace.write("images.idx", Data([1, 2, 3]))
      try expectFailure(["sample", "images", "--out", "x.png"], code: 65, "images.idx")
      try FileManager.default.removeItem(atPath: "\(workspace.path)/images.idx")
      try expectFailure(["sample", "images", "--out", "x.png"], code: 74, "images.idx")
      let resumed = try Program.run(["resume", "images", "--headless"], in: workspace)
      #expect(resumed.status == 74)
      #expect(resumed.saysOneSentence && resumed.errors.contains("images.idx"), "\(resumed.errors)")
      #expect(workspace.checkpoints("images") == [0, 5])
    }

    @Test func runsFoldersThatCannotBeWritten() throws {
      let file = try workspace.ring()
      try workspace.write("file", "no folder")
      try expectFailure(["train", file, "--runs-dir", "\(workspace.path)/file"], code: 74, "not a folder")
      try expectFailure(["train", file, "--runs-dir", "\(workspace.path)/file/runs"], code: 74, "file")
      try expectFailure(["train", file, "--runs-dir", "/proc/runs"], code: 74, "/proc/runs")
      try expectFailure(["runs", "--runs-dir", "\(workspace.path)/file"], code: 74, "not a folder")
      guard getuid() != 0 else { return }
      // Root may write everywhere.
      let closed = "\(workspace.path)/closed"
      try FileManager.default.createDirectory(
        atPath: closed, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
      try expectFailure(["train", file, "--runs-dir", closed], code: 74, closed, "denied")
    }

    @Test func aReadOnlyFileSystem() throws {
      let file = try workspace.ring()
      guard let disk = SmallDisk(workspace, megabytes: 1, options: "ro") else { return }
      try expectFailure(["train", file, "--runs-dir", disk.path], code: 74, disk.path, "ead-only")
    }

    @Test(arguments: [
      ["train"], ["nonsense"], ["train", "ring8", "--log-format", "xml"], ["sample", "x", "--out", "x.gif"],
      ["resume", "x", "--steps", "0"], ["frame", "ring8", "--size", "12"],
      ["sample", "x", "--out", "x.npy", "--count", "0"],
      ["train", "ring8", "--unknown"],
    ])
    func wrongCommandLines(_ arguments: [String]) throws {
      let outcome = try Program.run(arguments, in: workspace)
      #expect(outcome.status == 64)
      #expect(outcome.saysOneSentence, "\(outcome.errors)")
      #expect(outcome.errors.hasSuffix(" --help)\n"), "\(outcome.errors)")
      #expect(outcome.output == "")
    }
  }

  /// Numbers that grow over all bounds.
  @Suite struct Explosions {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private func exploding() throws -> String {
      let file = try workspace.ring(steps: 300, checkpointEvery: 1)
      let text = try String(contentsOfFile: file, encoding: .utf8)
        .replacingOccurrences(of: "kind: adam, rate: 1e-3", with: "kind: sgd, rate: 1e20")
      return try workspace.write("exploding.yaml", text)
    }

    @Test func aGradientThatIsNotFiniteEndsARunThatNobodyWatches() throws {
      let outcome = try Program.run(["train", try exploding(), "--name", "run"], in: workspace)
      #expect(outcome.status == 65)
      #expect(outcome.saysOneSentence, "\(outcome.errors)")
      #expect(
        outcome.errors.contains("gradient is not finite in") && outcome.errors.contains("its update was not applied"))
      let last = try #require(workspace.checkpoints("run").last)
      #expect(try workspace.checkpoint("run", last).notFinite == [])
      #expect(try Program.run(["runs"], in: workspace).output.contains("failed"))
      // What is kept can be gone on with, to the same end.
      let again = try Program.run(["resume", "run", "--headless", "--log-format", "json"], in: workspace)
      #expect(again.status == 65)
      #expect(again.saysOneSentence)
      #expect(again.objects().last?["final"] as? Bool == true)
    }

    @Test func hugeValuesDoNotHang() throws {
      // Rates that Adam bounds: weights grow to 1e30 and their products overflow.
      let file = try workspace.ring(steps: 2000, checkpointEvery: 1000, rate: "1e30")
      let outcome = try Program.run(["train", file, "--name", "huge", "--log-format", "json"], in: workspace)
      #expect(outcome.status == 65 || outcome.status == 0, "\(outcome.errors)")
      _ = outcome.objects()
    }

    @Test func pointsThatAreNoNumbers() throws {
      let ring = try String(contentsOfFile: try workspace.ring(steps: 50), encoding: .utf8)
      let file = try workspace.write(
        "points.yaml",
        ring.replacingOccurrences(
          of: "{ kind: ring, modes: 8, radius: 2, deviation: 0.02 }", with: "{ kind: points, path: points.csv }"))
      for (values, code) in [("1,2\n3,nan\n5,6\n", Int32(65)), ("1,2\n3,x\n", 65), ("", 65), ("1,2\n3\n", 65)] {
        try workspace.write("points.csv", values)
        let outcome = try Program.run(["train", file], in: workspace)
        #expect(outcome.status == code, "\(values): \(outcome.errors)")
        #expect(outcome.saysOneSentence && outcome.errors.contains("points.csv"), "\(values): \(outcome.errors)")
      }
      // One point many times, and values near the largest: strange, but no reason to hang.
      for values in [String(repeating: "1,1\n", count: 300), String(repeating: "1e30,-1e30\n2e30,1\n", count: 200)] {
        try workspace.write("points.csv", values)
        let outcome = try Program.run(["train", file, "--log-format", "json"], in: workspace)
        #expect(outcome.status == 0 || (outcome.status == 65 && outcome.saysOneSentence), "\(outcome.errors)")
        #expect(outcome.objects().last?["final"] as? Bool == true)
      }
    }
  }
}
