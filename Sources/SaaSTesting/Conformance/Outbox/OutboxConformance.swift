public import SaaSCore

/// A fresh, empty ``Outbox`` for a conformance check, with a way to append to it.
public struct OutboxSubject: Sendable {
  /// The outbox.
  public let outbox: any Outbox
  /// Appends drafts in order in one transaction, as the stores do whose changes the outbox records.
  public let append: @Sendable ([OutboxDraft]) async throws -> Void
  /// The same as another process would do it.
  public let appendByPeer: @Sendable ([OutboxDraft]) async throws -> Void

  /// An outbox to check.
  public init(
    outbox: any Outbox, append: @escaping @Sendable ([OutboxDraft]) async throws -> Void,
    appendByPeer: (@Sendable ([OutboxDraft]) async throws -> Void)? = nil
  ) {
    self.outbox = outbox
    self.append = append
    self.appendByPeer = appendByPeer ?? append
  }
}

/// Checks that an ``Outbox`` does everything that its protocol says; used as ``TenantStoreConformance`` is.
public enum OutboxConformance {
  /// One check on a fresh outbox.
  public typealias Check = ConformanceCheck<OutboxSubject>

  /// Every check.
  public static let checks: [Check] = [
    Check("an empty outbox has no event, and every consumer is at 0", empty),
    Check("events come whole and in the order in which they were appended", order),
    Check("a read begins after its sequence and has at most as many events as its limit", limits),
    Check("events of one transaction become visible together", together),
    Check("a cursor moves only from where it is expected", cursors),
    Check("of concurrent moves of one cursor exactly one succeeds", oneMove),
    Check("pruning takes what lies up to a sequence, and no sequence is given again", pruning),
    Check("a reader beside two writers misses nothing", besideWriters),
  ]

  /// Tries every check, each on an outbox of its own.
  /// - Throws: ``ConformanceFailures``, or what `make` throws.
  public static func run(on make: @Sendable () async throws -> OutboxSubject) async throws {
    try await checks.run(on: make)
  }
}

extension OutboxConformance {
  private static let start = Timestamp(microseconds: 315_532_800_000_001)

  private static func draft(_ number: Int, payload: [UInt8] = Array("{}".utf8)) throws -> OutboxDraft {
    OutboxDraft(
      id: "e\(number)", organizationID: try OrgID("org-\(number % 3)"), occurredAt: start + .microseconds(number),
      kind: "test.event", payload: payload)
  }

  private static func drafts(_ numbers: Range<Int>) throws -> [OutboxDraft] {
    try numbers.map { number in try draft(number) }
  }

  private static func all(_ subject: OutboxSubject) async throws -> [OutboxEvent] {
    try await subject.outbox.events(after: 0, limit: .maximum)
  }

  private static func empty(_ subject: OutboxSubject) async throws {
    try Expect.equal(await all(subject), [], "the events of an empty outbox")
    try Expect.equal(await subject.outbox.cursor(of: "anybody"), 0, "the cursor of a new consumer")
    try Expect.equal(await subject.outbox.prune(through: .max), 0, "how many events an empty outbox can lose")
  }

  private static func order(_ subject: OutboxSubject) async throws {
    let payloads: [[UInt8]] = [
      Array("{}".utf8), Array(#"{"text":"ü 😀 \u0000 'quoted'"}"#.utf8), Array(repeating: 0x20, count: 100_000), [],
    ]
    let drafts = try payloads.enumerated().map { number, payload in try draft(number, payload: payload) }
    try await subject.append(Array(drafts[..<1]))
    try await subject.append([])
    try await subject.appendByPeer(Array(drafts[1...]))
    let events = try await all(subject)
    try Expect.equal(events.map(\.draft), drafts, "the events")
    let sequences = events.map(\.sequence)
    try Expect.holds(zip(sequences, sequences.dropFirst()).allSatisfy(<), "the sequence grows", got: sequences)
    try Expect.holds(sequences.allSatisfy { $0 > 0 }, "the sequence begins after 0", got: sequences)
  }

  private static func limits(_ subject: OutboxSubject) async throws {
    try await subject.append(drafts(0..<7))
    let events = try await all(subject)
    for (place, event) in events.enumerated() {
      for limit in [1, 3, 7, 8] {
        try Expect.equal(
          await subject.outbox.events(after: event.sequence, limit: PageLimit(limit)),
          Array(events[(place + 1)...].prefix(limit)), "at most \(limit) events after the event \(place)")
      }
    }
    try Expect.equal(await subject.outbox.events(after: .max, limit: .standard), [], "the events after everything")
  }

  private static func together(_ subject: OutboxSubject) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for batch in 0..<20 {
          let batch = try drafts(batch * 5..<batch * 5 + 5)
          try await patiently { try await subject.appendByPeer(batch) }
        }
      }
      group.addTask {
        for _ in 0..<60 {
          let count = try await patiently { try await all(subject) }.count
          try Expect.equal(count % 5, 0, "a part of a transaction that is visible, of \(count) events")
          if count == 100 { return }
          await Task.yield()
        }
      }
      try await group.waitForAll()
    }
  }

  private static func cursors(_ subject: OutboxSubject) async throws {
    let outbox = subject.outbox
    try await subject.append(drafts(0..<3))
    try await outbox.advance("a", from: 0, to: 2)
    try Expect.equal(await outbox.cursor(of: "a"), 2, "the cursor that was moved")
    try Expect.equal(await outbox.cursor(of: "b"), 0, "another consumer's cursor")
    for (consumer, expected) in [("a", Int64(0)), ("a", 1), ("a", 3), ("b", 1)] {
      let conflict = StoreError.conflict("")
      try await Expect.failure(conflict, "moving \(consumer) from \(expected)", reading: \.withoutText) {
        try await outbox.advance(consumer, from: expected, to: 9)
      }
    }
    try Expect.equal(await outbox.cursor(of: "a"), 2, "the cursor after moves that were refused")
    try await outbox.advance("a", from: 2, to: 3)
    try Expect.equal(await outbox.cursor(of: "a"), 3, "the cursor after a second move")
  }

  private static func oneMove(_ subject: OutboxSubject) async throws {
    let outcomes = await concurrently(8) { number in
      try await subject.outbox.advance("a", from: 0, to: Int64(number) + 1)
    }
    try Expect.equal((outcomes.answers() as [Void]).count, 1, "how many moves succeeded")
    for error in outcomes.errors() {
      try Expect.equal((error as? StoreError)?.withoutText, .conflict(""), "the error of the others")
    }
  }

  private static func pruning(_ subject: OutboxSubject) async throws {
    try await subject.append(drafts(0..<5))
    let events = try await all(subject)
    try await subject.outbox.advance("a", from: 0, to: events[4].sequence)
    try Expect.equal(await subject.outbox.prune(through: events[1].sequence), 2, "how many events were pruned")
    try Expect.equal(await all(subject), Array(events[2...]), "the events that are left")
    try Expect.equal(await subject.outbox.prune(through: events[1].sequence), 0, "how many events were pruned again")
    try Expect.equal(await subject.outbox.prune(through: events[4].sequence), 3, "how many events were pruned at last")
    try await subject.append([draft(5)])
    let next = try Expect.some(await all(subject).first, "the event after everything was pruned")
    try Expect.holds(next.sequence > events[4].sequence, "its sequence is a new one", got: next.sequence)
    try Expect.equal(await subject.outbox.cursor(of: "a"), events[4].sequence, "the cursor after pruning")
  }

  private static func besideWriters(_ subject: OutboxSubject) async throws {
    let writers = 4
    let each = 25
    let finished = Lock(0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<writers {
        let append = writer % 2 == 0 ? subject.append : subject.appendByPeer
        group.addTask {
          defer { finished.withLock { $0 += 1 } }
          for number in 0..<each {
            let draft = try draft(writer * 1_000 + number)
            try await patiently { try await append([draft]) }
          }
        }
      }
      group.addTask {
        var seen: [String] = []
        var last: Int64 = 0
        var isLastRead = false
        // What is read after the last writer ended is everything.
        while !isLastRead {
          let hasEnded = finished.withLock { $0 } == writers
          let events = try await patiently { [last] in
            try await subject.outbox.events(after: last, limit: PageLimit(7))
          }
          seen += events.map(\.id)
          last = events.last?.sequence ?? last
          isLastRead = hasEnded && events.isEmpty
          await Task.yield()
        }
        try Expect.equal(seen.count, writers * each, "how many events a reader saw")
        for writer in 0..<writers {
          let own = (0..<each).map { "e\(writer * 1_000 + $0)" }
          try Expect.equal(seen.filter(Set(own).contains), own, "one writer's events, in their order")
        }
      }
      try await group.waitForAll()
    }
  }
}
