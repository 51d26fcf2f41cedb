import Testing

@testable import TerminalKit

@Suite struct TextTests {
  @Test func truncation() {
    #expect("discriminator".truncated(to: 20) == "discriminator")
    #expect("discriminator".truncated(to: 13) == "discriminator")
    #expect("discriminator".truncated(to: 8) == "discrim…")
    #expect("discriminator".truncated(to: 8, ellipsis: "..") == "discri..")
    #expect("discriminator".truncated(to: 1) == "…")
    #expect("discriminator".truncated(to: 0) == "")
    #expect("discriminator".truncated(to: -3) == "")
    #expect("漢字漢字".truncated(to: 4) == "漢…")
    #expect("漢字漢字".truncated(to: 4).columns == 3)
  }

  @Test func padding() {
    #expect("ab".padded(to: 4) == "ab  ")
    #expect("ab".leftPadded(to: 4) == "  ab")
    #expect("漢".padded(to: 4) == "漢  ")
    #expect("abcdef".padded(to: 4) == "abc…")
    #expect("abcdef".leftPadded(to: 4) == "abc…")
    #expect("".padded(to: 2) == "  ")
    #expect("a".padded(to: -1) == "")
  }

  @Test func wrapping() {
    #expect("the quick brown fox".wrapped(to: 10) == ["the quick", "brown fox"])
    #expect("a verylongwordindeed b".wrapped(to: 6) == ["a", "verylo", "ngword", "indeed", "b"])
    #expect("one\n\ntwo".wrapped(to: 10) == ["one", "", "two"])
    #expect("漢字漢字".wrapped(to: 5) == ["漢字", "漢字"])
    #expect("漢".wrapped(to: 1).allSatisfy { $0.columns <= 1 })
    #expect("x".wrapped(to: 0) == [])
    #expect("".wrapped(to: 5) == [""])
  }

  @Test func numbers() {
    let cases: [(Double, String)] = [
      (0, "0"), (-0.0, "0"), (0.6931, "0.6931"), (0.693147, "0.6931"), (12.345678, "12.35"), (1, "1"), (100, "100"),
      (999.94, "999.9"), (999.96, "1k"), (1234, "1.234k"), (12346, "12.35k"), (-12346, "-12.35k"), (5_600_000, "5.6M"),
      (1e9, "1G"), (2.5e12, "2.5T"), (1e15, "1e15"), (2e-4, "2e-4"), (1.23456e-5, "1.235e-5"), (0.001, "0.001"),
      (0.0009999, "9.999e-4"), (0.00099999, "0.001"), (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
      (.greatestFiniteMagnitude, "1.798e308"), (.leastNonzeroMagnitude, "4.941e-324"), (20000, "20k"),
    ]
    for (value, text) in cases { #expect(formatted(value) == text, "\(value)") }
  }

  @Test func durations() {
    let cases: [(Double, String)] = [
      (0, "0s"), (-4, "0s"), (0.25, "250ms"), (0.9999, "1s"), (1, "1s"), (42.4, "42s"), (59.6, "1m 00s"),
      (185, "3m 05s"), (3599.7, "1h 00m"), (3720, "1h 02m"), (86400, "1d 00h"), (97200, "1d 03h"), (.infinity, "--"),
      (.nan, "--"), (1e300, "1.157e295d"),
    ]
    for (seconds, text) in cases { #expect(formatDuration(seconds) == text, "\(seconds)") }
  }
}
