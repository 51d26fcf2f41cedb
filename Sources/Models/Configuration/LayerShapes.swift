/// What a list of layers makes of a sample's shape.
public struct LayerShapes: Sendable, Equatable {
  /// The shape after each layer.
  public private(set) var shapes: [[Int]] = []
  /// Weights of all layers, about.
  public private(set) var weights = 0.0

  /// The most numbers that a layer may make of one sample.
  public static let limit = 1 << 26

  /// - Parameter input: the shape of one sample.
  /// - Throws: `LayerShapeError` for the first layer that does not fit.
  public init(_ layers: [LayerConfiguration], input: [Int]) throws(LayerShapeError) {
    var shape = input
    for (index, layer) in layers.enumerated() {
      do throws(Misfit) {
        let (next, count) = try Self.next(layer, shape)
        guard next.reduce(1.0, { $0 * Double($1) }) <= Double(Self.limit) else { throw .tooLarge(next) }
        shape = next
        weights += count
      } catch {
        throw LayerShapeError(number: index + 1, kind: layer.kind, input: shape, misfit: error)
      }
      shapes.append(shape)
    }
  }

  /// The shape after a layer, and the layer's weights.
  private static func next(
    _ layer: LayerConfiguration, _ shape: [Int]
  ) throws(Misfit) -> (shape: [Int], weights: Double) {
    let channels = shape.first ?? 1
    if layer.kind.isOfImages, shape.count != 3 { throw .needsImages }
    if layer.normalization == .instance, shape.count != 3 { throw .needsImages }
    func product(_ factors: Int...) -> Double { factors.reduce(1) { $0 * Double($1) } }
    switch layer {
    case .dense(let units, _):
      guard shape.count == 1 else { throw .needsVector }
      return ([units], product(channels, units))
    case .maxout(let units, let pieces):
      guard shape.count == 1 else { throw .needsVector }
      return ([units], product(channels, units, pieces))
    case .convolution(let features, let window, _):
      let extents = try extents(shape) {
        ($0 + 2 * window.padding - window.kernel) / window.stride + 1
      } unless: {
        $0 + 2 * window.padding < window.kernel
      } misfit: {
        .kernelTooLarge(window.kernel)
      }
      return ([features] + extents, product(channels, features, window.kernel, window.kernel))
    case .transposedConvolution(let features, let window, let outputPadding, _):
      let made = { (extent: Int) in
        (extent - 1) * window.stride - 2 * window.padding + window.kernel + outputPadding
      }
      let extents = try extents(shape, made) {
        made($0) < 1
      } misfit: {
        .nothingLeft
      }
      return ([features] + extents, product(channels, features, window.kernel, window.kernel))
    case .residual(let features, let kind, _, _):
      let weights = product(9, features, features) + product(9, channels, max(channels, features))
      switch kind {
      case .same: return ([features] + shape.dropFirst(), weights)
      case .up: return ([features] + shape.dropFirst().map { 2 * $0 }, weights)
      case .down, .first:
        return ([features] + (try divided(shape, by: 2)), weights)
      }
    case .attention: return (shape, product(channels, channels) * 1.25)
    case .upsample(let factor): return ([channels] + shape.dropFirst().map { factor * $0 }, 0)
    case .averagePool(let factor): return ([channels] + (try divided(shape, by: factor)), 0)
    case .sumPool: return ([channels], 0)
    case .reshape(let wanted):
      guard wanted.reduce(1, { $0 * Double($1) }) == shape.reduce(1, { $0 * Double($1) }) else {
        throw .otherCount(wanted)
      }
      return (wanted, 0)
    case .flatten: return ([shape.reduce(1, *)], 0)
    case .pixelNorm, .activation, .normalization, .dropout: return (shape, 0)
    }
  }

  private static func extents(
    _ shape: [Int], _ made: (Int) -> Int, unless isWrong: (Int) -> Bool, misfit: () -> Misfit
  ) throws(Misfit) -> [Int] {
    if shape.dropFirst().contains(where: isWrong) { throw misfit() }
    return shape.dropFirst().map(made)
  }

  private static func divided(_ shape: [Int], by factor: Int) throws(Misfit) -> [Int] {
    guard shape.dropFirst().allSatisfy({ $0 % factor == 0 }) else { throw .indivisible(factor) }
    return shape.dropFirst().map { $0 / factor }
  }

  /// What a layer cannot take.
  enum Misfit: Error, Hashable, Sendable {
    case needsVector
    case needsImages
    case kernelTooLarge(Int)
    case nothingLeft
    case indivisible(Int)
    case otherCount([Int])
    case tooLarge([Int])
  }
}

/// A layer that does not fit what it is given.
public struct LayerShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The layer's number in the list, from 1 on.
  public let number: Int
  public let kind: LayerKind
  /// The shape of what it is given.
  public let input: [Int]
  let misfit: LayerShapes.Misfit

  public var description: String {
    let layer = "layer \(number), \(kind.rawValue),"
    let given = "is given \(input)"
    switch misfit {
    case .needsVector: return "\(layer) takes vectors and \(given); put flatten before it"
    case .needsImages: return "\(layer) takes images [channels, height, width] and \(given); put reshape before it"
    case .kernelTooLarge(let kernel): return "\(layer) has a kernel of \(kernel) pixels and \(given)"
    case .nothingLeft: return "\(layer) cuts off more than it makes and \(given); give it less padding"
    case .indivisible(let factor): return "\(layer) divides extents by \(factor) and \(given)"
    case .otherCount(let wanted):
      let (needed, found) = (wanted.reduce(1, *), input.reduce(1, *))
      return "\(layer) makes \(wanted) of \(needed) numbers and \(given), which is \(found)"
    case .tooLarge(let made): return "\(layer) makes \(made), more than \(LayerShapes.limit) numbers of one sample"
    }
  }
}
