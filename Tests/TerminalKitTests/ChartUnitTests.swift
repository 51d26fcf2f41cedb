import Testing

@testable import TerminalKit

@Suite struct ChartUnitTests {
  private func labels(_ low: Double, _ high: Double, _ unit: ChartUnit, log: Bool = false, limit: Int = 6) -> [String] {
    var axis = ChartAxis(lower: low, upper: high, isLogarithmic: log)
    axis.unit = unit
    return axis.ticks(atMost: limit).map(\.label)
  }

  @Test func secondsAreRoundAsAClockIs() {
    #expect(labels(0, 100, .seconds) == ["0", "30s", "1m", "1m30s"])
    #expect(labels(0, 3600, .seconds) == ["0", "15m", "30m", "45m", "1h"])
    #expect(labels(7000, 8200, .seconds) == ["2h", "2h5m", "2h10m", "2h15m"])
    #expect(labels(0, 200_000, .seconds) == ["0", "12h", "1d", "1d12h", "2d"])
    #expect(labels(1, 5000, .seconds, log: true) == ["1s", "10s", "1m", "10m", "1h"])
    #expect(labels(0, 0.5, .seconds).count >= 2)
  }

  @Test func timesOfDayAreThoseOfThePlace() {
    // 2021-11-21 14:05:30 UTC.
    let time = 1_637_503_530.0
    let unit = ChartUnit.date(secondsFromGMT: 0)
    #expect(unit.text(time) == "14:05:30")
    #expect(unit.text(time, step: 3600) == "14:05")
    #expect(unit.text(time, step: 86400) == "21 Nov")
    #expect(ChartUnit.date(secondsFromGMT: -15 * 3600).text(time, step: 86400) == "20 Nov")
    #expect(ChartUnit.date(secondsFromGMT: 3600).text(time) == "15:05:30")
    #expect(ChartUnit.date(secondsFromGMT: 0).text(-1) == "23:59:59")
    #expect(ChartUnit.date(secondsFromGMT: 0).text(951_782_400, step: 86400) == "29 Feb")
    #expect(labels(time, time + 3600, unit) == ["14:10", "14:20", "14:30", "14:40", "14:50", "15:00"])
    #expect(
      labels(time, time + 3600, .date(secondsFromGMT: 1800)) == ["14:40", "14:50", "15:00", "15:10", "15:20", "15:30"])
    #expect(labels(time, time + 86400 * 30, unit, limit: 4) == ["29 Nov", "9 Dec", "19 Dec"])
  }

  @Test func anyNumberHasAText() {
    for unit in [ChartUnit.number, .seconds, .date(secondsFromGMT: 7200)] {
      for value in [0, -1, 0.001, 59.999, 1e9, 1e300, -1e300, .nan, .infinity] { #expect(!unit.text(value).isEmpty) }
      for (low, high) in [(0.0, 1e-9), (-1e300, 1e300), (1e11, 1e11 + 1), (-5, 5)] {
        _ = labels(low, high, unit)
        _ = labels(low, high, unit, log: true)
      }
    }
  }
}
