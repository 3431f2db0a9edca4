#if SQLite
  internal import SaaSCore

  /// The text of one statement, with the slot in which every connection keeps it prepared.
  ///
  /// Each one is a `static let`: a connection finds its prepared statement by an index, and hashes no text for a row. It is
  /// the index alone, so that handing it on counts no reference.
  struct SQL: Sendable {
    /// The index in every connection's list of prepared statements; no other statement has it.
    let slot: Int

    /// A statement, exactly one, that lives as long as the process; its text holds nothing that came from outside.
    init(_ text: String) {
      slot = Self.texts.withLock { texts in
        texts.append(text)
        return texts.count - 1
      }
    }

    /// The statement, to be prepared.
    var text: String { Self.texts.withLock { $0[slot] } }

    private static let texts = Lock<[String]>([])
  }
#endif
