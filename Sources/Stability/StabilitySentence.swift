import Foundation

extension StabilityReport {
  /// The verdict in words, such as
  /// `rotates: eigenvalues ±0.5i have no damping; no step of simultaneous gradient descent is stable; alternating steps
  /// circle below 4`.
  public var sentence: String {
    guard !eigenvalues.isEmpty else { return "undecided: no eigenvalue was found; more products are needed" }
    var parts = [opening]
    if knowsLimits { parts.append(steps("simultaneous", simultaneous)) }
    if let alternating { parts.append(steps("alternating", alternating)) }
    if zeroCount > 0, verdict != .undecided {
      parts.append("\(zeroCount) eigenvalue\(zeroCount == 1 ? " is" : "s are") 0")
    }
    if !isComplete { parts.append("judged by \(eigenvalues.count) of \(dimension) eigenvalues") }
    if !isConverged { parts.append("some leading ones were not found; more products are needed") }
    if !isStationary { parts.append("the point is not stationary (|v| = \(short(fieldNorm)))") }
    return parts.joined(separator: "; ")
  }

  private var opening: String {
    switch verdict {
    case .converges:
      let slowest = movingEigenvalues.map(\.real).max() ?? 0
      let turning = movingEigenvalues.map { abs($0.imaginary) / $0.modulus }.max() ?? 0
      let way = turning > 0.1 ? "in a spiral" : "without turning"
      return "converges \(way): the slowest distance shrinks at a rate of \(short(-slowest))"
    case .rotates:
      // The fastest turn speaks for the others.
      let zero = tolerance * eigenvalues.spectralRadius
      let free = movingEigenvalues.filter { abs($0.real) <= zero }.map { abs($0.imaginary) }.max() ?? 0
      return "rotates: eigenvalues ±\(short(free))i have no damping"
    case .diverges:
      let worst = movingEigenvalues.sortedByRealPart().first ?? Eigenvalue(0)
      let value = worst.imaginary == 0 ? short(worst.real) : "\(short(worst.real))±\(short(abs(worst.imaginary)))i"
      return "diverges: the eigenvalue \(value) leads away from the point"
    case .undecided where !isConverged:
      return "undecided: no eigenvalue that was found leads away from the point"
    case .undecided:
      return "undecided: all eigenvalues are 0, so the field's linear part says nothing"
    }
  }

  private var movingEigenvalues: [Eigenvalue] { eigenvalues.dropLast(zeroCount) }

  private func steps(_ name: String, _ limit: StepLimit) -> String {
    let unit = generatorRate == 1 && discriminatorRate == 1 ? "" : " times the rates"
    return switch (limit.kind, limit.factor) {
    case (.growing, _): "no step of \(name) gradient descent is stable"
    case (.contracting, let factor?): "\(name) steps converge below \(short(factor))\(unit)"
    case (.contracting, nil): "\(name) steps of every size converge"
    case (.neutral, let factor?): "\(name) steps circle below \(short(factor))\(unit)"
    case (.neutral, nil): "\(name) steps neither converge nor diverge, to first order"
    }
  }
}

/// A number to three significant places.
func short(_ value: Double) -> String { String(format: "%.3g", value) }
