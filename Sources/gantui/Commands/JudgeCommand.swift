import ArgumentParser
import Datasets
import Foundation
import Models
import Runs

struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Train the classifier that measures ask about samples, once for a kind of data.",
    discussion: "It is kept in the cache; measures that need it train it themselves where it is missing.")

  @OptionGroup var options: ConfigurationOptions
  @OptionGroup var data: DataOptions

  func run() throws {
    Process.endOnSignals()
    let dataset = try DatasetFactory.dataset(try options.resolve(data.search).data)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let judge = try JudgeStore().judge(of: dataset, threads: cores) { step, steps, loss in
      FileHandle.standardError.write(
        Data("\rjudge: step \(step) of \(steps), loss \(String(format: "%.4f", loss)) ".utf8))
    }
    if judge.report.wasTrained { FileHandle.standardError.write(Data("\n".utf8)) }
    print("\(judge.report.path): \(String(format: "%.2f", 100 * judge.report.accuracy)) % of the test set right")
  }
}
