import Foundation
import Testing

/// All tests of the built program: one after the other, because they measure nothing and share two cores.
@Suite(.serialized) enum EndToEnd {}

/// The built program, which `make test` puts beside the tests.
enum Program {
  static let path: String = {
    let tests = Bundle.allBundles.map(\.bundlePath) + [CommandLine.arguments[0]]
    let folders = tests.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    return folders.map { $0 + "/gantui" }.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "gantui"
  }()

  /// Runs the program to its end.
  @discardableResult
  static func run(_ arguments: [String], in folder: Workspace, environment: [String: String] = [:]) throws -> Outcome {
    try Child(path, arguments, in: folder, environment: environment).wait()
  }
}

/// How a program ended, and what it said.
struct Outcome: Sendable {
  /// The exit code; minus the signal's number where one ended it.
  var status: Int32
  var output: String
  var errors: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// The lines of the output as JSON objects; fails the test where one is none.
  func objects(_ location: SourceLocation = #_sourceLocation) -> [[String: Any]] {
    lines.compactMap { line in
      let object = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
      if object == nil { Issue.record("no JSON object: \(line)", sourceLocation: location) }
      return object
    }
  }

  /// Whether stderr is one sentence of the program.
  var saysOneSentence: Bool {
    errors.hasPrefix("gantui: ") && errors.hasSuffix("\n") && errors.split(separator: "\n").count == 1
      && !errors.contains("Fatal error")
  }
}

/// Why a test could not go on.
struct TestError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// A program that runs beside the test.
final class Child {
  private let process = Process()
  private let outputPath: String
  private let errorPath: String

  /// Seconds after which a program hangs.
  private static let patience = 120.0

  init(_ program: String, _ arguments: [String], in folder: Workspace, environment: [String: String] = [:]) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = folder.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    (outputPath, errorPath) = (folder.scratch("out"), folder.scratch("err"))
    for path in [outputPath, errorPath] { try Data().write(to: URL(fileURLWithPath: path)) }
    guard let output = FileHandle(forWritingAtPath: outputPath), let errors = FileHandle(forWritingAtPath: errorPath)
    else { throw TestError("no file for the output") }
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  var identifier: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }
  var output: String { Self.text(outputPath) }
  var errors: String { Self.text(errorPath) }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits for the end; kills what hangs.
  @discardableResult
  func wait() throws -> Outcome {
    let isDone = poll(Self.patience) { !process.isRunning }
    if !isDone {
      signal(SIGKILL)
      process.waitUntilExit()
      throw TestError("\(process.arguments ?? []) hangs; it said: \(output) \(errors)")
    }
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Outcome(status: status, output: output, errors: errors)
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}

/// Asks again and again until the answer is yes, at most so many seconds.
/// - Returns: whether it was.
@discardableResult
func poll(_ seconds: Double = 30, every pause: UInt32 = 5_000, until isTrue: () throws -> Bool) rethrows -> Bool {
  let deadline = DispatchTime.now().uptimeNanoseconds + UInt64(seconds * 1e9)
  while true {
    if try isTrue() { return true }
    guard DispatchTime.now().uptimeNanoseconds < deadline else { return false }
    usleep(pause)
  }
}

extension EndToEnd {
  @Test static func theProgramIsThere() {
    #expect(FileManager.default.isExecutableFile(atPath: Program.path), "\(Program.path)")
  }
}
