import Foundation

/// What the ledger's data entries tell of.
enum LedgerNote {
  /// A process went on from a checkpoint; changes no bits.
  static let resumed = "resume"
  /// The run went back to before an edit; the payload is the edit. Changes no bits that follow.
  static let undone = "undo"
  /// The steps of the whole run became others, which its rate schedules go by: `old new` in decimal.
  static let steps = "steps"
  /// A turn that a gradient ended which was not finite: part of the updates were done.
  static let brokenTurn = "broken-turn"

  static func payload(steps old: Int, _ new: Int) -> Data { Data("\(old) \(new)".utf8) }

  static func steps(_ payload: Data) -> (old: Int, new: Int)? {
    let numbers = String(decoding: payload, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
  }
}
