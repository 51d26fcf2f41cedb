/// Weights and gradients by layer, at one step.
public struct LayersPanel: Codable, Sendable, Equatable {
  public struct Layer: Codable, Sendable, Equatable {
    /// Without the player's name, such as `dense1`.
    public var name: String
    public var player: String
    /// Numbers that are trained.
    public var parameters: Int
    /// |w|, the Euclidean norm of all of them; nil where it is not finite.
    public var weightNorm: Double?
    /// |∂L/∂w| of the player's loss on one batch; nil where it was not finite.
    public var gradientNorm: Double?
    /// |Δw|/|w| of one update; nil where it cannot be told.
    public var updateRatio: Double?
    /// Shares of the weights in bins of equal width from -reach to reach.
    public var histogram: [Double]
    /// The largest |w|.
    public var reach: Double

    public init(
      name: String, player: String, parameters: Int, weightNorm: Double?, gradientNorm: Double?, updateRatio: Double?,
      histogram: [Double], reach: Double
    ) {
      self.name = name
      self.player = player
      self.parameters = parameters
      self.weightNorm = weightNorm
      self.gradientNorm = gradientNorm
      self.updateRatio = updateRatio
      self.histogram = histogram
      self.reach = reach
    }
  }
  /// Player by player, each from its input on.
  public var layers: [Layer]

  public init(layers: [Layer]) { self.layers = layers }
}

/// What the discriminator says of data and of samples, as distributions.
public struct ScoresPanel: Codable, Sendable, Equatable {
  /// What the bins lie between: at least 0 and 1 where scores stand for probabilities, else the extremes of both sides.
  public var minimum: Double
  public var maximum: Double
  /// Shares of the data in bins of equal width.
  public var real: [Double]
  public var generated: [Double]

  public init(minimum: Double, maximum: Double, real: [Double], generated: [Double]) {
    self.minimum = minimum
    self.maximum = maximum
    self.real = real
    self.generated = generated
  }

  /// Counts scores; nil where neither side has a finite one.
  ///
  /// - Parameter range: what the bins cover at least; least squares have scores beyond theirs. Nil for the extremes of both
  ///   sides.
  public init?(real: [Double], generated: [Double], range: ClosedRange<Double>?, bins: Int = 24) {
    let finite = (real + generated).filter(\.isFinite)
    guard bins > 0, let least = finite.min(), let most = finite.max() else { return nil }
    let (low, high) = (min(range?.lowerBound ?? least, least), max(range?.upperBound ?? most, most))
    func shares(_ values: [Double]) -> [Double] {
      var counts = [Double](repeating: 0, count: bins)
      let counted = values.filter(\.isFinite)
      for value in counted {
        // Halves, because the difference of two finite numbers may be none.
        let place = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5
        counts[min(bins - 1, Int(min(max(0, place), 1) * Double(bins)))] += 1 / Double(counted.count)
      }
      return counts
    }
    self.init(minimum: low, maximum: high, real: shares(real), generated: shares(generated))
  }
}
