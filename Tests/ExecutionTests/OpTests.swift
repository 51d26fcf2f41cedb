import Execution
import Testing

/// Every operation in f64: result against loops, first and second derivatives against finite differences.
@Suite struct OpTests {
  @Test(arguments: OpCase.all) func resultAndDerivatives(_ opCase: OpCase) throws {
    try expectOp(opCase, on: ReferenceBackend())
  }

  @Test func caseNamesAreUnique() {
    let names = OpCase.all.map(\.testDescription)
    let repeated = Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys
    #expect(repeated.isEmpty, "\(repeated.sorted())")
  }
}
