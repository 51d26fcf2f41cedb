/// The extents of a tensor's axes; a scalar has none.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public var dimensions: [Int]

  public init(_ dimensions: [Int]) { self.dimensions = dimensions }
  public init(arrayLiteral elements: Int...) { dimensions = elements }

  public static let scalar = Shape([])

  public var rank: Int { dimensions.count }
  /// The number of elements; `Int.max` where it is beyond Int.
  public var count: Int {
    dimensions.reduce(1) { count, extent in
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      return overflow ? Int.max : product
    }
  }
  /// Whether no extent is negative and the elements are few enough to count offsets in bytes.
  var isValid: Bool { dimensions.allSatisfy { $0 >= 0 } && count < 1 << 48 }
  public subscript(axis: Int) -> Int { dimensions[axis] }

  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }

  /// Elements to skip for one step along each axis of a dense, row-major tensor.
  public var rowMajorStrides: [Int] {
    var strides = Array(repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] &* dimensions[axis + 1] }
    return strides
  }

  /// The shape that both broadcast to by NumPy's rule, or nil when there is none.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = max(self.rank, other.rank)
    var result: [Int] = []
    for axis in 0..<rank {
      let left = axis - (rank - self.rank)
      let right = axis - (rank - other.rank)
      let a = left >= 0 ? dimensions[left] : 1
      let b = right >= 0 ? other.dimensions[right] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result.append(a == 1 ? b : a)
    }
    return Shape(result)
  }
}
