import Models

/// One `--set key=value`: it replaces or adds a value before the configuration is decoded.
///
/// Keys are the catalog's paths. Penalties and techniques are addressed by kind, `penalties.gradient-penalty.weight=1`, which adds the
/// element where there is none; `penalties.gradient-penalty=none` takes it away. A value in brackets, braces or quotes
/// is YAML, any other is taken as it stands.
struct ConfigurationOverride {
  let keyPath: [String]
  let value: ConfigurationNode
  let place: SourcePlace

  /// - Parameter text: `key=value`.
  /// - Throws: `ConfigurationError`.
  init(_ text: String) throws {
    guard let equals = text.firstIndex(of: "=") else { throw ConfigurationError.malformedOverride(oneLine(text)) }
    let path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false)
      .map { String($0.trimmingSpaces()) }
    guard !path.contains("") else { throw ConfigurationError.malformedOverride(oneLine(text)) }
    keyPath = path
    place = .option("--set \(oneLine(text))")
    let written = String(text[text.index(after: equals)...].trimmingSpaces())
    if let first = written.first, "[{\"'".contains(first) {
      value =
        try ConfigurationText(text: written, file: "", place: place).root()
        ?? ConfigurationNode(content: .scalar("", isPlain: true), place: place)
    } else {
      value = ConfigurationNode(content: .scalar(written, isPlain: true), place: place)
    }
  }

  /// An option of its own for one key, such as `--seed 5`.
  init(key: String, value: String, option: String) {
    keyPath = [key].flatMap { $0.split(separator: ".").map(String.init) }
    place = .option("\(option) \(oneLine(value))")
    self.value = ConfigurationNode(content: .scalar(value, isPlain: true), place: place)
  }

  /// Applies the override to a document.
  /// - Returns: what it dropped, because it changed a kind.
  func apply(to root: inout ConfigurationNode) throws -> [ConfigurationWarning] {
    // The end of a path, such as generator.rate, is what the dashboard calls it.
    let key = keyPath.joined(separator: ".")
    let top = Catalog.keys(of: "", kind: nil)
    if let first = keyPath.first, !top.contains(first),
      let whole = Catalog.entries.first(where: { $0.path.hasSuffix(".\(key)") })?.path
    {
      throw ConfigurationError.unknownKey(place, key: oneLine(key), suggestion: whole, accepted: top)
    }
    var warnings: [ConfigurationWarning] = []
    try set(keyPath[...], in: &root, path: "", &warnings)
    return warnings
  }

  private func set(
    _ components: ArraySlice<String>, in node: inout ConfigurationNode, path: String,
    _ warnings: inout [ConfigurationWarning]
  ) throws {
    guard let key = components.first else {
      node = value
      return
    }
    let child = path.isEmpty ? key : "\(path).\(key)"
    if case .list(let kinds)? = Catalog.entry(path, kind: nil)?.type {
      try setElement(key, of: path, kinds, components.dropFirst(), in: &node)
      return
    }
    var entries = try openedEntries(of: node, path: path)
    if key == "kind", components.count == 1, case .scalar(let kind, _) = value.content {
      let dropped = entries.filter { entry in
        let owners = Catalog.entries(of: "\(path).\(entry.key)")
        return entry.place.isFile && !owners.isEmpty && !owners.contains { $0.belongs(to: kind) }
      }
      if !dropped.isEmpty {
        entries.removeAll { entry in dropped.contains { $0.key == entry.key } }
        warnings.append(.dropped(keys: dropped.map { "\(path).\($0.key)" }, by: place.description))
      }
    }
    if let index = entries.firstIndex(where: { $0.key == key }) {
      try set(components.dropFirst(), in: &entries[index].value, path: child, &warnings)
      if components.count == 1 { entries[index].place = place }
    } else {
      var isList = false
      if case .list? = Catalog.entry(child, kind: nil)?.type { isList = true }
      var new = ConfigurationNode(content: isList ? .sequence([]) : .mapping([]), place: place)
      try set(components.dropFirst(), in: &new, path: child, &warnings)
      entries.append(ConfigurationNode.Entry(key: key, place: place, value: new))
    }
    node.content = .mapping(entries)
  }

  /// The keys of a section, where the name of a kind alone and words for "no value" count as sections too.
  private func openedEntries(of node: ConfigurationNode, path: String) throws -> [ConfigurationNode.Entry] {
    if let entries = node.entries { return entries }
    guard case .scalar(let text, isPlain: true) = node.content else {
      throw ConfigurationError.notASection(place, key: path)
    }
    let entry = Catalog.entry(path, kind: nil)
    if case .absent(let word)? = entry?.standard, text == word { return [] }
    guard case .section(let kinds)? = entry?.type else { throw ConfigurationError.notASection(place, key: path) }
    if node.isNull { return [] }
    guard !kinds.isEmpty else { throw ConfigurationError.notASection(place, key: path) }
    return [ConfigurationNode.Entry(key: "kind", place: node.place, value: node)]
  }

  private func setElement(
    _ kind: String, of path: String, _ kinds: [String], _ components: ArraySlice<String>,
    in list: inout ConfigurationNode
  ) throws {
    guard kinds.contains(kind) else {
      throw ConfigurationError.unknownKey(
        place, key: "\(path).\(kind)", suggestion: spellingSuggestion(for: kind, among: kinds), accepted: kinds)
    }
    var elements: [ConfigurationNode]
    switch list.content {
    case .sequence(let found): elements = found
    case .scalar where list.isNull: elements = []
    default: throw ConfigurationError.notASection(place, key: path)
    }
    let kindNode = ConfigurationNode(content: .scalar(kind, isPlain: true), place: place)
    let kindEntry = ConfigurationNode.Entry(key: "kind", place: place, value: kindNode)
    let index = elements.firstIndex { element in
      if case .scalar(let text, _) = element.content { return text == kind }
      if case .scalar(let text, _)? = element["kind"]?.content { return text == kind }
      return false
    }
    if components.isEmpty {
      switch value.content {
      case .scalar("none", isPlain: true): if let index { elements.remove(at: index) }
      case .mapping(let entries):
        let element = ConfigurationNode(
          content: .mapping([kindEntry] + entries.filter { $0.key != "kind" }), place: place)
        if let index { elements[index] = element } else { elements.append(element) }
      default:
        throw ConfigurationError.wrongValue(
          place, key: "\(path).\(kind)", found: value.quoted, accepted: "its keys in braces, or none to remove it")
      }
    } else {
      guard components.count == 1, let key = components.first else {
        throw ConfigurationError.notASection(place, key: "\(path).\(kind).\(components.first ?? "")")
      }
      var element =
        index.map { elements[$0] } ?? ConfigurationNode(content: .mapping([kindEntry]), place: place)
      var entries = element.entries ?? [kindEntry]
      let entry = ConfigurationNode.Entry(key: key, place: place, value: value)
      if let old = entries.firstIndex(where: { $0.key == key }) { entries[old] = entry } else { entries.append(entry) }
      element.content = .mapping(entries)
      if let index { elements[index] = element } else { elements.append(element) }
    }
    list.content = .sequence(elements)
  }
}

/// Something about a configuration that a person should know and that does not stop it.
public enum ConfigurationWarning: Sendable, Equatable, CustomStringConvertible {
  /// Keys of the file that the kind chosen on the command line does not have.
  case dropped(keys: [String], by: String)
  /// Clipped critics are unstable under momentum: Arjovsky et al. (2017), section 4.
  case momentumWithClipping(key: String)
  /// A bounded generator cannot reach data outside of its bounds.
  case boundedOutputOnPoints

  public var description: String {
    switch self {
    case .dropped(let keys, let option): "\(option) leaves out \(keys.joined(separator: ", ")), which it does not have"
    case .momentumWithClipping(let key):
      "\(key): a critic with clipped weights is unstable under momentum; its paper uses rmsprop with rate 5e-5"
    case .boundedOutputOnPoints: "model.generator.output: tanh stays between -1 and 1, and the data may not"
    }
  }

  /// The warnings about a configuration's values.
  static func warnings(about configuration: RunConfiguration) -> [ConfigurationWarning] {
    var warnings: [ConfigurationWarning] = []
    if configuration.penalties.has(.weightClipping) {
      switch configuration.optimizers.discriminator.rule {
      case .adam(let beta1, _, _) where beta1 > 0:
        warnings.append(.momentumWithClipping(key: "optimizers.discriminator.beta1"))
      case .sgd(let momentum) where momentum > 0, .rmsprop(_, _, let momentum) where momentum > 0:
        warnings.append(.momentumWithClipping(key: "optimizers.discriminator.momentum"))
      default: break
      }
    }
    switch configuration.model {
    case .gan(let gan):
      if gan.output == .tanh, configuration.data.kind.isPoints { warnings.append(.boundedOutputOnPoints) }
    case .bigan(let bigan):
      if bigan.output == .tanh, configuration.data.kind.isPoints { warnings.append(.boundedOutputOnPoints) }
    case .pix2pix, .cyclegan: break
    }
    return warnings
  }
}

extension Substring {
  fileprivate func trimmingSpaces() -> Substring {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return text
  }
}
