/// Frames as an asciinema recording (asciicast version 2): a header, then one event a line.
public struct CastRecording: Sendable {
  private let depth: ColorDepth
  private var shown: CellBuffer?
  private var size: Size
  private var start: Double?

  /// - Parameter depth: what colours become.
  public init(size: Size, colors depth: ColorDepth) {
    self.size = size
    self.depth = depth
  }

  /// The first line of the file.
  /// - Parameters:
  ///   - timestamp: seconds since 1970.
  public func header(title: String, timestamp: Int, terminal: String) -> String {
    "{\"version\": 2, \"width\": \(size.width), \"height\": \(size.height), \"timestamp\": \(timestamp), "
      + "\"title\": \(Self.quoted(title)), \"env\": {\"TERM\": \(Self.quoted(terminal))}}\n"
  }

  /// The lines of a frame; empty where it shows nothing new.
  /// - Parameter time: seconds on a clock that only goes on.
  public mutating func lines(of frame: CellBuffer, at time: Double) -> String {
    guard frame != shown else { return "" }
    let start = start ?? time
    self.start = start
    let seconds = ((time - start) * 1e6).rounded() / 1e6
    var text = ""
    if frame.size != size {
      text += "[\(seconds), \"r\", \"\(frame.size.width)x\(frame.size.height)\"]\n"
      size = frame.size
    }
    let changes = frame.ansi(changesFrom: shown, colors: depth)
    // The cursor is not part of the picture.
    let output = shown == nil ? "\u{1B}[?25l" + changes : changes
    shown = frame
    return text + "[\(seconds), \"o\", \(Self.quoted(output))]\n"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default:
        if scalar.value < 32 || scalar.value == 127 {
          let hex = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
