/// Who steers a run: one viewer at a time has the wheel, all others watch.
public struct Wheel: Codable, Sendable, Equatable {
  /// Who has it, such as `ann@pts/3 #2`; nil while nobody does.
  public var holder: String?
  /// Whether it is the viewer that is told this.
  public var isYours: Bool
  /// How many viewers are attached from other processes.
  public var viewers: Int
  public init(holder: String?, isYours: Bool, viewers: Int) {
    self.holder = holder
    self.isYours = isYours
    self.viewers = viewers
  }
}
