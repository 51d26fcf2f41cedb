import Models

/// Every key of a configuration, in the order in which they are documented and written.
///
/// The parser checks keys and values against this table, its messages quote it, and `gantui catalog` and the README
/// print it.
public enum Catalog {
  public static let entries: [CatalogEntry] =
    top + data + model + network(.generator) + network(.discriminator) + network(.encoder) + objective + penalties
    + techniques
    + optimizer("generator") + optimizer("discriminator") + schedule + measures + last

  /// The entry of a key for a kind of its section.
  static func entry(_ path: String, kind: String?) -> CatalogEntry? {
    byPath[path]?.first { $0.belongs(to: kind) }
  }

  /// All entries of one path: a key can mean different things to different kinds.
  static func entries(of path: String) -> [CatalogEntry] { byPath[path] ?? [] }

  /// The keys that a section of a kind accepts.
  static func keys(of section: String, kind: String?) -> [String] {
    var seen: Set<String> = []
    return (bySection[section] ?? []).filter { $0.belongs(to: kind) && seen.insert($0.key).inserted }.map(\.key)
  }

  private static let byPath = Dictionary(grouping: entries, by: \.path)
  private static let bySection = Dictionary(grouping: entries, by: \.section)
}

extension Catalog {
  private static let top = [
    CatalogEntry(
      "name", .name, .derived("the file's name"), "the run's name, and the first choice for its folder under runs")
  ]

  private static let last = [
    CatalogEntry("seed", .seed, .value("1"), "the key of every random stream; the same seed gives the same run"),
    CatalogEntry(
      "threads", .integer(1...1024), .absent("auto"),
      "threads of the engine; auto takes one for small networks and all cores for others"),
    CatalogEntry(
      "precision", .choice(names(PrecisionKind.self)), .value("f32"),
      "numbers of the images that convolutions read and make in training; bf16 needs AVX-512 BF16"
    ),
  ]

  private static let data: [CatalogEntry] = {
    let points = names(DataKind.self) { $0.isPoints }
    let folders = [DataKind.mnist.rawValue, DataKind.fashionMNIST.rawValue]
    return [
      CatalogEntry("data", .section(kinds: names(DataKind.self)), .required, "what the run learns to generate"),
      CatalogEntry("data.kind", .choice(names(DataKind.self)), .required, "the kind of data"),
      CatalogEntry("data.modes", .integer(1...1000), .value("8"), kinds: ["ring"], "Gaussians on the circle"),
      CatalogEntry("data.radius", .number(.positive), .value("2"), kinds: ["ring"], "radius of the circle"),
      CatalogEntry(
        "data.deviation", .number(.positive), .value("0.02"), kinds: ["ring"], "standard deviation of each Gaussian"),
      CatalogEntry("data.side", .integer(1...100), .value("5"), kinds: ["grid"], "Gaussians along each side"),
      CatalogEntry(
        "data.spacing", .number(.positive), .value("2"), kinds: ["grid"], "distance between neighbouring Gaussians"),
      CatalogEntry(
        "data.deviation", .number(.positive), .value("0.05"), kinds: ["grid"], "standard deviation of each Gaussian"),
      CatalogEntry(
        "data.noise", .number(.from(0, to: 10)), .value("0.1"), kinds: ["moons", "spiral"],
        "standard deviation of the noise around the curve"),
      CatalogEntry(
        "data.noise", .number(.from(0, to: 10)), .value("0.2"), kinds: ["swiss-roll"],
        "standard deviation of the noise around the curve"),
      CatalogEntry("data.arms", .integer(1...12), .value("2"), kinds: ["spiral"], "arms of the spiral"),
      CatalogEntry("data.cells", .integer(2...16), .value("4"), kinds: ["checkerboard"], "squares along each side"),
      CatalogEntry("data.arms", .integer(2...64), .value("5"), kinds: ["pinwheel"], "blades of the wheel"),
      CatalogEntry(
        "data.radial-deviation", .number(.from(1e-6, to: 1)), .value("0.3"), kinds: ["pinwheel"],
        "deviation along a blade"),
      CatalogEntry(
        "data.tangential-deviation", .number(.from(1e-6, to: 1)), .value("0.1"), kinds: ["pinwheel"],
        "deviation across a blade"),
      CatalogEntry(
        "data.rate", .number(.from(0, to: 2)), .value("0.25"), kinds: ["pinwheel"],
        "how much a blade bends with the radius"),
      CatalogEntry(
        "data.points", .drawing(maximumCount: 10_000), .required, kinds: ["drawn"],
        "the drawn points: x, y and how much of the data each stands for; w in the dashboard draws"),
      CatalogEntry(
        "data.jitter", .number(.from(1e-6, to: 100)), .value("0.05"), kinds: ["drawn"],
        "standard deviation of the Gaussian around each point"),
      CatalogEntry("data.path", .path, .required, kinds: ["points"], "a CSV or NPY file, one point a row"),
      CatalogEntry(
        "data.path", .path, .absent("none"), kinds: folders,
        "the folder of the four IDX files, plain or gzip; none is the cache of gantui data get"),
      CatalogEntry(
        "data.path", .path, .absent("none"), kinds: ["digits"],
        "the CSV file, 64 pixels of 0 to 16 and a label a row; none is the cache of gantui data get"),
      CatalogEntry("data.path", .path, .required, kinds: ["images"], "a folder of PNG or JPEG images of any size"),
      CatalogEntry(
        "data.path", .path, .required, kinds: ["pairs"],
        "a folder of PNG or JPEG pairs, with train and test (or trainA, trainB, testA, testB) below it or without"),
      CatalogEntry(
        "data.layout", .choice(names(PairLayoutKind.self)), .value("side-by-side"), kinds: ["pairs"],
        "both images in one file, A to the left; or folders A and B"),
      CatalogEntry(
        "data.aligned", .flag, .value("true"), kinds: ["pairs"],
        "whether a batch holds partners; false draws sources and targets independently"),
      CatalogEntry(
        "data.direction", .choice(names(PairDirectionKind.self)), .value("a-to-b"), kinds: ["pairs"],
        "which image is the source, and which the target"),
      CatalogEntry(
        "data.jitter", .flag, .value("true"), kinds: ["pairs"],
        "cut random windows out of images that are 286/256 times as large"),
      CatalogEntry("data.mirror", .flag, .value("true"), kinds: ["pairs"], "mirror images half of the time"),
      CatalogEntry(
        "data.held-out", .number(.notNegative), .absent("auto"), kinds: ["pairs"],
        "pairs that are not trained on: a share below 1, or a number; auto takes the test folder, or a tenth"),
      CatalogEntry("data.images", .path, .required, kinds: ["idx"], "an IDX file of images, plain or gzip"),
      CatalogEntry("data.labels", .path, .absent("none"), kinds: ["idx"], "an IDX file of labels, plain or gzip"),
      CatalogEntry(
        "data.size", .integerChoice([16, 28, 32, 56, 64]), .value("28"), kinds: folders + ["idx"],
        "width and height of an image in pixels"),
      CatalogEntry(
        "data.size", .integerChoice([8, 28, 32, 64]), .value("8"), kinds: ["digits"],
        "width and height of an image in pixels"),
      CatalogEntry(
        "data.size", .integer(4...256), .value("64"), kinds: ["images"],
        "width and height of an image in pixels, after resizing and cropping"),
      CatalogEntry(
        "data.size", .integerChoice([64, 128, 256]), .value("64"), kinds: ["pairs"],
        "width and height of an image in pixels, after resizing and cropping"),
      CatalogEntry(
        "data.fit", .choice(names(ImageFitKind.self)), .value("pad"), kinds: folders + ["idx"],
        "how an image of another size is brought to data.size"),
      CatalogEntry(
        "data.fit", .choice(names(ImageFitKind.self)), .value("resize"), kinds: ["digits"],
        "how an image of another size is brought to data.size"),
      CatalogEntry(
        "data.channels", .integerChoice([1, 3]), .value("3"), kinds: ["images", "pairs"], "1 for gray, 3 for colour"),
      CatalogEntry(
        "data.standardize", .flag, .value("false"), kinds: points,
        "centre the data and scale them to unit deviation, the same factor for all coordinates"),
    ]
  }()

  private static let model = [
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
      "model.latent.truncation", .number(.from(0.01, to: 10)), .absent("none"),
      "the largest |z_i| of samples, BigGAN's truncation: larger ones are drawn again; training draws from all of z"),
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

  enum Player: String { case generator, discriminator, encoder }

  private static func network(_ player: Player) -> [CatalogEntry] {
    let section = "model.\(player.rawValue)"
    let isGenerator = player == .generator
    let kinds = names(NetworkKind.self) {
      switch player {
      case .generator: $0.isGenerator
      case .discriminator: $0.isDiscriminator
      case .encoder: ModelKind.encoders.contains($0)
      }
    }
    func of(_ wanted: [NetworkKind]) -> [String] { wanted.map(\.rawValue).filter(kinds.contains) }
    let translators = of([.unet, .resnet, .patch])
    let output = CatalogEntry(
      "\(section).output", .choice(names(OutputActivation.self)),
      .derived("linear for points and for progressive and style, tanh for other images"),
      kinds: kinds.filter { !translators.contains($0) },
      "what the last layer is passed through; images are scaled to [-1, 1]")
    let initializers = "he for mlp, normal for dcgan and maxout, xavier for residual, orthogonal for biggan"
    let initialized = kinds.filter { !translators.contains($0) && !["progressive", "style"].contains($0) }
    let standard: CatalogEntry.Default
    let explanation: String
    switch player {
    case .generator:
      standard = .derived("mlp; unet for pix2pix, resnet for cyclegan")
      explanation =
        "dense layers, DCGAN's convolutions, residual blocks, BigGAN's, progressive GAN's, StyleGAN's; the U-Net or"
        + " residual network of translations"
    case .discriminator:
      standard = .derived("mlp; patch for pix2pix and cyclegan")
      explanation =
        "dense layers, those of maxout units, DCGAN's convolutions, residual blocks, progressive GAN's; a judge of patches"
        + " for translations"
    case .encoder:
      standard = .value("mlp")
      explanation = "dense layers, or DCGAN's convolutions"
    }
    let spectral = isGenerator ? "true for biggan, else false" : "true for residual, else false"
    let entries =
      [
        CatalogEntry(
          section, .section(kinds: kinds), standard, kinds: player == .encoder ? ["bigan"] : [],
          "the \(player.rawValue)'s network"),
        CatalogEntry("\(section).kind", .choice(kinds), standard, explanation),
        CatalogEntry(
          "\(section).hidden", .integers(1...65_536, maximumCount: 64), .value("[128, 128]"), kinds: of([.mlp]),
          "units of each hidden layer"),
      ]
      + (player != .discriminator
        ? []
        : [
          CatalogEntry(
            "\(section).hidden", .integers(1...65_536, maximumCount: 64), .value("[200, 200, 200]"),
            kinds: of([.maxout]), "units of each hidden layer"),
          CatalogEntry(
            "\(section).pieces", .integer(2...64), .value("5"), kinds: of([.maxout]),
            "affine maps of a unit, of which it is the largest"),
        ]) + [
        CatalogEntry(
          "\(section).features", .integer(1...4096), .value("64"),
          kinds: of([.dcgan, .residual, .bigGAN]) + translators,
          "channels of the layer with the most pixels; each halving of the resolution doubles them"),
        CatalogEntry(
          "\(section).features", .integer(1...4096), .value("16"), kinds: of([.progressive, .style]),
          "channels of the layer with the most pixels; each halving of the resolution doubles them"),
        CatalogEntry(
          "\(section).most-features", .integer(1...4096), .value("512"), kinds: of([.progressive, .style]),
          "no layer has more channels"),
        CatalogEntry(
          "\(section).activation", .choice(names(ActivationKind.self)), .value(isGenerator ? "relu" : "leaky-relu"),
          kinds: of([.mlp, .dcgan]), "the function after each hidden layer"),
        CatalogEntry(
          "\(section).activation", .choice(names(ActivationKind.self)), .value("relu"), kinds: of([.residual]),
          "the function after each hidden layer"),
        CatalogEntry(
          "\(section).slope", .number(.fraction), .value("0.2"), kinds: of([.mlp, .dcgan, .residual]),
          "slope of leaky-relu below zero; no other has it"),
        CatalogEntry(
          "\(section).normalization", .choice(["none", "batch", "layer"]), .value("none"), kinds: of([.mlp]),
          "what normalizes each hidden layer"),
        CatalogEntry(
          "\(section).normalization", .choice(names(NormalizationKind.self)),
          isGenerator
            ? .value("batch") : .derived("batch; layer beside a penalty on slopes, none with spectral normalization"),
          kinds: of([.dcgan]), "what normalizes each hidden layer"),
        CatalogEntry(
          "\(section).normalization", .choice(names(NormalizationKind.self)), .value(isGenerator ? "batch" : "none"),
          kinds: of([.residual]), "what normalizes each hidden layer"),
        CatalogEntry(
          "\(section).spectral-normalization", .flag, .derived(spectral), kinds: initialized,
          "whether each layer's weight is divided by its largest singular value"),
      ]
      + (isGenerator
        ? [
          CatalogEntry(
            "\(section).embedding", .integer(1...65_536), .value("128"), kinds: of([.bigGAN]),
            "dimension of the class embedding that the blocks share"),
          CatalogEntry(
            "\(section).mapping-depth", .integer(1...64), .value("8"), kinds: of([.style]),
            "dense layers that make the style w of z"),
          CatalogEntry(
            "\(section).style-dimension", .integer(1...65_536), .value("512"), kinds: of([.style]), "coordinates of w"),
          CatalogEntry(
            "\(section).mixing", .number(.fraction), .value("0.9"), kinds: of([.style]),
            "probability that a training sample takes its later styles from a second latent"),
          CatalogEntry(
            "\(section).truncation", .number(.fraction), .value("0.7"), kinds: of([.style]),
            "psi: samples' styles are drawn to their mean by this factor; 1 leaves them, training has none"),
        ] : []) + [
        CatalogEntry(
          "\(section).attention", .integer(4...64), .absent("none"), kinds: of([.residual, .bigGAN]),
          "width of the map that self-attention follows"),
        CatalogEntry(
          "\(section).dropout", .number(.belowOne), .value("0"), kinds: of([.mlp]),
          "probability of dropping a hidden unit while training"),
        CatalogEntry(
          "\(section).initializer", .section(kinds: names(InitializerKind.self)),
          .derived(initializers), kinds: initialized, "how weights are drawn; biases start at 0"),
        CatalogEntry(
          "\(section).initializer.kind", .choice(names(InitializerKind.self)), .derived(initializers),
          "the distribution of the weights"),
        CatalogEntry(
          "\(section).initializer.deviation", .number(.positive), .value("0.02"), kinds: ["normal"],
          "standard deviation of the weights"),
        CatalogEntry(
          "\(section).initializer.gain", .number(.positive), .value("1"), kinds: ["xavier", "he", "orthogonal"],
          "factor on the weights"),
      ] + (isGenerator ? [output] : []) + translation(player, section)
    // Keys of networks that the player cannot have; a key without kinds would be one of all.
    let general = [section, "\(section).kind", output.path, "\(section).initializer.kind"]
    return entries.filter { !$0.kinds.isEmpty || general.contains($0.path) }
  }

  /// The keys of networks that translate images, and of their judges.
  private static func translation(_ player: Player, _ section: String) -> [CatalogEntry] {
    func normalization(_ kind: NetworkKind, _ standard: CatalogEntry.Default) -> CatalogEntry {
      CatalogEntry(
        "\(section).normalization", .choice(["none", "batch", "instance"]), standard, kinds: [kind.rawValue],
        "what normalizes each hidden layer")
    }
    switch player {
    case .generator:
      return [
        CatalogEntry(
          "\(section).depth", .integer(1...8), .absent("auto"), kinds: ["unet"],
          "halvings of the extent; auto takes as many as there are, at most 8"),
        CatalogEntry(
          "\(section).dropout", .number(.belowOne), .value("0.5"), kinds: ["unet"],
          "probability of dropping a unit of the first three blocks on the way up, in sampling too"),
        CatalogEntry(
          "\(section).blocks", .integer(0...64), .absent("auto"), kinds: ["resnet"],
          "residual blocks; auto takes 6, or 9 from 256 pixels on"),
        normalization(.unet, .value("batch")), normalization(.resnet, .value("instance")),
      ]
    case .discriminator:
      return [
        CatalogEntry(
          "\(section).receptive-field", .integerChoice(PatchConfiguration.receptiveFields), .value("70"),
          kinds: ["patch"], "width and height in pixels of the patches that are judged"),
        normalization(.patch, .derived("batch for pix2pix, instance for cyclegan")),
      ]
    case .encoder: return []
    }
  }

  private static let objective = [
    CatalogEntry(
      "objective", .section(kinds: names(ObjectiveKind.self)),
      .derived("non-saturating; least-squares for cyclegan"), "the game of the two players"),
    CatalogEntry(
      "objective.kind", .choice(names(ObjectiveKind.self)),
      .derived("non-saturating; least-squares for cyclegan"), "the kind of game"),
    CatalogEntry(
      "objective.real-label", .number(.any), .value("1"), kinds: ["least-squares"],
      "b, what the discriminator answers to data"),
    CatalogEntry(
      "objective.fake-label", .number(.any), .value("0"), kinds: ["least-squares"],
      "a, what the discriminator answers to fakes"),
    CatalogEntry(
      "objective.target-label", .number(.any), .value("1"), kinds: ["least-squares"],
      "c, the answer to its fakes that the generator aims at"),
  ]

  private static let penalties = list(
    PenaltyKind.self, "what constrains the discriminator, and the weights of both networks")
  private static let techniques = list(TechniqueKind.self, "ways to train beside the plain game")

  /// A list of elements that have nothing but numbers.
  private static func list<Kind: ParameterizedKind>(_ type: Kind.Type, _ explanation: String) -> [CatalogEntry] {
    let kinds = Kind.allCases.map(\.rawValue)
    return [
      CatalogEntry(Kind.section, .list(kinds: kinds), .value("[]"), explanation),
      CatalogEntry("\(Kind.section).kind", .choice(kinds), .required, "the kind of each element"),
    ]
      + Kind.allCases.flatMap { kind in
        kind.parameters.map { parameter in
          CatalogEntry(
            Parameterized<Kind>.id(kind, parameter.key), ValueType(parameter.accepted),
            .value(decimal(parameter.standard)), parameter.explanation)
        }
      }
  }

  private static func optimizer(_ player: String) -> [CatalogEntry] {
    let section = "optimizers.\(player)"
    func rate(_ kind: OptimizerKind, _ value: String) -> CatalogEntry {
      CatalogEntry("\(section).rate", .number(.positive), .value(value), kinds: [kind.rawValue], "learning rate")
    }
    let top =
      player == "generator"
      ? [CatalogEntry("optimizers", .section(kinds: []), .derived("its defaults"), "how the weights are updated")] : []
    return top + [
      CatalogEntry(
        section, .section(kinds: names(OptimizerKind.self)), .value("adam"), "updates of the \(player)'s weights"),
      CatalogEntry("\(section).kind", .choice(names(OptimizerKind.self)), .value("adam"), "the update rule"),
      rate(.adam, "0.0002"), rate(.rmsprop, "0.00005"), rate(.sgd, "0.01"),
      CatalogEntry(
        "\(section).beta1", .number(.belowOne), .value("0.5"), kinds: ["adam"], "decay of the mean gradient"),
      CatalogEntry(
        "\(section).beta2", .number(.belowOne), .value("0.999"), kinds: ["adam"], "decay of the mean squared gradient"),
      CatalogEntry(
        "\(section).decay", .number(.belowOne), .value("0.99"), kinds: ["rmsprop"],
        "decay of the mean squared gradient"),
      CatalogEntry(
        "\(section).momentum", .number(.belowOne), .value("0"), kinds: ["rmsprop", "sgd"],
        "share of the last update that is repeated"),
      CatalogEntry(
        "\(section).epsilon", .number(.positive), .value("1e-8"), kinds: ["adam", "rmsprop"],
        "added to the root that divides the gradient"),
      CatalogEntry(
        "\(section).clip-norm", .number(.positive), .absent("none"),
        "largest norm of the player's gradient; a longer one is scaled down"),
      CatalogEntry(
        "\(section).rate-schedule", .section(kinds: names(RateScheduleKind.self)), .value("constant"),
        "how the learning rate falls over the run's steps"),
      CatalogEntry(
        "\(section).rate-schedule.kind", .choice(names(RateScheduleKind.self)), .value("constant"),
        "the form of the fall"),
      CatalogEntry(
        "\(section).rate-schedule.final", .number(.fraction), .value("0"), kinds: ["linear", "cosine"],
        "the factor at the last step"),
    ]
  }

  private static let schedule = [
    CatalogEntry("schedule", .section(kinds: []), .derived("its defaults"), "how long the run trains"),
    CatalogEntry("schedule.batch", .integer(1...1_000_000), .value("64"), "samples in a batch"),
    CatalogEntry(
      "schedule.discriminator-steps", .integer(1...100), .derived("5 for wasserstein, 1 for others"),
      "discriminator updates in a step, before its one generator update"),
    CatalogEntry("schedule.steps", .integer(1...1_000_000_000), .value("20000"), "steps of the run"),
    CatalogEntry(
      "schedule.checkpoint-every", .integer(1...1_000_000_000), .value("1000"), "steps between two checkpoints"),
    CatalogEntry(
      "schedule.keep-checkpoints", .integer(1...10_000), .value("5"), "newest checkpoints kept; older ones are thinned"),
  ]

  private static let measures = [
    CatalogEntry("measures", .section(kinds: []), .derived("its defaults"), "what is measured beside the training"),
    CatalogEntry("measures.every", .integer(1...1_000_000_000), .value("500"), "steps between two measurements"),
    CatalogEntry("measures.samples", .integer(100...1_000_000), .value("2500"), "generated samples of a measurement"),
    CatalogEntry(
      "measures.neighbours", .integer(1...100), .value("4"), "k of the k-nearest-neighbour entropy"),
    CatalogEntry(
      "measures.clusters", .integer(1...1000), .value("20"), "k-means clusters of real data, for the effective number"),
  ]

  private static func names<T: RawRepresentable<String> & CaseIterable>(
    _ type: T.Type, where isIncluded: (T) -> Bool = { _ in true }
  ) -> [String] {
    type.allCases.filter(isIncluded).map(\.rawValue)
  }
}
