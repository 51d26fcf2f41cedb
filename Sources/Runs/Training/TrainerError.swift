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

  public var exitCode: Int32 { ExitCode.data }

  public var description: String {
    switch self {
    case .unknownPlayer(let name, let known):
      "no player is named \(name); there are \(known.joined(separator: " and "))"
    case .unknownHyperparameter(let id): "this run has no hyperparameter \(id)"
    case .notFinite(let reason): reason
    case .noWheel: "this run has one viewer, who steers it"
    case .noPicture: "samples of this shape cannot be drawn; gantui sample --out FILE.npy writes their numbers"
    case .valueNotFinite(let id, let value): "\(id) takes a finite number, not \(value)"
    }
  }
}
