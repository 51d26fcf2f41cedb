import Foundation
import Testing

@testable import Datasets

@Suite struct SampleFileTests {
  let folder: TemporaryFolder
  let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = folder.file("s.npy")
  }

  private func failure(_ body: () throws -> Void) throws -> String {
    let text = sentence(body)
    return try #require(text).replacing(file, with: "F")
  }

  @Test func everyShape() throws {
    let values = (0..<24).map { Float($0) / 24 }
    for shape in [[2, 3, 2, 2], [6, 2, 2], [6, 1, 2, 2]] {
      try NPY.write(values, shape: shape, to: file)
      let set = try SampleFile.load(file)
      #expect(set.shape == .image(channels: shape.count == 4 ? shape[1] : 1, height: 2, width: 2))
      #expect(set.count == shape[0] && set.values == values.map { ($0 - 0.5) / 0.5 })
    }
    try NPY.write(values, shape: [4, 6], to: file)
    let features = try SampleFile.load(file)
    #expect(features.shape == .vector(6) && features.count == 4 && features.values == values)
    // Flat images of a shape that is known.
    let flat = try SampleFile.load(file, expecting: .image(channels: 1, height: 2, width: 3))
    #expect(flat.shape == .image(channels: 1, height: 2, width: 3) && flat.values == values.map { ($0 - 0.5) / 0.5 })
    try NPY.write(values, shape: [24], to: file)
    #expect(try SampleFile.load(file, expecting: .vector(1)).count == 24)
  }

  @Test func channelsLastOnlyWhereItIsSaid() throws {
    // Two images of 2x2 pixels; the value tells channel, row and column.
    let planes = (0..<24).map { Float($0) }
    var interleaved = planes
    for image in 0..<2 {
      for channel in 0..<3 {
        for pixel in 0..<4 { interleaved[image * 12 + pixel * 3 + channel] = planes[image * 12 + channel * 4 + pixel] }
      }
    }
    try NPY.write(interleaved, shape: [2, 2, 2, 3], to: file)
    let set = try SampleFile.load(file, channelsLast: true, range: .bytes)
    #expect(set.shape == .image(channels: 3, height: 2, width: 2) && set.values == planes.map { ($0 - 127.5) / 127.5 })
    let text = try failure { _ = try SampleFile.load(file) }
    #expect(
      text.hasPrefix("F: has NPY dimensions 2 x 2 x 2 x 3, but accepted are") && text.contains("channels come last"))
    let data = try PointsFile.load(file: file, channelsLast: true)
    #expect(data.shape == .image(channels: 3, height: 2, width: 2))
    #expect(try failure { _ = try PointsFile.load(file: file) }.contains("channels come last"))
  }

  @Test func rangesOfPixels() throws {
    func load(_ values: [Float], _ range: PixelRange = .automatic) throws -> [Float] {
      try NPY.write(values, shape: [1, 1, values.count], to: file)
      return try SampleFile.load(file, range: range).values
    }
    #expect(try load([0, 0.5, 1]) == [-1, 0, 1] && load([-1, 0, 0.5]) == [-1, 0, 0.5])
    #expect(try load([0, 127.5, 255]) == [-1, 0, 1] && load([-1.00001, 1]) == [-1.00001, 1])
    #expect(try load([0, 0.5, 1], .signed) == [0, 0.5, 1] && load([0, 1], .bytes) == [-1, (1 - 127.5) / 127.5])
    #expect(try load([-1, 2], .signed) == [-1, 2])
    #expect(
      try failure { _ = try load([-3, 2]) }
        == "F: has pixels from -3.0 to 2.0, which is none of 0...1, -1...1 and 0...255; say which range they are meant in."
    )
    // Bytes, and doubles as NumPy writes them.
    try folder.write(npy("'|u1'", "(1, 1, 3)", [0, 51, 255]), "s.npy")
    #expect(try SampleFile.load(file).values == [-1, (51 - 127.5) / 127.5, 1])
    try folder.write(npy("'<f8'", "(1, 2)", [0, 0.25].withUnsafeBytes { Array($0) }), "s.npy")
    #expect(try SampleFile.load(file).values == [0, 0.25])
  }

  @Test func wrongFilesAreNamed() throws {
    try NPY.write([Float](repeating: 0, count: 64), shape: [1, 8, 8], to: file)
    #expect(
      try failure { _ = try SampleFile.load(file, expecting: .image(channels: 1, height: 4, width: 4)) }
        == "F: has NPY dimensions 1 x 8 x 8, but accepted are [samples, 1, 4, 4] or [samples, 4, 4].")
    #expect(
      try failure { _ = try SampleFile.load(file, expecting: .vector(2)) }
        == "F: has NPY dimensions 1 x 8 x 8, but accepted are [samples, 2].")
    try NPY.write([0, .nan], shape: [1, 2], to: file)
    #expect(try failure { _ = try SampleFile.load(file) } == "F: has a value that is not finite in sample 1.")
    try NPY.write([], shape: [0, 2], to: file)
    #expect(try failure { _ = try SampleFile.load(file) } == "F: holds no samples.")
    try NPY.write([1, 2], shape: [1, 2, 1, 1], to: file)
    #expect(try failure { _ = try SampleFile.load(file) }.contains("1 or 3 channels"))
    try NPY.write([1, 2], shape: [1, 1, 1, 2, 1], to: file)
    #expect(try failure { _ = try SampleFile.load(file) }.contains("dimensions 1 x 1 x 1 x 2 x 1"))
    try NPY.write([7], shape: [], to: file)
    #expect(try failure { _ = try SampleFile.load(file) }.contains("accepted are"))
    try folder.write("1,2\n", "s.npy")
    #expect(try failure { _ = try SampleFile.load(file) }.hasPrefix("F: is no NPY file"))
    #expect(sentence { _ = try SampleFile.load("/nowhere/s.npy") } == "/nowhere/s.npy: there is no such file.")
  }
}
