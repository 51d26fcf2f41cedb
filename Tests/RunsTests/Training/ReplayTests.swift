import Foundation
import Models
import Telemetry
import Testing

@testable import Runs

@Suite(.serialized) struct ReplayTests {
  private let runs: SmallRuns
  init() throws { runs = try SmallRuns() }

  /// A run that a person would not leave alone: 20 edits, single steps of all kinds, pauses, undos, a kill's loss of the
  /// newest part, two resumes, more steps.
  private func restlessRun(_ configuration: RunConfiguration? = nil) throws -> RunFolder {
    let ids = ["optimizers.generator.rate", "optimizers.discriminator.rate", "penalties.gradient-penalty.weight"]
    var configuration = try configuration ?? runs.configuration()
    // Else the run may be over before it hears of the next command.
    configuration.schedule.pace = 20
    let training = try Training(runs.store, configuration, options: SmallRuns.pausing(at: 7))
    try training.waitForPause()
    for index in 0..<12 {
      try training.command(.set(id: ids[index % 3], value: 0.001 * Double(index + 2)))
      switch index % 4 {
      case 0: try training.command(.step(player: "discriminator"))
      case 1: try training.command(.step(player: "generator"))
      case 2: try training.command(.step(player: nil))
      default: break
      }
    }
    try training.command(.undo)
    try training.command(.checkpoint)
    try training.command(.set(id: ids[0], value: 0.5))
    for _ in 0..<6 { try training.command(.step(player: nil)) }
    try training.command(.undo)
    try training.command(.step(player: "discriminator"))
    try training.command(.resume)
    try training.command(.set(id: ids[1], value: 0.0007))
    try training.command(.pause)
    try training.command(.resume)
    _ = training.end()

    let more = try Training(resuming: training.folder, steps: 55, options: SmallRuns.pausing(at: 44))
    try more.waitForPause()
    for index in 0..<10 {
      try more.command(.set(id: ids[index % 3], value: 0.0003 * Double(index + 1)))
      try more.command(.step(player: index % 2 == 0 ? "discriminator" : nil))
    }
    try more.command(.stop)
    _ = more.end()
    let last = try Training(resuming: training.folder, options: SmallRuns.headless)
    _ = last.end()
    return training.folder
  }

  @Test func aRestlessRunIsReproduced() throws {
    let folder = try restlessRun()
    #expect(try folder.openReader().ledger().count { $0.edit != nil } >= 19)
    var told: [Replay.Progress] = []
    let report = try Replay(folder).run { told.append($0) }
    #expect(report.difference == nil, "\(report.difference?.description ?? "")")
    #expect(report.same == folder.checkpointSteps())
    #expect(report.same.count > 8 && report.same.last == 55)
    #expect(told.last == Replay.Progress(step: 55, lastStep: 55, same: report.same.count))
    #expect(try Replay(folder, until: 20).run().step <= 20)
  }

  /// On points that were drawn by hand, with a rule that sets a number and keeps a checkpoint.
  @Test func handDrawnDataAndARuleThatFiredAreReproduced() throws {
    let rule = "gradient/generator >= 0 -> set penalties.gradient-penalty.weight=0.25, checkpoint"
    let drawing = (0..<12).map { DrawnPoint(x: cos(Double($0)), y: sin(Double($0)), weight: Double(1 + $0 % 3)) }
    let configuration = try runs.configuration(extra: "alerts: [ \"\(rule)\" ]").onDrawing(drawing)
    let folder = try restlessRun(configuration)
    #expect(folder.name == "run-drawn")
    #expect(try folder.configuration().data.source == .drawn(points: drawing, jitter: 0.05))
    let ledger = try folder.openReader().ledger()
    func count(_ isCounted: (LedgerEntry) -> Bool) -> Int { ledger.count(where: isCounted) }
    #expect(count { $0.edit != nil && $0.origin == .key } >= 20)
    #expect(count { $0.edit?.newValue == 0.25 && $0.origin == .rule(rule) } >= 1)
    #expect(count { if case .singleStep(_?) = $0.change { true } else { false } } > 5)
    #expect(count { $0.change == .singleStep(player: nil) } > 5)
    let report = try Replay(folder).run()
    #expect(report.difference == nil, "\(report.difference?.description ?? "")")
    #expect(report.same == folder.checkpointSteps() && report.same.count > 8 && report.same.last == 55)
  }

  @Test func aTamperedCheckpointIsNamed() throws {
    let training = try Training(runs.store, runs.configuration(), options: SmallRuns.headless)
    _ = training.end()
    let folder = training.folder
    func write(_ file: Safetensors, _ step: Int) throws { try file.write(to: folder.checkpointPath(step: step)) }
    let original = try folder.checkpoint(step: 25).file
    let name = try #require(original.tensors.keys.sorted().first { $0.hasPrefix("generator") })

    var tampered = original
    var tensor = try #require(tampered.tensors[name])
    tensor.bytes[tensor.bytes.count - 1] ^= 0x40
    tampered.tensors[name] = tensor
    try write(tampered, 25)
    guard case .tensor(25, let found, let element, _, _)? = try Replay(folder).run().difference else {
      Issue.record("the tampered tensor is not named")
      return
    }
    #expect(found == name && element == tensor.bytes.count / 4 - 1)
    #expect(try Replay(folder).run().same == [0, 5, 10, 15, 20])
    #expect(try Replay(folder, until: 20).run().difference == nil)

    tampered = original
    tampered.tensors[name] = nil
    try write(tampered, 25)
    #expect(try Replay(folder).run().difference == .missingTensor(step: 25, name: name))

    tampered = original
    tampered.metadata["hyperparameters"] = original.metadata["hyperparameters"]?
      .replacingOccurrences(of: "0.001", with: "0.002")
    try write(tampered, 25)
    guard case .hyperparameter(25, _)? = try Replay(folder).run().difference else {
      Issue.record("the tampered hyperparameter is not named")
      return
    }

    try Data("damaged".utf8).write(to: URL(fileURLWithPath: folder.checkpointPath(step: 25)))
    guard case .unreadable(25, _)? = try Replay(folder).run().difference else {
      Issue.record("the damaged file is not named")
      return
    }
  }

  @Test func aLedgerThatLacksAStepIsNoticed() throws {
    let folder = try restlessRun()
    var ledger = try folder.openReader().ledger()
    let index = try #require(ledger.firstIndex { $0.change == .singleStep(player: "discriminator") })
    ledger.remove(at: index)
    #expect(try Replay(folder, ledger: ledger).run().difference != nil)
  }
}
