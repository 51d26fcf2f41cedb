import ArgumentParser
import Foundation
import Models
import Runs
import Telemetry

struct AlertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts", abstract: "Show where alert rules would have fired in a run that was trained.",
    discussion: """
      A dry run: nothing is trained and nothing of the run changes. Without --rule the rules of the run's own
      configuration are tried. Old steps are remembered in buckets, so that a step is exact to the width of one.
      """)

  @Argument(help: ArgumentHelp("The name of a run, or the path of its folder.", valueName: "run"))
  var runName: String

  @Option(
    name: .customLong("rule"),
    help: ArgumentHelp(
      "Such as \"entropy/modes < 1.0 for 500 steps -> pause\"; several times for several.", valueName: "rule"))
  var texts: [String] = []

  @Flag(help: "One JSON object a line.")
  var json = false

  @OptionGroup var store: StoreOptions

  func run() throws {
    Process.endOnSignals()
    let folder = try store.store.run(runName)
    var rules: [AlertRule] = []
    for text in texts {
      do throws(AlertRuleError) {
        rules.append(try AlertRule(parsing: text))
      } catch {
        throw Failure("--rule: \(error)", code: ExitCode.usage)
      }
    }
    if texts.isEmpty { rules = try folder.configuration().alerts }
    guard !rules.isEmpty else {
      throw Failure("\(folder.name) has no alert rules; give some with --rule", code: ExitCode.usage)
    }
    let history = try folder.runHistory()
    let unknown = AlertDryRun.unknown(among: rules, in: history)
    let alerts = AlertDryRun.alerts(of: rules, in: history)
    for alert in alerts {
      if json {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
          positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        printLine(
          String(
            decoding: try encoder.encode(Fired(step: alert.step, value: alert.value, rule: alert.rule.description)),
            as: UTF8.self))
      } else {
        printLine("step \(alert.step)  \(alert.rule.metric) \(alert.value)  \(alert.rule)")
      }
    }
    if alerts.isEmpty, !json { printLine("none of \(rules.count) rules would have fired in \(history.step) steps") }
    // Nobody knows what such a rule would have done.
    if !unknown.isEmpty {
      let names = Set(unknown.map(\.metric.rawValue)).sorted().joined(separator: ", ")
      throw Failure("\(folder.name) never reported \(names)", code: ExitCode.data)
    }
  }

  private struct Fired: Encodable {
    var step: Int
    var value: Double
    var rule: String
  }
}
