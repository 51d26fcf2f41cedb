/// What the eigenvalues of a game at a point say of its training there.
///
/// With rates of 1, the default, eigenvalues are those of v′, and limits are rates; with others, eigenvalues are those
/// of R·v′, and limits are factors of the rates.
public struct StabilityReport: Sendable, Hashable, Codable {
  public enum Verdict: String, Sendable, Hashable, Codable {
    /// All eigenvalues that are not 0 have negative real parts: small steps of either order converge, linearly.
    case converges
    /// Some eigenvalues have no real part, none a positive one: the players turn around the point.
    case rotates
    /// An eigenvalue has a positive real part: training leaves the point.
    case diverges
    /// All eigenvalues are 0, so that the linear part of the field says nothing; or those that decide were not found.
    case undecided
  }

  /// The greatest modulus first.
  public let eigenvalues: [Eigenvalue]
  /// The greatest real part.
  public let spectralAbscissa: Double
  /// Parameters of both players.
  public let dimension: Int
  /// What counts as 0, relative to the greatest modulus.
  public let tolerance: Double
  /// How many of the eigenvalues are 0.
  public let zeroCount: Int
  /// Whether these are all eigenvalues; else the outer ones.
  public let isComplete: Bool
  /// Whether the greatest eigenvalues by modulus and by real part, and for each alternating step looked at the one that
  /// grows fastest, were found; else `maximumBasis` was too small, and limits and verdict may overlook some.
  public let isConverged: Bool
  /// ‖v‖₂: only where it is 0 do the eigenvalues decide on convergence.
  public let fieldNorm: Double
  public let isStationary: Bool
  public let generatorRate: Double
  public let discriminatorRate: Double
  /// The discriminator's steps in a round of alternating ones.
  public let discriminatorSteps: Int
  public let simultaneous: StepLimit
  /// nil where it was not asked for or could not be found.
  public let alternating: StepLimit?
  public let verdict: Verdict
  /// Whether `simultaneous` holds for all eigenvalues: one that was not found may only be worse where one diverges anyway.
  public var knowsLimits: Bool { isConverged || verdict == .diverges }
}

extension StabilityReport {
  /// A report of a known Jacobian.
  ///
  /// - Parameters:
  ///   - jacobian: v′, the generator's coordinates first.
  ///   - fieldNorm: ‖v‖₂ at the point.
  /// - Throws: `StabilityError.notFinite`, `.lapack`.
  public init(
    jacobian: SquareMatrix, generatorCount: Int, fieldNorm: Double = 0, asking question: StabilityQuestion = .init()
  ) throws(StabilityError) {
    let scaled = question.steps(.simultaneous).displacement(jacobian: jacobian, generatorCount: generatorCount)
    let eigenvalues = try scaled.eigenvalues()
    var alternating: StepLimit?
    if question.asksForAlternating {
      alternating = try .searched(
        question.steps(question.order), jacobian: jacobian, generatorCount: generatorCount,
        tolerance: question.tolerance)
    }
    self.init(
      eigenvalues, dimension: jacobian.size, fieldNorm: fieldNorm, alternating: alternating, asking: question)
  }

  /// A report of a game where it is: of all eigenvalues up to `denseLimit` parameters, of the leading ones beyond.
  ///
  /// The leading ones are the converged ones of Arnoldi's iteration; limits and verdict are theirs.
  ///
  /// - Throws: `StabilityError.notFinite` where the field has no derivatives, `.lapack`, what the backend throws.
  public init(of compiled: CompiledGame, asking question: StabilityQuestion = .init()) throws {
    let (count, generatorCount) = (compiled.game.count, compiled.game.generatorCount)
    let fieldNorm = norm(try compiled.field())
    guard count > question.denseLimit else {
      try self.init(
        jacobian: compiled.jacobian(), generatorCount: generatorCount, fieldNorm: fieldNorm, asking: question)
      return
    }
    let iteration = Arnoldi(dimension: count, maximumBasis: question.maximumBasis, tolerance: question.residual)
    var isConverged = true
    func leading(_ steps: GradientSteps, _ keys: [(Eigenvalue) -> Double], factor: Double = 1) throws -> [Eigenvalue] {
      let scaled = steps.scaled(by: factor)
      let found = try iteration.eigenvalues(wanted: question.leading, by: keys) { direction in
        try scaled.displacement(of: direction, generatorCount: generatorCount, product: compiled.product(with:))
          .map { $0 / factor }
      }
      for key in keys {
        let first = found.max { key($0.value) < key($1.value) }
        isConverged = isConverged && first?.isConverged == true
      }
      return found.filter(\.isConverged).map(\.value)
    }
    let eigenvalues = try leading(question.steps(.simultaneous), [\.modulus, \.real])
    var alternating: StepLimit?
    if question.asksForAlternating, isConverged {
      let zero = question.tolerance * eigenvalues.spectralRadius
      let limit = try StepLimit.searched(
        scale: eigenvalues.spectralRadius, tolerance: question.tolerance, ratio: 2, precision: 1e-3
      ) { factor in
        let growth = { (value: Eigenvalue) in 2 * value.real + factor * value.modulus * value.modulus }
        return try leading(question.steps(question.order), [growth], factor: factor).filter { $0.modulus > zero }
      }
      if isConverged { alternating = limit }
    }
    self.init(
      eigenvalues, dimension: count, fieldNorm: fieldNorm, isConverged: isConverged, alternating: alternating,
      asking: question)
  }

  private init(
    _ eigenvalues: [Eigenvalue], dimension: Int, fieldNorm: Double, isConverged: Bool = true, alternating: StepLimit?,
    asking question: StabilityQuestion
  ) {
    let zero = question.tolerance * eigenvalues.spectralRadius
    let moving = eigenvalues.filter { $0.modulus > zero }
    self.eigenvalues = eigenvalues.sortedByModulus()
    spectralAbscissa = eigenvalues.isEmpty ? 0 : eigenvalues.spectralAbscissa
    self.dimension = dimension
    tolerance = question.tolerance
    zeroCount = eigenvalues.count - moving.count
    isComplete = eigenvalues.count == dimension
    self.isConverged = isConverged
    self.fieldNorm = fieldNorm
    isStationary = fieldNorm <= question.tolerance * max(1, eigenvalues.spectralRadius)
    generatorRate = question.generatorRate
    discriminatorRate = question.discriminatorRate
    discriminatorSteps = question.discriminatorSteps
    simultaneous = .simultaneous(eigenvalues: eigenvalues, tolerance: question.tolerance)
    self.alternating = alternating
    verdict =
      if moving.isEmpty { .undecided } else if moving.contains(where: { $0.real > zero }) {
        .diverges
      } else if !isConverged {
        // One that was not found may lead away.
        .undecided
      } else if moving.contains(where: { $0.real >= -zero }) { .rotates } else { .converges }
  }
}
