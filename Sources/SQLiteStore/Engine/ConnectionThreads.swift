#if SQLite
  internal import Foundation
  internal import SaaSCore

  /// Threads that each own one connection, and do what comes through one queue.
  ///
  /// The threads hold the queue and nothing else, so that a store that is dropped lets them end.
  final class ConnectionThreads: Sendable {
    /// Where work for the threads goes.
    let queue: WorkQueue
    private let finished: Event

    private init(queue: WorkQueue, finished: Event) {
      self.queue = queue
      self.finished = finished
    }

    deinit { queue.end() }

    /// Starts threads, and returns once each has opened its connection.
    /// - Parameters:
    ///   - open: opens a connection, on its thread.
    ///   - serve: does what comes through the queue until its end.
    static func start(
      _ count: Int, named name: String, queueLimit: Int,
      open: @escaping @Sendable () throws(SQLiteOpeningError) -> Connection,
      serve: @escaping @Sendable (WorkQueue, Connection) -> Void
    ) async throws(SQLiteOpeningError) -> ConnectionThreads {
      let queue = WorkQueue(limit: queueLimit)
      let finished = Event(signals: count)
      let opened = Event(signals: count)
      let failure = Lock<SQLiteOpeningError?>(nil)
      for _ in 0..<count {
        let thread = Thread {
          run(queue, opened: opened, failure: failure, open: open, serve: serve)
          finished.signal()
        }
        thread.name = name
        thread.start()
      }
      await opened.wait()
      let threads = ConnectionThreads(queue: queue, finished: finished)
      if let failure = failure.withLock({ $0 }) {
        await threads.end()
        throw failure
      }
      return threads
    }

    private static func run(
      _ queue: WorkQueue, opened: Event, failure: Lock<SQLiteOpeningError?>,
      open: () throws(SQLiteOpeningError) -> Connection, serve: (WorkQueue, Connection) -> Void
    ) {
      do throws(SQLiteOpeningError) {
        let connection = try open()
        opened.signal()
        serve(queue, connection)
      } catch {
        failure.withLock { $0 = $0 ?? error }
        opened.signal()
      }
    }

    /// Refuses new work, and returns when what waited is done and every connection is closed.
    func end() async {
      queue.end()
      await finished.wait()
    }
  }
#endif
