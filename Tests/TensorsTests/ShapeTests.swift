import Tensors
import Testing

@Suite struct ShapeTests {
  @Test func countsAndStrides() {
    #expect(Shape.scalar.count == 1)
    #expect(Shape.scalar.rank == 0)
    #expect(Shape.scalar.rowMajorStrides == [])
    #expect(Shape([2, 3, 4]).count == 24)
    #expect(Shape([2, 3, 4]).rowMajorStrides == [12, 4, 1])
    #expect(Shape([2, 0, 4]).count == 0)
    #expect(Shape([1 << 40, 1 << 40]).count == Int.max)
    #expect("\(Shape([2, 3]))" == "[2, 3]")
    #expect("\(Shape.scalar)" == "[]")
  }

  @Test(arguments: [
    ([2, 3], [2, 3], [2, 3]), ([2, 3], [3], [2, 3]), ([], [4], [4]), ([2, 1], [1, 5], [2, 5]), ([1], [0], [0]),
    ([0, 3], [1, 3], [0, 3]), ([4, 1, 2], [3, 1], [4, 3, 2]),
  ])
  func broadcasts(_ a: [Int], _ b: [Int], _ common: [Int]) {
    #expect(Shape(a).broadcast(with: Shape(b)) == Shape(common))
    #expect(Shape(b).broadcast(with: Shape(a)) == Shape(common))
  }

  @Test(arguments: [([2], [3]), ([2, 3], [2]), ([0], [2]), ([2, 1, 3], [4])])
  func doesNotBroadcast(_ a: [Int], _ b: [Int]) {
    #expect(Shape(a).broadcast(with: Shape(b)) == nil)
    #expect(Shape(b).broadcast(with: Shape(a)) == nil)
  }
}
