import Foundation
import Testing

extension EndToEnd {
  /// What the commands print, and for whom.
  @Suite struct Commands {
    private let workspace: Workspace
    init() throws { workspace = try Workspace() }

    private func succeed(_ arguments: [String], _ location: SourceLocation = #_sourceLocation) throws -> Outcome {
      let outcome = try Program.run(arguments, in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)", sourceLocation: location)
      #expect(outcome.errors == "", sourceLocation: location)
      return outcome
    }

    /// In a process of its own: the counter sees the allocations of all threads.
    @Test(arguments: ["toy16", "dcgan32"]) func benchmarkedStepsAllocateNothing(workload: String) throws {
      let outcome = try succeed(["bench", workload, "--precision", "f32", "--seconds", "0.05", "--json"])
      let result = try #require(outcome.objects().first)
      #expect(result["workload"] as? String == workload)
      #expect(result["allocations_per_step"] is NSNull || result["allocations_per_step"] as? Double == 0)
    }

    /// Dispatch gives its threads a niceness of their own, which would go before the one that a person gave.
    @Test func threadsAreAsNiceAsTheProgram() throws {
      let file = try workspace.ring(steps: 1_000_000, checkpointEvery: 100)
      let child = try Child("/usr/bin/nice", ["-n", "7", Program.path, "train", file, "--name", "run"], in: workspace)
      defer { child.signal(SIGKILL) }
      #expect(poll { workspace.checkpoints("run").last ?? 0 > 0 }, "\(child.errors)")
      let tasks = "/proc/\(child.identifier)/task"
      let threads = try FileManager.default.contentsOfDirectory(atPath: tasks).map { task in
        try String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)
      }
      // The niceness is the 19th field; the name, the second, stands in parentheses.
      let niceness = threads.filter { $0.contains("(training)") }.compactMap { line in
        line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ").dropFirst(17).first
      }
      #expect(!niceness.isEmpty && niceness.allSatisfy { $0 == "7" }, "\(niceness)")
      child.signal(SIGTERM)
      #expect(try child.wait().status == 143)
    }

    @Test func everyLineOfTheJSONLogIsAnObject() throws {
      let file = try workspace.ring(hidden: 64, batch: 64, steps: 2000, checkpointEvery: 500)
      let objects = try succeed(["train", file, "--log-format", "json"]).objects()
      let reports = objects.filter { $0["event"] == nil && $0["final"] == nil }
      #expect(!reports.isEmpty)
      var last: [String: Double] = [:]
      for report in reports {
        #expect(report["step"] is Int && report["elapsed"] is Double)
        for (tag, value) in report where tag.contains("/") { last[tag] = value as? Double }
      }
      let expected: Set = [
        "loss/generator", "loss/discriminator", "loss/discriminator_real", "loss/discriminator_fake", "loss/penalty",
        "score/real", "score/fake", "score/difference", "accuracy/real", "accuracy/fake", "gradient/generator",
        "gradient/discriminator", "modes/covered", "modes/high_quality", "modes/with_mass", "entropy/modes",
        "entropy/generated", "entropy/real", "entropy/gap", "entropy/effective_clusters", "speed/steps_per_second",
      ]
      #expect(expected.subtracting(last.keys) == [])
      let final = try #require(objects.last)
      #expect(final["final"] as? Bool == true)
      #expect(final["run"] as? String == "\(workspace.runs)/ring")
      #expect(final["checkpoint"] as? String == workspace.checkpointPath("ring", 2000))
      #expect(final["step"] as? Int == 2000)
      for (tag, value) in last { #expect(final[tag] as? Double == value, "\(tag)") }
      #expect(objects.filter { $0["final"] != nil }.count == 1)
      let checkpoints = objects.filter { $0["event"] as? String == "checkpoint" }.compactMap { $0["step"] as? Int }
      #expect(checkpoints == [0, 500, 1000, 1500, 2000])
      // The journal tells the same.
      let kept = try workspace.journal("ring").filter { $0["kind"] as? String == "checkpoint" }
      #expect(kept.compactMap { $0["step"] as? Int } == checkpoints)

      // A run that has nothing left to do says where it is, too.
      let again = try succeed(["resume", "ring", "--headless", "--log-format", "json"]).objects()
      #expect(again.last?["checkpoint"] as? String == workspace.checkpointPath("ring", 2000))
      #expect(again.last?["step"] as? Int == 2000)
    }

    @Test func plainLines() throws {
      let outcome = try succeed(["train", try workspace.ring(hidden: 64, batch: 64, steps: 1500)])
      #expect(outcome.output.contains("step 1500/1500  G "), "\(outcome.output)")
      #expect(outcome.output.contains("steps/s"))
      #expect(outcome.lines.last == "checkpoint \(workspace.checkpointPath("ring", 1500))")
      #expect(!outcome.output.unicodeScalars.contains("\u{1B}"))
      #expect(!outcome.output.contains("\r"))
    }

    @Test func theListOfRuns() throws {
      #expect(try succeed(["runs"]).output.hasPrefix("no runs in \(workspace.runs)"))
      #expect(try succeed(["runs", "--json"]).output == "")
      let file = try workspace.ring(steps: 20)
      for _ in 0..<2 { _ = try succeed(["train", file]) }
      let runs = try succeed(["runs", "--json"]).objects()
      #expect(runs.map { $0["name"] as? String }.sorted { $0 ?? "" < $1 ?? "" } == ["ring", "ring-2"])
      for run in runs {
        #expect(run["state"] as? String == "finished")
        #expect(run["step"] as? Int == 20)
        #expect(run["steps"] as? Int == 20)
        #expect((run["folder"] as? String)?.hasPrefix(workspace.runs) == true)
      }
      // A folder that is no run is none; a broken run is shown as such.
      try FileManager.default.createDirectory(atPath: "\(workspace.runs)/other", withIntermediateDirectories: true)
      try "name: [".write(toFile: "\(workspace.runs)/ring/configuration.yaml")
      let states = try succeed(["runs", "--json"]).objects().compactMap { $0["state"] as? String }
      #expect(states.sorted() == ["finished", "unreadable"])
    }

    @Test func samples() throws {
      _ = try succeed(["train", try workspace.ring(steps: 20)])
      _ = try succeed(["train", try workspace.images(steps: 3, checkpointEvery: 3)])
      for run in ["ring", "images"] {
        let picture = "\(workspace.path)/\(run).png"
        _ = try succeed(["sample", run, "--out", picture])
        let data = try Data(contentsOf: URL(fileURLWithPath: picture))
        #expect(data.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        #expect(data.suffix(8).starts(with: Data("IEND".utf8)))
        let numbers = "\(workspace.path)/\(run).npy"
        _ = try succeed(["sample", run, "--out", numbers, "--count", "7", "--seed", "3"])
        let array = try Data(contentsOf: URL(fileURLWithPath: numbers))
        #expect(array.starts(with: [0x93] + Array("NUMPY".utf8)))
        let shape = run == "ring" ? "(7, 2)" : "(7, 1, 28, 28)"
        #expect(String(decoding: array.prefix(128), as: UTF8.self).contains(shape))
        #expect(array.count == 128 + 4 * (run == "ring" ? 14 : 7 * 784))
        // The same seed gives the same samples, another one others.
        _ = try succeed(["sample", run, "--out", numbers, "--count", "7", "--seed", "3"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: numbers)) == array)
        _ = try succeed(["sample", run, "--out", numbers, "--count", "7", "--seed", "4"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: numbers)) != array)
      }
      let nowhere = try Program.run(["sample", "ring", "--out", "/nowhere/x.png"], in: workspace)
      #expect(nowhere.status == 74)
      #expect(nowhere.saysOneSentence, "\(nowhere.errors)")
    }

    @Test func earlierCheckpoints() throws {
      _ = try succeed(["train", try workspace.ring(steps: 200)])
      let file = "\(workspace.path)/x.npy"
      let earlier = try Program.run(["sample", "ring", "--out", file, "--at", "150"], in: workspace)
      #expect(earlier.output == "64 samples of step 100 in \(file)\n")
      #expect(earlier.errors == "gantui: ring has no checkpoint of step 150; step 100 before it is taken\n")
      #expect(try succeed(["sample", "ring", "--out", file, "--at", "0"]).output.contains("of step 0"))
      #expect(try succeed(["walk", "ring", "--out", file, "--at", "100"]).output.contains("of step 100"))
      #expect(try succeed(["stability", "ring", "--at", "100", "--products", "20"]).output.hasPrefix("step 100,"))
      let measured = try Program.run(
        ["measure", "ring", "modes", "--at", "100", "--count", "100", "--json"], in: workspace
      ).output
      #expect(measured.contains("\"step\":100"), "\(measured)")
      for (arguments, words) in [
        (["measure", "ring", "modes", "--at=-1"], "0 or more"),
        (["measure", "modes", "--samples", file, "--data", "ring8", "--at", "100"], "a file of samples has none"),
        (["stability", "ring8", "--at", "100"], "ring8 is no run"),
      ] {
        let refused = try Program.run(arguments, in: workspace)
        #expect(refused.status == 64, "\(refused.errors)")
        #expect(refused.errors.contains(words), "\(refused.errors)")
      }
      try FileManager.default.removeItem(atPath: workspace.checkpointPath("ring", 0))
      let none = try Program.run(["sample", "ring", "--out", file, "--at", "50"], in: workspace)
      #expect(none.status == 64 && none.saysOneSentence, "\(none.errors)")
      #expect(none.errors.contains("has no checkpoint of step 50; there are 100 and 200"), "\(none.errors)")
    }

    @Test func charts() throws {
      _ = try succeed(["train", try workspace.ring(steps: 60)])
      // With the names that the dashboard has, and the lines of the equilibrium.
      let text = try succeed(["chart", "ring", "--size", "90x24"]).output
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 25 && lines.allSatisfy { $0.count <= 90 }, "\(text)")
      #expect(text.hasPrefix("ring: loss") && text.contains("G loss") && text.contains("2 ln 2"), "\(text)")
      #expect(!text.contains("\u{1B}") && !text.contains("loss/generator"))
      let ascii = try succeed(["chart", "ring", "--metrics", "score/real,score/fake", "--ascii"]).output
      #expect(ascii.hasPrefix("ring: D(x), D(G(z))") && ascii.allSatisfy(\.isASCII), "\(ascii)")
      let picture = "\(workspace.path)/losses.svg"
      _ = try succeed(["chart", "ring", "--out", picture])
      let drawn = try String(contentsOfFile: picture, encoding: .utf8)
      for word in ["<svg", ">G loss<", ">D loss<", ">2 ln 2<", ">ln 2<", "stroke-dasharray=\"6 5\""] {
        #expect(drawn.contains(word), "\(word)")
      }
      _ = try succeed(["chart", "ring", "--out", "\(workspace.path)/losses.txt"])
      let wrong = try Program.run(["chart", "ring", "--out", "losses.gif"], in: workspace)
      #expect(wrong.status == 64 && wrong.errors.contains(".svg or .txt"), "\(wrong.errors)")
    }

    @Test func aCheckedConfigurationIsOne() throws {
      let first = try succeed(["check", "ring8", "--set", "schedule.batch=32", "--seed", "9"]).output
      #expect(first.contains("batch: 32") && first.contains("seed: 9"))
      let file = try workspace.write("resolved.yaml", first)
      #expect(try succeed(["check", file]).output == first)
    }

    @Test func theCatalog() throws {
      let text = try succeed(["catalog", "--json"]).output
      #expect((try? JSONSerialization.jsonObject(with: Data(text.utf8))) != nil)
      let plain = try succeed(["catalog"]).output
      for key in ["schedule.batch", "optimizers.generator.rate", "objective.kind"] { #expect(plain.contains(key)) }
    }

    @Test func aFrame() throws {
      let file = try workspace.ring(steps: 1000)
      let output = try succeed(["frame", file, "--size", "100x30", "--steps", "50"]).output
      let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      #expect(lines.count == 30)
      #expect(lines.allSatisfy { $0.count <= 100 })
      #expect(output.contains("ring") && output.contains("50"))
      let ascii = try succeed(["frame", file, "--size", "80x24", "--steps", "10", "--ascii"]).output
      #expect(ascii.unicodeScalars.allSatisfy { $0.isASCII })
      #expect(!FileManager.default.fileExists(atPath: workspace.runs))
      let pictures = try workspace.images(steps: 100, checkpointEvery: 100)
      #expect(try succeed(["frame", pictures, "--steps", "2"]).output.contains("samples"))
      // More steps than the run has.
      #expect(try succeed(["frame", file, "--steps", "2000", "--set", "schedule.steps=20"]).output.contains("20"))
    }

    @Test func downloadsThatFail() throws {
      for (address, code) in [("http://127.0.0.1:1/", Int32(74)), ("ftp//nonsense", 74), ("", 74)] {
        let outcome = try Program.run(["data", "get", "digits", "--from", address], in: workspace)
        #expect(outcome.status == code, "\(address): \(outcome.errors)")
        #expect(outcome.saysOneSentence, "\(address): \(outcome.errors)")
      }
    }

    @Test func versionAndHelp() throws {
      #expect(try succeed(["--version"]).output == "0.1.0\n")
      let help = try succeed(["--help"]).output
      for command in ["run", "train", "resume", "runs", "sample", "check", "catalog", "frame", "data"] {
        #expect(help.contains("  \(command) "), "\(command)")
        #expect(try succeed(["help", command]).output.hasPrefix("OVERVIEW: "))
      }
    }

    @Test func withoutATerminal() throws {
      let file = try workspace.ring(steps: 50)
      let run = try Program.run(["run", file], in: workspace)
      #expect(run.status == 0)
      #expect(run.errors == "gantui: standard input and output are not a terminal; training without the dashboard\n")
      #expect(run.output.contains("step 50/50"))
      let start = try Program.run([], in: workspace)
      #expect(start.status == 64)
      #expect(start.saysOneSentence && start.errors.contains("gantui train CONFIG"), "\(start.errors)")
    }
  }
}

extension String {
  fileprivate func write(toFile path: String) throws { try Data(utf8).write(to: URL(fileURLWithPath: path)) }
}
