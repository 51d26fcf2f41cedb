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

extension LedgerEntry {
  /// The edit that an undo took back; nil for other changes.
  public var undoneEdit: Edit? {
    guard case .data(LedgerNote.undone, let payload) = change else { return nil }
    return try? JSONDecoder().decode(Edit.self, from: payload)
  }

  /// A change that is no edit and no step, in words: `resumed`, `steps 100 -> 200`.
  public var note: String? {
    guard case .data(let kind, let payload) = change else { return nil }
    switch kind {
    case LedgerNote.resumed: return "resumed"
    case LedgerNote.steps:
      return LedgerNote.steps(payload).map { "steps \($0.old) -> \($0.new)" } ?? kind
    case LedgerNote.brokenTurn: return "a turn broken off by a gradient that was not finite"
    default: return "\(kind), \(payload.count) bytes"
    }
  }
}

/// An entry of the ledger as other programs are told of it.
public struct LedgerLine: Encodable, Sendable {
  public var time: Double
  public var step: Int
  /// `edit`, `single-step` or `data`.
  public var kind: String
  public var number: Int
  public var origin: EditOrigin
  /// The hyperparameter of an edit, or of the edit that an undo took back.
  public var id: String?
  public var old: Double?
  public var new: Double?
  public var player: String?
  /// What the data are, such as `undo` and `resume`.
  public var content: String?
  public var payload: Data?

  public init(_ entry: LedgerEntry) {
    (time, step, number, origin) = (entry.time, entry.step, entry.number, entry.origin)
    switch entry.change {
    case .edit(let id, let old, let new): (kind, self.id, self.old, self.new) = ("edit", id, old, new)
    case .singleStep(let player): (kind, self.player) = ("single-step", player)
    case .data(let content, let payload):
      (kind, self.content) = ("data", content)
      if let edit = entry.undoneEdit {
        (id, old, new) = (edit.id, edit.oldValue, edit.newValue)
      } else {
        self.payload = payload
      }
    }
  }
}
