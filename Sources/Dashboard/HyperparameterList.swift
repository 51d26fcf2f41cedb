import Telemetry

/// The hyperparameters of a run with what a person is doing to them.
public struct HyperparameterList: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    /// With the value that the trainer confirmed.
    public var hyperparameter: Hyperparameter
    /// What was asked for and not yet confirmed.
    public var pending: Double?
    /// Requests for it whose edits have not arrived.
    var inFlight: [UInt64] = []
    /// The value to show and to go on from.
    public var value: Double { pending ?? hyperparameter.value }
  }

  public private(set) var rows: [Row] = []
  public private(set) var selected = 0
  /// The text of a value that is being typed.
  public internal(set) var entry: String?
  /// Why the typed value was refused.
  public internal(set) var refusal: EntryError?

  public var selectedRow: Row? { rows.indices.contains(selected) ? rows[selected] : nil }

  /// Takes the hyperparameters of a description; the chosen one stays chosen.
  mutating func describe(_ hyperparameters: [Hyperparameter]) {
    let chosen = selectedRow?.hyperparameter.id
    rows = hyperparameters.map { Row(hyperparameter: $0) }
    selected = rows.firstIndex { $0.hyperparameter.id == chosen } ?? 0
    if rows.isEmpty { endEntry() }
  }

  mutating func select(by offset: Int) {
    guard !rows.isEmpty else { return }
    // Around the ends, so that the last one is one press away.
    selected = (selected + offset % rows.count + rows.count) % rows.count
  }

  mutating func select(index: Int) { if rows.indices.contains(index) { selected = index } }

  mutating func select(id: String) {
    if let index = rows.firstIndex(where: { $0.hyperparameter.id == id }) { selected = index }
  }

  mutating func endEntry() {
    entry = nil
    refusal = nil
  }

  /// Remembers that a request for a value is on its way.
  mutating func request(_ value: Double, id: String, request: UInt64) {
    guard let index = rows.firstIndex(where: { $0.hyperparameter.id == id }) else { return }
    rows[index].pending = value
    rows[index].inFlight.append(request)
  }

  /// The trainer has changed a value.
  mutating func confirm(_ edit: Edit) {
    guard let index = rows.firstIndex(where: { $0.hyperparameter.id == edit.id }) else { return }
    rows[index].hyperparameter.value = edit.newValue
    if !rows[index].inFlight.isEmpty { rows[index].inFlight.removeFirst() }
    let isThere = rows[index].pending.map { abs($0 - edit.newValue) <= 1e-6 * abs($0) } ?? true
    if isThere || rows[index].inFlight.isEmpty {
      rows[index].pending = nil
      rows[index].inFlight = []
    }
  }

  /// A request was answered, done or refused: when it was the last one, the confirmed value holds.
  mutating func settle(request: UInt64) {
    for index in rows.indices where rows[index].inFlight.contains(request) {
      rows[index].inFlight.removeAll { $0 <= request }
      if rows[index].inFlight.isEmpty { rows[index].pending = nil }
    }
  }
}
