import Models

/// Builds the configuration of a run's data.
struct DataDecoder {
  let section: SectionReader

  func decode() throws -> DataConfiguration {
    let kind = try section.known(DataKind.self)
    return DataConfiguration(
      source: try source(kind), standardize: kind.canBeStandardized ? try section.flag("standardize") : false,
      selection: kind.isFinite ? try selection() : SelectionConfiguration())
  }

  private func selection() throws -> SelectionConfiguration {
    SelectionConfiguration(
      split: try section.choice("split"), only: try section.integers("only"), without: try section.integers("without"),
      perClass: try section.optionalInteger("per-class"))
  }

  private func source(_ kind: DataKind) throws -> DataSource {
    switch kind {
    case .dirac: .dirac
    case .ring:
      .ring(
        modes: try section.integer("modes"), radius: try section.number("radius"),
        deviation: try section.number("deviation"))
    case .grid:
      .grid(
        side: try section.integer("side"), spacing: try section.number("spacing"),
        deviation: try section.number("deviation"))
    case .moons: .moons(noise: try section.number("noise"))
    case .swissRoll: .swissRoll(noise: try section.number("noise"))
    case .spiral: .spiral(arms: try section.integer("arms"), noise: try section.number("noise"))
    case .checkerboard: .checkerboard(cells: try section.integer("cells"))
    case .pinwheel:
      .pinwheel(
        arms: try section.integer("arms"), radialDeviation: try section.number("radial-deviation"),
        tangentialDeviation: try section.number("tangential-deviation"), rate: try section.number("rate"))
    case .drawn: .drawn(points: try section.drawing("points"), jitter: try section.number("jitter"))
    case .points: .points(path: try section.path("path"))
    case .mnist, .fashionMNIST:
      .mnist(
        fashion: kind == .fashionMNIST, path: try section.optionalPath("path"), size: try section.integer("size"),
        fit: try section.choice("fit"))
    case .stackedMNIST:
      .stackedMNIST(
        path: try section.optionalPath("path"), size: try section.integer("size"), fit: try section.choice("fit"))
    case .idx:
      .idx(
        images: try section.path("images"), labels: try section.optionalPath("labels"),
        size: try section.integer("size"), fit: try section.choice("fit"))
    case .digits:
      .digits(
        path: try section.optionalPath("path"), size: try section.integer("size"), fit: try section.choice("fit"))
    case .images:
      .images(
        path: try section.path("path"), size: try section.integer("size"), channels: try section.integer("channels"))
    case .pairs:
      .pairs(
        PairsConfiguration(
          path: try section.path("path"), layout: try section.choice("layout"), isAligned: try section.flag("aligned"),
          size: try section.integer("size"), channels: try section.integer("channels"),
          direction: try section.choice("direction"), jitters: try section.flag("jitter"),
          mirrors: try section.flag("mirror"), heldOut: try section.optionalNumber("held-out")))
    }
  }
}
