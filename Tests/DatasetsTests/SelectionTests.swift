import Foundation
import Testing

@testable import Datasets

/// Labelled 2x2 images in memory; pixel 0 numbers the sample, 100 and on those of the test split.
func numbered(_ labels: [Int32], test: [Int32]? = nil, name: String = "numbered", classCount: Int? = nil)
  -> StoredDataset
{
  func split(_ labels: [Int32], from first: Int) -> StoredDataset.Split {
    .init(values: .bytes(labels.indices.flatMap { [UInt8(first + $0), 0, 0, UInt8(labels[$0])] }), labels: labels)
  }
  return StoredDataset(
    name: name, shape: .image(channels: 1, height: 2, width: 2), training: split(labels, from: 0),
    test: test.map { split($0, from: 100) }, classCount: classCount, normalization: .pixels())
}

/// The bytes that a normalized pixel was.
func byte(_ value: Float) -> Int { Int((value * 127.5 + 127.5).rounded()) }

@Suite struct SelectionTests {
  /// Thirty samples of three classes, twelve of a test split.
  let data = numbered((0..<30).map { Int32($0 % 3) }, test: (0..<12).map { Int32($0 % 3) })

  private func numbers(_ data: any Dataset, _ split: DatasetSplit = .training) throws -> [Int] {
    let indexed = try #require(data as? any IndexedDataset)
    let set = try indexed.samples(of: split, in: 0..<1000)
    for sample in 0..<set.count {
      #expect(Int(set.labels?[sample] ?? -1) == byte(set.values[4 * sample + 3]), "labels stay with their samples")
    }
    return (0..<set.count).map { byte(set.values[4 * $0]) }
  }

  private func applied(_ selection: DatasetSelection) throws -> [Int] { try numbers(selection.applied(to: data)) }

  @Test func nothingLeftOutIsTheDataItself() throws {
    #expect(DatasetSelection().isWhole)
    #expect(try DatasetSelection().applied(to: data) is StoredDataset)
    #expect(try applied(.init()) == Array(0..<30))
    #expect(try numbers(data, .test) == Array(100..<112))
  }

  @Test func splitsOfTheFiles() throws {
    let train = try DatasetSelection(part: .train).applied(to: data)
    #expect(try numbers(train) == Array(0..<30) && numbers(train, .test) == Array(100..<112))
    let test = try DatasetSelection(part: .test).applied(to: data)
    #expect(try numbers(test) == Array(100..<112) && test.count == 12)
    #expect(test.summary == "numbered: 12 2x2 gray images (test split)")
    // Batches and evaluation come from what is selected.
    let batch = try test.samples(BatchRequest(seed: 1, position: 0, size: 12))
    #expect(Set((0..<12).map { byte(batch.values[4 * $0]) }) == Set(100..<112))
    #expect(try test.evaluationSamples(count: 99, seed: 1).count == 12)
  }

  @Test func aShareOfEachClassIsHeldOut() throws {
    let plain = numbered((0..<50).map { Int32($0 % 5) })
    let train = try DatasetSelection(part: .train).applied(to: plain)
    let test = try DatasetSelection(part: .test).applied(to: plain)
    let kept = try numbers(train), held = try numbers(test)
    #expect(kept.count == 40 && held.count == 10 && Set(kept + held) == Set(0..<50))
    #expect(Set(held.map { $0 % 5 }).count == 5, "each class has its share")
    #expect(try numbers(train, .test) == held, "what is held out is what measures see")
    // A seed changes nothing about it.
    #expect(try numbers(DatasetSelection(part: .test, seed: 9).applied(to: plain)) == held)
    let wide = try DatasetSelection(heldOut: 0.5).applied(to: data)
    let others = try numbers(wide, .test)
    #expect(wide.count == 15 && others.count == 15 && others.allSatisfy { $0 < 100 })
    // Without labels all are one class.
    let points = StoredDataset(
      name: "p", shape: .vector(1), training: .init(values: .floats((0..<10).map(Float.init))), normalization: .identity
    )
    #expect(try DatasetSelection(part: .test).applied(to: points).count == 2)
  }

  @Test func classesAreKeptOrLeftOut() throws {
    let only = try DatasetSelection(only: [2]).applied(to: data)
    #expect(try numbers(only) == Array(stride(from: 2, to: 30, by: 3)) && numbers(only, .test) == [102, 105, 108, 111])
    #expect(only.classCount == 3 && only.summary.hasSuffix("(only 2)"))
    #expect(try applied(.init(without: [0, 1])) == Array(stride(from: 2, to: 30, by: 3)))
    #expect(try applied(.init(only: [0, 1], without: [1])) == Array(stride(from: 0, to: 30, by: 3)))
    let set = try only.samples(BatchRequest(seed: 3, position: 0, size: 25))
    #expect(set.labels == [Int32](repeating: 2, count: 25))
  }

  @Test func soManyOfEachClass() throws {
    let first = try applied(.init(perClass: 4, seed: 1)), second = try applied(.init(perClass: 4, seed: 2))
    #expect(first.count == 12 && first == first.sorted() && first != second)
    for label in 0..<3 { #expect(first.filter { $0 % 3 == label }.count == 4) }
    #expect(try applied(.init(perClass: 4, seed: 1)) == first)
    let data = try DatasetSelection(only: [1], perClass: 4, seed: 1).applied(to: data)
    #expect(try numbers(data) == first.filter { $0 % 3 == 1 } && numbers(data, .test).count == 4)
  }

  @Test func halvesAreDisjointAndWhole() throws {
    let first = try applied(.init(part: .firstHalf)), second = try applied(.init(part: .secondHalf))
    #expect(first.count == 15 && second.count == 15 && Set(first + second) == Set(0..<30))
    #expect(first != Array(0..<15), "halves are drawn, not cut")
    #expect(try numbers(DatasetSelection(part: .firstHalf).applied(to: data), .test) == Array(100..<112))
    let ones = try applied(.init(part: .firstHalf, only: [1])),
      others = try applied(.init(part: .secondHalf, only: [1]))
    #expect(Set(ones + others) == Set(stride(from: 1, to: 30, by: 3)))
  }

  @Test func wrongSelectionsAreSaidPlainly() throws {
    func failure(_ selection: DatasetSelection, of data: any Dataset) -> String? {
      sentence { _ = try selection.applied(to: data) }
    }
    #expect(failure(.init(only: [3]), of: data) == "numbered: only is 3, but must be classes from 0 to 2.")
    #expect(failure(.init(without: [-1]), of: data) == "numbered: without is -1, but must be classes from 0 to 2.")
    #expect(
      failure(.init(perClass: 11), of: data) == "numbered: per-class is 11, but must be a whole number from 1 to 10.")
    #expect(failure(.init(heldOut: 0.95), of: data)?.hasPrefix("numbered: held-out is 0.95, but must be") == true)
    #expect(failure(.init(heldOut: 0.001), of: data)?.hasPrefix("numbered: held-out is 0.001, but must be") == true)
    #expect(failure(.init(without: [0, 1, 2]), of: data)?.contains("leaves samples") == true)
    let ring = SyntheticDataset(try Ring())
    #expect(failure(.init(part: .test), of: ring)?.hasPrefix("ring: split is test, but must be left out") == true)
    let points = StoredDataset(
      name: "p", shape: .vector(1), training: .init(values: .floats([1, 2])), normalization: .identity)
    #expect(
      failure(.init(only: [0]), of: points) == "p: only is 0, but must be left out, for the samples have no labels.")
    #expect(failure(.init(perClass: 1), of: points)?.contains("have no labels") == true)
  }

  @Test func placesThatAreNotThereAreHarmless() throws {
    #expect(data.label(of: -1, in: .training) == nil && data.label(of: 30, in: .training) == nil)
    #expect(try data.samples(of: .test, in: -5..<3).count == 3 && data.samples(of: .test, in: 50..<60).count == 0)
    let only = try DatasetSubset(data, .init(only: [0]))
    #expect(only.label(of: 99, in: .test) == nil)
  }

  @Test func mnistSelections() throws {
    guard let folder = sharedData("mnist") else { return }
    let mnist = try IDXDataset.load(folder: folder)
    #expect(mnist.classNames == (0...9).map(String.init) && mnist.classCount == 10)
    #expect(mnist.count(of: .training) == 60_000 && mnist.count(of: .test) == 10_000)
    let few = try DatasetSubset(mnist, .init(perClass: 100, seed: 3))
    #expect(few.count == 1000 && (few.labels(of: .training) ?? []).filter { $0 == 7 }.count == 100)
    #expect(few.count(of: .test) == 10_000)
    let ones = try DatasetSubset(mnist, .init(part: .test, only: [1]))
    #expect(ones.count == 1135)
    let halves = try [DatasetSelection.Part.firstHalf, .secondHalf].map { part in
      try DatasetSubset(mnist, .init(part: part)).samples(of: .training, count: 2000, seed: 1)
    }
    #expect(halves[0].count == 2000 && halves[0] != halves[1])
    #expect(
      sentence { _ = try DatasetSelection(perClass: 6000).applied(to: mnist) }
        == "mnist: per-class is 6000, but must be a whole number from 1 to 5421.")
  }

  @Test func foldersOfClassesAreDivided() throws {
    let folder = try TemporaryFolder()
    for index in 0..<20 {
      let name = "\(index % 2 == 0 ? "even" : "odd")/\(index).png"
      try folder.write(PNG.encode(solid(4, 4, [UInt8(index)]), file: ""), name)
    }
    let data = try ImageFolder(folder: folder.path, size: 4, channels: 1)
    let train = try DatasetSelection(part: .train).applied(to: data)
    let test = try DatasetSelection(part: .test).applied(to: data)
    #expect(train.count == 16 && test.count == 4 && test.classNames == ["even", "odd"])
    let all = try [train, test].flatMap { data in
      let set = try data.samples(BatchRequest(seed: 1, position: 0, size: data.count ?? 0))
      return (0..<set.count).map { sample in
        let number = byte(set.values[16 * sample])
        #expect(Int(set.labels?[sample] ?? -1) == number % 2)
        return number
      }
    }
    #expect(all.sorted() == Array(0..<20))
  }
}
