import Foundation
import Models
import Telemetry
import Testing

@testable import Runs

private func configuration(_ name: String = "ring8", steps: Int = 100) throws -> RunConfiguration {
  try RunConfiguration(yaml: "data: ring", file: "x.yaml", overrides: ["name=\(name)", "schedule.steps=\(steps)"])
}

private func checkpoint(_ value: Float) throws -> Safetensors {
  Safetensors(tensors: ["w": try #require(StoredTensor([value], shape: [1]))], metadata: [:])
}

private func store(_ folder: TemporaryFolder) -> RunStore {
  RunStore(option: "a/runs", environment: [:], workingDirectory: folder.path)
}

@Suite struct RunStoreTests {
  @Test func theFolderIsChosenByOptionThenEnvironment() {
    let environment = ["GANTUI_RUNS": "/e/runs"]
    #expect(RunStore(option: "o", environment: environment, workingDirectory: "/w").folder == "/w/o")
    #expect(RunStore(environment: environment, workingDirectory: "/w").folder == "/e/runs")
    #expect(RunStore(environment: ["GANTUI_RUNS": ""], workingDirectory: "/w").folder == "/w/runs")
    #expect(RunStore(option: "../x/", environment: [:], workingDirectory: "/w").folder == "/x")
  }

  @Test func metricsHaveTheTitlesAndLinesOfTheirGame() throws {
    let folder = try TemporaryFolder()
    let (run, lock) = try store(folder).create(configuration())
    defer { withExtendedLifetime(lock) {} }
    let metrics = try run.metricDescriptors()
    let loss = try #require(metrics.first { $0.id == .discriminatorLoss })
    #expect(loss.title == "D loss" && loss.reference?.label == "2 ln 2")
    #expect(abs((loss.reference?.value ?? 0) - 2 * log(2)) < 1e-12)
    #expect(metrics.first { $0.id == .modesCovered }?.reference?.label == "8")
  }

  @Test func namesAreNeverTakenTwice() throws {
    let folder = try TemporaryFolder()
    let store = store(folder)
    #expect(try store.list() == [])
    let first = try store.create(configuration())
    let second = try store.create(configuration())
    try folder.write("a/runs/ring8-3", "a file in the way")
    let third = try store.create(configuration())
    #expect([first, second, third].map(\.run.name) == ["ring8", "ring8-2", "ring8-4"])
    #expect(first.run.path == folder.path + "/a/runs/ring8")
    #expect(try first.run.configuration() == configuration())
    #expect(try store.run("ring8-2") == second.run)
    #expect(try store.run(folder.path + "/a/runs/ring8-2/") == second.run)
    #expect(try store.run("./ring8", workingDirectory: store.folder) == first.run)
    #expect(try store.run(".", workingDirectory: first.run.path) == first.run)
  }

  @Test func whatDoesNotExistIsSaid() throws {
    let folder = try TemporaryFolder()
    let store = store(folder)
    #expect(throws: RunStoreError.noSuchRun("ring8", folder: store.folder, suggestion: nil)) { try store.run("ring8") }
    _ = try store.create(configuration())
    let error = #expect(throws: RunStoreError.self) { try store.run("rign8") }
    #expect(error?.description == "rign8: no such run in \(store.folder); did you mean ring8?")
    #expect(error?.exitCode == ExitCode.usage)
    #expect(throws: RunStoreError.self) { try store.run("") }
    #expect(throws: RunStoreError.self) { try store.run("..") }
    #expect(throws: RunStoreError.badName("../x")) {
      var evil = try configuration()
      evil.name = "../x"
      _ = try store.create(evil)
    }
  }

  @Test func aFileInThePlaceOfTheFolderIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("runs", "a file")
    for option in [path, path + "/deeper"] {
      let store = RunStore(option: option, environment: [:], workingDirectory: "/")
      let error = #expect(throws: RunStoreError.notAFolder(path: path)) { _ = try store.create(configuration()) }
      #expect(error?.description == "\(path): is not a folder; runs are kept in a folder, chosen by --runs-dir")
      #expect(error?.exitCode == ExitCode.inputOutput)
    }
    #expect(throws: RunStoreError.notAFolder(path: path)) {
      try RunStore(option: path, environment: [:], workingDirectory: "/").list()
    }
  }

  @Test func aFolderThatCannotBeMadeIsRefused() throws {
    let store = RunStore(option: "/proc/gantui/runs", environment: [:], workingDirectory: "/")
    let error = #expect(throws: RunStoreError.self) { _ = try store.create(configuration()) }
    #expect(error == .cannotCreate(path: "/proc/gantui", errno: ENOENT))
    // Root may write everywhere; elsewhere a folder without the permission refuses.
    if geteuid() != 0 {
      let folder = try TemporaryFolder()
      chmod(folder.path, 0o555)
      let closed = RunStore(option: folder.path, environment: [:], workingDirectory: "/")
      #expect(throws: RunStoreError.cannotCreate(path: folder.path + "/ring8", errno: EACCES)) {
        _ = try closed.create(configuration())
      }
      chmod(folder.path, 0o755)
    }
  }

  @Test func aLockIsHeldOnce() throws {
    let folder = try TemporaryFolder()
    let store = store(folder)
    let (run, lock) = try store.create(configuration())
    let error = #expect(throws: RunStoreError.locked(run: "ring8", process: getpid())) { _ = try run.lock() }
    #expect(error?.description == "ring8: process \(getpid()) has it open; gantui attach ring8 looks on")
    #expect(throws: RunStoreError.locked(run: "ring8", process: getpid())) { try store.remove(run) }
    #expect(try store.list().map(\.status) == [.training(process: getpid())])
    withExtendedLifetime(lock) {}
  }

  @Test func aReleasedRunIsLockedAgainAndSwept() throws {
    let folder = try TemporaryFolder()
    let store = store(folder)
    let run = try store.create(configuration()).run
    try folder.write("a/runs/ring8/checkpoints/step-00000001.safetensors.9.partial", "half")
    try folder.write("a/runs/ring8/configuration.yaml.9.partial", "half")
    let lock = try run.lock()
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.checkpointsPath) == [])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: run.path).sorted() == [
        "checkpoints", "configuration.yaml", "lock", "samples",
      ])
    withExtendedLifetime(lock) {}
  }

  @Test func aRemovedRunIsGone() throws {
    let folder = try TemporaryFolder()
    let store = store(folder)
    let run = try store.create(configuration()).run
    try store.remove(run)
    #expect(try store.list() == [])
    #expect(!FileManager.default.fileExists(atPath: run.path))
  }

  @Test func theStatusFollowsFromFacts() throws {
    let folder = try TemporaryFolder()
    let store = store(folder)
    func status(_ name: String, _ states: [RunState], step: Int?) throws -> RunSummary? {
      let (run, lock) = try store.create(configuration(name))
      let journal = try run.openJournal()
      for (step, state) in states.enumerated() {
        journal.append(JournalRecord(time: Double(step), step: step, entry: .state(state)))
      }
      try journal.flush()
      if let step { try run.writeCheckpoint(checkpoint(0), step: step) }
      withExtendedLifetime(lock) {}
      return nil
    }
    _ = try status("fresh", [], step: nil)
    _ = try status("killed", [.preparing, .training], step: 40)
    _ = try status("stopped", [.training, .stopping, .stopped], step: 40)
    _ = try status("failed", [.training, .failed(message: "NaN")], step: 40)
    _ = try status("finished", [.training, .finished], step: 100)
    _ = try status("prolonged", [.training, .finished], step: 50)
    _ = try status("killed-at-the-end", [.training], step: 100)
    try folder.write("a/runs/broken/configuration.yaml", "data: [")
    try folder.write("a/runs/no-run/notes.txt", "")
    let list = try store.list()
    let words = Dictionary(uniqueKeysWithValues: list.map { ($0.run.name, $0.status.word) })
    #expect(
      words == [
        "fresh": "killed", "killed": "killed", "stopped": "stopped", "failed": "failed",
        "finished": "finished", "prolonged": "stopped", "killed-at-the-end": "finished", "broken": "unreadable",
      ])
    let resumable = Set(list.filter(\.isResumable).map(\.run.name))
    #expect(resumable == ["killed", "stopped", "failed", "prolonged"])
    #expect(list.first { $0.run.name == "killed" }?.checkpointStep == 40)
    #expect(list.first { $0.run.name == "killed" }?.totalSteps == 100)
    for (a, b) in zip(list, list.dropFirst()) { #expect(a.lastActivity >= b.lastActivity) }
  }

  @Test func whoHoldsTheLockTrainsOrWaits() throws {
    let folder = try TemporaryFolder()
    let store = store(folder)
    let (run, lock) = try store.create(configuration())
    let journal = try run.openJournal()
    func tell(_ state: RunState) throws -> RunSummary? {
      journal.append(JournalRecord(time: 0, step: 1, entry: .state(state)))
      for _ in 0..<100 {
        journal.append(JournalRecord(time: 0, step: 1, entry: .message(LogMessage(level: .info, text: "a word"))))
      }
      try journal.flush()
      return try store.list().first
    }
    let process = getpid()
    #expect(try tell(.preparing)?.status == .training(process: process))
    #expect(try tell(.paused(reason: nil))?.status == .paused(process: process, reason: nil))
    #expect(try tell(.paused(reason: "no room"))?.status == .paused(process: process, reason: "no room"))
    #expect(try tell(.training)?.status == .training(process: process))
    // A flag that nobody holds a lock for says nothing.
    lock.release()
    #expect(try store.list().first?.status == .killed)
    withExtendedLifetime(lock) {}
  }

  @Test func aDamagedJournalCostsTheListASentence() throws {
    let folder = try TemporaryFolder()
    let store = store(folder)
    let run = try store.create(configuration()).run
    try run.writeCheckpoint(checkpoint(0), step: 40)
    try folder.write("a/runs/ring8/journal.sqlite", "no journal at all, but some text that is long enough")
    let summary = try #require(try store.list().first)
    #expect(summary.status == .killed && summary.isResumable && summary.step == 40)
    #expect(summary.warning == "\(run.journalPath): the journal is damaged: file is not a database")
    let details = RunDetails(run)
    #expect(details.summary.warning == summary.warning && details.checkpoints.map(\.step) == [40])
    #expect(details.history.metrics.isEmpty && details.lines.contains("data        ring"))
  }

  @Test func samplesAreReplacedAsAWhole() throws {
    let folder = try TemporaryFolder()
    let run = try store(folder).create(configuration()).run
    let sample = run.samplePath(step: 1000)
    #expect(sample == run.path + "/samples/step-00001000.png")
    try run.write(Data([1]), to: sample)
    #expect(run.samplePath(step: 1000) == run.path + "/samples/step-00001000-2.png")
    try FileManager.default.removeItem(atPath: run.samplesPath)
    try run.write(Data([1]), to: run.samplePath(step: 5))
    #expect(FileManager.default.fileExists(atPath: run.samplesPath + "/step-00000005.png"))
  }
}

@Suite struct CheckpointTests {
  @Test func theNewestThatCanBeReadIsTaken() throws {
    let folder = try TemporaryFolder()
    let run = try store(folder).create(configuration()).run
    #expect(throws: RunStoreError.noCheckpoint(run: "ring8", skipped: 0)) { try run.newestCheckpoint() }
    for step in [10, 20, 30] {
      try run.writeCheckpoint(checkpoint(Float(step)), step: step)
    }
    #expect(try run.newestCheckpoint().step == 30)
    #expect(try run.newestCheckpoint(atMost: 29).step == 20)
    let whole = try Data(contentsOf: URL(fileURLWithPath: run.checkpointPath(step: 30)))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: run.checkpointPath(step: 30)))
    try folder.write("a/runs/ring8/checkpoints/step-00000099.safetensors", Data())
    try folder.write("a/runs/ring8/checkpoints/step-99.safetensors", Data())
    try folder.write("a/runs/ring8/checkpoints/notes", Data())
    let loaded = try run.newestCheckpoint()
    #expect(loaded.step == 20)
    #expect(try loaded.file == checkpoint(20))
    #expect(loaded.skipped.map(\.step) == [99, 30])
    #expect(
      loaded.skipped.first?.description
        == "the checkpoint of step 99 was skipped: \(run.checkpointPath(step: 99)): has 0 bytes, too few for a"
        + " checkpoint; it is cut off")
    #expect(try run.checkpoint(step: 10).file == checkpoint(10))
    #expect(throws: RunStoreError.unknownStep(run: "ring8", step: 11, available: [10, 20, 30, 99])) {
      try run.checkpoint(step: 11)
    }
    #expect(throws: SafetensorsError.self) { try run.checkpoint(step: 30) }
    for step in [10, 20] { try folder.write("a/runs/ring8/checkpoints/\(RunFolder.stem(step)).safetensors", Data()) }
    let error = #expect(throws: RunStoreError.self) { try run.newestCheckpoint() }
    #expect(error?.description == "ring8: has no checkpoint to continue from; 4 are damaged")
    #expect(error?.exitCode == ExitCode.data)
  }

  @Test func theNewestAreKeptAndOlderOnesThinned() {
    var steps: [Int] = []
    for step in stride(from: 10, through: 400, by: 10) {
      steps += step == 200 ? [step, 205] : [step]
      let gone = Set(RunFolder.thinned(steps, keep: 3, interval: 10))
      steps.removeAll { gone.contains($0) }
    }
    #expect(steps == [160, 240, 320, 360, 380, 390, 400])
  }

  @Test func thinningKeepsFewOfManyAndNeverTheNewest() {
    var steps: [Int] = []
    for step in stride(from: 1000, through: 1_000_000, by: 1000) {
      steps.append(step)
      let gone = Set(RunFolder.thinned(steps, keep: 5, interval: 1000))
      #expect(gone.isDisjoint(with: steps.suffix(5)))
      steps.removeAll(where: gone.contains)
      #expect(steps.count <= 5 + 25)
    }
    #expect(RunFolder.thinned([], keep: 3, interval: 10) == [])
    #expect(RunFolder.thinned([0, 7, 5_000_000], keep: 1, interval: 1) == [7])
    #expect(RunFolder.thinned([1, 2, 3], keep: 0, interval: 10) == [])
    #expect(RunFolder.thinned([1, 2, 3], keep: 1, interval: 0) == [])
  }

  @Test func aCheckpointThatCannotBeWrittenLosesNone() throws {
    let folder = try TemporaryFolder()
    let run = try store(folder).create(configuration()).run
    try run.writeCheckpoint(checkpoint(1), step: 10)
    try FileManager.default.createDirectory(atPath: run.checkpointPath(step: 20), withIntermediateDirectories: true)
    #expect(throws: RunStoreError.self) { try run.writeCheckpoint(checkpoint(2), step: 20) }
    #expect(try run.newestCheckpoint().step == 10)
  }
}
