/// A point of data that a person drew, and how much of the data it stands for beside the others.
public struct DrawnPoint: Codable, Sendable, Hashable {
  public var x: Double
  public var y: Double
  public var weight: Double
  public init(x: Double, y: Double, weight: Double = 1) {
    self.x = x
    self.y = y
    self.weight = weight
  }
}
