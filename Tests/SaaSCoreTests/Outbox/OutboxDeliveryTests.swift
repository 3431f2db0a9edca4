import SaaSTesting
import Testing

@testable import SaaSCore

@Suite struct OutboxDeliveryTests {
  let outbox = InMemoryOutbox()
  let leases = InMemoryJobLeases()
  let clock = ManualClock()
  let sink = RecordingSink()

  init() throws {
    let organizations = try (0..<3).map { number in try OrgID("org-\(number)") }
    outbox.append(
      (0..<10).map { number in
        OutboxDraft(
          id: "e\(number)", organizationID: organizations[number % 3], occurredAt: Timestamp(seconds: Int64(number)),
          kind: "test.event", payload: [])
      })
  }

  private var ids: [String] { (0..<10).map { "e\($0)" } }

  private func delivery(
    _ outbox: (any Outbox)? = nil, _ leases: (any JobLeases)? = nil, to sink: (any EventSink)? = nil,
    consumer: String = "sink"
  ) -> OutboxDelivery {
    OutboxDelivery(
      outbox: outbox ?? self.outbox, leases: leases ?? self.leases, sink: sink ?? self.sink, consumer: consumer,
      holder: "test", clock: clock)
  }

  @Test func `every event is delivered once, in order, and a second run finds none`() async throws {
    #expect(try await delivery().run() == .init(delivered: 10, end: .drained))
    #expect(sink.received == ids)
    #expect(try await delivery().run() == .init(delivered: 0, end: .drained))
    #expect(try await delivery(consumer: "another").run().delivered == 10)
  }

  @Test func `a refused event holds up those after it until the sink takes it`() async throws {
    sink.refuse("e4")
    let outcome = try await delivery().run()
    #expect(outcome.delivered == 4)
    guard case .refused(eventID: "e4", _) = outcome.end else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try await delivery().run().delivered == 0)
    sink.refuse(nil)
    #expect(try await delivery().run() == .init(delivered: 6, end: .drained))
    #expect(sink.received == ids)
  }

  @Test func `while another process delivers nothing is done`() async throws {
    let lease = try await leases.claim("outbox.sink", holder: "other", for: .seconds(60), at: clock.now())
    #expect(try await delivery().run() == .init(delivered: 0, end: .heldElsewhere))
    try await leases.release(try #require(lease))
    #expect(try await delivery().run().end == .drained)
  }

  @Test func `a lease that went to another process ends the run, and that one goes on from the cursor`() async throws {
    let (clock, leases, other) = (clock, leases, RecordingSink())
    // While the sink works on an event, its lease ends and another process takes over.
    sink.onReceive("e2") { [outbox] in
      clock.advance(by: .seconds(61))
      let second = OutboxDelivery(
        outbox: outbox, leases: leases, sink: other, consumer: "sink", holder: "other", clock: clock)
      _ = try await second.run()
    }
    #expect(try await delivery().run() == .init(delivered: 2, end: .leaseLost))
    #expect(sink.received == ["e0", "e1", "e2"])
    #expect(other.received == Array(ids[2...]))
  }

  @Test func `a slow sink keeps its lease from event to event`() async throws {
    let (clock, leases) = (clock, leases)
    for id in ids {
      sink.onReceive(id) {
        clock.advance(by: .seconds(59))
        let other = try await leases.claim("outbox.sink", holder: "other", for: .seconds(1), at: clock.now())
        #expect(other == nil, "\(id)")
      }
    }
    #expect(try await delivery().run() == .init(delivered: 10, end: .drained))
  }

  /// Stops at one call of a port after another, before it takes effect or after, and lets the next process go on.
  @Test(arguments: [false, true])
  func `a crash between any two steps loses nothing and keeps the order`(afterwards: Bool) async throws {
    var hasFinished = false
    var step = 0
    while !hasFinished {
      let outbox = InMemoryOutbox()
      outbox.append(try await self.outbox.events(after: 0, limit: .maximum).map(\.draft))
      let leases = InMemoryJobLeases()
      let sink = RecordingSink()
      let fuse = Fuse(step, afterwards: afterwards)
      do {
        let first = delivery(
          FusedOutbox(base: outbox, fuse: fuse), FusedLeases(base: leases, fuse: fuse),
          to: FusedSink(base: sink, fuse: fuse))
        let outcome = try await first.run()
        hasFinished = outcome.end == .drained && !fuse.hasBlown
      } catch {
        #expect(fuse.hasBlown)
      }
      clock.advance(by: .seconds(120))
      #expect(try await delivery(outbox, leases, to: sink).run().end == .drained, "step \(step)")
      // At least once, in order: without immediate repeats, each exactly once.
      let received = sink.received
      let distinct = received.enumerated().filter { $0.offset == 0 || received[$0.offset - 1] != $0.element }
      #expect(distinct.map(\.element) == ids, "step \(step)")
      #expect(received.count <= ids.count + 1, "step \(step)")
      step += 1
    }
    #expect(step > 30)
  }
}

/// A sink that keeps what it acknowledged, refuses what it is told to, and lets a test step in.
final class RecordingSink: EventSink {
  struct Refusal: Error {}

  private struct State {
    var received: [String] = []
    var refused: String?
    var steps: [String: @Sendable () async throws -> Void] = [:]
  }

  private let state = Lock(State())

  var received: [String] { state.withLock { $0.received } }

  func refuse(_ id: String?) { state.withLock { $0.refused = id } }

  func onReceive(_ id: String, _ step: @escaping @Sendable () async throws -> Void) {
    state.withLock { $0.steps[id] = step }
  }

  func receive(_ event: OutboxEvent) async throws {
    let (isRefused, step) = state.withLock { ($0.refused == event.id, $0.steps[event.id]) }
    if isRefused { throw Refusal() }
    try await step?()
    state.withLock { $0.received.append(event.id) }
  }
}

/// Ends a process at one of its steps: every later one fails too.
private final class Fuse: Sendable {
  private let left: Lock<Int>
  let afterwards: Bool

  init(_ steps: Int, afterwards: Bool) {
    left = Lock(steps)
    self.afterwards = afterwards
  }

  var hasBlown: Bool { left.withLock { $0 < 0 } }

  /// Does a step of the process, and ends it before or after the one whose turn it is.
  func step<Answer, Failure: Error>(_ failure: Failure, _ body: () async throws(Failure) -> Answer)
    async throws(Failure) -> Answer
  {
    let number = left.withLock { left in
      left -= 1
      return left
    }
    if number < -1 || number == -1 && !afterwards { throw failure }
    let answer = try await body()
    if number == -1 { throw failure }
    return answer
  }
}

private let dead = StoreError.unavailable(.failed("the process ended"))

private struct FusedOutbox: Outbox {
  let base: InMemoryOutbox
  let fuse: Fuse

  func events(after sequence: Int64, limit: PageLimit) async throws(StoreError) -> [OutboxEvent] {
    try await fuse.step(dead) { () async throws(StoreError) in
      try await base.events(after: sequence, limit: PageLimit(min(limit.count, 4)))
    }
  }

  func cursor(of consumer: String) async throws(StoreError) -> Int64 {
    try await fuse.step(dead) { () async throws(StoreError) in try await base.cursor(of: consumer) }
  }

  func advance(_ consumer: String, from expected: Int64, to sequence: Int64) async throws(StoreError) {
    try await fuse.step(dead) { () async throws(StoreError) in
      try await base.advance(consumer, from: expected, to: sequence)
    }
  }

  func prune(through sequence: Int64) async throws(StoreError) -> Int { try await base.prune(through: sequence) }
}

private struct FusedLeases: JobLeases {
  let base: InMemoryJobLeases
  let fuse: Fuse

  func claim(_ job: String, holder: String, for duration: Duration, at now: Timestamp) async throws(StoreError)
    -> JobLease?
  {
    try await fuse.step(dead) { () async throws(StoreError) in
      try await base.claim(job, holder: holder, for: duration, at: now)
    }
  }

  func renew(_ lease: JobLease, for duration: Duration, at now: Timestamp) async throws(StoreError) -> JobLease? {
    try await fuse.step(dead) { () async throws(StoreError) in try await base.renew(lease, for: duration, at: now) }
  }

  func release(_ lease: JobLease) async throws(StoreError) {
    try await fuse.step(dead) { () async throws(StoreError) in try await base.release(lease) }
  }

  func noteCompletion(of job: String, at instant: Timestamp) async throws(StoreError) {
    try await fuse.step(dead) { () async throws(StoreError) in try await base.noteCompletion(of: job, at: instant) }
  }

  func lastCompletion(of job: String) async throws(StoreError) -> Timestamp? {
    try await fuse.step(dead) { () async throws(StoreError) in try await base.lastCompletion(of: job) }
  }
}

private struct FusedSink: EventSink {
  let base: RecordingSink
  let fuse: Fuse

  func receive(_ event: OutboxEvent) async throws {
    try await fuse.step(dead as any Error) { () async throws(any Error) in try await base.receive(event) }
  }
}
