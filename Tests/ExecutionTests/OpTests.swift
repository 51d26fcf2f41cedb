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

/// Every operation in f32, with its first and second derivatives, against the reference backend in f64.
@Suite struct AgreementTests {
  /// The backends that must agree; a new backend is one more element.
  static var backends: [any Backend] { [ReferenceBackend()] }

  @Test(arguments: OpCase.all + OpCase.large) func agreesWithTheReference(_ opCase: OpCase) throws {
    for backend in Self.backends { try expectAgreement(opCase, on: backend) }
  }
}
