import Foundation
import GRDB
import GRDBSQLite

/// The SQLite file of a run's journal: its tables, how it is opened, and what its errors mean.
///
/// One process writes, any number read meanwhile (write-ahead log). Everything in it may be read with `sqlite3`; the view
/// `metrics` has the curves.
final class JournalDatabase {
  let path: String
  private let queue: DatabaseQueue
  /// Whether the file lies where a write-ahead log does not work, such as on a network.
  let isOnNetwork: Bool

  /// "gant", which `file` and SQLite show.
  static let applicationID = 0x6761_6E74
  static let version = 1

  /// Buckets of a metric: rows of `bucket`, all of one report under one (`level`, `report`). `minimum` and `maximum` are
  /// NULL where no value was finite, `final` is where the last one was NaN.
  private static let schema = [
    "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE metric (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """
    CREATE TABLE report (
      level INTEGER NOT NULL, number INTEGER NOT NULL, step INTEGER NOT NULL, time REAL NOT NULL, elapsed REAL NOT NULL,
      PRIMARY KEY (level, number)) WITHOUT ROWID
    """,
    """
    CREATE TABLE bucket (
      level INTEGER NOT NULL, report INTEGER NOT NULL, metric INTEGER NOT NULL, first_step INTEGER NOT NULL,
      last_step INTEGER NOT NULL, minimum REAL, maximum REAL, final REAL, sum REAL, count INTEGER NOT NULL,
      not_finite INTEGER NOT NULL, PRIMARY KEY (level, report, metric)) WITHOUT ROWID
    """,
    """
    CREATE TABLE event (
      id INTEGER PRIMARY KEY, time REAL NOT NULL, step INTEGER NOT NULL, kind TEXT NOT NULL, fields TEXT NOT NULL)
    """,
    """
    CREATE TABLE ledger (
      number INTEGER PRIMARY KEY, time REAL NOT NULL, step INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT, old REAL,
      new REAL, origin TEXT NOT NULL, payload BLOB)
    """,
    """
    CREATE TABLE checkpoint (
      step INTEGER PRIMARY KEY, time REAL NOT NULL, ledger INTEGER, measured REAL, measured_step INTEGER)
    """,
    """
    CREATE VIEW metrics AS
      SELECT metric.name, first_step, last_step, minimum, maximum, final, sum / count AS mean, count, not_finite, time,
        elapsed
      FROM bucket JOIN metric ON metric.id = bucket.metric
        JOIN report ON report.level = bucket.level AND report.number = bucket.report
      ORDER BY bucket.level DESC, bucket.report
    """,
  ]

  /// Opens a journal to write, or makes one.
  /// - Throws: `RunStoreError.journalDamaged` for what is no journal of this version, and others.
  init(writing path: String) throws(RunStoreError) {
    self.path = path
    isOnNetwork = Self.isOnNetwork(path)
    // Nobody sees a journal without its tables, whenever this process is killed.
    var status = stat()
    if stat(path, &status) == 0 ? status.st_size == 0 && status.st_mode & S_IFMT == S_IFREG : errno == ENOENT {
      try DurableFile.replace(path, with: Self.empty())
    }
    var configuration = Self.configuration
    configuration.busyMode = .timeout(2)
    let mode = isOnNetwork ? "TRUNCATE" : "WAL"
    var opened: DatabaseQueue?
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      opened = queue
      try queue.inDatabase { db in
        try Self.check(db, path: path, wholly: true)
        try db.execute(sql: "PRAGMA journal_mode = \(mode); PRAGMA synchronous = NORMAL")
        try db.execute(sql: "PRAGMA journal_size_limit = 4194304")
        // What is appended is hardly read again: memory shall not grow with the file.
        try db.execute(sql: "PRAGMA cache_size = -256")
      }
      self.queue = queue
    } catch {
      // Before anybody renames the file: SQLite goes by its name when it closes.
      try? opened?.close()
      throw Self.failure(error, path: path)
    }
  }

  /// The file of a journal in which nothing is.
  private static func empty() throws(RunStoreError) -> Data {
    do {
      return try DatabaseQueue().inDatabase { db in
        for statement in schema { try db.execute(sql: statement) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
        var size: sqlite3_int64 = 0
        guard let bytes = sqlite3_serialize(db.sqliteConnection, "main", &size, 0) else {
          throw RunStoreError.writeFailed(path: "journal", errno: ENOMEM)
        }
        defer { sqlite3_free(bytes) }
        return Data(bytes: bytes, count: Int(size))
      }
    } catch {
      throw failure(error, path: "journal")
    }
  }

  /// Opens a journal to read, also while it is written.
  /// - Throws: `RunStoreError.journalDamaged`; `RunStoreError.readFailed`, with ENOENT where there is none.
  init(reading path: String) throws(RunStoreError) {
    self.path = path
    isOnNetwork = false
    guard access(path, F_OK) == 0 else { throw .readFailed(path: path, errno: errno) }
    var configuration = Self.configuration
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.inDatabase { try Self.check($0, path: path, wholly: false) }
    } catch {
      throw Self.failure(error, path: path, isReading: true)
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.label = "gantui.journal"
    configuration.prepareDatabase { db in
      // The file may be damaged in any way.
      try db.execute(sql: "PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF")
    }
    return configuration
  }

  /// - Parameter wholly: whether all pages are read.
  private static func check(_ db: Database, path: String, wholly: Bool) throws {
    guard try Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
      throw RunStoreError.journalDamaged(path: path, reason: "it is no journal of a run")
    }
    let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard found == version else {
      throw RunStoreError.journalDamaged(path: path, reason: "its version is \(found), and \(version) is known")
    }
    let tables = try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    guard Set(tables) == Set(schema) else {
      throw RunStoreError.journalDamaged(path: path, reason: "its tables are not those of a journal")
    }
    guard wholly else { return }
    let word = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "ok"
    guard word == "ok" else { throw RunStoreError.journalDamaged(path: path, reason: oneLine(word)) }
  }

  // MARK: Access

  func read<Value>(_ body: (Database) throws -> Value) throws(RunStoreError) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw Self.failure(error, path: path, isReading: true)
    }
  }

  /// One transaction: all or nothing.
  /// - Parameter isDurable: whether it must be on the disk when this returns, even if the machine goes down.
  func write(isDurable: Bool = false, _ body: (Database) throws -> Void) throws(RunStoreError) {
    do {
      try queue.inDatabase { db in
        do {
          if isDurable { try db.execute(sql: "PRAGMA synchronous = FULL") }
          try db.inTransaction(.immediate) {
            try body(db)
            return .commit
          }
          if isDurable { try db.execute(sql: "PRAGMA synchronous = NORMAL") }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
          let code = db.sqliteConnection.map { sqlite3_system_errno($0) } ?? 0
          throw RunStoreError.writeFailed(path: path, errno: code == 0 ? EIO : code)
        }
      }
    } catch {
      throw Self.failure(error, path: path)
    }
  }

  /// Writes everything into the one file, and closes it.
  func close() { try? queue.close() }

  // MARK: Errors

  private static func failure(_ error: any Error, path: String, isReading: Bool = false) -> RunStoreError {
    func failed(_ code: Int32) -> RunStoreError {
      isReading ? .readFailed(path: path, errno: code) : .writeFailed(path: path, errno: code)
    }
    guard let error = error as? DatabaseError else { return (error as? RunStoreError) ?? failed(EIO) }
    switch error.resultCode {
    case .SQLITE_FULL: return failed(ENOSPC)
    case .SQLITE_IOERR where isReading: return failed(EIO)
    case .SQLITE_IOERR, .SQLITE_CANTOPEN:
      if !isReading, !hasRoom(path) { return failed(ENOSPC) }
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
        return .journalDamaged(path: path, reason: "it is no file")
      }
      return failed(error.resultCode == .SQLITE_IOERR ? EIO : EACCES)
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: return failed(EBUSY)
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: return failed(EACCES)
    case .SQLITE_NOMEM: return failed(ENOMEM)
    default: return .journalDamaged(path: path, reason: oneLine(error.message ?? "SQLite refuses it"))
    }
  }

  private static func hasRoom(_ path: String) -> Bool {
    var status = statvfs()
    guard statvfs(URL(fileURLWithPath: path).deletingLastPathComponent().path, &status) == 0 else { return true }
    return status.f_bavail > 0 && (status.f_files == 0 || status.f_favail > 0)
  }

  /// Whether a file's file system is shared between machines, or may be: processes of two machines do not share the memory
  /// that a write-ahead log takes.
  private static func isOnNetwork(_ path: String) -> Bool {
    guard let folder = realpath(URL(fileURLWithPath: path).deletingLastPathComponent().path, nil) else { return false }
    defer { free(folder) }
    let kind = fileSystem(
      of: String(cString: folder), mounts: (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? "")
    return ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "afs", "lustre"].contains(kind)
      || kind.hasPrefix("fuse.")
  }

  /// The kind of the file system that a folder lies on, as Linux lists those that are mounted.
  static func fileSystem(of folder: String, mounts: String) -> String {
    var best = (length: -1, kind: "")
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count >= 3 else { continue }
      // Blanks and the like are written as octal numbers.
      var place = String(fields[1])
      for (code, character) in [("040", " "), ("011", "\t"), ("134", "\\")] {
        place = place.replacingOccurrences(of: "\\" + code, with: character)
      }
      let isAbove = place == "/" || folder == place || folder.hasPrefix(place + "/")
      // A later mount hides an earlier one of the same place.
      if isAbove, place.count >= best.length { best = (place.count, String(fields[2])) }
    }
    return best.kind
  }
}

/// A row that is being read, column by column: what a damaged file says in the wrong type is read as something, and never
/// a reason to end the program.
struct JournalRow {
  let statement: OpaquePointer

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
  func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }
  /// NaN for NULL.
  func number(_ column: Int32) -> Double { isNull(column) ? .nan : sqlite3_column_double(statement, column) }
  func text(_ column: Int32) -> String { String(decoding: data(column), as: UTF8.self) }

  func data(_ column: Int32) -> Data {
    guard let bytes = sqlite3_column_blob(statement, column) else { return Data() }
    return Data(bytes: bytes, count: Int(sqlite3_column_bytes(statement, column)))
  }
}

extension Database {
  /// Calls a closure for each row of a query.
  func forEachRow(
    _ sql: String, _ arguments: StatementArguments = [], _ body: (JournalRow) throws -> Void
  ) throws {
    let statement = try cachedStatement(sql: sql)
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    let row = JournalRow(statement: statement.sqliteStatement)
    while try rows.next() != nil { try body(row) }
  }

  func run(_ sql: String, _ arguments: StatementArguments = []) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}
