import Tensors

/// Runs the layers inside a composite one, each labelled with its name without the folders that it shares with the
/// composite's name.
func run(_ layers: [any Layer], in composite: String, on x: Tensor, in pass: inout ForwardPass) -> Tensor {
  let outer = composite.split(separator: "/")
  var value = x
  for layer in layers {
    let own = layer.name.split(separator: "/")
    let shared = zip(own, outer).prefix { $0 == $1 }.count
    let label = own.dropFirst(min(shared, own.count - 1)).joined(separator: "/")
    value = labelled(label) { layer(value, in: &pass) }
  }
  return value
}

/// The extent of the first axis.
func batchSize(of x: Tensor) -> Int { x.rank > 0 ? x.shape[0] : 1 }
