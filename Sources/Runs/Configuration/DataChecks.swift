import Models

/// What data, the Dirac-GAN and the drawing of samples ask for.
extension ConfigurationChecker {
  /// Whether the data have the classes that a run is to learn, and the game can do without the others.
  func checkSelection() throws {
    let (source, selection) = (configuration.data.source, configuration.data.selection)
    guard selection.leavesOutClasses || selection.perClass != nil else { return }
    let key = !selection.only.isEmpty ? "only" : !selection.without.isEmpty ? "without" : "per-class"
    guard source.mayHaveLabels else {
      throw conflict(["data", key], .selectionWithoutLabels(data: configuration.data.kind.rawValue))
    }
    if let classes = source.selectableClasses {
      for (key, list) in [("only", selection.only), ("without", selection.without)] {
        if let wrong = list.first(where: { $0 >= classes }) {
          throw conflict(["data", key], .unknownClass(wrong, classes: classes))
        }
      }
      let kept = Set(selection.only.isEmpty ? Array(0..<classes) : selection.only).subtracting(selection.without)
      if kept.isEmpty { throw conflict(["data", "without"], .noClassesLeft) }
    }
    if selection.leavesOutClasses, case .gan(let gan) = configuration.model, gan.condition != .none {
      throw conflict(["data", key], .conditionOnMissingClasses)
    }
  }

  func checkTruncation() throws {
    guard configuration.sampling.truncation != nil else { return }
    let key = ["sampling", "truncation"]
    guard case .gan(let gan) = configuration.model else {
      throw conflict(key, .notWithModel(what: "truncation", model: configuration.model.kind.rawValue))
    }
    if gan.generator.kind == .style { throw conflict(key, .truncationOfStyle) }
    if gan.latent.distribution != .normal { throw conflict(key, .truncationOfUniform) }
  }

  /// The Dirac-GAN's players are two numbers, of which nothing but the score can be asked.
  func checkDirac(_ gan: AdversarialConfiguration) throws {
    let (generator, discriminator) = (gan.generator.kind == .dirac, gan.discriminator.kind == .dirac)
    guard generator || discriminator else { return }
    guard generator, discriminator, configuration.data.kind == .dirac else {
      throw conflict(["model", generator ? "generator" : "discriminator", "kind"], .diracAlone)
    }
    if gan.code != nil { throw conflict(["model", "code"], .diracWith("a code")) }
    for technique in configuration.techniques {
      switch technique.kind {
      case .packing, .minibatchDiscrimination, .minibatchDeviation:
        throw conflict(["techniques"], .diracWith(technique.kind.rawValue))
      default: break
      }
    }
  }
}
