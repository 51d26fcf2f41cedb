import Foundation
import Telemetry

/// One thing that changed what a run computes, between step `step` and the next.
///
/// Seed, configuration and the ledger decide a run's bits: whoever applies the entries of a step in the order of their
/// numbers, before the turn that follows, gets the same run again. A single step by hand is an entry itself, and the turn
/// that it does is not done again.
public struct LedgerEntry: Codable, Sendable, Equatable, Identifiable {
  public enum Change: Codable, Sendable, Equatable {
    /// A live hyperparameter was set, to `new` exactly: what was asked for may lie beyond its range.
    case edit(id: String, old: Double, new: Double)
    /// One turn, or one player's update alone, asked for by a person while the run was paused.
    case singleStep(player: String?)
    /// Anything else, such as a hand-drawn data set; `kind` says what the bytes are.
    case data(kind: String, payload: Data)
  }

  /// 1, 2, 3, ... in the order in which the changes took effect; a checkpoint knows the last one that it holds.
  public var number: Int
  /// Seconds since 1970.
  public var time: Double
  /// The steps that were done when it took effect.
  public var step: Int
  public var change: Change
  public var origin: EditOrigin

  public var id: Int { number }

  public init(number: Int, time: Double, step: Int, change: Change, origin: EditOrigin) {
    self.number = number
    self.time = time
    self.step = step
    self.change = change
    self.origin = origin
  }

  /// Whether the run would be another without it: a turn by hand is a turn as any other.
  var changesBits: Bool {
    switch change {
    case .edit, .singleStep(_?): true
    case .singleStep(nil), .data(LedgerNote.resumed, _), .data(LedgerNote.undone, _): false
    case .data: true
    }
  }

  /// The edit of a hyperparameter as viewers are told of it; nil for other changes.
  public var edit: Edit? {
    guard case .edit(let id, let old, let new) = change else { return nil }
    return Edit(step: step, id: id, oldValue: old, newValue: new, origin: origin)
  }
}
