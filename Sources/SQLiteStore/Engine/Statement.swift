#if SQLite
  internal import CSQLite
  internal import SaaSCore

  /// A prepared statement in use within one transaction: bind from index 1, run, read columns from index 0.
  ///
  /// Running resets it and keeps what is bound, so that a loop binds only what differs from row to row. A failure to bind
  /// is told by the run that follows.
  struct Statement<Failure: StoreFailing> {
    let handle: OpaquePointer
    let connection: Connection

    // MARK: Running

    /// Runs to the end.
    /// - Throws: the store's failure; `conflict` for a constraint that the work did not foresee.
    func run() throws(Failure) {
      defer { sqlite3_reset(handle) }
      while try step() {}
    }

    /// Runs to the end, or gives the constraint that stands in the way; the statement then changed nothing.
    func runUnlessViolating() throws(Failure) -> ConstraintViolation? {
      defer { sqlite3_reset(handle) }
      if connection.hasFailed { throw failed() }
      var code = sqlite3_step(handle)
      while code == SQLITE_ROW { code = sqlite3_step(handle) }
      if code == SQLITE_DONE { return nil }
      guard code & 0xff == SQLITE_CONSTRAINT else { throw Failure(connection.fail(code)) }
      return ConstraintViolation(extendedCode: sqlite3_extended_errcode(connection.handle))
    }

    /// What is read of the first row, or nil where there is none.
    func first<Answer>(_ read: (Statement) throws(Failure) -> Answer) throws(Failure) -> Answer? {
      defer { sqlite3_reset(handle) }
      return try step() ? try read(self) : nil
    }

    /// What is read of every row, in order.
    func all<Answer>(_ read: (Statement) throws(Failure) -> Answer) throws(Failure) -> [Answer] {
      var answers: [Answer] = []
      try forEach { (row) throws(Failure) in answers.append(try read(row)) }
      return answers
    }

    /// Calls with every row, in order. The call must not run the same statement.
    func forEach(_ body: (Statement) throws(Failure) -> Void) throws(Failure) {
      defer { sqlite3_reset(handle) }
      while try step() { try body(self) }
    }

    /// Whether there is another row. After the last one, or a failure, the caller resets.
    private func step() throws(Failure) -> Bool {
      if connection.hasFailed { throw failed() }
      let code = sqlite3_step(handle)
      if code == SQLITE_ROW { return true }
      if code == SQLITE_DONE { return false }
      // A broken constraint undoes its statement alone, and the transaction may go on.
      let isConstraint = code & 0xff == SQLITE_CONSTRAINT
      throw Failure(isConstraint ? connection.error(code) : connection.fail(code))
    }

    private func failed() -> Failure { Failure(connection.failure ?? .unavailable(.failed("the transaction failed"))) }

    // MARK: Binding

    func bind(_ value: Int64, at index: Int32) { note(sqlite3_bind_int64(handle, index, value)) }

    func bind(_ value: Int, at index: Int32) { note(sqlite3_bind_int64(handle, index, Int64(value))) }

    func bind(_ value: Bool, at index: Int32) { note(sqlite3_bind_int64(handle, index, value ? 1 : 0)) }

    func bind(_ value: Timestamp, at index: Int32) { bind(value.microseconds, at: index) }

    func bind(_ value: Timestamp?, at index: Int32) {
      if let value { bind(value.microseconds, at: index) } else { bindNull(at: index) }
    }

    func bind(_ value: InlineText, at index: Int32) {
      let scratch = connection.scratch
      let count = value.copyUTF8(into: scratch)
      let text = scratch.baseAddress?.assumingMemoryBound(to: CChar.self)
      note(sqlite3_bind_text(handle, index, text, Int32(truncatingIfNeeded: count), copied))
    }

    func bind(_ value: InlineText?, at index: Int32) {
      if let value { bind(value, at: index) } else { bindNull(at: index) }
    }

    func bind(_ value: some Identifier, at index: Int32) { bind(value.text, at: index) }

    func bind(_ value: String, at index: Int32) {
      var value = value
      let code = value.withUTF8 { text in
        text.withMemoryRebound(to: CChar.self) { text in
          // An empty buffer may have no address, which would bind NULL.
          text.baseAddress.map {
            sqlite3_bind_text64(handle, index, $0, UInt64(text.count), copied, UInt8(SQLITE_UTF8))
          }
        }
      }
      note(code ?? sqlite3_bind_text(handle, index, "", 0, copied))
    }

    func bind(_ value: String?, at index: Int32) {
      if let value { bind(value, at: index) } else { bindNull(at: index) }
    }

    func bind(_ value: StaticString, at index: Int32) {
      value.withUTF8Buffer { text in
        text.withMemoryRebound(to: CChar.self) { text in
          // The text outlives the statement.
          note(sqlite3_bind_text(handle, index, text.baseAddress, Int32(truncatingIfNeeded: text.count), nil))
        }
      }
    }

    func bind(_ value: [UInt8], at index: Int32) {
      let code = value.withUnsafeBytes { bytes in
        bytes.baseAddress.map { sqlite3_bind_blob64(handle, index, $0, UInt64(bytes.count), copied) }
      }
      note(code ?? sqlite3_bind_zeroblob(handle, index, 0))
    }

    func bindNull(at index: Int32) { note(sqlite3_bind_null(handle, index)) }

    private func note(_ code: Int32) {
      if code != SQLITE_OK { _ = connection.fail(code) }
    }

    /// Tells SQLite to copy what is bound.
    private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    // MARK: Reading

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func bool(_ column: Int32) -> Bool { sqlite3_column_int64(handle, column) != 0 }

    func timestamp(_ column: Int32) -> Timestamp { Timestamp(microseconds: sqlite3_column_int64(handle, column)) }

    func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

    func optionalTimestamp(_ column: Int32) -> Timestamp? { isNull(column) ? nil : timestamp(column) }

    /// - Throws: `corrupt` where the column is NULL or longer than an ``InlineText`` can be.
    func text(_ column: Int32) throws(Failure) -> InlineText {
      guard let text = try optionalText(column) else { throw unreadable("column \(column) is NULL") }
      return text
    }

    /// - Throws: `corrupt` where the column is longer than an ``InlineText`` can be.
    func optionalText(_ column: Int32) throws(Failure) -> InlineText? {
      // In this order: asking for the text may convert the value, and only then its length is known.
      guard let bytes = sqlite3_column_text(handle, column) else { return nil }
      let count = Int(sqlite3_column_bytes(handle, column))
      guard let text = InlineText(utf8: UnsafeBufferPointer(start: bytes, count: count).span) else {
        throw unreadable("column \(column) has \(count) bytes")
      }
      return text
    }

    /// - Throws: `corrupt` where the column is NULL.
    func string(_ column: Int32) throws(Failure) -> String {
      guard let string = optionalString(column) else { throw unreadable("column \(column) is NULL") }
      return string
    }

    func optionalString(_ column: Int32) -> String? {
      guard let bytes = sqlite3_column_text(handle, column) else { return nil }
      let count = Int(sqlite3_column_bytes(handle, column))
      return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// The bytes of a column, none where it is NULL.
    func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { [UInt8]($0) } }

    /// Calls with the bytes of a column, none where it is NULL. They are SQLite's: the call must neither keep them nor step,
    /// reset or read the statement.
    func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
      guard let bytes = sqlite3_column_blob(handle, column) else {
        return body(UnsafeRawBufferPointer(start: nil, count: 0))
      }
      return body(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// The identifier in a column, which was checked when it was written.
    /// - Throws: `corrupt` where it cannot be one.
    func identifier<ID: Identifier>(_ column: Int32, as type: ID.Type = ID.self) throws(Failure) -> ID {
      let text = try text(column)
      guard !text.isEmpty else { throw unreadable("column \(column) is empty") }
      return ID(validated: ValidIdentifierText(trusted: text))
    }

    /// The failure for a row that no code of ours can have written.
    func unreadable(_ what: String) -> Failure {
      let statement = sqlite3_sql(handle).map { String(cString: $0) } ?? ""
      return Failure(.corrupt("\(what) in the answer to: \(statement)"))
    }
  }
#endif
