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
  /// What pictures show from now on; bits of the run do not depend on it.
  case show(PictureRequest)
}

/// A command with the number its reply will carry.
public struct Request: Codable, Sendable, Equatable {
  public var id: UInt64
  public var command: Command
  public init(id: UInt64, command: Command) {
    self.id = id
    self.command = command
  }
}
