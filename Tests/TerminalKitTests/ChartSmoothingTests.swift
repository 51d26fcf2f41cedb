import Foundation
import Testing

@testable import TerminalKit

/// Numbers worked out by hand from TensorBoard's rule.
@Suite struct ChartSmoothingTests {
  private func expectEqual(_ a: [Double], _ b: [Double]) {
    #expect(a.count == b.count)
    for (a, b) in zip(a, b) { #expect(abs(a - b) < 1e-12, "\(a) and \(b)") }
  }

  @Test func debiasedAverageByHand() {
    // w = 0.5: m = 0.5, 1.25, 2.125; divided by 0.5, 0.75, 0.875.
    expectEqual(LineChart.smooth([1, 2, 3], weight: 0.5), [1, 1.25 / 0.75, 2.125 / 0.875])
    // w = 0.9: m = 1, 0.9, 1.81; divided by 0.1, 0.19, 0.271.
    expectEqual(LineChart.smooth([10, 0, 10], weight: 0.9), [10, 0.9 / 0.19, 1.81 / 0.271])
  }

  @Test func zeroWeightChangesNothing() {
    #expect(LineChart.smooth([3, 1, 2], weight: 0) == [3, 1, 2])
    #expect(LineChart.smooth([3, 1, 2], weight: -1) == [3, 1, 2])
    #expect(LineChart.smooth([3, 1, 2], weight: .nan) == [3, 1, 2])
  }

  @Test func constantSeriesAreUntouched() {
    let values = Array(repeating: 0.1, count: 50)
    #expect(LineChart.smooth(values, weight: 0.99) == values)
  }

  @Test func othersThanNumbersAreLeftOutOfTheAverage() {
    let smoothed = LineChart.smooth([1, .nan, 2, .infinity, 3], weight: 0.5)
    #expect(smoothed[1].isNaN)
    #expect(smoothed[3] == .infinity)
    expectEqual([smoothed[0], smoothed[2], smoothed[4]], [1, 1.25 / 0.75, 2.125 / 0.875])
  }

  @Test func weightIsCappedBelowOne() {
    expectEqual(LineChart.smooth([1, 2], weight: 1), LineChart.smooth([1, 2], weight: 0.999))
    #expect(LineChart.smooth([], weight: 0.5).isEmpty)
    #expect(LineChart.smooth([7], weight: 0.5) == [7])
  }

  /// What scripts/parity/make_smoothing.py found in fractions and with pandas.
  private struct Case: Decodable {
    var name: String
    var weight: Double
    var values: [Double?]
    var smoothed: [Double?]
  }

  @Test func equalsTensorBoardsFormulaOnTheSameNumbers() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data")
    let data = try Data(contentsOf: folder.appendingPathComponent("smoothing.json"))
    let cases = try JSONDecoder().decode([Case].self, from: data)
    #expect(cases.count == 25)
    for example in cases {
      let smoothed = LineChart.smooth(example.values.map { $0 ?? .nan }, weight: example.weight)
      let scale = example.values.compactMap { $0.map(abs) }.max() ?? 1
      #expect(smoothed.count == example.smoothed.count)
      for (found, expected) in zip(smoothed, example.smoothed) {
        guard let expected else {
          #expect(found.isNaN)
          continue
        }
        // 1 - w^n loses three digits at w = 0.999, n = 1.
        #expect(abs(found - expected) < 1e-11 * scale, "\(example.name) \(example.weight): \(found), \(expected)")
      }
    }
  }
}
