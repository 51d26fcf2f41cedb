/// A dataset that `gantui data get` can fetch.
public struct DownloadableSet: Hashable, Sendable {
  public struct File: Hashable, Sendable {
    public var name: String
    /// Bytes on the usual mirror, for people; the checksum decides.
    public var size: Int
    public var checksum: Checksum
  }
  public var name: String
  /// One line for people.
  public var summary: String
  public var license: String
  public var files: [File]
  /// Addresses that end with a slash, tried in order.
  public var mirrors: [String]

  public var size: Int { files.reduce(0) { $0 + $1.size } }

  /// All sets, by name.
  public static let all = [mnist, fashion, digits]

  public static func named(_ name: String) -> DownloadableSet? { all.first { $0.name == name } }

  /// The checksums are of the unpacked files; the training images unpack to MD5 6bbc9ace898e44ae57da46a324031adb.
  static let mnist = DownloadableSet(
    name: "mnist", summary: "70,000 handwritten digits, 28x28 gray, 10 classes",
    license: "as published by LeCun, Cortes and Burges",
    files: [
      File(
        name: "train-images-idx3-ubyte.gz", size: 9_912_422,
        checksum: .content("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db")),
      File(
        name: "train-labels-idx1-ubyte.gz", size: 28_881,
        checksum: .content("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5")),
      File(
        name: "t10k-images-idx3-ubyte.gz", size: 1_648_877,
        checksum: .content("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7")),
      File(
        name: "t10k-labels-idx1-ubyte.gz", size: 4_542,
        checksum: .content("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
    ],
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ])

  static let fashion = DownloadableSet(
    name: "fashion-mnist", summary: "70,000 pieces of clothing, 28x28 gray, 10 classes", license: "MIT",
    files: [
      File(
        name: "train-images-idx3-ubyte.gz", size: 26_421_880,
        checksum: .file("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84")),
      File(
        name: "train-labels-idx1-ubyte.gz", size: 29_515,
        checksum: .file("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845")),
      File(
        name: "t10k-images-idx3-ubyte.gz", size: 4_422_102,
        checksum: .file("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073")),
      File(
        name: "t10k-labels-idx1-ubyte.gz", size: 5_148,
        checksum: .file("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")),
    ],
    mirrors: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ])

  static let digits = DownloadableSet(
    name: "digits", summary: "1,797 handwritten digits, 8x8 gray, 10 classes", license: "CC BY 4.0",
    files: [
      File(
        name: "optdigits.tes", size: 264_712,
        checksum: .file("6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"))
    ],
    mirrors: ["https://archive.ics.uci.edu/ml/machine-learning-databases/optdigits/"])
}
