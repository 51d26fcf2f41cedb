import Foundation

extension RunFolder {
  /// What a run without a terminal says of itself.
  public var logPath: String { path + "/log.txt" }

  /// Who trains the run now.
  public enum Activity: Sendable, Equatable {
    /// No process has its lock.
    case idle
    /// A process does; its id where it is known.
    case training(process: Int32?)
  }

  public var activity: Activity {
    switch RunLock.holder(folder: path) {
    case .nobody: .idle
    case .process(let process): .training(process: process)
    }
  }
}
