import Testing

@testable import Dashboard

@Suite struct FramePaceTests {
  @Test func cheapFramesComeTenTimesASecond() {
    var pace = FramePace(now: 0, spent: 0)
    pace.drew(now: 5, spent: 0.0005)
    #expect(abs(pace.remaining(now: 5) - 0.1) < 1e-9)
    #expect(pace.remaining(now: 5.2) < 0)
  }

  @Test func dearFramesComeLessOften() {
    var pace = FramePace(now: 0, spent: 1)
    pace.drew(now: 5, spent: 1.0012)
    #expect(abs(pace.remaining(now: 5) - 0.15) < 1e-9)
    pace.drew(now: 6, spent: 1.9)
    #expect(abs(pace.remaining(now: 6) - FramePace.most) < 1e-9)
    pace.drew(now: 7, spent: 1.9)
    #expect(abs(pace.remaining(now: 7) - FramePace.least) < 1e-9)
  }
}
