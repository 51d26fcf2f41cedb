import Models

/// The keys of `data`.
extension Catalog {
  static let data: [CatalogEntry] = {
    let points = names(DataKind.self) { $0.canBeStandardized }
    let folders = [DataKind.mnist, .fashionMNIST, .stackedMNIST].map(\.rawValue)
    let finite = names(DataKind.self) { $0.isFinite }
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
      CatalogEntry(
        "data.split", .choice(names(SplitKind.self)), .value("all"), kinds: finite,
        "which samples are learnt: all but the files' test split; train and test hold out a fifth where there is none"),
      CatalogEntry(
        "data.only", .integers(0...65_535, maximumCount: 1000), .value("[]"), kinds: finite,
        "the classes that are learnt, from 0 on, each channel's where images are stacked; [] for all"),
      CatalogEntry(
        "data.without", .integers(0...65_535, maximumCount: 1000), .value("[]"), kinds: finite,
        "classes that are left out"),
      CatalogEntry(
        "data.per-class", .integer(1...1_000_000_000), .absent("all"), kinds: finite,
        "how many samples of each class are learnt, the same for every seed"),
    ]
  }()
}
