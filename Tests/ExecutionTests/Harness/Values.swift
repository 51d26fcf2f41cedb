import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// A dense array of numbers that the expected results are computed on, element by element, without any graph.
struct Values: Sendable, Equatable {
  let shape: [Int]
  var elements: [Double]

  init(_ shape: [Int], _ elements: [Double]) {
    precondition(elements.count == shape.reduce(1, *))
    self.shape = shape
    self.elements = elements
  }

  /// Each element from its index.
  init(_ shape: [Int], _ element: ([Int]) -> Double) {
    self.init(shape, Self.indices(shape).map(element))
  }

  subscript(_ index: [Int]) -> Double {
    get { elements[offset(index)] }
    set { elements[offset(index)] = newValue }
  }

  subscript(_ index: Int...) -> Double {
    get { self[index] }
    set { self[index] = newValue }
  }

  /// The element where the index lies inside, else zero: what padding sees.
  func padded(_ index: [Int]) -> Double {
    zip(index, shape).allSatisfy { $0 >= 0 && $0 < $1 } ? self[index] : 0
  }

  func map(_ function: (Double) -> Double) -> Values { Values(shape, elements.map(function)) }

  private func offset(_ index: [Int]) -> Int {
    precondition(index.count == shape.count)
    return zip(index, shape).reduce(0) { result, next in
      precondition(next.0 >= 0 && next.0 < next.1)
      return result * next.1 + next.0
    }
  }

  /// All indices of a shape in row-major order.
  static func indices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { prefixes, extent in prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } } }
  }
}

extension Values {
  /// A function of two arrays whose shapes broadcast.
  static func combine(_ a: Values, _ b: Values, _ function: (Double, Double) -> Double) -> Values {
    let rank = max(a.shape.count, b.shape.count)
    func extent(_ values: Values, _ axis: Int) -> Int {
      let own = axis - rank + values.shape.count
      return own < 0 ? 1 : values.shape[own]
    }
    func element(_ values: Values, _ index: [Int]) -> Double {
      values[zip(index.suffix(values.shape.count), values.shape).map { $1 == 1 ? 0 : $0 }]
    }
    let shape = (0..<rank).map { extent(a, $0) == 1 ? extent(b, $0) : extent(a, $0) }
    return Values(shape) { function(element(a, $0), element(b, $0)) }
  }

  /// A function of the elements along some axes; they stay with extent 1 or go.
  func reduced(_ axes: [Int]?, keepingAxes: Bool, _ function: ([Double]) -> Double) -> Values {
    let axes = (axes ?? Array(0..<shape.count)).map { $0 < 0 ? $0 + shape.count : $0 }
    let kept = shape.enumerated().map { axes.contains($0) ? 1 : $1 }
    let result = Values(kept) { index in
      let along = Values.indices(shape).filter { candidate in
        (0..<shape.count).allSatisfy { axes.contains($0) || candidate[$0] == index[$0] }
      }
      return function(along.map { self[$0] })
    }
    if keepingAxes { return result }
    return Values(shape.enumerated().filter { !axes.contains($0.offset) }.map(\.element), result.elements)
  }
}

extension Double {
  var exp: Double { Glibc.exp(self) }
  var log: Double { Glibc.log(self) }
}
