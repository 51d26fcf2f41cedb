/// Who may steer: the rules of the wheel.
struct Helm: Equatable {
  /// A place from which somebody looks on.
  enum Seat: Hashable, Sendable {
    /// The dashboard in the run's own process.
    case dashboard
    /// The viewer of a number.
    case viewer(Int)
  }

  private(set) var holder: Seat?
  /// Whether the run's own process has a dashboard; the wheel goes back to it.
  private(set) var hasDashboard: Bool

  init(hasDashboard: Bool) {
    self.hasDashboard = hasDashboard
    holder = hasDashboard ? .dashboard : nil
  }

  /// The wheel goes to whoever asks. All who can are the run's owner, and one who is not at the other terminal, or whose
  /// viewer hangs, must get it too.
  mutating func take(_ seat: Seat) { holder = seat }

  /// Gives the wheel up; the dashboard's own process gets back what a viewer gives up.
  mutating func release(_ seat: Seat) {
    guard holder == seat else { return }
    holder = hasDashboard && seat != .dashboard ? .dashboard : nil
  }

  /// Somebody is gone, with or without the wheel.
  mutating func leave(_ seat: Seat) {
    if seat == .dashboard { hasDashboard = false }
    release(seat)
  }
}
