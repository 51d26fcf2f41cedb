import ArgumentParser
import Foundation
import Runs

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a run's metrics for other programs.",
    discussion: """
      Each line is what the journal keeps of a metric over some steps: the exact minimum, maximum, mean and last value. \
      The newest stretches are a tenth of a second or one step long, older ones longer.
      """)

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(help: "\(Format.allCases.map(\.rawValue).joined(separator: " or ")).")
  var format = Format.csv

  @Option(
    help: ArgumentHelp(
      "Metrics such as loss/generator, or groups such as loss, with commas or one by one. [default: all]",
      valueName: "names"))
  var metrics: [String] = []

  @Flag(help: "With jsonl: before the metrics, what happened: states, edits, verdicts, checkpoints, messages.")
  var events = false

  @Option(
    help: ArgumentHelp(
      "The file to write; with tensorboard the folder of the event file. [default: standard output]", valueName: "path")
  )
  var out: String?

  @OptionGroup var store: StoreOptions

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case csv, jsonl, tensorboard
  }

  func validate() throws {
    if events, format != .jsonl { throw ValidationError("--events goes with --format jsonl") }
  }

  func run() throws {
    Process.endOnSignals()
    let run = try store.store.run(runName)
    switch format {
    case .csv: try writeText(run, .csv)
    case .jsonl: try writeText(run, .jsonl)
    case .tensorboard: try writeEventFile(run)
    }
  }

  private func writeEventFile(_ run: RunFolder) throws {
    guard let out else { throw ValidationError("--format tensorboard needs --out FOLDER, where the event file goes") }
    try TensorBoardExport(run, metrics: metrics.flatMap { $0.split(separator: ",").map(String.init) }).write(to: out)
  }

  private func writeText(_ run: RunFolder, _ format: MetricExport.Format) throws {
    let export = try MetricExport(run, metrics: metrics.flatMap { $0.split(separator: ",").map(String.init) })
    let output = try TextOutput(out)
    if events { try export.writeEvents(to: output.write) }
    try export.write(as: format, to: output.write)
    try output.finish()
  }
}

/// Text on its way to a file, which is there whole or not at all, or to standard output.
private final class TextOutput {
  private let path: String?
  private let temporary: String
  private var descriptor: Int32

  init(_ path: String?) throws {
    self.path = path
    temporary = "\(path ?? "").\(getpid()).partial"
    descriptor = STDOUT_FILENO
    guard let path else { return }
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw RunStoreError.writeFailed(path: path, errno: errno) }
  }

  deinit {
    guard path != nil, descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  func write(_ text: String) throws {
    try Array(text.utf8).withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Foundation.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
          // Whoever reads has seen enough.
          if errno == EPIPE, path == nil { Foundation.exit(0) }
          throw RunStoreError.writeFailed(path: path ?? "standard output", errno: errno)
        }
        done += count
      }
    }
  }

  func finish() throws {
    guard let path else { return }
    let isWhole = fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS
    guard isWhole, close(descriptor) == 0, rename(temporary, path) == 0 else {
      throw RunStoreError.writeFailed(path: path, errno: errno)
    }
    descriptor = -1
  }
}
