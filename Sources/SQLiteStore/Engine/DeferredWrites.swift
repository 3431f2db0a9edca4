#if SQLite
  internal import SaaSCore

  /// Writes that work leaves to the end of its transaction, so that several pieces of work that share one write once what
  /// each of them would have written.
  ///
  /// They are written before the transaction commits, and before a piece of work is set apart from those before it; they are
  /// dropped with a transaction that is undone. Work that reads what they would change has them written first
  /// (``Connection/writeDeferred()``).
  protocol DeferredWrites: AnyObject {
    /// Writes what was left.
    func write() throws(StoreError)
  }
#endif
