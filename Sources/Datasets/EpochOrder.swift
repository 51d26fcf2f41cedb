/// The order in which a request walks through finite data, from epoch to epoch.
struct EpochOrder {
  private let count: UInt64
  private let seed: UInt64
  private let purpose: UInt32
  private var epoch: UInt64
  private var place: UInt64
  private var permutation: Permutation

  /// - Parameter purpose: keeps several walks of one request apart.
  init(count: Int, request: BatchRequest, purpose: UInt32 = 0) {
    self.count = UInt64(max(1, count))
    seed = request.seed
    self.purpose = request.stream.rawValue ^ purpose
    epoch = request.position / self.count
    place = request.position % self.count
    permutation = Permutation(count: count, seed: seed, epoch: epoch, purpose: self.purpose)
  }

  /// The index of the next sample.
  mutating func next() -> Int {
    if place == count {
      place = 0
      epoch &+= 1
      permutation = Permutation(count: Int(count), seed: seed, epoch: epoch, purpose: purpose)
    }
    defer { place += 1 }
    return permutation[Int(place)]
  }
}
