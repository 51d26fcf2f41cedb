import Foundation
import Models
import Runs
import Telemetry
import Testing

/// A run that has finished is looked at as one that trains, and looking leaves no trace.
@Suite struct FinishedRunTests {
  private let temporary: TemporaryFolder
  init() throws { temporary = try TemporaryFolder() }

  private var store: RunStore { RunStore(option: temporary.path + "/runs", environment: [:]) }

  private static var staysOpen: Trainer.Options {
    var options = Trainer.Options()
    options.staysOpen = true
    return options
  }

  private func configuration(_ overrides: String...) throws -> RunConfiguration {
    try RunConfiguration(
      yaml: "name: small\ndata: ring\nschedule: { steps: 300, checkpoint-every: 100, batch: 32 }", file: "x.yaml",
      overrides: overrides)
  }

  private func waitForEnd(_ training: Training) throws {
    try training.wait("the end") { event in if case .state(.finished, _) = event { true } else { false } }
  }

  /// It may have come already, with the answer to what asked for it.
  private func waitForPicture(_ training: Training, step: Int) throws {
    func isWanted(_ event: Event) -> Bool {
      if case .panel(let panel) = event { panel.id == Panel.samples && panel.step == step } else { false }
    }
    if !training.events.contains(where: isWanted) { try training.wait("the picture of step \(step)", until: isWanted) }
  }

  /// Sends a command that is not to be refused.
  private func ask(_ training: Training, _ command: Command) throws {
    let reply = try training.command(command)
    #expect(!reply.failed, "\(reply.text)")
  }

  /// What is in a run's folder, but for its lock.
  private func contents(_ folder: RunFolder) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where name != "lock" {
      contents[name] = FileManager.default.contents(atPath: folder.path + "/" + name)
    }
    return contents
  }

  @Test func itAnswersUntilItIsStopped() throws {
    let training = try Training(store, configuration(), options: Self.staysOpen)
    try waitForEnd(training)
    // What would change it is refused; pictures and earlier moments are there.
    for command: Command in [.resume, .pause, .step(player: nil), .checkpoint, .undo] {
      let reply = try training.command(command)
      #expect(reply.failed && reply.text.contains("the run is over"), "\(command)")
    }
    try ask(training, .look(.step(100)))
    try waitForPicture(training, step: 100)
    try ask(training, .look(.newest))
    let saved = try training.command(.saveSamples)
    #expect(saved.text.hasSuffix("step-00000300.png"))
    #expect(RunSummary(training.folder).status == .finished)
    try ask(training, .stop)
    guard case .finished? = training.end() else { throw Training.Missing(what: "a run that finished") }
  }

  @Test func itIsBranchedFrom() throws {
    let training = try Training(store, configuration(), options: Self.staysOpen)
    try waitForEnd(training)
    try ask(training, .look(.step(100)))
    try ask(training, .branch(changes: ["seed=9"]))
    try waitForEnd(training)
    try ask(training, .stop)
    guard case .finished? = training.end() else { throw Training.Missing(what: "a branch that finished") }
    // The parent is as finished as before.
    #expect(RunSummary(training.folder).status == .finished)
    #expect(try store.list().count == 2)
  }

  @Test func lookingLeavesNoTrace() throws {
    let first = try Training(store, configuration())
    guard case .finished? = first.end() else { throw Training.Missing(what: "a run that finished") }
    let before = try contents(first.folder)
    for _ in 0..<2 {
      let training = try Training(resuming: first.folder, options: Self.staysOpen)
      try training.wait("its past") { event in if case .history(let past) = event { past.step == 300 } else { false } }
      try waitForPicture(training, step: 300)
      try ask(training, .look(.earlier))
      try ask(training, .stop)
      guard case .finished? = training.end() else { throw Training.Missing(what: "the end of the look") }
    }
    #expect(try contents(first.folder) == before)
    // With more steps it goes on.
    let longer = try Training(resuming: first.folder, steps: 400)
    guard case .finished? = longer.end() else { throw Training.Missing(what: "more steps") }
    #expect(longer.folder.checkpointSteps().last == 400)
  }

  /// Without a checkpoint a run that has trained would begin anew over its own curves.
  @Test func withoutItsCheckpoints() throws {
    let first = try Training(store, configuration())
    guard case .finished? = first.end() else { throw Training.Missing(what: "a run that finished") }
    try FileManager.default.removeItem(atPath: first.folder.path + "/checkpoints")
    let training = try Training(resuming: first.folder)
    guard case .failed(let error)? = training.end() else { throw Training.Missing(what: "the refusal") }
    #expect("\(error)".contains("no checkpoint to continue from"))
    #expect(try first.folder.openReader().lastStep() == 300)
  }

  /// A run whose data are gone shows its curves, and has not failed by that.
  @Test func withoutItsData() throws {
    let points = temporary.path + "/points.csv"
    try "0,1\n1,0\n1,1\n0,0\n".write(toFile: points, atomically: true, encoding: .utf8)
    let first = try Training(store, configuration("data={kind: points, path: \(points)}"))
    guard case .finished? = first.end() else { throw Training.Missing(what: "a run that finished") }
    try FileManager.default.removeItem(atPath: points)
    let training = try Training(resuming: first.folder, options: Self.staysOpen)
    guard case .failed? = training.end() else { throw Training.Missing(what: "the data's failure") }
    #expect(
      training.events.contains { event in if case .history(let past) = event { past.step == 300 } else { false } })
    #expect(RunSummary(first.folder).status == .finished)
  }

  /// No more steps a second than the configuration wants, and the same steps.
  @Test func paceHoldsItBack() throws {
    let slow = try Training(store, configuration("schedule.steps=60", "schedule.pace=100"))
    guard case .finished? = slow.end() else { throw Training.Missing(what: "the slow run") }
    let fast = try Training(store, configuration("schedule.steps=60"))
    guard case .finished? = fast.end() else { throw Training.Missing(what: "the fast run") }
    func elapsed(_ training: Training) -> Double {
      training.events.reduce(0) { most, event in
        if case .metrics(let report) = event { max(most, report.elapsed) } else { most }
      }
    }
    // The first tenth of a second's steps come at once.
    #expect(elapsed(slow) >= 0.45 && elapsed(slow) > elapsed(fast))
    let samples = try [slow, fast].map { try RunSampler($0.folder).samples(count: 8, seed: 1) }
    #expect(samples[0] == samples[1])
  }
}
