/// A round of gradient descent of both players, without momentum.
///
/// Simultaneous: w ← w + R·v(w), R = diag(h_G, ..., h_D, ...). Alternating: k times φ ← φ − h_D·∇_φ L_D(θ, φ), then
/// θ ← θ − h_G·∇_θ L_G(θ, φ) with the new φ.
public struct GradientSteps: Sendable, Hashable, Codable {
  public enum Order: Sendable, Hashable, Codable {
    /// Both players step from the same point.
    case simultaneous
    /// The discriminator steps so many times, at least once; then the generator, which sees the result.
    case alternating(discriminatorSteps: Int)
  }
  /// h_G.
  public var generatorRate: Double
  /// h_D.
  public var discriminatorRate: Double
  public var order: Order

  public init(generatorRate: Double, discriminatorRate: Double, order: Order) {
    self.generatorRate = generatorRate
    self.discriminatorRate = discriminatorRate
    self.order = order
  }

  /// Both players with the same rate.
  public init(rate: Double, order: Order) {
    self.init(generatorRate: rate, discriminatorRate: rate, order: order)
  }

  /// The same round with both rates times a factor.
  public func scaled(by factor: Double) -> GradientSteps {
    GradientSteps(generatorRate: factor * generatorRate, discriminatorRate: factor * discriminatorRate, order: order)
  }

  /// The round as maps w ← w + R·v(w), one after the other, by the rates of each.
  var stages: [(generator: Double, discriminator: Double)] {
    switch order {
    case .simultaneous: [(generatorRate, discriminatorRate)]
    case .alternating(let steps):
      Array(repeating: (0, discriminatorRate), count: max(1, steps)) + [(generatorRate, 0)]
    }
  }

  /// The diagonals of the stages' R, for points whose first elements are the generator's.
  func diagonals(generatorCount: Int, count: Int) -> [[Double]] {
    stages.map { stage in (0..<count).map { $0 < generatorCount ? stage.generator : stage.discriminator } }
  }
}

extension GradientSteps {
  /// The Jacobian M of the round at a stationary point: the product of the stages' I + R·v′, the last one leftmost.
  ///
  ///     simultaneous: M = I + R·v′        alternating: M = (I + h_G·P_G·v′)·(I + h_D·P_D·v′)ᵏ
  ///
  /// with the projections P on a player's coordinates. Steps converge near the point where M's spectral radius is below
  /// 1: [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), appendix A.
  public func operatorMatrix(jacobian: SquareMatrix, generatorCount: Int) -> SquareMatrix {
    SquareMatrix.identity(size: jacobian.size) + displacement(jacobian: jacobian, generatorCount: generatorCount)
  }

  /// M − I without the cancellation of a subtraction.
  func displacement(jacobian: SquareMatrix, generatorCount: Int) -> SquareMatrix {
    var result = SquareMatrix(size: jacobian.size)
    for diagonal in diagonals(generatorCount: generatorCount, count: jacobian.size) {
      let stage = jacobian.scalingRows(diagonal)
      result = result + stage + stage * result
    }
    return result
  }

  /// (M − I)·u at a stationary point, by products alone.
  func displacement(
    of direction: [Double], generatorCount: Int, product: ([Double]) throws -> [Double]
  ) rethrows -> [Double] {
    var moved = Array(repeating: 0.0, count: direction.count)
    for diagonal in diagonals(generatorCount: generatorCount, count: direction.count) {
      let slope = try product(zip(direction, moved).map { $0 + $1 })
      for index in moved.indices { moved[index] += diagonal[index] * slope[index] }
    }
    return moved
  }
}

extension CompiledGame {
  /// Makes one round of gradient steps; the game's variables move.
  public func take(_ steps: GradientSteps) throws {
    for diagonal in steps.diagonals(generatorCount: game.generatorCount, count: game.count) {
      let (point, slope) = (try parameters(), try field())
      try setParameters(point.indices.map { point[$0] + diagonal[$0] * slope[$0] })
    }
  }

  /// The exact Jacobian of a round at the point where the game is, stationary or not: each stage's I + R·v′ is taken
  /// where the stages before it lead. The parameters stay as they are.
  ///
  /// Column by column, for games of up to some hundred parameters.
  public func operatorMatrix(of steps: GradientSteps) throws -> SquareMatrix {
    let count = game.count
    let units = (0..<count).map { index in (0..<count).map { $0 == index ? 1.0 : 0 } }
    var matrix = SquareMatrix(size: count)
    for (column, image) in try images(of: units, under: steps).enumerated() {
      for row in 0..<count { matrix[row, column] = image[row] }
    }
    return matrix
  }

  /// The exact Jacobian of a round, as `operatorMatrix` has it, times a direction.
  public func operatorProduct(of steps: GradientSteps, with direction: [Double]) throws -> [Double] {
    try images(of: [direction], under: steps)[0]
  }

  private func images(of directions: [[Double]], under steps: GradientSteps) throws -> [[Double]] {
    let start = try parameters()
    // What the store gave it takes back: this cannot fail.
    defer { try? setParameters(start) }
    var images = directions
    for diagonal in steps.diagonals(generatorCount: game.generatorCount, count: game.count) {
      for index in images.indices {
        let slope = try product(with: images[index])
        for row in slope.indices { images[index][row] += diagonal[row] * slope[row] }
      }
      let (point, slope) = (try parameters(), try field())
      try setParameters(point.indices.map { point[$0] + diagonal[$0] * slope[$0] })
    }
    return images
  }
}
