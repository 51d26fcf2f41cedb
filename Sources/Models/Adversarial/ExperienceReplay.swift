import Tensors

/// A pool of earlier fakes, from which a share of the discriminator's fakes comes.
///
/// The pool is a ring: each batch of fakes takes the place of the oldest. It is part of the run's variables, so a
/// checkpoint holds it.
///
/// Reference: [Shrivastava et al. 2017](https://arxiv.org/abs/1612.07828), section 2.3.
struct ExperienceReplay: Sendable {
  /// `[capacity] + sample`.
  private let pool: Variable
  /// The next row to be replaced, and the rows that hold fakes: whole numbers.
  private let position: Variable
  private let filled: Variable
  private let capacity: Int
  var variables: [Variable] { [pool, position, filled] }

  init(capacity: Int, sample: Shape, name: String = "replay") {
    self.capacity = capacity
    pool = Variable(name: "\(name)/pool", shape: Shape([capacity] + sample.dimensions), fill: 0)
    position = Variable(name: "\(name)/position", shape: .scalar, fill: 0)
    filled = Variable(name: "\(name)/filled", shape: .scalar, fill: 0)
  }

  /// A batch in which each fake is, with probability `share`, one of the pool.
  ///
  /// - Parameters:
  ///   - fakes: `[batch] + sample`, constants of the differentiation.
  ///   - share: a scalar in 0 ... 1.
  /// - Returns: the batch, and the pool with the new fakes in it.
  func mix(
    _ fakes: Tensor, share: Tensor, stream: String
  ) -> (batch: Tensor, assignments: [(variable: Variable, value: Tensor)]) {
    let count = fakes.shape[0]
    let row: Shape = Shape([count] + Array(repeating: 1, count: fakes.rank - 1))
    let draw = Tensor.randomUniform([count], stream: "\(stream)/row") * filled.value
    let earlier = pool.value.gather(draw.minimum(Tensor(Double(capacity - 1))).cast(to: .i32))
    // Nothing is in the pool before the first update.
    let chance = (filled.value .> Tensor(0.5)).select(share, Tensor(0))
    let isEarlier = Tensor.randomUniform(row, stream: "\(stream)/choice") .< chance
    let batch = isEarlier.select(earlier, fakes)

    // How far behind the next row each row of the ring lies; the first `count` of these take the new fakes.
    let rows = Tensor.iota([capacity], axis: 0)
    let behind = rows - position.value
    let offset = (behind .< Tensor(0)).select(behind + Double(capacity), behind)
    let isNew = (offset .< Tensor(Double(count))).reshape(
      Shape([capacity] + Array(repeating: 1, count: fakes.rank - 1)))
    let new = fakes.gather(offset.minimum(Tensor(Double(count - 1))).cast(to: .i32))
    let moved = position.value + Double(count % capacity)
    return (
      batch,
      [
        (pool, isNew.select(new, pool.value)),
        (position, (moved .> Tensor(Double(capacity) - 0.5)).select(moved - Double(capacity), moved)),
        (filled, (filled.value + Double(count)).minimum(Tensor(Double(capacity)))),
      ]
    )
  }
}
