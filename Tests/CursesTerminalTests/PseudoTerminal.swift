import CCurses
import Glibc

/// A terminal whose other side is the test.
final class PseudoTerminal {
  let master: Int32
  let slave: Int32

  init?(columns: UInt16, rows: UInt16) {
    // What posix_openpt, unlockpt and ptsname do: the declarations are hidden from Swift.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (locked, number): (Int32, Int32) = (0, 0)
    let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    guard master >= 0, ioctl(master, setLock, &locked) == 0, ioctl(master, getNumber, &number) == 0 else { return nil }
    slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    guard slave >= 0 else { return nil }
    resize(columns: columns, rows: rows)
  }

  deinit {
    close(slave)
    close(master)
  }

  /// - Parameter cell: the size of a cell in pixels; nil for a terminal that does not tell it.
  func resize(columns: UInt16, rows: UInt16, cell: (width: UInt16, height: UInt16)? = nil) {
    var size = winsize(
      ws_row: rows, ws_col: columns, ws_xpixel: columns * (cell?.width ?? 0), ws_ypixel: rows * (cell?.height ?? 0))
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(master, bytes, bytes.count)
  }

  /// All that was written to the terminal so far.
  func output() -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, 20) > 0, entry.revents & Int16(POLLIN) != 0 {
      let count = read(master, &chunk, chunk.count)
      if count <= 0 { break }
      bytes += chunk.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Input, output and local modes, to be compared.
  var modes: [tcflag_t] {
    var modes = termios()
    tcgetattr(slave, &modes)
    return [modes.c_iflag, modes.c_oflag, modes.c_lflag]
  }
}
