import ArgumentParser
import Foundation
import Runs

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Watch a folder of TensorBoard event files in the dashboard, live.",
    discussion:
      "The files may be those of any program, such as PyTorch's SummaryWriter, and those of folders below. Nothing can be changed there."
  )

  @Argument(help: ArgumentHelp("A folder with event files, or one that will have some.", valueName: "folder"))
  var folder: String

  @OptionGroup var display: DisplayOptions

  func run() throws {
    var isFolder: ObjCBool = false
    let path = URL(fileURLWithPath: folder).standardizedFileURL.path
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure("\(folder): no such folder", code: ExitCode.inputOutput)
    }
    guard isFolder.boolValue else {
      throw Failure("\(folder): is no folder; watch takes the folder that event files are in", code: ExitCode.usage)
    }
    try WatchSession.start(folder: path, screen: try Screen(display), record: display.record)
  }
}
