import Measures

/// A space in which samples are compared.
enum FeatureSpace {
  /// The last hidden layer of the judge.
  case judge(Classifier)
  /// The leading principal components of the data.
  case components(PrincipalComponents)
  /// The samples' own coordinates, where they are few.
  case coordinates(Int)

  /// The principal components that are kept, and the coordinates that need none.
  static let dimension = 64
  /// The real samples that components are fitted to.
  static let fitted = 2_000

  /// The space of data without a judge.
  ///
  /// - Parameter real: real samples, one row each.
  static func fitting(_ real: PointSet) throws -> FeatureSpace {
    guard real.dimension > dimension else { return .coordinates(real.dimension) }
    return .components(try PrincipalComponents(fitting: real.prefix(fitted), components: dimension))
  }

  /// Its name in a JSON object.
  var key: String {
    switch self {
    case .judge: "judge"
    case .components: "pca"
    case .coordinates: "coordinates"
    }
  }

  var description: String {
    switch self {
    case .judge: "the judge's \(Classifier.featureCount) features"
    case .components(let components): "\(components.count) principal components"
    case .coordinates(let dimension): "\(dimension) coordinates"
    }
  }

  /// Features of samples: `[count, size]` to `[count, features]`.
  func features(of values: [Float], size: Int) throws -> PointSet {
    switch self {
    case .judge(let classifier):
      let features = try classifier.judge(values).features
      return try PointSet(
        count: features.count / Classifier.featureCount, dimension: Classifier.featureCount, values: features)
    case .components(let components):
      return try components.project(PointSet(count: values.count / max(1, size), dimension: size, values: values))
    case .coordinates(let dimension):
      return try PointSet(count: values.count / max(1, dimension), dimension: dimension, values: values)
    }
  }
}
