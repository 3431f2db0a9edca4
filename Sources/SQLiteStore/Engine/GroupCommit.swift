#if SQLite
  internal import SaaSCore

  /// What the writing thread does: everything that waits goes into one transaction, and is answered once that is durable.
  ///
  /// Work that fails takes nothing else with it. To pay nothing for that while all goes well, a group runs without
  /// savepoints; where work fails after it wrote, the group is undone and run again with a savepoint around each piece.
  /// Where SQLite itself gives the transaction up (a full disk, an I/O error), each piece runs again alone. So work may run
  /// up to three times, and must do nothing but read and write its transaction.
  struct GroupCommit {
    /// The most pieces of work in one transaction.
    static let mostItems = 1_024
    /// The rows written after which a transaction takes in no more work, so that nobody waits long for its commit.
    static let mostRows: Int64 = 20_000

    let connection: Connection

    /// Does writes until the queue ends.
    static func serve(_ queue: WorkQueue, _ connection: Connection) {
      let writer = GroupCommit(connection: connection)
      while let first = queue.waitForNext() { writer.write([first], more: queue) }
    }

    /// Does a group's work, takes in what else comes through the queue meanwhile, and answers everybody.
    private func write(_ given: [WorkItem], more queue: WorkQueue) {
      var group = given
      switch attempt(&group, isolating: false, more: queue) {
      case .settled: break
      case .undone where group.count == 1: break
      case .undone:
        if case .broken = attempt(&group, isolating: true, more: nil) { writeEach(group) }
      case .broken where group.count == 1: break
      case .broken: writeEach(group)
      }
      for item in group { item.answer() }
    }

    private func writeEach(_ group: [WorkItem]) {
      for item in group {
        var alone = [item]
        _ = attempt(&alone, isolating: false, more: nil)
      }
    }

    /// How a transaction ended.
    private enum End {
      /// Every piece has its outcome: the transaction was committed, or could not be, and all failed.
      case settled
      /// A piece failed after it had written, and the transaction was undone.
      case undone
      /// SQLite gave the transaction up.
      case broken
    }

    private func attempt(_ group: inout [WorkItem], isolating: Bool, more queue: WorkQueue?) -> End {
      do {
        try connection.begin(writing: true)
      } catch {
        // What waits would wait for the same lock again, each for the whole of the timeout.
        while let queue, group.count < Self.mostItems, let next = queue.next() { group.append(next) }
        return settle(group, failing: error)
      }
      let start = connection.totalChanges
      var index = 0
      while index < group.count {
        let end = isolating ? runIsolated(group[index]) : runPlainly(group[index])
        if end != .settled { return end }
        index += 1
        if index == group.count, index < Self.mostItems, connection.totalChanges - start < Self.mostRows,
          let next = queue?.next()
        {
          group.append(next)
        }
      }
      do {
        try connection.writeDeferred()
      } catch {
        // It may be what one piece left to the end.
        for item in group { item.fail(error) }
        guard connection.isInTransaction else {
          connection.clearFailure()
          return .broken
        }
        connection.rollback()
        return .undone
      }
      do {
        try connection.commit()
      } catch {
        return settle(group, failing: error)
      }
      return .settled
    }

    /// Even work that was refused fails here: what it was refused for may be what was not committed.
    private func settle(_ group: [WorkItem], failing error: StoreError) -> End {
      connection.rollback()
      for item in group { item.fail(error) }
      return .settled
    }

    private func runPlainly(_ item: WorkItem) -> End {
      let before = connection.totalChanges
      let succeeded = run(item)
      guard connection.isInTransaction else {
        connection.clearFailure()
        return .broken
      }
      if succeeded || (connection.totalChanges == before && !connection.hasFailed) { return .settled }
      connection.rollback()
      return .undone
    }

    /// Whether work succeeded; work that overlooked a failure of SQLite's did not.
    private func run(_ item: WorkItem, writingDeferred: Bool = false) -> Bool {
      guard item.run(on: connection) else { return false }
      if writingDeferred {
        do {
          try connection.writeDeferred()
        } catch {
          item.fail(error)
          return false
        }
      }
      guard let failure = connection.failure else { return true }
      item.fail(failure)
      return false
    }

    private func runIsolated(_ item: WorkItem) -> End {
      do {
        try connection.control(.savepoint)
        if !run(item, writingDeferred: true) {
          connection.deferred = nil
          guard connection.isInTransaction else {
            connection.clearFailure()
            return .broken
          }
          connection.clearFailure()
          try connection.control(.rollbackToSavepoint)
        }
        try connection.control(.releaseSavepoint)
        return .settled
      } catch {
        connection.rollback()
        return .broken
      }
    }
  }

  extension SQL {
    fileprivate static let savepoint = SQL("SAVEPOINT work")
    fileprivate static let rollbackToSavepoint = SQL("ROLLBACK TO work")
    fileprivate static let releaseSavepoint = SQL("RELEASE work")
  }
#endif
