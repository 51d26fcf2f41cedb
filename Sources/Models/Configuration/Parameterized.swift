import Telemetry

/// A number of a penalty or technique: what it means, what it accepts, whether it can be turned while a run trains.
public struct ParameterSpecification: Sendable {
  public enum Accepted: Sendable, Equatable {
    case any, notNegative, positive, fraction, belowOne
    case integer(ClosedRange<Int>)
  }

  /// How a number is turned while a run trains: it is a scalar input of the programs then.
  public struct Live: Sendable {
    /// Its name in the panel.
    public let title: String
    public let range: ClosedRange<Double>
    public let scale: Hyperparameter.Scale

    public init(_ title: String, _ range: ClosedRange<Double>, _ scale: Hyperparameter.Scale) {
      self.title = title
      self.range = range
      self.scale = scale
    }
  }

  public let key: String
  /// What it is when it is left out.
  public let standard: Double
  public let accepted: Accepted
  /// One line, in lower case.
  public let explanation: String
  /// Nil for a number that is built into the programs.
  public let live: Live?

  public init(
    _ key: String, _ standard: Double, _ accepted: Accepted, live: Live? = nil, _ explanation: String
  ) {
    self.key = key
    self.standard = standard
    self.accepted = accepted
    self.explanation = explanation
    self.live = live
  }
}

/// The kinds of a list of the configuration whose elements have nothing but numbers.
///
/// A new kind is a case with its numbers: the parser, the writer, the catalog, the README's table and the panel of
/// hyperparameters take them from here.
public protocol ParameterizedKind: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {
  /// The list's key.
  static var section: String { get }
  var parameters: [ParameterSpecification] { get }
}

/// An element of such a list: a kind with a value for each of its numbers.
public struct Parameterized<Kind: ParameterizedKind>: Sendable, Equatable {
  public let kind: Kind
  /// In the order of the kind's parameters.
  private var values: [Double]

  /// - Parameter values: by key; what is left out has its standard value.
  public init(_ kind: Kind, _ values: [String: Double] = [:]) {
    self.kind = kind
    self.values = kind.parameters.map { values[$0.key] ?? $0.standard }
  }

  /// A number by its key; NaN for a key that the kind does not have.
  public subscript(key: String) -> Double {
    get {
      guard let index = kind.parameters.firstIndex(where: { $0.key == key }) else { return .nan }
      return values[index]
    }
    set {
      guard let index = kind.parameters.firstIndex(where: { $0.key == key }) else { return }
      values[index] = newValue
    }
  }

  /// The name of a number, which is that of its scalar input too.
  public static func id(_ kind: Kind, _ key: String) -> String { "\(Kind.section).\(kind.rawValue).\(key)" }
}

extension Array {
  /// The element of a kind, where the list has one.
  public subscript<Kind>(_ kind: Kind) -> Parameterized<Kind>? where Element == Parameterized<Kind> {
    first { $0.kind == kind }
  }

  public func has<Kind>(_ kind: Kind) -> Bool where Element == Parameterized<Kind> { self[kind] != nil }
}
