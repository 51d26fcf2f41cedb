import Foundation
import Telemetry

/// The first words of a viewer.
///
/// Its form never changes, so that each version can tell any other what it speaks.
public struct Hello: Codable, Sendable, Equatable {
  /// The version of the messages that this program speaks.
  public static let currentVersion = 1

  public var version: Int
  /// The version of the program.
  public var program: String
  /// Who looks on, such as `ann@pts/3`.
  public var name: String
  public init(version: Int = Self.currentVersion, program: String, name: String) {
    self.version = version
    self.program = program
    self.name = name
  }
}

/// What a run answers.
public enum Answer: Codable, Sendable, Equatable {
  /// With the viewer's name as others see it.
  case welcome(version: Int, program: String, you: String)
  /// A sentence, after which the run hangs up.
  case refused(version: Int, program: String, reason: String)
}

/// What a run tells a viewer, after its answer.
struct Told: Codable, Sendable {
  var event: Event
}

/// What a viewer asks, after its hello.
struct Asked: Codable, Sendable {
  var request: Request
}

/// A message on the wire: four bytes of length, the most significant first, and so many bytes of JSON.
enum Wire {
  static let headerLength = 4
  /// The largest message from a viewer.
  static let requestLimit = 64 << 10
  /// The largest message to one: the history of a long run.
  static let eventLimit = 64 << 20

  private static let strategy = (positive: "inf", negative: "-inf", nan: "nan")

  static func encode(_ message: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: strategy.positive, negativeInfinity: strategy.negative, nan: strategy.nan)
    let body = try encoder.encode(message)
    var data = Data(capacity: headerLength + body.count)
    withUnsafeBytes(of: UInt32(clamping: body.count).bigEndian) { data.append(contentsOf: $0) }
    data.append(body)
    return data
  }

  /// - Throws: `AttachError.malformed`.
  static func decode<Message: Decodable>(_ type: Message.Type, from body: Data) throws(AttachError) -> Message {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: strategy.positive, negativeInfinity: strategy.negative, nan: strategy.nan)
    do {
      return try decoder.decode(type, from: body)
    } catch let error as DecodingError {
      throw .malformed(reason(error))
    } catch {
      throw .malformed("\(error)")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .typeMismatch(_, let context): "a value of another type at \(place(context))"
    case .valueNotFound(_, let context): "no value at \(place(context))"
    case .keyNotFound(let key, let context): "no \(key.stringValue) at \(place(context))"
    case .dataCorrupted(let context): context.codingPath.isEmpty ? "no JSON" : "a bad value at \(place(context))"
    @unknown default: "unreadable"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    // Keys are the other side's words: no control characters of theirs reach a terminal.
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? "its top" : cleaned(path, limit: 60)
  }

  /// A text of somebody else's, fit for a terminal: one line without control characters, at most so many characters.
  static func cleaned(_ text: String, limit: Int) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(4 * limit) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        result.append(" ")
      default: result.append(scalar)
      }
    }
    return String(String(result).prefix(limit)).trimmingCharacters(in: .whitespaces)
  }
}
