#if SQLite
  internal import SaaSCore

  /// What a reading thread does.
  enum Reading {
    /// Does reads, each in a transaction of its own and so at one moment of the store, until the queue ends.
    static func serve(_ queue: WorkQueue, _ connection: Connection) {
      connection.partialHours = PartialHours()
      while let item = queue.waitForNext() {
        do {
          try connection.begin(writing: false)
          _ = item.run(on: connection)
        } catch {
          item.fail(error)
        }
        // A transaction that only read has nothing to keep.
        connection.rollback()
        item.answer()
      }
    }
  }
#endif
