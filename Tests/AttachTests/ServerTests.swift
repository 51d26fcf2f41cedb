import Foundation
import Glibc
import Synchronization
import Telemetry
import Testing

@testable import Attach

@Suite(.serialized) struct ServerTests {
  private func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode : nil
  }

  @Test func theSocketIsItsOwnersAlone() throws {
    let stage = try Stage()
    let path = RunSocket.path(in: stage.folder)
    let found = try #require(mode(path))
    #expect(found & S_IFMT == S_IFSOCK)
    #expect(found & 0o777 == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: stage.folder) == ["attach.sock"])
    stage.server.close()
    #expect(mode(path) == nil)
  }

  @Test func aLongPathIsNoHindrance() throws {
    let name = (0..<4).map { _ in String(repeating: "long", count: 30) }.joined(separator: "/")
    let stage = try Stage(folder: name)
    #expect(stage.server.problem == nil)
    let viewer = try stage.viewer()
    stage.say("hello")
    try viewer.hear("hello")
  }

  @Test func aDeadSocketIsReplacedAndALivingOneStays() throws {
    let first = try Stage()
    let path = RunSocket.path(in: first.folder)
    // Another server in the same folder, as a resumed run's; the first must not take its socket away.
    let second = try AttachServer(
      AttachServer.Place(folder: first.folder, program: "1.0", dashboard: nil), trainer: Link())
    second.start()
    first.server.close()
    #expect(mode(path) != nil)
    _ = try first.viewer()
    second.close()
    #expect(mode(path) == nil)

    // What a killed process leaves.
    let dead = try RunSocket.listen(in: first.folder)
    close(dead.descriptor)
    // A program that another test starts in this moment holds it until it is itself.
    for _ in 0..<200 {
      guard let descriptor = try? RunSocket.connect(to: first.folder) else { break }
      close(descriptor)
      usleep(10_000)
    }
    #expect(throws: AttachError.notServing(path: path)) { try RunSocket.connect(to: first.folder) }
    let third = try AttachServer(
      AttachServer.Place(folder: first.folder, program: "1.0", dashboard: nil), trainer: Link())
    #expect(third.problem == nil)
    third.start()
    _ = try first.viewer()
    third.close()
  }

  @Test func withoutAPlaceForASocketTheRunGoesOn() throws {
    let trainer = Link()
    let server = try AttachServer(
      AttachServer.Place(folder: "/nowhere/at/all", program: "1.0", dashboard: "ann"), trainer: trainer)
    #expect(server.problem != nil)
    server.start()
    trainer.events.send(.state(.training, step: 3))
    var found: [Event] = []
    #expect(
      poll {
        found += server.local.events.receive()
        return found.contains(.state(.training, step: 3))
      })
    #expect(found.contains { if case .message(let message, _) = $0 { message.level == .warning } else { false } })
    server.close()
  }

  @Test func whoComesLaterSeesAll() throws {
    let stage = try Stage()
    stage.say(.described(Samples.description))
    for step in 1...50 { stage.say(Samples.report(step)) }
    stage.say(Samples.panel(40))
    stage.say(.edited(Edit(step: 45, id: "rate", oldValue: 1e-3, newValue: 2e-3)))
    stage.say(Samples.panel(50))
    stage.say(.state(.paused(reason: nil), step: 50))
    poll { stage.server.local.events.receive().contains(.state(.paused(reason: nil), step: 50)) }
    let viewer = try stage.viewer()
    try viewer.wheel(nil, isYours: false)
    let kinds = viewer.events.map { event in
      switch event {
      case .described(let run): "described \(run.hyperparameters[0].value)"
      case .history(let history): "history \(history[.generatorLoss].lastStep ?? 0) \(history.edits.count)"
      case .panel(let panel): "panel \(panel.step)"
      case .state(let state, let step): "\(state) \(step)"
      case .wheel: "wheel"
      default: "other"
      }
    }
    #expect(kinds.prefix(5) == ["described 0.002", "history 50 1", "panel 50", "paused(reason: nil) 50", "wheel"])
    stage.say(Samples.report(51))
    try viewer.hear("step 51") { if case .metrics(let report) = $0, report.step == 51 { true } else { nil } }
  }

  @Test func theSocketFollowsABranch() throws {
    let stage = try Stage()
    let early = try stage.viewer("ann@pts/1")
    early.ask(.takeWheel)
    try early.wheel("ann@pts/1 #1", isYours: true)
    stage.say(.described(Samples.description))
    stage.say(Samples.report(7))
    stage.say(Samples.panel(7))

    let child = stage.folder + "-at-7"
    try FileManager.default.createDirectory(atPath: child, withIntermediateDirectories: true)
    stage.server.move(to: child)
    poll { mode(RunSocket.path(in: child)) != nil }
    #expect(mode(RunSocket.path(in: child)).map { $0 & 0o777 } == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: stage.folder) == [])
    #expect(throws: AttachError.notServing(path: RunSocket.path(in: stage.folder))) {
      try RunSocket.connect(to: stage.folder)
    }
    var description = Samples.description
    description.folder = child
    stage.say(.described(description))
    let origin = BranchOrigin(run: "ring", path: stage.folder, step: 7, changes: [])
    stage.say(.branched(origin, parent: RunHistory()))

    // Who was there stays, with the wheel; who comes to the branch is told all of it, and nothing of its parent.
    try early.hear("the branch") { if case .branched(origin, _) = $0 { true } else { nil } }
    let number = early.ask(.pause)
    stage.say(.reply(request: try stage.command().id, text: "paused", failed: false))
    #expect(try early.reply(to: number).text == "paused")
    let late = try Seated(child, name: "bob@pts/2")
    try late.wheel("ann@pts/1 #1", isYours: false)
    let kinds = late.events.map { event in
      switch event {
      case .described(let run): run.folder == child ? "described" : "the parent described"
      case .branched: "branched"
      case .history(let history): "history of \(history.metrics.count)"
      case .wheel: "wheel"
      default: "other"
      }
    }
    #expect(kinds.prefix(4) == ["described", "branched", "history of 0", "wheel"], "\(kinds)")
    stage.server.close()
    #expect(mode(RunSocket.path(in: child)) == nil)
  }

  @Test func aBranchWithoutAPlaceForASocketSaysSo() throws {
    let stage = try Stage()
    let early = try stage.viewer("ann@pts/1")
    stage.server.move(to: "/nowhere/at/all")
    try early.hear("nobody can attach to this run")
    stage.say("still here")
    try early.hear("still here")
  }

  @Test func oneSteersAndAllKnowWho() throws {
    let stage = try Stage()
    let (ann, bob) = (try stage.viewer("ann@pts/1"), try stage.viewer("bob\u{1B}@pts/2"))
    try ann.wheel(nil, isYours: false)
    var refusal = try ann.reply(to: ann.ask(.pause))
    #expect(refusal.failed && refusal.text == "nobody has the wheel; W takes it")
    ann.ask(.takeWheel)
    try ann.wheel("ann@pts/1 #1", isYours: true)
    try bob.wheel("ann@pts/1 #1", isYours: false)
    refusal = try bob.reply(to: bob.ask(.set(id: "rate", value: 1)))
    #expect(refusal.failed && refusal.text == "ann@pts/1 #1 has the wheel; W takes it")
    #expect(stage.trainer.commands.isEmpty)

    // A request reaches the trainer, and its answer him who asked.
    let number = ann.ask(.set(id: "rate", value: 2))
    let request = try stage.command()
    #expect(request.command == .set(id: "rate", value: 2))
    stage.say(.reply(request: request.id, text: "rate is 2", failed: false))
    let answer = try ann.reply(to: number)
    #expect(!answer.failed && answer.text == "rate is 2")
    stage.say("mark")
    try bob.hear("mark")
    #expect(!bob.events.contains { if case .reply(_, "rate is 2", _) = $0 { true } else { false } })

    // Who asks gets it; who gives it up has it no more; who leaves leaves it.
    bob.ask(.takeWheel)
    try ann.wheel("bob @pts/2 #2", isYours: false)
    bob.ask(.releaseWheel)
    try ann.wheel(nil, isYours: false)
    bob.ask(.takeWheel)
    try ann.wheel("bob @pts/2 #2", isYours: false)
    bob.viewer.hangUp()
    try ann.wheel(nil, isYours: false)
    try ann.hear("bob @pts/2 #2 has left")
  }

  @Test func theDashboardBeginsAtTheWheel() throws {
    let stage = try Stage(dashboard: "ann@pts/1")
    let local = stage.server.local
    local.commands.send(Request(id: 9, command: .pause))
    let request = try stage.command()
    #expect(request.command == .pause)
    stage.say(.reply(request: request.id, text: "paused", failed: false))
    var found: [Event] = []
    #expect(
      poll {
        found += local.events.receive()
        return found.contains(.reply(request: 9, text: "paused", failed: false))
      })
    let bob = try stage.viewer("bob@pts/2")
    try bob.wheel("ann@pts/1", isYours: false)
    bob.ask(.takeWheel)
    try bob.wheel("bob@pts/2 #1", isYours: true)
    local.commands.send(Request(id: 10, command: .resume))
    #expect(
      poll {
        found += local.events.receive()
        return found.contains(.reply(request: 10, text: "bob@pts/2 #1 has the wheel; W takes it", failed: true))
      })
    // The process may stop its own run all the same.
    local.commands.send(Request(id: 11, command: .stop))
    #expect(try stage.command().command == .stop)
    // The wheel goes back to it.
    bob.ask(.releaseWheel)
    try bob.wheel("ann@pts/1", isYours: false)
    stage.server.dashboardLeft()
    try bob.wheel(nil, isYours: false)
  }

  @Test func aViewerThatDoesNotReadCostsAQueue() throws {
    let stage = try Stage()
    let (deaf, good) = (try stage.client(), try stage.viewer())
    deaf.hello()
    try good.hear("raw #1 looks on")
    // More than socket and queue hold; metrics and pictures may be lost, so that it stays.
    for step in 1...600 {
      stage.say(Samples.report(step))
      stage.say(Samples.panel(step, bytes: 10_000))
    }
    try good.hear("step 600") { if case .metrics(let report) = $0, report.step == 600 { true } else { nil } }
    stage.say("still here")
    try good.hear("still here")
    #expect(!good.events.contains { "\($0)".contains("disconnected") })
    // What may not be lost ends it in time.
    for step in 1...3000 {
      stage.say(.state(.training, step: step))
      guard step.isMultiple(of: 500) else { continue }
      stage.say("mark \(step)")
      try good.hear("mark \(step)")
    }
    try good.hear("raw #1 does not read and was disconnected")
    stage.say("and on")
    try good.hear("and on")
  }

  /// The journal, a little behind, and the news complete each other.
  @Test func holesAreMended() throws {
    let journal = Mutex(RunHistory())
    let stage = try Stage(history: { _ in journal.withLock { $0 } })
    let slow = try Viewer(folder: stage.folder, program: "1.0", name: "slow")
    for step in 1...4000 {
      stage.say(Samples.report(step))
      if step <= 3900 { journal.withLock { $0.take(Samples.report(step)) } }
    }
    stage.say("all said")
    poll { stage.server.local.events.receive().contains { "\($0)".contains("all said") } }
    // Only now does it read.
    slow.start {}
    var history = RunHistory()
    #expect(
      poll(30) {
        for event in slow.link.events.receive() { history.take(event) }
        return history[.generatorLoss].firstStep == 1 && history[.generatorLoss].lastStep == 4000
      })
    slow.hangUp()
  }

  @Test func otherVersionsAreTold() throws {
    let stage = try Stage()
    let client = try stage.client()
    client.frame("{\"version\":7,\"program\":\"9.9\",\"name\":\"future\",\"more\":[1,2]}")
    let text = String(decoding: client.readToEnd(), as: UTF8.self)
    #expect(text.contains("the run is trained by gantui 1.0, whose socket speaks version 1, not 7"), "\(text)")
  }

  @Test func whatMakesNoSenseEndsOneConnection() throws {
    func expect(_ sentence: String, _ act: (RawClient) -> Void) throws {
      let stage = try Stage()
      let good = try stage.viewer()
      let client = try stage.client()
      act(client)
      try good.hear(sentence)
      let number = good.ask(.takeWheel)
      #expect(try !good.reply(to: number).failed)
    }
    try expect("was refused: a message that cannot be read: no JSON") { $0.frame("nonsense") }
    try expect("was refused: a message of 65537 bytes, more than 65536") {
      $0.hello()
      $0.write([0, 1, 0, 1])
    }
    try expect("was refused: a message of 4294967295 bytes, more than 65536") { $0.write([255, 255, 255, 255]) }
    try expect("raw #2 was refused: a message that cannot be read: a value of another type at request.command") {
      $0.hello()
      $0.frame("{\"request\":{\"id\":1,\"command\":{\"fly\":{}}}}")
    }
    try expect("raw #2 left in the middle of a message") {
      $0.hello()
      $0.write([0, 0, 1])
      shutdown($0.descriptor, Int32(SHUT_WR))
    }
  }

  @Test func aLogIsNotFlooded() {
    var complaints = Complaints()
    func expect(_ line: String?, _ expected: String?) { #expect(line == expected) }
    expect(complaints.add("first", now: 10), "first")
    expect(complaints.add("second", now: 10.5), nil)
    expect(complaints.add("third", now: 10.6), nil)
    #expect(complaints.due == 11)
    expect(complaints.overdue(now: 10.9), nil)
    expect(complaints.overdue(now: 11), "third (and 1 more like it)")
    #expect(complaints.due == nil)
    expect(complaints.add("fourth", now: 12.5), "fourth")
  }

  @Test func aFloodOfRequestsWaits() throws {
    let stage = try Stage()
    let ann = try stage.viewer()
    ann.ask(.takeWheel)
    try ann.wheel("ann@pts/1 #1", isYours: true)
    for _ in 0..<2000 { ann.ask(.pause) }
    var waiting: [Request] = []
    poll {
      waiting += stage.trainer.commands.receive()
      return waiting.count >= Connection.pendingLimit
    }
    usleep(100_000)
    waiting += stage.trainer.commands.receive()
    #expect(waiting.count == Connection.pendingLimit)
    var answered = 0
    #expect(
      poll {
        for request in waiting { stage.say(.reply(request: request.id, text: "", failed: false)) }
        answered += waiting.count
        waiting = stage.trainer.commands.receive()
        return answered == 2000
      })
  }

  @Test func theEndIsHeardAndALossIsTold() throws {
    let stage = try Stage()
    let viewer = try stage.viewer()
    stage.say(.state(.finished, step: 100))
    stage.server.trainerEnded()
    #expect(poll { viewer.viewer.end == .over })
    try viewer.hear("the end") { if case .state(.finished, _) = $0 { true } else { nil } }
    #expect(poll { stage.server.isOver })
    #expect(throws: AttachError.self) { try stage.viewer() }

    let other = try Stage()
    other.say(.state(.training, step: 1))
    let lost = try other.viewer()
    try lost.hear("a state") { if case .state = $0 { true } else { nil } }
    other.server.close()
    #expect(poll { lost.viewer.end != nil })
    #expect(lost.viewer.end == .lost("the process that trained the run has hung up"))
  }

  @Test func manyAtOnce() throws {
    let stage = try Stage()
    let viewers = try (0..<40).map { try stage.viewer("v\($0)") }
    stage.say("to all")
    for viewer in viewers { try viewer.hear("to all") }
    #expect(stage.server.isWatched)
    for viewer in viewers { viewer.viewer.hangUp() }
    #expect(poll { !stage.server.isWatched })
  }
}
