import CCurses
import Foundation
import Glibc
import Synchronization

/// A terminal whose other side is the test.
///
/// What is written to it is read at once, on a thread of its own: a program that draws more than the system holds would else
/// wait for the test, and the test for it.
final class PseudoTerminal {
  let master: Int32
  let slave: Int32
  private let reader = Reader()

  /// What was read, and whether to go on.
  private final class Reader: Sendable {
    let bytes = Mutex<[UInt8]>([])
    let isOver = Atomic<Bool>(false)
    let hasEnded = DispatchSemaphore(value: 0)

    func run(_ master: Int32) {
      var chunk = [UInt8](repeating: 0, count: 4096)
      var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      while !isOver.load(ordering: .acquiring) {
        guard poll(&entry, 1, 5) > 0 else { continue }
        let count = read(master, &chunk, chunk.count)
        if count <= 0 { break }
        bytes.withLock { $0 += chunk.prefix(count) }
      }
      hasEnded.signal()
    }
  }

  init?(columns: UInt16, rows: UInt16) {
    // What posix_openpt, unlockpt and ptsname do: the declarations are hidden from Swift. A program that another test
    // starts meanwhile would hold the master open, and the terminal would never be gone.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, number): (Int32, Int32) = (0, 0)
    let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    guard master >= 0, ioctl(master, setLock, &locked) == 0, ioctl(master, getNumber, &number) == 0 else { return nil }
    slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { return nil }
    resize(columns: columns, rows: rows)
    Thread.detachNewThread { [reader, master] in reader.run(master) }
  }

  deinit {
    if slave >= 0 {
      reader.isOver.store(true, ordering: .releasing)
      reader.hasEnded.wait()
    }
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

  /// All that was written to the terminal so far, as soon as nothing more comes.
  func output() -> String {
    var count = -1
    while true {
      let now = reader.bytes.withLock { $0.count }
      if now == count { break }
      count = now
      usleep(20_000)
    }
    return String(
      decoding: reader.bytes.withLock { bytes in
        defer { bytes = [] }; return bytes
      }, as: UTF8.self)
  }

  /// Input, output and local modes, to be compared.
  var modes: [tcflag_t] {
    var modes = termios()
    tcgetattr(slave, &modes)
    return [modes.c_iflag, modes.c_oflag, modes.c_lflag]
  }
}
