#if SQLite
  internal import SaaSCore

  /// Connections on which a caller reads by itself, without another thread.
  ///
  /// A look-up of a few rows by key takes some microseconds where their pages are in memory, which is less than the way to
  /// another thread and back. A caller never waits here: where every connection is in use, or SQLite would have to wait
  /// for a lock, it is told to go another way.
  final class DirectReading: Sendable {
    /// A connection that is in the list, or was taken out of it.
    // Sendable: the list is behind a lock, and whoever took a connection out of it is the only one to touch it.
    private struct Entry: @unchecked Sendable {
      let connection: Connection
    }

    private struct State {
      var idle: [Entry] = []
      /// How many there are, those in use included.
      var count = 0
      /// Signalled for each that is closed; nil while none is to be.
      var closing: Event?
    }

    private let state = Lock(State())

    /// Adds a connection that waits for no lock.
    func add(_ connection: sending Connection) {
      let entry = Entry(connection: connection)
      state.withLock { state in
        state.count += 1
        state.idle.append(entry)
      }
    }

    /// Closes every connection, those in use when they are put back, and returns when all are closed.
    func end() async {
      let (idle, closing) = state.withLock { state in
        let closing = state.closing ?? Event(signals: state.count)
        state.closing = closing
        defer { state.idle = [] }
        return (state.idle, closing)
      }
      for entry in idle {
        entry.connection.close()
        closing.signal()
      }
      await closing.wait()
    }

    /// Does a look-up in a transaction of its own on the calling thread; nil where that would have to wait.
    func perform<Answer: Sendable, Failure: StoreFailing>(_ work: Call<Answer, Failure>.Work)
      -> Result<Answer, Failure>?
    {
      guard let entry = state.withLock({ $0.idle.popLast() }) else { return nil }
      defer { putBack(entry) }
      let connection = entry.connection
      // A transaction that only read has nothing to keep.
      defer { connection.rollback() }
      do {
        try connection.begin(writing: false)
      } catch {
        return error == .unavailable(.busy) ? nil : .failure(Failure(error))
      }
      let outcome: Result<Answer, Failure>
      do throws(Failure) {
        outcome = .success(try work(Transaction(connection: connection)))
      } catch {
        outcome = .failure(error)
      }
      return connection.failure == .unavailable(.busy) ? nil : outcome
    }

    private func putBack(_ entry: Entry) {
      let closing = state.withLock { state in
        if state.closing == nil { state.idle.append(entry) }
        return state.closing
      }
      guard let closing else { return }
      entry.connection.close()
      closing.signal()
    }
  }
#endif
