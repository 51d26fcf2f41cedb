/// What a viewer asks of a trainer; applied between two steps.
public enum Command: Codable, Sendable, Equatable {
  case pause
  case resume
  /// One turn while paused; with a player's name, that player's update alone.
  case step(player: String?)
  case set(id: String, value: Double)
  case checkpoint
  /// Writes the current samples as PNG into the run's folder.
  case saveSamples
  /// Stops at the next step boundary and keeps a checkpoint.
  case stop
  /// Asks for the right to steer; of the run's socket, not of the trainer.
  case takeWheel
  case releaseWheel
  /// Pauses, and shows the samples of another moment of the run; nothing of its training changes.
  case look(RewindMove)
  /// Goes on as a run of its own from the moment that is shown, or from now. `changes` are of its configuration,
  /// `key=value` each.
  case branch(changes: [String])
  /// Goes back to the moment before the last edit.
  case undo
  /// What pictures show from now on; bits of the run do not depend on it.
  case show(PictureRequest)
}

/// A command with the number its reply will carry.
public struct Request: Codable, Sendable, Equatable {
  public var id: UInt64
  public var command: Command
  /// Who asks: it stands in the ledger where the command changes the run's bits.
  public var origin: EditOrigin
  public init(id: UInt64, command: Command, origin: EditOrigin = .key) {
    self.id = id
    self.command = command
    self.origin = origin
  }

  /// Who asks need not be told: a run's socket says itself that a viewer does.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(UInt64.self, forKey: .id)
    command = try container.decode(Command.self, forKey: .command)
    origin = try container.decodeIfPresent(EditOrigin.self, forKey: .origin) ?? .key
  }
}
