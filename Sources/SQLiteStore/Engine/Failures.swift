#if SQLite
  internal import CSQLite
  internal import Foundation
  internal import SaaSCore

  /// Which constraint of the schema a statement would have broken; the statement changed nothing.
  ///
  /// The codes are SQLite's extended result codes (<https://www.sqlite.org/rescode.html>).
  enum ConstraintViolation: Sendable, Hashable {
    case check
    case foreignKey
    case notNull
    case primaryKey
    case unique
    /// Another one, with SQLite's extended code.
    case other(Int32)

    init(extendedCode code: Int32) {
      switch code >> 8 {
      case 1: self = .check
      case 3: self = .foreignKey
      case 5: self = .notNull
      // A rowid that exists already is a primary key that exists already.
      case 6, 10: self = .primaryKey
      case 8: self = .unique
      default: self = .other(code)
      }
    }
  }

  /// What one of SQLite's result codes means to a caller.
  ///
  /// - Parameters:
  ///   - code: the extended result code.
  ///   - systemError: the operating system's `errno` that it came from, 0 where there was none.
  ///   - message: SQLite's text, for the operator's log.
  func storeError(code: Int32, systemError: Int32, message: String) -> StoreError {
    switch code & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .unavailable(.busy)
    case SQLITE_FULL: .unavailable(.full)
    case SQLITE_IOERR where systemError == ENOSPC || systemError == EDQUOT: .unavailable(.full)
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: .corrupt(message)
    case SQLITE_CONSTRAINT: .conflict(message)
    default: .unavailable(.failed("SQLite \(code): \(message)"))
    }
  }
#endif
