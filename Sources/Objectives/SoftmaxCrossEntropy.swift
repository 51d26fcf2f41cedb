import Tensors

/// E [ln Σ exp(l) − Σ y·l], a scalar: the cross-entropy of class labels and softmax(logits), in nats a sample.
///
/// The logarithm of the sum is shifted by the greatest logit, so no logit is too large for it.
///
/// - Parameters:
///   - logits: l, `[batch, classes]`.
///   - classes: y, one-hot or probabilities that sum to 1, `[batch, classes]`.
public func softmaxCrossEntropy(logits: Tensor, classes: Tensor) -> Tensor {
  -(classes.requiring(shapeOf: logits) * logits.logSoftmax()).sum(axes: [-1]).mean()
}
