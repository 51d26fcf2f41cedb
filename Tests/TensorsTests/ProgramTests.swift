import Tensors
import Testing

@Suite struct ProgramTests {
  @Test func printsOneNodeALine() {
    var program = Program(name: "step")
    let weight = Variable(name: "w", shape: [3, 2], fill: 0.5)
    let x = Input(name: "x", shape: [4, 3]).value
    let (product, noisy) = labelled("dense") {
      let product = x.matmul(weight.value)
      return (product, product + .randomNormal([4, 2], stream: "noise"))
    }
    let loss = labelled("loss") { (noisy.sum(axes: [1]) * 0.25).cast(to: .f64) }
    program.output("loss", loss)
    program.assign(weight.value * 2, to: weight)
    _ = product
    #expect(
      program.description == """
        program step
          %0 = input "x"() f32 [4, 3]
          %1 = variable "w"() f32 [3, 2]  dense
          %2 = matmul(%0, %1) f32 [4, 2]  dense
          %3 = random normal "noise"() f32 [4, 2]  dense
          %4 = add(%2, %3) f32 [4, 2]  dense
          %5 = sum axes [1](%4) f32 [4, 1]  loss
          %6 = reshape(%5) f32 [4]  loss
          %7 = constant 0.25() f32 []  loss
          %8 = reshape(%7) f32 [1]  loss
          %9 = broadcast(%8) f32 [4]  loss
          %10 = multiply(%6, %9) f32 [4]  loss
          %11 = cast f64(%10) f64 [4]  loss
          %12 = variable "w"() f32 [3, 2]
          %13 = constant 2.0() f32 []
          %14 = reshape(%13) f32 [1, 1]
          %15 = broadcast(%14) f32 [3, 2]
          %16 = multiply(%12, %15) f32 [3, 2]
          output loss = %11
          w <- %16
        """)
  }

  @Test func nodesAreInTopologicalOrderAndNoMoreThanNeeded() {
    let x = Input(name: "x", shape: [2]).value
    let unused = x.exp()
    let shared = x.sin()
    var program = Program(name: "p")
    program.output("a", shared * shared)
    program.output("b", shared.cos())
    let nodes = program.nodes
    #expect(nodes.count == 4)
    #expect(!nodes.contains { $0 === unused.node })
    var done: Set<Int> = []
    for node in nodes {
      #expect(node.operands.allSatisfy { done.contains($0.id) })
      done.insert(node.id)
    }
  }

  @Test func listsInputsAndVariablesOnce() throws {
    let a = Input(name: "a", shape: [2])
    let v = Variable(name: "v", shape: [2], fill: 0)
    let w = Variable(name: "w", shape: [2], fill: 0)
    var program = Program(name: "p")
    program.output("sum", a.value + a.value * w.value + Input(name: "b", shape: []).value)
    program.assign(w.value, to: v)
    #expect(program.inputs.map(\.name) == ["a", "b"])
    #expect(program.variables.map(\.name) == ["v", "w"])
    try program.verify()
  }

  @Test func anEmptyProgramIsValid() throws {
    try Program(name: "nothing").verify()
    #expect(Program(name: "nothing").description == "program nothing")
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let sentence: String
    let build: @Sendable (inout Program) -> Void
    var testDescription: String { sentence }
  }

  static let mistakes: [Mistake] = [
    Mistake(sentence: "two tensors of the program are named x") {
      $0.output("a", Input(name: "x", shape: [2]).value)
      $0.output("b", Input(name: "x", shape: [3]).value)
    },
    Mistake(sentence: "two tensors of the program are named x") {
      $0.output("a", Input(name: "x", shape: [2]).value)
      $0.output("b", Input(name: "x", shape: [2], dtype: .f64).value)
    },
    Mistake(sentence: "two tensors of the program are named v") {
      $0.output("a", Variable(name: "v", shape: [2], fill: 0).value)
      $0.output("b", Variable(name: "v", shape: [3], fill: 0).value)
    },
    Mistake(sentence: "two tensors of the program are named v") {
      $0.output("a", Variable(name: "v", shape: [2], fill: 0).value)
      $0.assign(Tensor.filled(0, shape: [3]), to: Variable(name: "v", shape: [3], fill: 0))
    },
    Mistake(sentence: "two tensors of the program are named v") {
      $0.output("a", Variable(name: "v", shape: [2], fill: 0).value)
      $0.output("b", Variable(name: "v", shape: [2], dtype: .f64, fill: 0).value)
    },
    Mistake(sentence: "two tensors of the program are named loss") {
      $0.output("loss", Tensor(1))
      $0.output("loss", Tensor(2))
    },
    Mistake(sentence: "variable v is assigned twice in one program") {
      let variable = Variable(name: "v", shape: [], fill: 0)
      $0.assign(Tensor(1), to: variable)
      $0.assign(Tensor(2), to: variable)
    },
    Mistake(sentence: "assignment in v: expected the variable's shape, found [2] and [3]") {
      $0.assign(Tensor.filled(0, shape: [3]), to: Variable(name: "v", shape: [2], fill: 0))
    },
    Mistake(sentence: "assignment in v: expected the variable's type, found f32 and i32") {
      $0.assign(Tensor(0, dtype: .i32), to: Variable(name: "v", shape: [], fill: 0))
    },
    Mistake(sentence: "matmul in dense: expected [..., m, k] and [..., k, n], found [2] and [2, 2]") { program in
      labelled("dense") {
        program.output("a", Input(name: "x", shape: [2]).value.matmul(Input(name: "w", shape: [2, 2]).value))
      }
    },
  ]

  @Test(arguments: mistakes) func verifyFinds(_ mistake: Mistake) {
    var program = Program(name: "p")
    mistake.build(&program)
    let error = #expect(throws: TensorError.self) { try program.verify() }
    #expect(error?.description == mistake.sentence)
  }
}
