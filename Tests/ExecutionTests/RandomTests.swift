import Execution
import Tensors
import Testing

@Suite struct RandomTests {
  private func normal(_ shape: Shape, _ stream: String = "s", _ dtype: DType = .f64) -> Tensor {
    .randomNormal(shape, stream: stream, dtype: dtype)
  }

  private func moment(_ values: [Double], _ power: Int) -> Double {
    values.map { value in (0..<power).reduce(1.0) { product, _ in product * value } }.reduce(0, +)
      / Double(values.count)
  }

  private func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let n = Double(a.count)
    let (meanA, meanB) = (moment(a, 1), moment(b, 1))
    let covariance = zip(a, b).map { ($0 - meanA) * ($1 - meanB) }.reduce(0, +) / n
    return covariance / ((moment(a, 2) - meanA * meanA) * (moment(b, 2) - meanB * meanB)).squareRoot()
  }

  // With n = 40,000 the bounds are about five standard errors: 1/√n = 0.005.

  @Test func normalMoments() throws {
    let values = try evaluate(normal([400, 100]))[0]
    #expect(moment(values, 1).magnitude < 0.025)
    #expect((moment(values, 2) - 1).magnitude < 0.036)
    #expect(moment(values, 3).magnitude < 0.1)
    #expect((moment(values, 4) - 3).magnitude < 0.25)
    let beyondTwo = Double(values.count { $0.magnitude > 2 }) / Double(values.count)
    #expect((beyondTwo - 0.0455).magnitude < 0.0055)
  }

  @Test func uniformFillsItsIntervalEvenly() throws {
    let values = try evaluate(.randomUniform([400, 100], stream: "s", dtype: .f64))[0]
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    var counts = Array(repeating: 0, count: 50)
    for value in values { counts[Int(value * 50)] += 1 }
    // Chi squared with 49 degrees of freedom: mean 49, deviation 9.9.
    let statistic = counts.map { (Double($0) - 800) * (Double($0) - 800) / 800 }.reduce(0, +)
    #expect(statistic > 15 && statistic < 100)
    #expect((moment(values, 1) - 0.5).magnitude < 0.0075)
    #expect((moment(values, 2) - 1.0 / 3).magnitude < 0.0075)
  }

  @Test func neighboursAreUncorrelated() throws {
    let values = try evaluate(normal([400, 100]))[0]
    for lag in [1, 2, 4, 100] {
      #expect(correlation(Array(values.dropLast(lag)), Array(values.dropFirst(lag))).magnitude < 0.025, "lag \(lag)")
    }
  }

  @Test func drawsOfOtherStreamsSeedsCountersAndSubstepsAreUncorrelated() throws {
    let base = try evaluate(normal([200, 100]))[0]
    let others = [
      try evaluate(normal([200, 100], "t"))[0], try evaluate(normal([200, 100]), seed: 2)[0],
      try evaluate(normal([200, 100]), counter: 1)[0], try evaluate(normal([200, 100]), substep: 1)[0],
      try evaluate(normal([200, 100]), counter: 1 << 32)[0],
    ]
    for (index, other) in others.enumerated() { #expect(correlation(base, other).magnitude < 0.036, "draw \(index)") }
    #expect(try evaluate(normal([200, 100]))[0] == base)
  }

  @Test func everyRunDrawsAfresh() throws {
    var program = Program(name: "p")
    program.output("z", normal([3, 2]))
    let evaluation = try Evaluation(program)
    let runs = try (0..<4).map { try evaluation(counter: UInt64($0))["z"] }
    #expect(Set(runs).count == 4)
    // A run is a function of its counter, not of the runs before.
    #expect(try evaluation(counter: 2)["z"] == runs[2])
    #expect(try Evaluation(program)(counter: 3)["z"] == runs[3])
  }

  @Test func drawsDoNotDependOnTheOrderOfNodes() throws {
    let (a, b) = (normal([4, 3], "a"), normal([4, 3], "b"))
    let first = try evaluate(a, b)
    let (laterB, laterA) = (normal([4, 3], "b"), normal([4, 3], "a"))
    #expect(try evaluate(laterA.exp().log() * 0 + laterA, laterB + 0) == first)
    #expect(try evaluate(laterB, laterA) == [first[1], first[0]])
    #expect(try evaluate(normal([4, 3], "a"))[0] == first[0])
    #expect(first[0] != first[1])
  }

  @Test(arguments: [[6, 5], [6, 4], [6], [6, 2, 3]]) func samplesDoNotDependOnTheBatch(_ dimensions: [Int]) throws {
    let whole = try evaluate(normal(Shape(dimensions)))[0]
    let part = try evaluate(normal(Shape([4] + dimensions.dropFirst())))[0]
    #expect(part == Array(whole.prefix(part.count)))
    // Each sample is what the generator draws for its position along the first axis.
    let generator = Philox(seed: 1, stream: "s")
    let count = dimensions.dropFirst().reduce(1, *)
    let expected = (0..<6).flatMap { generator.draw(.normal, count: count, sample: $0, counter: 0, substep: 0) }
    #expect(whole == expected)
  }

  @Test func aScalarIsTheFirstSample() throws {
    #expect(try evaluate(normal([]))[0] == (try evaluate(normal([1]))[0]))
    #expect(try evaluate(normal([0, 3]), normal([3, 0])) == [[], []])
  }

  @Test func singlePrecisionIsTheRoundedDraw() throws {
    let (single, double) = (try evaluate(normal([5, 5], "s", .f32))[0], try evaluate(normal([5, 5]))[0])
    #expect(single == double.map { Double(Float($0)) })
    let uniform = try evaluate(
      .randomUniform([50, 5], stream: "s"), .randomUniform([50, 5], stream: "s", dtype: .f64))
    #expect(uniform[0] == uniform[1])
  }

  @Test func bernoulliAndCategoricalFrequencies() throws {
    let hits = try evaluate(.randomBernoulli([10_000], probability: 0.3, stream: "b"))[0]
    #expect(Set(hits) == [0, 1])
    #expect((moment(hits, 1) - 0.3).magnitude < 0.023)
    #expect(try evaluate(.randomBernoulli([99], probability: 0, stream: "b"))[0].allSatisfy { $0 == 0 })
    #expect(try evaluate(.randomBernoulli([99], probability: 1, stream: "b"))[0].allSatisfy { $0 == 1 })

    let probabilities = [0.1, 0, 0.5, 0.4, 0]
    let rows = Tensor(probabilities, shape: [1, 5]).broadcast(to: [10_000, 5])
    let classes = try evaluate(.randomCategorical(probabilities: rows, stream: "c"))[0]
    for (index, probability) in probabilities.enumerated() {
      let share = Double(classes.count { $0 == Double(index) }) / 10_000
      #expect((share - probability).magnitude < 0.025 && (probability > 0 || share == 0), "class \(index)")
    }
    // Mass lost to rounding goes to the last class.
    #expect(
      try evaluate(.randomCategorical(probabilities: Tensor.filled(0, shape: [4, 3]), stream: "c"))[0] == [2, 2, 2, 2])
  }

  @Test func noGradientFlowsIntoDraws() throws {
    let x = Tensor([1, 2], shape: [2], dtype: .f64)
    let noise = normal([2])
    let found = gradients(of: (x * noise).sum(), withRespectTo: [x])[0]
    let values = try evaluate(found, noise)
    #expect(values[0] == values[1])
  }
}
