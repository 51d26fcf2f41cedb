/// Why a network cannot be built.
public enum NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
  case extentNotPositive(layer: String, extent: String, value: Int)
  case dropoutOutOfRange(layer: String, probability: Double)
  /// Classes reach batch normalization alone.
  case classesNeedBatchNormalization(network: String, normalization: String)
  /// No map of the network has the extent at which attention was asked for.
  case noMapForAttention(network: String, extent: Int, extents: [Int])
  /// The latent vector has fewer elements than the parts that it is split into.
  case latentTooShort(network: String, latent: Int, parts: Int)
  case duplicateHead(network: String, head: String)
  case unknownHead(network: String, head: String, heads: [String])
  case groupsDoNotDivide(layer: String, groups: Int, input: Int, output: Int)
  case instanceNormalizationOfVectors(network: String)
  case imageSizeUnsupported(network: String, size: Int, supported: [Int])
  case duplicateVariable(network: String, variable: String)
  case resolutionUnsupported(network: String, resolution: Int, maximum: Int)
  case sizeIsNoMultiple(network: String, size: Int, divisor: Int)
  case imageTooSmall(network: String, size: Int, least: Int)
  case receptiveFieldUnsupported(network: String, field: Int, supported: [Int])

  public var description: String {
    switch self {
    case .extentNotPositive(let layer, let extent, let value): "\(layer): \(extent) must be at least 1, found \(value)"
    case .dropoutOutOfRange(let layer, let probability):
      "\(layer): a dropout probability is in 0 ..< 1, found \(probability)"
    case .classesNeedBatchNormalization(let network, let normalization):
      "\(network): classes modulate batch normalization, found \(normalization)"
    case .noMapForAttention(let network, let extent, let extents):
      "\(network): no map of \(extent) pixels for attention; there are \(extents.map(String.init).joined(separator: ", "))"
    case .latentTooShort(let network, let latent, let parts):
      "\(network): a latent vector of \(latent) elements cannot be split into \(parts) parts"
    case .duplicateHead(let network, let head): "\(network): two heads are named \(head)"
    case .unknownHead(let network, let head, let heads):
      "\(network): no head is named \(head); there are \(heads.joined(separator: ", "))"
    case .groupsDoNotDivide(let layer, let groups, let input, let output):
      "\(layer): \(groups) groups do not divide \(input) input and \(output) output channels"
    case .instanceNormalizationOfVectors(let network):
      "\(network): instance normalization needs images; vectors take none, batch or layer"
    case .imageSizeUnsupported(let network, let size, let supported):
      "\(network): no network for images of \(size) pixels; supported are \(supported.map(String.init).joined(separator: ", "))"
    case .duplicateVariable(let network, let variable): "\(network): two variables are named \(variable)"
    case .resolutionUnsupported(let network, let resolution, let maximum):
      "\(network): a progressive network's resolutions are 4, 8, 16, ... up to its maximum, found \(resolution) of \(maximum)"
    case .sizeIsNoMultiple(let network, let size, let divisor):
      "\(network): the image's size must be a multiple of \(divisor), found \(size)"
    case .imageTooSmall(let network, let size, let least):
      "\(network): the image must have at least \(least) × \(least) pixels, found \(size)"
    case .receptiveFieldUnsupported(let network, let field, let supported):
      "\(network): no patches of \(field) pixels; supported are \(supported.map(String.init).joined(separator: ", "))"
    }
  }
}

func requirePositive(_ value: Int, _ extent: String, of layer: String) throws(NetworkError) {
  guard value >= 1 else { throw .extentNotPositive(layer: layer, extent: extent, value: value) }
}
