import Execution

/// What configurations may ask of a processor.
public struct Processor: Sendable, Equatable {
  /// Whether it computes in bf16 by instructions of its own.
  public var hasBF16: Bool

  public init(hasBF16: Bool) { self.hasBF16 = hasBF16 }

  /// The one that this process runs on.
  public static var current: Processor { Processor(hasBF16: CPUBackend.hasBF16) }
  /// One that has all there is: for configurations that are looked at and not trained.
  public static let any = Processor(hasBF16: true)
}
