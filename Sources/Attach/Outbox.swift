import Foundation
import Telemetry

/// An event on its way to viewers, encoded once for all, when the first of them wants it.
final class Packet {
  let event: Event
  private var encoded: Data?

  init(_ event: Event) { self.event = event }

  /// Nil where the event cannot be encoded.
  func data() -> Data? {
    if encoded == nil { encoded = try? Wire.encode(Told(event: event)) }
    return encoded
  }
}

/// What waits for one viewer: bounded, by the mailbox's rule.
struct Outbox {
  /// The most metrics, pictures and other events that wait.
  static let metricsCapacity = 256
  static let panelsCapacity = 16
  static let capacity = 1024

  private enum Kind { case metrics, panel, other }
  private struct Entry {
    var packet: Packet
    var kind: Kind
  }

  private var entries: [Entry] = []
  private var counts: [Kind: Int] = [:]
  /// Bytes that are being written.
  private var current = Data()
  private var written = 0
  /// Whether metrics were dropped, so that the viewer's curves have holes.
  private(set) var hasHoles = false

  var isEmpty: Bool { entries.isEmpty && written == current.count }

  /// Queues an event; old metrics and pictures make room for new ones.
  /// - Returns: false where something would be lost that may not be: the viewer has to go.
  mutating func append(_ packet: Packet) -> Bool {
    let kind: Kind
    let limit: Int
    switch packet.event {
    case .metrics: (kind, limit) = (.metrics, Self.metricsCapacity)
    case .panel: (kind, limit) = (.panel, Self.panelsCapacity)
    default: (kind, limit) = (.other, Self.capacity)
    }
    if counts[kind, default: 0] >= limit {
      guard kind != .other, let oldest = entries.firstIndex(where: { $0.kind == kind }) else { return false }
      entries.remove(at: oldest)
      counts[kind, default: 0] -= 1
      if kind == .metrics { hasHoles = true }
    }
    entries.append(Entry(packet: packet, kind: kind))
    counts[kind, default: 0] += 1
    return true
  }

  /// Puts bytes that are no event before all events.
  mutating func begin(with data: Data) {
    current = data
    written = 0
  }

  /// The history that follows has no holes.
  mutating func mend() { hasHoles = false }

  /// Writes what the other side takes now.
  /// - Parameter write: takes bytes and returns how many it took, 0 where it takes no more now, nil where it is gone.
  /// - Returns: whether the other side is still there.
  mutating func flush(_ write: (UnsafeRawBufferPointer) -> Int?) -> Bool {
    while true {
      if written == current.count {
        written = 0
        current = Data()
        guard !entries.isEmpty else { return true }
        let entry = entries.removeFirst()
        counts[entry.kind, default: 0] -= 1
        guard let data = entry.packet.data() else { continue }
        current = data
      }
      let taken = current.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[written...])) }
      guard let taken else { return false }
      guard taken > 0 else { return true }
      written += taken
    }
  }
}
