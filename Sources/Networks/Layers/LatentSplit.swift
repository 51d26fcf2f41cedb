import Tensors

/// Splits a latent vector: the first part goes on, each other one goes, beside the class embedding, to a block as a condition.
struct LatentSplit: Layer {
  let name: String
  /// Elements of the part that goes on.
  let first: Int
  /// Elements of each other part.
  let part: Int
  /// What block 1, 2, ... reads: `[batch, dimension]`.
  let conditions: [Condition]
  private let embedding: ClassEmbedding
  var parameters: [Variable] { embedding.parameters }
  var statistics: [Variable] { embedding.statistics }
  /// Elements of a block's condition.
  var dimension: Int { embedding.table.shape[1] + part }

  /// - Throws: a `NetworkError` for extents below 1 and a latent of fewer elements than parts.
  init(
    _ name: String, latent: Int, blocks: Int, classes: Int, embedding: Int, initializer: Initializer, dtype: DType
  ) throws(NetworkError) {
    guard latent > blocks else { throw .latentTooShort(network: name, latent: latent, parts: blocks + 1) }
    self.name = name
    part = latent / (blocks + 1)
    first = latent - part * blocks
    conditions = (0..<blocks).map { Condition("\(name)/part\($0 + 1)") }
    self.embedding = try ClassEmbedding(
      "\(name)/embedding", classes: classes, dimension: embedding, initializer: initializer, dtype: dtype)
  }

  /// - Parameter x: z, `[batch, latent]`.
  func callAsFunction(_ x: Tensor, in pass: inout ForwardPass) -> Tensor {
    let classes = embedding(pass.value(of: .classes), in: &pass)
    for (index, condition) in conditions.enumerated() {
      let start = first + index * part
      pass.conditions[condition] = .concatenate([classes, x.slice(axis: 1, from: start, to: start + part)], axis: 1)
    }
    return x.slice(axis: 1, from: 0, to: first)
  }
}
