import Glibc
import Testing

@testable import CursesTerminal

@Suite(.serialized) struct SignalSourceTests {
  @Test func signalsComeAsEvents() throws {
    let source = try SignalSource([.windowChanged, .continued])
    #expect(source.pending().isEmpty)
    #expect(FileDescriptors.wait(for: [source.fileDescriptor], timeoutMilliseconds: 0).isEmpty)
    raise(SIGWINCH)
    raise(SIGWINCH)
    raise(SIGCONT)
    #expect(FileDescriptors.wait(for: [source.fileDescriptor], timeoutMilliseconds: 0) == [source.fileDescriptor])
    // A storm of one kind is one event.
    #expect(Set(source.pending()) == [.windowChanged, .continued])
    #expect(source.pending().isEmpty)
  }

  @Test func anEchoOfTerminationIsNone() throws {
    let source = try SignalSource([.terminate])
    raise(SIGTERM)
    #expect(source.pending() == [.terminate])
    raise(SIGTERM)
    #expect(source.pending() == [])
  }

  @Test func wakingIsHeardOnceHoweverOftenItWasDone() throws {
    let wakeUp = try WakeUp()
    #expect(FileDescriptors.wait(for: [wakeUp.fileDescriptor], timeoutMilliseconds: 0).isEmpty)
    for _ in 0..<1000 { wakeUp.wake() }
    #expect(FileDescriptors.wait(for: [wakeUp.fileDescriptor], timeoutMilliseconds: nil) == [wakeUp.fileDescriptor])
    wakeUp.drain()
    wakeUp.drain()
    #expect(FileDescriptors.wait(for: [wakeUp.fileDescriptor], timeoutMilliseconds: 0).isEmpty)
  }

  @Test func theOtherSideGoesAway() {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    #expect(!FileDescriptors.isGone(ends[0]))
    close(ends[1])
    #expect(FileDescriptors.isGone(ends[0]))
    #expect(FileDescriptors.wait(for: [ends[0]], timeoutMilliseconds: 0) == [ends[0]])
    close(ends[0])
  }
}
