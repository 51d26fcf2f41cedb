import Execution
import Networks
import Tensors

/// How far a layer's derivatives are from central differences in a random direction of its input, conditions and parameters
/// at once, relative to what they are.
struct SlopeCheck {
  /// Of Σ c·tanh(y).
  let first: Double
  /// Of |∂(Σ c·tanh(y))/∂x|², whose derivative is of second order, as a gradient penalty's is.
  let second: Double

  /// - Parameters:
  ///   - shape: of the input, with its batch.
  ///   - conditions: shapes with their batch.
  init(_ layer: any Layer, shape: Shape, conditions: [Condition: Shape] = [:], mode: ForwardPass.Mode = .training)
    throws
  {
    let x = Input(name: "x", shape: shape, dtype: .f64).value
    let beside = Dictionary(
      uniqueKeysWithValues: conditions.map { ($0, Input(name: $0.name, shape: $1, dtype: .f64).value) })
    let losses = try trace { () -> [Tensor] in
      var pass = ForwardPass(mode: mode, conditions: beside)
      let y = layer(x, in: &pass)
      let loss = (y.tanh() * Tensor(numbers(y.shape.count, stream: "loss"), shape: y.shape, dtype: .f64)).sum()
      return [loss, gradients(of: loss, withRespectTo: [x])[0].square().sum()]
    }
    let inputs = [("x", x)] + beside.map { ($0.key.name, $0.value) }.sorted { $0.0 < $1.0 }
    let targets = inputs.map(\.1) + layer.parameters.map(\.value)
    var program = Program(name: "slopes")
    // Not every layer reads its input.
    program.output("x", x)
    for (order, loss) in losses.enumerated() {
      program.output("loss\(order)", loss)
      for (index, slope) in gradients(of: loss, withRespectTo: targets).enumerated() {
        program.output("slope\(order)/\(index)", slope)
      }
    }
    let backend = ReferenceBackend()
    let store = try backend.makeStore(program.variables, seed: 3)
    let compiled = try backend.compile(program, store: store)
    let known = Set(program.variables.map(\.name))
    func run(_ step: Double) throws -> [Double] {
      let names = inputs.map(\.0) + layer.parameters.map(\.name)
      for (name, target) in zip(names, targets) {
        let (base, direction) = (numbers(target.shape.count, stream: name), direction(name, target.shape.count))
        // Weights of unit fan-in keep deep networks from magnifying the differences' own error.
        let fanIn = name.hasSuffix("weight") ? target.shape.dimensions.dropFirst().reduce(1, *) : 4
        let values = zip(base, direction).map { $0 / Double(fanIn).squareRoot() + step * $1 }
        if inputs.contains(where: { $0.0 == name }) {
          try compiled.setInput(name, values)
        } else if known.contains(name) {
          try store.setValues(values, of: name)
        }
      }
      compiled.run(counter: 1, substep: 0)
      return try (0..<2).map { try compiled.output("loss\($0)")[0] }
    }
    func direction(_ name: String, _ count: Int) -> [Double] { numbers(count, stream: "direction of \(name)") }
    let step = 1e-6
    let (above, below) = (try run(step), try run(-step))
    _ = try run(0)
    let names = inputs.map(\.0) + layer.parameters.map(\.name)
    let distances = try (0..<2).map { order -> Double in
      var slope = 0.0
      for (index, name) in names.enumerated() {
        let found = try compiled.output("slope\(order)/\(index)")
        slope += zip(found, direction(name, found.count)).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let difference = (above[order] - below[order]) / (2 * step)
      return abs(slope - difference) / max(1, abs(difference))
    }
    (first, second) = (distances[0], distances[1])
  }
}

/// Numbers for all variables of networks that do not start at random, so that no test meets only zeros and ones.
func disturbed(_ networks: Network...) -> [String: [Double]] {
  var values: [String: [Double]] = [:]
  for variable in networks.flatMap(\.parameters) {
    let kind = variable.name.split(separator: "/").last
    guard kind == "bias" || variable.name.contains("/noise") else { continue }
    values[variable.name] = numbers(variable.shape.count, stream: variable.name)
  }
  return values
}
