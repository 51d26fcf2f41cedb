import Models

/// Whether the layers of a network's own list fit.
extension ConfigurationChecker {
  /// Whether each layer fits what is before it, and the last one the data.
  func checkLayers(_ layers: LayersConfiguration, of player: String) throws -> LayerShapes {
    let isGenerator = player == "generator"
    guard case .gan(let gan) = configuration.model else { return try LayerShapes([], input: []) }
    var sample: [Int]
    switch configuration.data.shape {
    case .points(let dimension): sample = [dimension ?? 2]
    case .images(let size, let channels): sample = [channels, size, size]
    }
    var input = isGenerator ? [gan.latent.dimension + (gan.code?.dimension ?? 0)] : sample
    if !isGenerator, let packing = configuration.techniques[.packing] { input[0] *= Int(packing["samples"]) }
    let isTold = isGenerator ? gan.condition != .none : gan.condition == .concatenation
    if isTold { input[0] += configuration.data.source.classes ?? 1 }
    do {
      let shapes = try LayerShapes(layers.layers, input: input)
      let made = shapes.shapes.last ?? input
      // What a file's points have for a dimension shows when it is read.
      if isGenerator, made != sample, configuration.data.shape != .points(dimension: nil) {
        throw layerConflict(
          layers.layers.count - 1, of: player, .layersMakeOther(layers.layers.count, made: made, sample: sample))
      }
      return shapes
    } catch let error as LayerShapeError {
      throw layerConflict(error.number - 1, of: player, .layer(error))
    }
  }

  /// The conflict at the place of a layer.
  private func layerConflict(_ index: Int, of player: String, _ conflict: ConfigurationConflict) -> ConfigurationError {
    let node = root.node("model")?[player]?["layers"]
    guard case .sequence(let elements)? = node?.content, elements.indices.contains(index) else {
      return self.conflict(["model", player, "layers"], conflict)
    }
    return .conflict(elements[index].place, key: "model.\(player).layers", conflict)
  }
}
