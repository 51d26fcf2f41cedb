import Foundation
import Testing

@testable import Datasets

@Suite struct TableTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func points(_ text: String) throws -> [Float] {
    let data = try PointsFile.load(file: folder.write(text, "points.csv"))
    guard case .vector(let dimension) = data.shape, let count = data.count else { return [] }
    // In the order of the file: sorted by the first column, which the tests number.
    let set = try data.samples(BatchRequest(seed: 1, position: 0, size: count))
    let rows = (0..<count).map { Array(set.values[$0 * dimension..<($0 + 1) * dimension]) }
    return rows.sorted { $0[0] < $1[0] }.flatMap { $0 }
  }

  @Test func delimitersHeadersComments() throws {
    let expected: [Float] = [1, 2, 3, -4.5]
    #expect(try points("1,2\n3,-4.5\n") == expected)
    #expect(try points("1;2\n3;-4,5") == expected)
    #expect(try points("1\t2\r\n3\t-4.5\r\n") == expected)
    #expect(try points("  1   2 \n\n 3 -4.5e0 \n") == expected)
    #expect(try points("# made by hand\nx,y\n1,2\n# half way\n3,-4.5\n") == expected)
    #expect(try points("\u{FEFF}\"x\",\"y\"\n\"1\",\"2\"\n\"3\",\"-4.5\"") == expected)
    #expect(try points("1\n2\n3") == [1, 2, 3])
    #expect(try points("1,2,3,4,5") == [1, 2, 3, 4, 5])
  }

  @Test func brokenLinesAreNamed() throws {
    func failure(_ text: String) throws -> String {
      let file = try folder.write(text, "points.csv")
      let text = try #require(sentence { _ = try PointsFile.load(file: file) })
      return text.replacing(file, with: "F")
    }
    #expect(try failure("1,2\n3\n") == "F:2: has 1 fields, but 2 are expected.")
    #expect(try failure("# c\nx,y\n1,2\n3,four\n") == "F:4: field 2 is \"four\", but must be a number.")
    #expect(try failure("1,x\n") == "F:1: field 2 is \"x\", but must be a number.")
    #expect(try failure("1,nan\n") == "F:1: field 2 is nan, but must be finite.")
    #expect(try failure("1,1e300\n") == "F:1: field 2 is 1e300, but must be below 3.4e38 in magnitude.")
    #expect(try failure("1,,3\n") == "F:1: field 2 is \"\", but must be a number.")
    #expect(try failure("") == "F: holds no points.")
    #expect(try failure("x,y\n# only\n") == "F: holds no points.")
    #expect(try failure("1,2\n" + String(repeating: "z", count: 999) + ",1").count < 100)
    #expect(sentence { _ = try PointsFile.load(file: "/nowhere/p.csv") } == "/nowhere/p.csv: there is no such file.")
  }

  @Test func standardizesEachColumn() throws {
    let text = (0..<100).map { "\($0 % 10),\(1000 + 50 * ($0 / 10)),7" }.joined(separator: "\n")
    let data = try PointsFile.load(file: folder.write(text, "points.csv"), standardized: true)
    let set = try data.samples(BatchRequest(seed: 1, position: 0, size: 100))
    for column in 0..<3 {
      let values = (0..<100).map { Double(set.values[3 * $0 + column]) }
      #expect(abs(mean(values)) < 1e-5)
      #expect(abs(mean(values.map { $0 * $0 }) - (column == 2 ? 0 : 1)) < 1e-5)
    }
    let back = data.normalization.inverted(set.values)
    #expect(back.allSatisfy { abs($0 - $0.rounded()) < 1e-3 })
  }

  @Test func digits() throws {
    let line = (0..<64).map { String($0 % 17) }.joined(separator: ",")
    let file = try folder.write("# the last digit is the class\n\(line),7\n\(line),3\n", "optdigits.tes")
    for path in [file, folder.path] {
      let data = try DigitsCSV.load(file: path)
      #expect(data.count == 2 && data.classCount == 10 && data.shape == .image(channels: 1, height: 8, width: 8))
      let set = try data.samples(BatchRequest(seed: 1, position: 0, size: 2))
      let ramp: [Float] = (0...16).map { Float($0 - 8) / 8 }
      #expect(Array(set.values[0..<17]) == ramp)
      #expect((set.labels ?? []).sorted() == [3, 7])
    }
    let large = try DigitsCSV.load(file: file, size: 28)
    #expect(large.shape == .image(channels: 1, height: 28, width: 28))
    func failure(_ text: String) throws -> String? {
      let file = try folder.write(text, "bad.csv")
      return sentence { _ = try DigitsCSV.load(file: file) }?.replacing(file, with: "F")
    }
    #expect(try failure("\(line),7\n\(line)\n") == "F:2: has 64 fields, but 65 are expected.")
    #expect(try failure("17\(line.dropFirst()),7\n") == "F:1: field 1 is 17, but must be a whole number from 0 to 16.")
    #expect(try failure("\(line),10\n") == "F:1: field 65 is 10, but must be a whole number from 0 to 9.")
    #expect(try failure("\(line),1.5\n")?.contains("whole number") == true)
    #expect(try failure("# nothing\n") == "F: holds no digits.")
    #expect(sentence { _ = try DigitsCSV.load(file: "/nowhere") } == "/nowhere: there is no such file.")
  }

  @Test func digitsOfUCI() throws {
    guard let folder = sharedData("digits") else { return }
    let data = try DigitsCSV.load(file: folder)
    #expect(data.count == 1797)
    let set = try data.evaluationSamples(count: 5000, seed: 1)
    #expect(set.count == 1797)
    // scikit-learn's load_digits().data.mean() is 4.884164579855314.
    #expect(abs(mean(set.values.map { Double($0) * 8 + 8 }) - 4.884_164_58) < 1e-5)
  }

  @Test func damagedTextNeverTraps() throws {
    var random = SplitMix(state: 31)
    let line = (0..<64).map { String($0 % 17) }.joined(separator: ",")
    let originals = ["x;y\n1;2\n3,5;4\n", "# c\n\(line),7\n\(line),3\n", "1 2 3\n4 5 6\n"].map { Array($0.utf8) }
    for trial in 0..<300 {
      var bytes = originals[trial % 3]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let file = try folder.write(bytes, "damaged")
      _ = sentence {
        _ = try PointsFile.load(file: file, standardized: true).samples(BatchRequest(seed: 1, position: 0, size: 3))
      }
      _ = sentence { _ = try DigitsCSV.load(file: file) }
    }
  }
}
