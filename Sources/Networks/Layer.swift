import Tensors

/// A part of a network: its variables and its static configuration, as a value.
///
/// A layer is pure in its parameters: a pass says which tensors stand for them.
public protocol Layer: Sendable {
  /// The full name, such as `generator/block2/norm`; the layer's variables are named below it.
  var name: String { get }
  /// What an optimizer moves.
  var parameters: [Variable] { get }
  /// Running statistics: state that passes move, not gradients.
  var statistics: [Variable] { get }
  /// - Parameter x: `[batch, ...]`.
  func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor
}

extension Layer {
  public var statistics: [Variable] { [] }
  /// Parameters and statistics.
  public var variables: [Variable] { parameters + statistics }
}

/// A layer without variables.
public protocol StatelessLayer: Layer {}

extension StatelessLayer {
  public var parameters: [Variable] { [] }
}
