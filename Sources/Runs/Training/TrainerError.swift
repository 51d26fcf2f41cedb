/// A command that cannot be carried out.
public enum TrainerError: Error, Equatable, CustomStringConvertible {
  case unknownPlayer(String, known: [String])
  case unknownHyperparameter(String)
  case valueNotFinite(String, Double)

  public var description: String {
    switch self {
    case .unknownPlayer(let name, let known): "no player is named \(name); there are \(known.joined(separator: " and "))"
    case .unknownHyperparameter(let id): "this run has no hyperparameter \(id)"
    case .valueNotFinite(let id, let value): "\(id) takes a finite number, not \(value)"
    }
  }
}
