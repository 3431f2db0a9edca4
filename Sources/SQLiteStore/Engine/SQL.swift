#if SQLite
  internal import SaaSCore

  /// The text of one statement, with the slot in which every connection keeps it prepared.
  ///
  /// Each one is a `static let`: a connection finds its prepared statement by an index, and hashes no text for a row.
  struct SQL: Sendable {
    /// The statement; exactly one.
    let text: StaticString
    /// The index in every connection's list of prepared statements; no other statement has it.
    let slot: Int

    /// A statement that lives as long as the process.
    init(_ text: StaticString) {
      self.text = text
      slot = Self.slots.withLock { count in
        defer { count += 1 }
        return count
      }
    }

    private static let slots = Lock(0)
  }
#endif
