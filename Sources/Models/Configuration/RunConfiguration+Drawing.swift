import Telemetry

extension RunConfiguration {
  /// The same run on points that a person drew; named after it, `-drawn` at the end. A drawing has no classes, so neither
  /// has the game.
  ///
  /// - Parameters:
  ///   - points: at least one.
  ///   - jitter: the deviation around each, in the points' units.
  public func onDrawing(_ points: [DrawnPoint], jitter: Double = 0.05) -> RunConfiguration {
    var next = self
    next.data = DataConfiguration(source: .drawn(points: points, jitter: jitter), standardize: data.standardize)
    if case .gan(var gan) = next.model {
      gan.condition = .none
      next.model = .gan(gan)
    }
    // 64 letters are the most that a name has.
    next.name = name.hasSuffix("-drawn") ? name : name.prefix(58) + "-drawn"
    return next
  }
}
