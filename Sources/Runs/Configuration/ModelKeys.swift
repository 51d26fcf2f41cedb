import Models

/// The keys of `model` beside those of its networks.
extension Catalog {
  static let model = [
    CatalogEntry("model", .section(kinds: names(ModelKind.self)), .value("gan"), "the system that is trained"),
    CatalogEntry("model.kind", .choice(names(ModelKind.self)), .value("gan"), "the kind of system"),
    CatalogEntry(
      "model.latent", .section(kinds: []), .derived("its defaults"), kinds: ["gan", "bigan"], "the generator's noise z"),
    CatalogEntry(
      "model.latent.dimension", .integer(1...65_536), .derived("2 for points, 100 for images"), "coordinates of z"),
    CatalogEntry(
      "model.latent.distribution", .choice(names(LatentConfiguration.Distribution.self)), .value("normal"),
      "N(0, I), or uniform on [-1, 1)"),
    CatalogEntry(
      "model.share-fakes", .flag, .value("false"), kinds: ["gan"],
      "the generator trains on the turn's last fakes instead of new ones: faster, and another update"),
    CatalogEntry(
      "model.condition", .section(kinds: names(ConditionKind.self)), .value("none"), kinds: ["gan"],
      "how a sample's class goes into the game; the data need labels"),
    CatalogEntry(
      "model.condition.kind", .choice(names(ConditionKind.self)), .value("none"),
      "not; beside the input; as a projection on the score; as a question to the discriminator (AC-GAN)"),
    CatalogEntry(
      "model.condition.weight", .number(.notNegative), .value("1"), kinds: ["auxiliary"],
      "weight of the class's cross-entropy in both losses"),
    CatalogEntry(
      "model.code", .section(kinds: []), .absent("none"), kinds: ["gan"],
      "InfoGAN's code: latents that the samples must tell"),
    CatalogEntry(
      "model.code.categories", .integer(0...1000), .value("10"), "values of its categorical element; 0 for none"),
    CatalogEntry(
      "model.code.continuous", .integer(0...100), .value("2"), "its elements that are uniform on [-1, 1)"),
    CatalogEntry(
      "model.code.weight", .number(.notNegative), .value("1"),
      "weight of the bound of its mutual information in both losses"),
    CatalogEntry(
      "model.average", .section(kinds: []), .absent("none"), kinds: ["gan"],
      "sample and measure with a moving average of the generator's weights"),
    CatalogEntry(
      "model.average.decay", .number(.belowOne), .value("0.999"), "share of the average that stays at each update"),
    CatalogEntry(
      "model.growth", .section(kinds: []), .absent("none"),
      "progressive networks grow while they train, each time to twice the resolution, up to data.size"),
    CatalogEntry(
      "model.growth.start", .integerChoice([4, 8, 16, 32, 64, 128]), .value("4"), "width and height of the first images"
    ),
    CatalogEntry(
      "model.growth.fade-steps", .integer(1...1_000_000_000), .value("1000"), "steps in which a resolution fades in"),
    CatalogEntry(
      "model.growth.stable-steps", .integer(1...1_000_000_000), .value("1000"),
      "steps of a resolution before the next one fades in; the last one stays"),
    CatalogEntry(
      "model.joint-hidden", .integers(1...65_536, maximumCount: 64), .value("[512]"), kinds: ["bigan"],
      "units of the layers that see a dcgan discriminator's features beside the latents"),
    CatalogEntry(
      "model.distance-weight", .number(.notNegative), .value("100"), kinds: ["pix2pix"],
      "lambda, the weight of E |y - G(x)| in the generator's loss"),
    CatalogEntry(
      "model.adversarial-weight", .number(.notNegative), .value("1"), kinds: ["pix2pix"],
      "weight of the objective's term in the generator's loss; 0 trains on the distance alone"),
    CatalogEntry(
      "model.cycle-weight", .number(.notNegative), .value("10"), kinds: ["cyclegan"],
      "lambda, the weight of how far images come back from there and back"),
    CatalogEntry(
      "model.identity-weight", .number(.notNegative), .value("0.5"), kinds: ["cyclegan"],
      "weight, times lambda, of how far a generator changes what is a target already"),
    CatalogEntry(
      "model.pool", .integer(0...100_000), .value("50"), kinds: ["cyclegan"],
      "earlier fakes that each discriminator is shown half of the time; 0 for none"),
  ]
}
