import Foundation
import Glibc

/// The socket in a run's folder: `attach.sock`, for its owner alone.
enum RunSocket {
  static let name = "attach.sock"
  private static let backlog: Int32 = 64

  static func path(in folder: String) -> String { folder + "/" + name }

  /// A listening socket in a folder, and the file that it is.
  struct Listener: Sendable {
    var descriptor: Int32
    fileprivate var device: dev_t
    fileprivate var inode: ino_t

    /// Closes it, and removes its file where no other process has replaced it.
    func close(folder: String) {
      Glibc.close(descriptor)
      let path = RunSocket.path(in: folder)
      var status = stat()
      guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return }
      unlink(path)
    }
  }

  /// Listens in a folder, in the place of a socket that a dead process left. The run's lock must be held: who does may
  /// replace what is there.
  ///
  /// The file comes into being under another name, gets its mode before anybody can connect, and is renamed as a whole.
  static func listen(in folder: String) throws(AttachError) -> Listener {
    let path = path(in: folder)
    let descriptor = try open(path)
    do throws(AttachError) {
      let temporary = "\(folder)/.\(name).\(getpid())"
      unlink(temporary)
      // On Linux the mode of the socket becomes that of its file: no umask to change, which other threads would feel.
      fchmod(descriptor, 0o600)
      try withAddress(".\(name).\(getpid())", in: folder) { address, length throws(AttachError) in
        guard bind(descriptor, address, length) == 0 else { throw .system(call: "bind", path: path, errno: errno) }
      }
      var status = stat()
      guard chmod(temporary, 0o600) == 0, Glibc.listen(descriptor, backlog) == 0, lstat(temporary, &status) == 0,
        rename(temporary, path) == 0
      else {
        let code = errno
        unlink(temporary)
        throw .system(call: "listen", path: path, errno: code)
      }
      return Listener(descriptor: descriptor, device: status.st_dev, inode: status.st_ino)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// - Throws: `AttachError.notServing` where nobody listens; `AttachError.system`.
  static func connect(to folder: String) throws(AttachError) -> Int32 {
    let path = path(in: folder)
    let descriptor = try open(path)
    do throws(AttachError) {
      try withAddress(name, in: folder) { address, length throws(AttachError) in
        var attempts = 500
        while Glibc.connect(descriptor, address, length) != 0 {
          let code = errno
          attempts -= 1
          switch code {
          case EINTR where attempts > 0: continue
          // Its backlog is full for the moment.
          case EAGAIN where attempts > 0: usleep(20_000)
          case ENOENT, ECONNREFUSED, ENOTDIR, ENOTSOCK: throw .notServing(path: path)
          default: throw .system(call: "connect", path: path, errno: code)
          }
        }
      }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Who is on the other side.
  static func peer(of descriptor: Int32) -> (process: pid_t, user: uid_t)? {
    // `struct ucred`, which the headers show to GNU programs only: process, user, group.
    var credentials: (pid_t, uid_t, gid_t) = (0, 0, 0)
    var size = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
    return (credentials.0, credentials.1)
  }

  /// The next viewer that waits; -1 with `errno` where there is none.
  static func accept(_ listener: Listener) -> Int32 {
    let descriptor = Glibc.accept(listener.descriptor, nil, nil)
    if descriptor >= 0 { prepare(descriptor) }
    return descriptor
  }

  /// Makes a descriptor non-blocking, and this process's alone.
  fileprivate static func prepare(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  private static func open(_ path: String) throws(AttachError) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { throw .system(call: "socket", path: path, errno: errno) }
    return descriptor
  }

  /// Calls `body` with the address of a file in a folder. An address holds 107 bytes: a longer path goes by way of the
  /// folder's descriptor.
  private static func withAddress(
    _ file: String, in folder: String,
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(AttachError) -> Void
  ) throws(AttachError) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    var path = "\(folder)/\(file)"
    var handle: Int32 = -1
    if path.utf8.count >= capacity {
      handle = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard handle >= 0 else { throw .system(call: "open", path: folder, errno: errno) }
      path = "/proc/self/fd/\(handle)/\(file)"
    }
    defer { if handle >= 0 { close(handle) } }
    guard path.utf8.count < capacity else { throw .system(call: "bind", path: path, errno: ENAMETOOLONG) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let result: Result<Void, AttachError> = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { rebound in
        do throws(AttachError) {
          return .success(try body(rebound, socklen_t(MemoryLayout<sockaddr_un>.size)))
        } catch {
          return .failure(error)
        }
      }
    }
    try result.get()
  }
}

/// A descriptor that other threads make readable.
final class Alarm: Sendable {
  let descriptor: Int32
  private let other: Int32

  init() throws(AttachError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(call: "pipe", path: "attach", errno: errno) }
    for end in ends { RunSocket.prepare(end) }
    (descriptor, other) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(other)
  }

  /// Never blocks: a full pipe is readable already.
  func ring() {
    var byte: UInt8 = 0
    _ = write(other, &byte, 1)
  }

  func silence() {
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(descriptor, &bytes, bytes.count) == bytes.count {}
  }
}
