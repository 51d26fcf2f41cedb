import EventFiles
import Models

extension RunConfiguration {
  /// Every key of the resolved configuration with its value, for TensorBoard's table of hyperparameters: numbers and
  /// flags as such, everything else as text. The name, which is the run's own, is left out.
  ///
  /// A list of kinds is the text of its kinds, and each number of a kind has a key with the kind in it:
  /// `penalties` is `r1, gradient`, `penalties.r1.weight` is 10.
  public var hyperparameterValues: [String: HyperparameterSession.Value] {
    guard let root = try? ConfigurationText(text: yaml, file: name).root() else { return [:] }
    var values: [String: HyperparameterSession.Value] = [:]
    root.collect("", into: &values)
    values["name"] = nil
    return values
  }
}

extension ConfigurationNode {
  fileprivate func collect(_ path: String, into values: inout [String: HyperparameterSession.Value]) {
    func below(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch content {
    case .mapping(let entries):
      for entry in entries { entry.value.collect(below(entry.key), into: &values) }
    case .sequence(let elements):
      values[path] = .text(elements.map(\.listText).joined(separator: ", "))
      for element in elements {
        guard let entries = element.entries else { continue }
        for entry in entries where entry.key != "kind" {
          entry.value.collect(below("\(element.listText).\(entry.key)"), into: &values)
        }
      }
    case .scalar(let text, let isPlain):
      if isPlain, let number = ScalarText.number(text) {
        values[path] = .number(number)
      } else if isPlain, let flag = ScalarText.flag(text) {
        values[path] = .flag(flag)
      } else {
        values[path] = .text(text)
      }
    }
  }

  /// An element of a list in a word.
  private var listText: String {
    switch content {
    case .scalar(let text, _): text
    case .mapping: self["kind"]?.listText ?? ""
    case .sequence(let elements): elements.map(\.listText).joined(separator: " ")
    }
  }
}
