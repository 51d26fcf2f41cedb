/// What viewers want pictures to show beside samples. Nothing of it touches a run's bits.
public struct PictureRequest: Codable, Sendable, Equatable {
  /// Of runs on points in the plane.
  public var parts: Set<PointsPart>
  /// Of runs on images, beside the samples.
  public var sheet: SheetRequest?
  /// Whether weights and gradients are measured by layer.
  public var layers: Bool

  public init(parts: Set<PointsPart> = [], sheet: SheetRequest? = nil, layers: Bool = false) {
    self.parts = parts
    self.sheet = sheet
    self.layers = layers
  }
}

/// What a picture of points may show beside them and the discriminator's field.
public enum PointsPart: String, Codable, Sendable, CaseIterable {
  /// The generator's image of a regular grid of latents.
  case manifold
  /// Where the generator's loss pulls its samples.
  case slopes
  /// The best discriminator against these samples, where the data's density is known.
  case optimum
  /// The latents of the samples.
  case latents
}

/// A sheet of samples at chosen latents.
public struct SheetRequest: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// From one latent to the next, in even steps.
    case interpolation
    /// Along one coordinate of the latent.
    case walk
    /// A row for each class, a column for each latent.
    case classes
    /// Along each element of the code.
    case codes
    /// Samples beside the nearest of the data.
    case neighbours
    /// Coarse styles of one latent with the fine styles of another.
    case styles
    /// From each latent up the judge's probability of a class.
    case toward
    /// Data beside the nearest samples that a search for their latents finds, or beside what an encoder's latents give.
    case inversions

    /// What stands over the sheet.
    public var title: String {
      switch self {
      case .interpolation: "interpolation"
      case .walk: "walk"
      case .classes: "by class"
      case .codes: "codes"
      case .neighbours: "nearest data"
      case .styles: "style mixing"
      case .toward: "toward a class"
      case .inversions: "data inverted"
      }
    }
  }

  public var kind: Kind
  /// The first of the fixed latents that are shown, from 0 on.
  public var first: Int
  /// The coordinate of a walk; of mixed styles the layer from which the others hold; the first class shown, or the class
  /// that is walked toward.
  public var dimension: Int
  /// Whether an interpolation goes along great circles instead of straight lines.
  public var isSpherical: Bool

  public init(kind: Kind, first: Int = 0, dimension: Int = 0, isSpherical: Bool = true) {
    self.kind = kind
    self.first = first
    self.dimension = dimension
    self.isSpherical = isSpherical
  }

  /// The id of the panel that answers.
  public var panel: String { "sheet/\(kind.rawValue)" }
}

/// What pictures of a run can show beside its samples.
public struct PictureAbilities: Codable, Sendable, Equatable {
  public var parts: [PointsPart]
  public var sheets: [SheetRequest.Kind]
  /// The latents' coordinates, those of a code included.
  public var latents: Int
  /// Whether runs on data that a person draws can be made of this one: the data are points in the plane.
  public var isPlanar: Bool

  public init(
    parts: [PointsPart] = [], sheets: [SheetRequest.Kind] = [], latents: Int = 0, isPlanar: Bool = false
  ) {
    self.parts = parts
    self.sheets = sheets
    self.latents = latents
    self.isPlanar = isPlanar
  }
}
