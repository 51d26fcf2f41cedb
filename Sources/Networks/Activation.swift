import Tensors

/// An element-wise function between layers.
public enum Activation: Sendable, Hashable {
  case identity
  /// max(0, x).
  case relu
  /// x for x > 0, `slope`·x otherwise. Maas et al. 2013.
  case leakyReLU(slope: Double)
  case tanh
  /// 1 / (1 + exp(−x)).
  case sigmoid
  /// x for x > 0, exp(x) − 1 otherwise. Clevert et al. 2015, arXiv:1511.07289.
  case elu
  /// x·Φ(x). Hendrycks and Gimpel 2016, arXiv:1606.08415.
  case gelu
  /// ln(1 + exp(x)).
  case softplus
  /// sin(x). Sitzmann et al. 2020, arXiv:2006.09661.
  case sine

  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .leakyReLU(let slope): x.leakyRelu(slope: slope)
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .elu: x.elu()
    case .gelu: x.gelu()
    case .softplus: x.softplus()
    case .sine: x.sin()
    }
  }
}

/// An activation as a layer.
public struct ActivationLayer: StatelessLayer {
  public let name: String
  public let activation: Activation

  public init(_ name: String, _ activation: Activation) {
    self.name = name
    self.activation = activation
  }

  public func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor { activation(x) }
}
