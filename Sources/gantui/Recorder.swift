import Foundation
import Runs
import TerminalKit

/// A recording that is being made, one that the disk refused, or none.
struct Recording {
  private var recorder: Recorder?

  /// None.
  init() {}

  /// - Parameter path: where it goes; nil for none.
  /// - Throws: a `Failure` where the file cannot be written.
  init(_ path: String?, _ size: Size, _ capabilities: Capabilities, title: String) throws {
    recorder = try path.map { try Recorder(path: $0, size: size, capabilities: capabilities, title: title) }
  }

  var isOn: Bool { recorder != nil }

  /// - Returns: a sentence where the disk refuses; nothing is recorded from then on.
  mutating func take(_ frame: CellBuffer, at time: Double) -> String? {
    guard let problem = recorder?.take(frame, at: time) else { return nil }
    recorder = nil
    return problem
  }
}

/// Writes what the dashboard shows into an asciinema recording.
private final class Recorder {
  private let path: String
  private let file: FileHandle
  private var recording: CastRecording

  /// - Throws: a `Failure` where the file cannot be written.
  init(path: String, size: Size, capabilities: Capabilities, title: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw Failure("--record \(path): this file cannot be written", code: ExitCode.inputOutput) }
    self.path = path
    self.file = file
    recording = CastRecording(size: size, colors: capabilities.colors)
    let header = recording.header(
      title: title, timestamp: Int(Date().timeIntervalSince1970),
      terminal: ProcessInfo.processInfo.environment["TERM"] ?? "")
    try file.write(contentsOf: Data(header.utf8))
  }

  /// - Returns: a sentence where the disk refuses; nothing is recorded from then on.
  func take(_ frame: CellBuffer, at time: Double) -> String? {
    let lines = recording.lines(of: frame, at: time)
    guard !lines.isEmpty else { return nil }
    do {
      try file.write(contentsOf: Data(lines.utf8))
      return nil
    } catch {
      return "\(path): the recording cannot be written any more"
    }
  }

  deinit { try? file.close() }
}
