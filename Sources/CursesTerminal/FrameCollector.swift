import CCurses
import Glibc

/// Catches what curses writes of a frame, so that it reaches the terminal in one piece.
///
/// Curses 6.4 writes at every movement of the cursor, hundreds of times a frame; each time the program that shows the
/// terminal would wake, and take a core from whoever has it.
final class FrameCollector {
  /// A file in memory, written from its start for each frame.
  private let memory: Int32

  /// - Returns: nil where the system has no files in memory.
  init?() {
    memory = curses_memory_file()
    if memory < 0 { return nil }
  }

  deinit { close(memory) }

  /// Runs `body`; meanwhile what goes to `descriptor`, a duplicate of `output`, goes into memory.
  /// - Returns: what was written; nil where it could not be caught, and has gone to the terminal.
  func collect(from descriptor: Int32, of output: Int32, _ body: () -> Void) -> [UInt8]? {
    guard lseek(memory, 0, SEEK_SET) == 0, dup2(memory, descriptor) == descriptor else {
      body()
      return nil
    }
    body()
    while dup2(output, descriptor) < 0, errno == EINTR || errno == EBUSY {}
    let count = max(0, Int(lseek(memory, 0, SEEK_CUR)))
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(memory, buffer.baseAddress, count, 0))
    }
  }
}
