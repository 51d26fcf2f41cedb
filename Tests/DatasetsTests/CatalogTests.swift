import Foundation
import Testing

@testable import Datasets

@Suite struct CatalogTests {
  @Test func everySyntheticKindComesOutOfItsDefaults() throws {
    let kinds = ["ring", "grid", "moons", "swiss-roll", "spiral", "checkerboard", "pinwheel"]
    for kind in kinds {
      for standardized in [false, true] {
        let data = try DatasetCatalog.dataset(kind, ["standardized": .flag(standardized)])
        #expect(data.name == kind && data.shape == .vector(2) && data.count == nil)
        #expect(data.normalization.isIdentity != standardized)
        #expect(try data.samples(BatchRequest(seed: 1, position: 0, size: 9)).values.allSatisfy { $0.isFinite })
      }
    }
    let ring = try DatasetCatalog.dataset(
      "ring", ["modes": .integer(3), "radius": .integer(1), "deviation": .number(0.5)])
    #expect(ring.summary == "ring of 3 Gaussians, radius 1, deviation 0.5")
    #expect(Set(DatasetCatalog.entries.map(\.kind)).isSuperset(of: kinds))
    for entry in DatasetCatalog.entries {
      #expect(!entry.summary.isEmpty && Set(entry.parameters.map(\.key)).count == entry.parameters.count)
    }
  }

  @Test func filesComeFromPathOrCache() throws {
    let folder = try TemporaryFolder()
    try folder.write(idx([2, 8, 8], [UInt8](repeating: 4, count: 128)), "mnist/train-images-idx3-ubyte")
    try folder.write(idx([2], [0, 1]), "mnist/train-labels-idx1-ubyte")
    let mnist = try DatasetCatalog.dataset("mnist", ["path": .text(folder.file("mnist")), "size": .integer(16)])
    #expect(mnist.shape == .image(channels: 1, height: 16, width: 16) && mnist.classes == 2)
    let idx = try DatasetCatalog.dataset(
      "idx", ["path": .text(folder.file("mnist/train-images-idx3-ubyte")), "fit": .text("pad"), "size": .integer(12)])
    #expect(idx.count == 2 && idx.classes == nil)
    #expect(
      sentence { _ = try DatasetCatalog.dataset("mnist", cache: folder.path) }?.contains("gantui data get mnist")
        == true)
    try folder.write("1 2\n3 4\n", "p.txt")
    #expect(try DatasetCatalog.dataset("points", ["path": .text(folder.file("p.txt"))]).count == 2)
    try folder.write(PNG.encode(solid(8, 8, [1, 2, 3]), file: ""), "pictures/a.png")
    let pictures = try DatasetCatalog.dataset("images", ["path": .text(folder.file("pictures"))])
    #expect(pictures.shape == .image(channels: 3, height: 32, width: 32))
    let line = Array(repeating: "1", count: 65).joined(separator: ",")
    try folder.write(line, "digits/optdigits.tes")
    #expect(try DatasetCatalog.dataset("digits", cache: folder.path).count == 1)
  }

  @Test func theCatalogSaysWhatTheChecksAccept() throws {
    for entry in DatasetCatalog.entries where !entry.hasImages && entry.kind != "points" {
      for parameter in entry.parameters where parameter.kind == .integer || parameter.kind == .number {
        let text = sentence { _ = try DatasetCatalog.dataset(entry.kind, [parameter.key: .integer(-5)]) }
        #expect(text == "\(entry.kind): \(parameter.key) is -5, but must be \(parameter.accepted).")
      }
    }
  }

  @Test func wrongValuesAreRefusedInOneSentence() {
    func failure(_ kind: String, _ values: [String: ParameterValue]) -> String? {
      sentence { _ = try DatasetCatalog.dataset(kind, values, cache: "/nowhere") }
    }
    #expect(failure("rings", [:])?.hasPrefix("rings is no known dataset; known are ring, grid") == true)
    #expect(
      failure("ring", ["mode": .integer(1)])
        == "ring has no mode; accepted are modes, radius, deviation, standardized.")
    #expect(
      failure("ring", ["modes": .number(2.5)]) == "ring: modes is 2.5, but must be a whole number from 1 to 10000.")
    #expect(
      failure("ring", ["modes": .text("eight")]) == "ring: modes is eight, but must be a whole number from 1 to 10000.")
    #expect(failure("ring", ["modes": .integer(0)]) == "ring: modes is 0, but must be a whole number from 1 to 10000.")
    #expect(failure("ring", ["radius": .flag(true)])?.contains("radius is true") == true)
    #expect(failure("ring", ["standardized": .integer(1)]) == "ring: standardized is 1, but must be true or false.")
    #expect(failure("idx", [:]) == "idx needs path: a path.")
    #expect(failure("mnist", ["fit": .text("crop")]) == "mnist: fit is crop, but must be resize or pad.")
    #expect(failure("images", ["path": .text("")])?.contains("path is") == true)
    #expect(failure("mnist", ["path": .text("/nowhere/mnist")]) == "/nowhere/mnist: there is no such file.")
  }
}
