/// A command that cannot be carried out.
public enum TrainerError: Error, Equatable, CustomStringConvertible, ExitCoded {
  case unknownPlayer(String, known: [String])
  case unknownHyperparameter(String)
  case valueNotFinite(String, Double)
  /// The wheel belongs to the run's socket, and there is none.
  case noWheel
  /// The data are neither images nor points in the plane.
  case noPicture

  /// The step's gradient was infinite or no number; a sentence that says whose and in which tensor.
  case notFinite(String)

  /// Nothing was kept of the time before.
  case noEarlierMoment
  /// An earlier moment is looked at: nothing can be done to the run meanwhile.
  case momentShown(step: Int)
  /// The run ends at this step: nothing more is done with it.
  case stopping
  /// All steps are done: the run can be looked at and branched from, no more.
  case finished
  case nothingToUndo
  /// What an undo needs was not kept: neither in memory nor on the disk.
  case editNotKept(step: Int)
  /// There is nothing left to train after the step.
  case branchHasNoSteps(step: Int, steps: Int)
  case branchPlayers

  public var exitCode: Int32 { ExitCode.data }

  public var description: String {
    switch self {
    case .unknownPlayer(let name, let known):
      "no player is named \(name); there are \(known.joined(separator: " and "))"
    case .unknownHyperparameter(let id): "this run has no hyperparameter \(id)"
    case .notFinite(let reason): reason
    case .noWheel: "this run has one viewer, who steers it"
    case .noEarlierMoment: "there is no earlier moment to go back to"
    case .momentShown(let step):
      "step \(step) is being looked at: enter branches from it, esc goes back to the newest step"
    case .stopping: "the run is stopping"
    case .finished: "the run is over: nothing can be changed"
    case .nothingToUndo: "there is no edit to undo"
    case .editNotKept(let step):
      "no checkpoint is left from before the last edit, of step \(step), that it could be undone with: neither in memory (schedule.rewind-memory) nor on the disk (schedule.keep-checkpoints)"
    case .branchHasNoSteps(let step, let steps):
      "step \(step) is the last of \(steps); --set schedule.steps=N gives the branch more"
    case .branchPlayers: "a branch keeps its parent's game: model.kind asks for other players"
    case .noPicture:
      "these samples make no picture: they are neither images nor points of a plane, or too many for one;"
        + " gantui sample --out FILE.npy writes their numbers"
    case .valueNotFinite(let id, let value): "\(id) takes a finite number, not \(value)"
    }
  }
}
