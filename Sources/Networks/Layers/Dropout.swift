import Tensors

/// Sets elements to zero at random while training and scales the others by 1/(1 − probability); the identity in sampling,
/// unless it is noise.
///
/// The mask has a random stream of its own: the pass's prefix and the layer's name.
///
/// Reference: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), in its inverted form.
public struct Dropout: StatelessLayer {
  public let name: String
  /// The share of elements that is dropped, in 0 ..< 1.
  public let probability: Double
  /// Whether sampling passes drop too: the noise of a generator that has no other (Isola et al. 2016, section 2.2).
  public let isNoise: Bool

  public init(_ name: String, probability: Double, isNoise: Bool = false) throws(NetworkError) {
    guard probability >= 0, probability < 1 else {
      throw .dropoutOutOfRange(layer: name, probability: probability)
    }
    self.name = name
    self.probability = probability
    self.isNoise = isNoise
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    guard pass.mode == .training || isNoise, probability > 0 else { return x }
    let kept = Tensor.randomBernoulli(x.shape, probability: 1 - probability, stream: pass.stream(name))
    return x * (kept.cast(to: x.dtype) * (1 / (1 - probability)))
  }
}
