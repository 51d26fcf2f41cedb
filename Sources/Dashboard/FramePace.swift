/// When telemetry alone may draw the next frame: at most ten times a second, and less often where frames are dear.
///
/// Keys and resizes do not ask.
public struct FramePace: Sendable, Equatable {
  /// Seconds between two frames where they are cheap, and where they are not.
  public static let least = 0.1
  public static let most = 0.25
  /// The part of a core that the dashboard may take, 0...1.
  public static let share = 0.008

  private var drawnAt: Double
  private var interval = least
  private var spentBefore: Double

  /// - Parameters:
  ///   - now: seconds of a clock that only goes on.
  ///   - spent: CPU seconds of the dashboard so far.
  public init(now: Double, spent: Double) {
    drawnAt = now
    spentBefore = spent
  }

  /// A frame was drawn, for whatever reason.
  public mutating func drew(now: Double, spent: Double) {
    drawnAt = now
    interval = min(Self.most, max(Self.least, (spent - spentBefore) / Self.share))
    spentBefore = spent
  }

  /// Seconds until telemetry may draw; 0 or less when it may.
  public func remaining(now: Double) -> Double { interval - (now - drawnAt) }
}
