import Testing

@testable import TerminalKit

@Suite struct ChartAxisTests {
  private func labels(_ lower: Double, _ upper: Double, _ limit: Int, log: Bool = false) -> [String] {
    ChartAxis(lower: lower, upper: upper, isLogarithmic: log).ticks(atMost: limit).map(\.label)
  }

  @Test func linearTicksAreRound() {
    #expect(labels(0, 1, 6) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
    #expect(labels(0, 1, 3) == ["0", "0.5", "1"])
    #expect(labels(-0.03, 0.98, 4) == ["0", "0.5"])
    #expect(labels(0, 20000, 5) == ["0", "5k", "10k", "15k", "20k"])
    #expect(labels(-1.5, 1.5, 4) == ["-1", "0", "1"])
    #expect(labels(1e-4, 4e-4, 4) == ["1e-4", "2e-4", "3e-4", "4e-4"])
    #expect(labels(0.6931, 0.6933, 3) == ["0.6931", "0.6932", "0.6933"])
  }

  @Test func logarithmicTicksArePowersOfTen() {
    #expect(labels(1e-6, 1, 7, log: true) == ["1e-6", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1"])
    #expect(labels(1e-6, 1, 4, log: true) == ["1e-6", "1e-4", "0.01", "1"])
    #expect(labels(1, 10, 4, log: true) == ["1", "2", "5", "10"])
    #expect(labels(3, 4, 6, log: true) == ["3", "3.2", "3.4", "3.6", "3.8", "4"])
  }

  @Test func neverMoreThanTheLimitAndAlwaysInView() {
    for log in [false, true] {
      for (lower, upper) in [(1e-9, 1e9), (0.3, 0.30001), (1, 3), (99, 101), (1e-307, 1e308), (7, 7)] {
        for limit in 0...12 {
          let axis = ChartAxis(lower: lower, upper: upper, isLogarithmic: log)
          let ticks = axis.ticks(atMost: limit)
          #expect(ticks.count <= limit, "\(lower)...\(upper), \(limit)")
          for tick in ticks {
            let place = axis.place(tick.value) ?? (tick.value == 0 ? 0 : -1)
            #expect(place > -1e-6 && place < 1 + 1e-6, "\(tick)")
          }
          #expect(Set(ticks.map(\.label)).count == ticks.count, "\(ticks)")
        }
      }
    }
  }

  @Test func placesAndValuesAreInverse() {
    for log in [false, true] {
      let axis = ChartAxis(lower: 0.5, upper: 200, isLogarithmic: log)
      for value in [0.5, 1, 7.3, 200] {
        let place = axis.place(value) ?? -1
        #expect(place >= 0 && place <= 1)
        #expect(abs(axis.value(at: place) - value) < 1e-9)
      }
    }
    #expect(ChartAxis(lower: 1, upper: 10, isLogarithmic: true).place(0) == nil)
    #expect(ChartAxis(lower: 1, upper: 10, isLogarithmic: true).place(-1) == nil)
    #expect(ChartAxis(lower: 0, upper: 1).place(.nan) == nil)
    #expect(ChartAxis(lower: 0, upper: 1).place(.infinity) == nil)
  }

  @Test func equalBoundsLieInTheMiddle() {
    #expect(ChartAxis(lower: 0, upper: 0).place(0) == 0.5)
    #expect(abs((ChartAxis(lower: 0.25, upper: 0.25).place(0.25) ?? 0) - 0.5) < 1e-9)
    #expect(abs((ChartAxis(lower: 5, upper: 5, isLogarithmic: true).place(5) ?? 0) - 0.5) < 1e-9)
  }
}
