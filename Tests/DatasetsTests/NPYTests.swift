import Foundation
import Testing

@testable import Datasets

@Suite struct NPYTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes<Value>(_ values: [Value]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

  @Test func everyTypeVersionAndOrder() throws {
    let values: [Float] = [0, 1, 2, 3, 4, 5]
    let kinds: [(String, [UInt8])] = [
      ("'<f4'", bytes(values)), ("'<f8'", bytes(values.map(Double.init))), ("'<i4'", bytes(values.map { Int32($0) })),
      ("'<i8'", bytes(values.map { Int64($0) })), ("'|u1'", values.map { UInt8($0) }),
    ]
    for (descr, data) in kinds {
      for version in 1...3 as ClosedRange<UInt8> {
        let file = try folder.write(npy(descr, "(2, 3)", data, version: version), "a.npy")
        let array = try NPY.read(file)
        #expect(array.shape == [2, 3] && array.values == values)
        #expect(array.isBytes == (descr == "'|u1'"))
        let fortran = try folder.write(npy(descr, "(2, 3)", data, fortran: true, version: version), "a.npy")
        #expect(try NPY.read(fortran).values == [0, 2, 4, 1, 3, 5])
      }
    }
    let cube = try folder.write(npy("'|u1'", "(2, 2, 2)", [0, 1, 2, 3, 4, 5, 6, 7], fortran: true), "a.npy")
    #expect(try NPY.read(cube).values == [0, 4, 2, 6, 1, 5, 3, 7])
    #expect(
      try NPY.read(folder.write(npy("'<f4'", "()", bytes([7 as Float])), "a.npy")) == NPY.Array(shape: [], values: [7]))
    #expect(try NPY.read(folder.write(npy("'<f4'", "(0, 5)", []), "a.npy")) == NPY.Array(shape: [0, 5], values: []))
  }

  @Test func writtenArraysReadBack() throws {
    for shape in [[6], [2, 3], [1, 2, 3], [6, 1, 1, 1]] {
      let values: [Float] = [1.5, -2, 3e30, .leastNonzeroMagnitude, 0, -0.0]
      let file = folder.file("b.npy")
      try NPY.write(values, shape: shape, to: file)
      #expect(try NPY.read(file) == NPY.Array(shape: shape, values: values))
      let bytes = try ByteReader.contents(of: file, limit: 1000)
      #expect(bytes.count % 64 == 24 && bytes[127] == 0x0A)
    }
    #expect(folder.contents == ["b.npy"])
    #expect(sentence { try NPY.write([1], shape: [2], to: folder.file("c")) } != nil)
    #expect(sentence { try NPY.write([1], shape: [.max, 2], to: folder.file("c")) } != nil)
    #expect(sentence { try NPY.write([1], shape: [1], to: "/nowhere/c.npy") }?.contains("cannot be written") == true)
  }

  @Test func arraysBecomeDatasets() throws {
    let file = folder.file("points.npy")
    try NPY.write([1, 2, 3, 4, 5, 6], shape: [2, 3], to: file)
    #expect(try PointsFile.load(file: file).shape == .vector(3))
    try NPY.write([1, 2, 3], shape: [3], to: file)
    #expect(try PointsFile.load(file: file).shape == .vector(1))
    try NPY.write([Float](repeating: 0.25, count: 2 * 5 * 4), shape: [2, 5, 4], to: file)
    let images = try PointsFile.load(file: file)
    #expect(images.shape == .image(channels: 1, height: 5, width: 4))
    #expect(try images.samples(BatchRequest(seed: 1, position: 0, size: 1)).values.allSatisfy { $0 == -0.5 })
    let bytes = (0..<2 * 3 * 4 * 4).map { UInt8($0 % 256) }
    let colour = try folder.write(npy("'|u1'", "(2, 3, 4, 4)", bytes), "c.npy")
    #expect(try PointsFile.load(file: colour).shape == .image(channels: 3, height: 4, width: 4))
    #expect(try PointsFile.load(file: colour, size: 8).shape == .image(channels: 3, height: 8, width: 8))
    #expect(try PointsFile.load(file: colour, size: 8, fit: .pad).count == 2)
    func range(_ values: [Float]) -> Normalization {
      NPY.Array(shape: [1, 1, values.count], values: values).range
    }
    #expect(range([0, 1]) == .pixels(maximum: 1) && range([-1, 0.5]) == .identity && range([0, 200]) == .pixels())
    #expect(range([-10, 30]) == Normalization(offset: 10, scale: 20))
  }

  @Test func brokenFilesAreNamed() throws {
    func failure(_ bytes: [UInt8]) throws -> String {
      let file = try folder.write(bytes, "a.npy")
      let text = try #require(sentence { _ = try NPY.read(file) })
      return text.replacing(file, with: "F")
    }
    let good = npy("'<f4'", "(2,)", bytes([1, 2] as [Float]))
    #expect(try failure([]) == "F: is no NPY file (it begins with nothing).")
    #expect(try failure(Array("\u{01}NUMPY".utf8)).contains("is no NPY file"))
    #expect(try failure(good.dropLast()) == "F: is cut off: 136 bytes expected, 135 found.")
    #expect(try failure(good + [0]) == "F: is too long: 136 bytes expected, 137 found.")
    #expect(try failure(npy("'>f4'", "(2,)", [])).hasPrefix("F: has NPY elements of type >f4, but accepted are <f4"))
    #expect(try failure(npy("[('x', '<f4')]", "(2,)", [])).contains("type unknown"))
    #expect(try failure(npy("'<f4'", "(-2,)", [])).contains("header that cannot be read"))
    #expect(try failure(npy("'<f4'", "(99999999999, 99999999999)", [])).contains("at most"))
    #expect(try failure(npy("'<f4'", "2", [])).contains("header that cannot be read"))
    #expect(try failure(Array(good.prefix(40))).contains("is cut off"))
    let nan = npy("'<f4'", "(2, 2)", bytes([1, 2, 3, .nan] as [Float]))
    let file = try folder.write(nan, "nan.npy")
    #expect(sentence { _ = try PointsFile.load(file: file) } == "\(file): has a value that is not finite in sample 2.")
    let deep = try folder.write(npy("'<f4'", "(1, 2, 1, 1)", bytes([1, 2] as [Float])), "deep.npy")
    #expect(sentence { _ = try PointsFile.load(file: deep) }?.contains("1 or 3 channels") == true)
    let none = try folder.write(npy("'<f4'", "(0, 2)", []), "none.npy")
    #expect(sentence { _ = try PointsFile.load(file: none) } == "\(none): holds no points.")
  }

  @Test func damagedBytesNeverTrap() throws {
    var random = SplitMix(state: 41)
    let original = npy("'<f8'", "(3, 2)", bytes([1, 2, 3, 4, 5, 6] as [Double]))
    for trial in 0..<500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<min(90, bytes.count), using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if trial % 4 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      let file = try folder.write(bytes, "a.npy")
      _ = sentence { _ = try PointsFile.load(file: file, size: 4).samples(BatchRequest(seed: 1, position: 0, size: 3)) }
    }
  }
}
