import Foundation

/// Why a stored history cannot be read.
public enum HistoryError: Error, Equatable, CustomStringConvertible {
  /// The bytes of a level end inside a bucket, or are no buckets.
  case truncatedLevel(Int)
  case unknownVersion(Int)

  public var description: String {
    switch self {
    case .truncatedLevel(let level): "the stored history is damaged: level \(level) ends inside a bucket"
    case .unknownVersion(let version): "the stored history has version \(version), but only version 1 can be read"
    }
  }
}

/// Levels are stored as bytes: small, and exact for NaN, which JSON does not have.
///
/// A bucket is a byte of flags, the distance of its first step from the last bucket's first step, its length in steps,
/// its counts (all LEB128) and its values (IEEE 754, little endian). A bucket of a single finite value holds it once.
extension History: Codable {
  private enum CodingKeys: String, CodingKey { case version, capacity, minimum, maximum, levels, unmerged, heads }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(1, forKey: .version)
    try container.encode(capacity, forKey: .capacity)
    try container.encode(minimum.bitPattern, forKey: .minimum)
    try container.encode(maximum.bitPattern, forKey: .maximum)
    try container.encode(levels.map(\.unmerged), forKey: .unmerged)
    try container.encode(levels.map { Self.bytes(of: $0.buckets) }, forKey: .levels)
    // A level that dropped nothing begins with its head.
    let heads = levels.map { $0.buckets.first == $0.head.first ? [] : $0.head }
    try container.encode(heads.map(Self.bytes), forKey: .heads)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let version = try container.decode(Int.self, forKey: .version)
    guard version == 1 else { throw HistoryError.unknownVersion(version) }
    let unmerged = try container.decode([Int].self, forKey: .unmerged)
    self.init(capacity: try container.decode(Int.self, forKey: .capacity))
    let stored = try container.decode([Data].self, forKey: .levels)
    let heads = try container.decodeIfPresent([Data].self, forKey: .heads) ?? []
    for (index, data) in stored.enumerated() {
      let buckets = try Self.buckets(of: data, level: index)
      guard index < unmerged.count, (0...1).contains(unmerged[index]), unmerged[index] <= buckets.count else {
        throw HistoryError.truncatedLevel(index)
      }
      let head = index < heads.count ? try Self.buckets(of: heads[index], level: index) : []
      levels.append(Level(buckets: buckets, unmerged: unmerged[index], head: head))
    }
    // The coarsest level reaches to the run's first step; so does each that dropped nothing.
    let first = levels.last?.buckets.first?.firstStep
    for index in levels.indices where levels[index].head.isEmpty && levels[index].buckets.first?.firstStep == first {
      levels[index].head = Array(levels[index].buckets.prefix(headCapacity))
    }
    minimum = Double(bitPattern: try container.decode(UInt64.self, forKey: .minimum))
    maximum = Double(bitPattern: try container.decode(UInt64.self, forKey: .maximum))
  }

  private static func bytes(of buckets: [Bucket]) -> Data {
    var data = Data()
    data.reserveCapacity(buckets.count * 40)
    func append(_ value: Int) {
      var rest = UInt64(bitPattern: Int64(value))
      while rest >= 128 {
        data.append(UInt8(rest & 127) | 128)
        rest >>= 7
      }
      data.append(UInt8(rest))
    }
    func append(_ value: Double) {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    var previous = 0
    for bucket in buckets {
      let isSingle =
        bucket.count == 1 && bucket.nonFiniteCount == 0 && bucket.minimum == bucket.last
        && bucket.maximum == bucket.last && bucket.sum == bucket.last
      data.append(isSingle ? 1 : 0)
      append(bucket.firstStep &- previous)
      append(bucket.lastStep &- bucket.firstStep)
      previous = bucket.firstStep
      append(bucket.last)
      guard !isSingle else { continue }
      append(bucket.count)
      append(bucket.nonFiniteCount)
      for value in [bucket.minimum, bucket.maximum, bucket.sum] { append(value) }
    }
    return data
  }

  private static func buckets(of data: Data, level: Int) throws -> [Bucket] {
    var bytes = data.makeIterator()
    func byte() throws -> UInt8 {
      guard let byte = bytes.next() else { throw HistoryError.truncatedLevel(level) }
      return byte
    }
    func integer() throws -> Int {
      var value: UInt64 = 0
      for shift in stride(from: 0, to: 64, by: 7) {
        let next = try byte()
        value |= UInt64(next & 127) << UInt64(shift)
        if next < 128 { return Int(Int64(bitPattern: value)) }
      }
      throw HistoryError.truncatedLevel(level)
    }
    func number() throws -> Double {
      var pattern: UInt64 = 0
      for shift in stride(from: 0, to: 64, by: 8) { pattern |= UInt64(try byte()) << UInt64(shift) }
      return Double(bitPattern: pattern)
    }
    var result: [Bucket] = []
    var previous = 0
    while let flags = bytes.next() {
      let first = previous &+ (try integer())
      let last = first &+ (try integer())
      guard flags <= 1, last >= first, result.last.map({ $0.firstStep <= first }) ?? true else {
        throw HistoryError.truncatedLevel(level)
      }
      var bucket = Bucket(step: first, value: try number())
      bucket.lastStep = last
      if flags == 0 {
        bucket.count = try integer()
        bucket.nonFiniteCount = try integer()
        bucket.minimum = try number()
        bucket.maximum = try number()
        bucket.sum = try number()
      }
      result.append(bucket)
      previous = first
    }
    return result
  }
}
