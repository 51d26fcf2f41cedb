import Foundation

/// What puts a text on the clipboard of a terminal, over SSH too (OSC 52).
public enum Clipboard {
  /// Terminals refuse longer ones.
  static let limit = 74_994

  public static func sequence(for text: String) -> String {
    "\u{1B}]52;c;" + Data(text.utf8.prefix(limit)).base64EncodedString() + "\u{7}"
  }
}
