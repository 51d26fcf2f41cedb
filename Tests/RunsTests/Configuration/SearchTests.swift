import Foundation
import Models
import Testing

@testable import Runs

@Suite struct SearchTests {
  @Test func foldersAreTriedNearestFirst() throws {
    let root = try TemporaryFolder()
    for (index, folder) in ["data", "checkout/bin", "share/gantui", "checkout"].enumerated() {
      try root.write("\(folder)/sample-configs/mine.yaml", "# number \(index)\ndata: ring\nseed: \(index)\n")
    }
    func seed(_ search: ConfigurationSearch) throws -> UInt64 { try search.resolve("mine").configuration.seed }
    func search(_ data: String?) -> ConfigurationSearch {
      ConfigurationSearch(
        dataDirectory: data, executable: root.path + "/checkout/bin/gantui",
        environment: ["XDG_DATA_DIRS": "relative:\(root.path)/nothing:\(root.path)/share"],
        workingDirectory: root.path)
    }
    #expect(try seed(search("data")) == 0)
    #expect(try seed(search(nil)) == 1)
    try FileManager.default.removeItem(atPath: root.path + "/checkout/bin/sample-configs")
    #expect(try seed(search(nil)) == 2)
    try FileManager.default.removeItem(atPath: root.path + "/share/gantui/sample-configs")
    #expect(try seed(search(nil)) == 3)
    #expect(try search(nil).samples().first { $0.name == "mine" }?.summary == "number 3")
    try FileManager.default.removeItem(atPath: root.path + "/checkout/sample-configs")
    #expect(throws: ConfigurationError.self) { try search(nil).resolve("mine") }
    #expect(throws: ConfigurationError.missingDataDirectory(path: "nowhere")) { try search("nowhere").folders() }
  }

  private let bare = ConfigurationSearch(
    executable: nil, environment: ["XDG_DATA_DIRS": "/nowhere"], workingDirectory: "/")

  @Test func compiledInCopiesAreTheLastResort() throws {
    #expect(try bare.samples().map(\.name) == EmbeddedSamples.names)
    for sample in try bare.samples() {
      #expect(sample.path == nil)
      #expect(sample.summary.count > 20 && sample.summary.count <= 78, "\(sample.name)")
      let resolved = try bare.resolve(sample.name)
      #expect(resolved.configuration.name == sample.name)
      #expect(resolved.source == sample.name + ".yaml")
      #expect(resolved.warnings == [])
    }
    #expect(try bare.resolve("ring8.yaml").configuration.name == "ring8")
  }

  @Test func compiledInCopiesEqualTheFiles() throws {
    let folder = packageRoot.appendingPathComponent("sample-configs")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(files.sorted() == EmbeddedSamples.names.map { $0 + ".yaml" }.sorted())
    for name in EmbeddedSamples.names {
      let text = try String(contentsOf: folder.appendingPathComponent(name + ".yaml"), encoding: .utf8)
      #expect(EmbeddedSamples.texts[name] == text, "run scripts/embed-sample-configs.sh")
    }
  }

  @Test func namesAndPathsAreToldApart() throws {
    let folder = try TemporaryFolder()
    try folder.write("ring8", "data: ring\nseed: 5\n")
    try folder.write("plain", "data: ring\nseed: 6\n")
    try folder.write("ring8.yaml", "data: ring\nseed: 7\n")
    let search = ConfigurationSearch(
      executable: nil, environment: ["XDG_DATA_DIRS": "/nowhere"], workingDirectory: folder.path)
    #expect(try search.resolve("ring8").configuration.seed == 1)
    #expect(try search.resolve("./ring8").configuration.seed == 5)
    #expect(try search.resolve("plain").configuration.seed == 6)
    #expect(try search.resolve("ring8.yaml").configuration.seed == 7)
    #expect(try search.resolve(folder.path + "/ring8.yaml").configuration.seed == 7)
  }

  @Test func unknownNamesGetASuggestion() throws {
    let near = #expect(throws: ConfigurationError.self) { try bare.resolve("mnist-dcgna") }
    #expect(near?.description == "mnist-dcgna: no such configuration; did you mean mnist-dcgan?")
    #expect(near?.exitCode == ExitCode.usage)
    let far = #expect(throws: ConfigurationError.self) { try bare.resolve("stylegan") }
    #expect(
      far?.description.hasSuffix(
        "give the path of a YAML file or one of "
          + EmbeddedSamples.names.joined(separator: ", ")) ?? false)
    let missing = #expect(throws: ConfigurationError.self) { try bare.resolve("none/x.yaml") }
    #expect(missing?.description == "none/x.yaml: cannot be read: no such file or directory")
    #expect(missing?.exitCode == ExitCode.inputOutput)
    let folder = #expect(throws: ConfigurationError.self) { try bare.resolve("/usr") }
    #expect(folder?.description == "/usr: is a folder; a configuration is a YAML file")
  }

  @Test func pathsOfTheCommandLineAreRelativeToTheWorkingDirectory() throws {
    let search = ConfigurationSearch(
      executable: nil, environment: ["XDG_DATA_DIRS": "/nowhere"], workingDirectory: "/home/ada/project")
    let resolved = try search.resolve("mnist-mlp", overrides: ["data.path=../data/mnist"])
    #expect(
      resolved.configuration.data.source
        == .mnist(fashion: false, path: "/home/ada/data/mnist", size: 28, fit: .pad))
    let home = try search.resolve("mnist-mlp", overrides: ["data.path=~/mnist"])
    #expect(
      home.configuration.data.source
        == .mnist(fashion: false, path: NSHomeDirectory() + "/mnist", size: 28, fit: .pad))
  }
}
