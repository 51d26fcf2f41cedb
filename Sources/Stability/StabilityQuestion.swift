/// What is asked of a report.
public struct StabilityQuestion: Sendable, Hashable, Codable {
  /// h_G and h_D: 1 and 1, or what stands in which proportion.
  public var generatorRate = 1.0
  public var discriminatorRate = 1.0
  /// k of the alternating steps.
  public var discriminatorSteps = 1
  /// Whether the limit of alternating steps is searched for: some ten spectra more.
  public var asksForAlternating = true
  /// What counts as 0, relative to the greatest modulus: 1e-7 for f64, 1e-3 for f32.
  public var tolerance = 1e-7
  /// Up to how many parameters all eigenvalues are computed, of the dense Jacobian; beyond, the leading ones.
  public var denseLimit = 400
  /// How many leading eigenvalues must be found, by modulus and by real part each.
  public var leading = 6
  /// Of the leading eigenvalues: products at most, and the residual.
  public var maximumBasis = 120
  public var residual = 1e-8

  public init() {}

  var order: GradientSteps.Order { .alternating(discriminatorSteps: discriminatorSteps) }
  func steps(_ order: GradientSteps.Order) -> GradientSteps {
    GradientSteps(generatorRate: generatorRate, discriminatorRate: discriminatorRate, order: order)
  }
}
