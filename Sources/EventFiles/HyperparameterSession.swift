/// What a run was trained with and how it ended, as TensorBoard's table of hyperparameters reads it.
///
/// There is a message `Experiment` too, which lists the columns of that table for all runs of a folder. It is left out:
/// TensorBoard takes the first that it finds, and runs of other kinds would lack their columns. Without one it makes the
/// columns of all runs' sessions and of all their scalars.
public enum HyperparameterSession: Sendable, Equatable {
  /// The beginning of a session: its hyperparameters by name, and seconds since 1970.
  case started([String: Value], time: Double)
  case ended(Status, time: Double)

  public enum Value: Sendable, Equatable {
    case number(Double)
    case text(String)
    case flag(Bool)
  }

  public enum Status: UInt64, Sendable, Equatable {
    case unknown = 0
    case success = 1
    case failure = 2
    case running = 3
  }

  /// The summary value that holds the message.
  public var summaryValue: SummaryValue {
    var writer = WireWriter()
    let name: String
    switch self {
    case .started(let values, let time):
      name = "session_start_info"
      writer.write(3) { $0.writeStart(values, time) }
    case .ended(let status, let time):
      name = "session_end_info"
      writer.write(4) { end in
        end.write(1, varint: status.rawValue)
        end.write(2, time)
      }
    }
    // The message lies in the plugin's data; the value itself is an empty tensor.
    return SummaryValue(
      tag: "_hparams_/" + name, plugin: SummaryPlugin(name: SummaryPlugin.hyperparameters, content: writer.bytes),
      content: .tensor(SummaryTensor(dimensions: [0])))
  }

  /// The message that a plugin's data hold; nil where they are of another plugin, an experiment, or damaged.
  init?(_ plugin: SummaryPlugin) {
    guard plugin.name == SummaryPlugin.hyperparameters else { return nil }
    do throws(WireError) {
      guard let found = try Self.read(WireReader(plugin.content)) else { return nil }
      self = found
    } catch {
      return nil
    }
  }
}

/// The field numbers are those of TensorBoard's plugin_data.proto, and of protobuf's `Value` (struct.proto).
extension HyperparameterSession {
  /// The most hyperparameters that are read of a session.
  static let limit = 1000

  private static func read(_ data: WireReader) throws(WireError) -> HyperparameterSession? {
    var found: HyperparameterSession?
    var reader = data
    while let field = try reader.next() {
      switch field.number {
      case 3: if let message = reader.message(field) { found = try start(message) }
      case 4: if let message = reader.message(field) { found = try end(message) }
      default: break
      }
    }
    return found
  }

  private static func start(_ message: WireReader) throws(WireError) -> HyperparameterSession {
    var values: [String: Value] = [:]
    var time = 0.0
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1:
        guard let entry = reader.message(field), values.count < limit else { continue }
        let (name, value) = try pair(entry)
        values[name] = value
      case 5: time = field.double ?? time
      default: break
      }
    }
    return .started(values, time: time)
  }

  private static func pair(_ entry: WireReader) throws(WireError) -> (String, Value?) {
    var name = ""
    var value: Value?
    var reader = entry
    while let field = try reader.next() {
      switch field.number {
      case 1: name = reader.text(field) ?? name
      case 2: if let message = reader.message(field) { value = try self.value(message) }
      default: break
      }
    }
    return (name, value)
  }

  private static func value(_ message: WireReader) throws(WireError) -> Value? {
    var value: Value?
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 2: if let number = field.double { value = .number(number) }
      case 3: if let text = reader.text(field) { value = .text(text) }
      case 4: if let flag = field.integer { value = .flag(flag != 0) }
      default: break
      }
    }
    return value
  }

  private static func end(_ message: WireReader) throws(WireError) -> HyperparameterSession {
    var status = Status.unknown
    var time = 0.0
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: status = field.integer.flatMap { Status(rawValue: UInt64(bitPattern: Int64($0))) } ?? status
      case 2: time = field.double ?? time
      default: break
      }
    }
    return .ended(status, time: time)
  }
}

extension WireWriter {
  fileprivate mutating func writeStart(_ values: [String: HyperparameterSession.Value], _ time: Double) {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      write(1) { entry in
        entry.write(1, name)
        entry.write(2) { kind in
          switch value {
          case .number(let number): kind.write(2, number)
          case .text(let text): kind.write(3, text)
          case .flag(let flag): kind.write(4, varint: flag ? 1 : 0)
          }
        }
      }
    }
    write(5, time)
  }
}
