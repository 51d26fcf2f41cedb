import Tensors

/// ‖E f(x) − E f(G(z))‖²₂, a scalar: a generator's loss on features of the discriminator.
///
/// The authors' code takes the mean of absolute differences instead; the paper, and this, the sum of squares.
///
/// - Parameters:
///   - real: f(x), features of data `[batch, ...]`, summed over all axes but the first.
///   - fake: f(G(z)), `[batch, ...]`; the batches may differ in size.
///
/// Reference: [Salimans et al. 2016](https://arxiv.org/abs/1606.03498), section 3.1.
public func featureMatching(real: Tensor, fake: Tensor) -> Tensor {
  let (data, generated) = (real.mean(axes: [0]), fake.mean(axes: [0]))
  return (data.requiring(shapeOf: generated) - generated).square().sum()
}
