import Dashboard
import Telemetry
import TerminalKit
import Testing

@Suite struct PaceTests {
  /// The speed in the header is that of the newest seconds.
  @Test func theSpeedFollows() {
    var state = Scenes.ring
    func report(_ step: Int, _ elapsed: Double) {
      _ = state.hear(
        .metrics(
          MetricReport(
            step: step, elapsed: elapsed,
            buckets: [.generatorLoss: Bucket(step: step, value: 1)])))
    }
    func speed() -> String {
      let frame = state.view(size: Size(width: 120, height: 30), theme: .plain, capabilities: Scenes.ascii).text
      return frame.split(separator: " steps/s").first?.split(separator: " ").last.map(String.init) ?? ""
    }
    var (step, elapsed) = (20_000, 100.0)
    for (rate, seconds) in [(400, 20), (250, 20), (900, 20)] {
      for _ in 0..<(10 * seconds) {
        (step, elapsed) = (step + rate / 10, elapsed + 0.1)
        report(step, elapsed)
        // What was measured beside the training comes with the step of then.
        report(step - rate / 20, elapsed)
      }
      #expect(speed() == "\(rate)")
    }
  }
}
