import Tensors

/// One side of a game: the loss that it minimizes, and the variables that it moves.
public struct Player: Sendable {
  public let name: String
  /// A scalar, twice differentiable at the points of interest.
  public let loss: Tensor
  public let variables: [Variable]

  public init(name: String, loss: Tensor, variables: [Variable]) {
    self.name = name
    self.loss = loss
    self.variables = variables
  }
}

/// A differentiable game of two players, and its joint gradient field
///
///     v(θ, φ) = (−∇_θ L_G, −∇_φ L_D)
///
/// whose Jacobian v′ tells how gradient steps behave near a stationary point. Points and directions of the game are the
/// elements of the generator's variables in order, row-major, then those of the discriminator's.
///
/// Losses must not be detached from the other player: L_D of detached samples has the same field, but its ∂²L_D/∂θ∂φ
/// is lost, and with it half of the rotation. Where all paths are detached, the initializer throws; a penalty whose
/// points alone are detached (`gradientPenalty` of the room Objectives) goes unnoticed, and lacks that part.
///
/// Reference: [Mescheder et al. 2017](https://arxiv.org/abs/1705.10461) and
/// [Mescheder et al. 2018](https://arxiv.org/abs/1801.04406), the sections on the gradient vector field.
public struct Game: Sendable {
  public let generator: Player
  public let discriminator: Player
  /// The generator's variables, then the discriminator's.
  public var variables: [Variable] { generator.variables + discriminator.variables }
  /// Elements of the generator's variables, the first coordinates of a point.
  public var generatorCount: Int { generator.variables.reduce(0) { $0 + $1.shape.count } }
  /// Elements of all variables: the dimension of v.
  public var count: Int { variables.reduce(0) { $0 + $1.shape.count } }

  /// - Throws: a `StabilityError` for a player without variables, a variable that stands twice, a loss that is detached
  ///   from the other player.
  public init(generator: Player, discriminator: Player) throws(StabilityError) {
    self.generator = generator
    self.discriminator = discriminator
    var names: Set<String> = []
    for player in [generator, discriminator] {
      guard player.variables.contains(where: { $0.shape.count > 0 }) else {
        throw .noVariables(player: player.name)
      }
      for variable in player.variables where !names.insert(variable.name).inserted {
        throw .sharedVariable(variable.name)
      }
    }
    for (player, other) in [(generator, discriminator), (discriminator, generator)] {
      let others = Set(other.variables.map(\.name))
      guard others.isDisjoint(with: variableNames(below: player.loss, crossingDetached: false)) else { continue }
      guard others.isDisjoint(with: variableNames(below: player.loss, crossingDetached: true)) else {
        throw .detachedLoss(player: player.name, from: other.name)
      }
    }
  }

  /// v, one tensor for each of `variables`, of its shape.
  public var field: [Tensor] {
    [generator, discriminator].flatMap { player in
      gradients(of: player.loss, withRespectTo: player.variables.map(\.value)).map { -$0 }
    }
  }

  /// v′·u, one tensor for each of `variables`, of its shape.
  ///
  /// Second derivatives commute, so each player's rows are the gradient of one directional derivative:
  ///
  ///     v′·u = (−∇_θ ⟨∇L_G, u⟩, −∇_φ ⟨∇L_D, u⟩),    ∇ over both players' variables
  ///
  /// - Parameter direction: u, a tensor for each of `variables`, of its shape and type.
  public func product(with direction: [Tensor]) -> [Tensor] {
    [generator, discriminator].flatMap { player in
      let slopes = gradients(of: player.loss, withRespectTo: variables.map(\.value))
      let terms = zip(slopes, direction).map { ($0 * $1).sum() }
      let derivative = terms.dropFirst().reduce(terms[0], +)
      return gradients(of: derivative, withRespectTo: player.variables.map(\.value)).map { -$0 }
    }
  }
}

/// The names of the variables that a tensor is made of.
private func variableNames(below tensor: Tensor, crossingDetached: Bool) -> Set<String> {
  var seen: Set<Int> = []
  var names: Set<String> = []
  var open = [tensor.node]
  while let node = open.popLast() {
    guard seen.insert(node.id).inserted else { continue }
    switch node.op {
    case .variable(let variable): names.insert(variable.name)
    case .detach where !crossingDetached: continue
    default: open += node.operands
    }
  }
  return names
}
