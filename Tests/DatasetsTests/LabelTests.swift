import Foundation
import Testing

@testable import Datasets

@Suite struct LabelTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Values and labels in the order of the file.
  private func load(_ text: String, _ labels: LabelSource?) throws -> ([Float], [Int32]?, [String]) {
    let data = try PointsFile.load(file: folder.write(text, "p.csv"), labels: labels)
    let set = try data.samples(of: .training, in: 0..<1000)
    return (set.values, set.labels, data.classNames)
  }

  @Test func columnsByNumberAndName() throws {
    for (text, column) in [
      ("1,2,0\n3,4,2\n5,6,1\n", "3"), ("1,2,0\n3,4,2\n5,6,1\n", "-1"), ("0 1 2\n2 3 4\n1 5 6\n", "1"),
      ("x,kind,y\n1,0,2\n3,2,4\n5,1,6\n", "kind"), ("x;kind;y\n1;0;2\n3;2;4\n5;1;6\n", "2"),
    ] {
      let (values, labels, names) = try load(text, .column(column))
      #expect(values == [1, 2, 3, 4, 5, 6] && labels == [0, 2, 1] && names.isEmpty, "\(text)")
    }
    let data = try PointsFile.load(file: folder.write("1,2,0\n3,4,4\n", "p.csv"), labels: .column("3"))
    #expect(data.classCount == 5 && data.shape == .vector(2))
    #expect(try PointsFile.load(file: folder.write("1,2,0\n3,4,4\n", "p.csv")).classCount == nil)
  }

  @Test func namesBecomeClasses() throws {
    let (values, labels, names) = try load(
      "a,b,species\n1,2,virginica\n3,4,setosa\n5,6,virginica\n", .column("species"))
    #expect(values == [1, 2, 3, 4, 5, 6] && labels == [1, 0, 1] && names == ["setosa", "virginica"])
  }

  @Test func filesOfLabels() throws {
    let points = "1,2\n3,4\n5,6\n"
    let text = try folder.write("# classes\n0\n2\n1\n", "labels.txt")
    let bytes = try folder.write(idx([3], [0, 2, 1]), "labels.idx")
    let packed = try folder.write(gzip(idx([3], [0, 2, 1])), "labels.idx.gz")
    let array = folder.file("labels.npy")
    try NPY.write([0, 2, 1], shape: [3], to: array)
    for file in [text, bytes, packed, array] { #expect(try load(points, .file(file)).1 == [0, 2, 1], "\(file)") }
    let named = try folder.write("cat\ndog\ncat\n", "names.txt")
    let (_, labels, names) = try load(points, .file(named))
    #expect(labels == [0, 1, 0] && names == ["cat", "dog"])
  }

  @Test func arraysWithLabels() throws {
    let file = folder.file("a.npy")
    try NPY.write([1, 2, 0, 3, 4, 2], shape: [2, 3], to: file)
    let points = try PointsFile.load(file: file, labels: .column("-1"))
    #expect(points.shape == .vector(2) && points.labels(of: .training) == [0, 2] && points.classCount == 3)
    #expect(try points.samples(of: .training, in: 0..<2).values == [1, 2, 3, 4])
    try NPY.write([Float](repeating: 0.5, count: 3 * 16), shape: [3, 4, 4], to: file)
    let labels = try folder.write("1\n0\n1\n", "l.txt")
    for size in [nil, 8] as [Int?] {
      let images = try PointsFile.load(file: file, labels: .file(labels), size: size)
      #expect(images.labels(of: .training) == [1, 0, 1] && images.classCount == 2)
    }
  }

  @Test func brokenLabelsAreNamed() throws {
    func failure(_ text: String, _ labels: LabelSource) throws -> String {
      let text = try #require(sentence { _ = try load(text, labels) })
      return text.replacing(folder.path + "/", with: "")
    }
    #expect(
      try failure("1,2,0\n3,4,1.5\n", .column("3")).hasPrefix("p.csv:2: field 3 is 1.5, but must be a whole number"))
    #expect(try failure("1,2,0\n3,4,x\n", .column("3")) == "p.csv:2: field 3 is \"x\", but must be a number.")
    #expect(try failure("1,2,\n", .column("3")) == "p.csv:1: field 3 is empty, but must be a label.")
    #expect(try failure("1,2,-1\n", .column("3")).contains("from 0 to 65535"))
    #expect(try failure("1,2\n", .column("3")) == "p.csv: has no column 3 for labels; its columns are 1 to 2.")
    #expect(try failure("1,2\n", .column("0")).contains("has no column 0"))
    #expect(try failure("x,y\n1,2\n", .column("z")) == "p.csv: has no column z for labels; its columns are x, y.")
    #expect(try failure("1\n2\n", .column("1")).contains("has no column 1"))
    let short = try folder.write("1\n", "l.txt")
    #expect(try failure("1,2\n3,4\n", .file(short)) == "p.csv holds 2 samples, but l.txt holds 1 labels.")
    #expect(try failure("1,2\n", .file(folder.file("none"))) == "none: there is no such file.")
    #expect(try failure("1,2\n", .file(folder.write("", "l.txt"))) == "l.txt: holds no labels.")
    #expect(try failure("1,2\n", .file(folder.write("1,2\n", "l.txt"))).hasPrefix("l.txt:1: has 2 fields"))
    let array = folder.file("l.npy")
    try NPY.write([0.5], shape: [1], to: array)
    #expect(try failure("1,2\n", .file(array)).hasPrefix("l.npy: has label 0.5 at sample 1, but labels are whole"))
    try NPY.write([0, 1], shape: [1, 2], to: array)
    #expect(try failure("1,2\n", .file(array)).contains("dimensions 1 x 2"))
    let images = folder.file("i.npy")
    try NPY.write([0, 1, 1, 0], shape: [1, 2, 2], to: images)
    #expect(
      sentence { _ = try PointsFile.load(file: images, labels: .column("1")) }?.contains("it holds images") == true)
  }

  @Test func classNamesOfNamedSets() throws {
    #expect(IDXDataset.classNames(of: "fashion-mnist").count == 10 && IDXDataset.classNames(of: "mine").isEmpty)
    let images = try folder.write(idx([3, 2, 2], [UInt8](repeating: 1, count: 12)), "train-images-idx3-ubyte")
    try folder.write(idx([3], [0, 9, 3]), "train-labels-idx1-ubyte")
    #expect(images.hasSuffix("ubyte"))
    let fashion = try IDXDataset.load(folder: folder.path, name: "fashion-mnist")
    #expect(fashion.classNames.first == "T-shirt" && fashion.classCount == 10)
    #expect(try Ring().classCount == 8 && Grid().classCount == 25)
  }

  @Test func damagedLabelsNeverTrap() throws {
    var random = SplitMix(state: 61)
    let originals = [Array("x,y,k\n1,2,a\n3,4,b\n".utf8), Array("1 2 0\n3 4 1\n".utf8), idx([2], [0, 1])]
    let points = try folder.write("1,2\n3,4\n", "points.csv")
    for trial in 0..<300 {
      var bytes = originals[trial % 3]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let file = try folder.write(bytes, "damaged")
      _ = sentence { _ = try PointsFile.load(file: file, labels: .column("3")) }
      _ = sentence { _ = try PointsFile.load(file: points, labels: .file(file)) }
    }
  }
}
