/// The type of a tensor's elements.
public enum DType: String, Sendable, Hashable, CaseIterable, Codable {
  case f64, f32, i32, bool

  public var isFloating: Bool { self == .f64 || self == .f32 }
}
