import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@testable import UsageKit

@Suite("Recording by many callers at once")
struct WriteQueueTests {
  typealias Fixture = UsageFixture

  /// A recorder over a store that a gate holds, with the sizes of the calls that reached it.
  private struct Stage {
    let gate: Gate
    let calls = Calls()
    let store: StagedUsageStore
    let usage: UsageRecorder
    let tenant: TenantContext

    init(
      capacity: Int = 1_000, batch: Int = 1_000, gate: Gate = Gate(),
      failing: @escaping @Sendable (Int) async -> StoreError? = { _ in nil }
    ) async throws {
      let calls = calls
      self.gate = gate
      store = StagedUsageStore(beforeRecord: { (sizes) async throws(StoreError) in
        let number = calls.add(sizes)
        await gate.pass()
        if let error = await failing(number) { throw error }
      })
      usage = UsageRecorder(
        store: store, pricing: FlatPricing(), clock: ManualClock(Fixture.start),
        limits: .init(capacity: capacity, batch: batch)
      ) {
        RunID(validated: ValidIdentifierText(trusted: InlineText()))
      }
      tenant = try await TestTenants().context("acme")
    }

    /// Starts a caller that records one event.
    func send(_ id: String) -> Task<[UsageAnswer], any Error> {
      let (usage, tenant) = (usage, tenant)
      return Task { try await usage.record([.event(Fixture.event(id))], for: tenant) }
    }

    /// Starts callers one after the other, each once the one before waits; the first leads.
    func send(_ ids: [String]) async -> [Task<[UsageAnswer], any Error>] {
      var tasks: [Task<[UsageAnswer], any Error>] = []
      for (index, id) in ids.enumerated() {
        tasks.append(send(id))
        if index == 0 { await gate.arrivals(1) } else { await waiting(index) }
      }
      return tasks
    }

    /// Returns once exactly so many callers wait.
    func waiting(_ count: Int) async {
      while usage.queue.waitingCallers != count { await Task.yield() }
    }

    func isRecorded(_ id: String) async throws -> Bool {
      try await store.event(EventID(id), of: tenant) != nil
    }
  }

  final class Calls: Sendable {
    private let sizes = Lock<[[Int]]>([])
    func add(_ call: [Int]) -> Int {
      sizes.withLock { sizes in
        sizes.append(call)
        return sizes.count
      }
    }
    var all: [[Int]] { sizes.withLock { $0 } }
  }

  @Test("callers that wait together share one call of the store")
  func grouping() async throws {
    let stage = try await Stage()
    let tasks = await stage.send((0..<64).map { "e\($0)" })
    stage.gate.open()
    for task in tasks { #expect(try await task.value == [.recorded]) }
    #expect(stage.calls.all == [[1], Array(repeating: 1, count: 63)])
  }

  @Test("a call takes no more writes than its limit, in the order in which they came")
  func batchLimit() async throws {
    let stage = try await Stage(batch: 3)
    let tasks = await stage.send((0..<8).map { "e\($0)" })
    stage.gate.open()
    for task in tasks { #expect(try await task.value == [.recorded]) }
    #expect(stage.calls.all.map(\.count) == [1, 3, 3, 1])
  }

  @Test("what would go over the capacity is refused at once, and not recorded")
  func backPressure() async throws {
    let stage = try await Stage(capacity: 3)
    let tasks = await stage.send(["a", "b", "c", "d"])
    await #expect(throws: UsageRecorderError.overloaded) { try await stage.send("e").value }
    stage.gate.open()
    for task in tasks { #expect(try await task.value == [.recorded]) }
    #expect(try await !stage.isRecorded("e"))
    #expect(try await stage.send("e").value == [.recorded])
  }

  @Test("draining answers who waits, refuses who comes, and returns when all is durable")
  func draining() async throws {
    let stage = try await Stage()
    let tasks = await stage.send(["a", "b", "c"])
    let drain = Task { await stage.usage.drain() }
    while !stage.usage.queue.isClosed { await Task.yield() }
    await #expect(throws: UsageRecorderError.closed) { try await stage.send("late").value }
    stage.gate.open()
    await drain.value
    for id in ["a", "b", "c"] { #expect(try await stage.isRecorded(id)) }
    for task in tasks { #expect(try await task.value == [.recorded]) }
    await #expect(throws: UsageRecorderError.closed) { try await stage.send("d").value }
    await stage.usage.drain()
  }

  @Test("a caller that is cancelled while it waits is not recorded, and may ask again")
  func cancellation() async throws {
    let stage = try await Stage()
    let tasks = await stage.send(["a", "b", "c"])
    tasks[1].cancel()
    await #expect(throws: UsageRecorderError.cancelled) { try await tasks[1].value }
    stage.gate.open()
    #expect(try await tasks[0].value == [.recorded])
    #expect(try await tasks[2].value == [.recorded])
    #expect(try await !stage.isRecorded("b"))
    #expect(try await stage.send("b").value == [.recorded])
    #expect(try await stage.send("c").value == [.duplicate])
  }

  @Test("a leader that is cancelled while it commits records all the same")
  func cancelledLeader() async throws {
    let stage = try await Stage()
    let tasks = await stage.send(["a", "b"])
    tasks[0].cancel()
    stage.gate.open()
    #expect(try await tasks[0].value == [.recorded])
    #expect(try await tasks[1].value == [.recorded])
  }

  @Test("a store that fails under a cancelled leader fails the leader alone")
  func cancelledLeaderFails() async throws {
    let failure = StoreError.unavailable(.failed("cancelled"))
    let stage = try await Stage { number in
      guard number == 2 else { return nil }
      while !Task.isCancelled { await Task.yield() }
      return failure
    }
    let tasks = await stage.send(["a", "b", "c", "d"])
    stage.gate.open()
    // The second call is led by `b`, for `c` and `d` too.
    while stage.calls.all.count < 2 { await Task.yield() }
    tasks[1].cancel()
    await #expect(throws: UsageRecorderError.store(failure)) { try await tasks[1].value }
    for task in [tasks[0], tasks[2], tasks[3]] { #expect(try await task.value == [.recorded]) }
    #expect(try await !stage.isRecorded("b"))
  }

  @Test("a store that fails tells all whose writes it had, and the next call is tried anew")
  func failingStore() async throws {
    let failure = StoreError.unavailable(.full)
    let stage = try await Stage { number in number == 2 ? failure : nil }
    let tasks = await stage.send(["a", "b", "c"])
    stage.gate.open()
    #expect(try await tasks[0].value == [.recorded])
    for task in tasks[1...] {
      await #expect(throws: UsageRecorderError.store(failure)) { try await task.value }
    }
    #expect(try await stage.send("c").value == [.recorded])
  }

  @Test("what cannot be written of one caller fails no other")
  func damagedRows() async throws {
    let damage = StoreError.corrupt("a group of b's")
    // The first call is a's; the second has the other three, and then each is tried alone, the leader last.
    let stage = try await Stage { number in [2, 5].contains(number) ? damage : nil }
    let tasks = await stage.send(["a", "b", "c", "d"])
    stage.gate.open()
    await #expect(throws: UsageRecorderError.store(damage)) { try await tasks[1].value }
    for task in [tasks[0], tasks[2], tasks[3]] { #expect(try await task.value == [.recorded]) }
    #expect(stage.calls.all == [[1], [1, 1, 1], [1], [1], [1]])
  }

  @Test("callers of many tenants at once are each answered with their own")
  func tenants() async throws {
    let store = InMemoryUsageStore()
    let tenants = TestTenants()
    let usage = UsageRecorder(store: store, pricing: FlatPricing(), clock: ManualClock(Fixture.start)) {
      RunID(validated: ValidIdentifierText(trusted: InlineText()))
    }
    var contexts: [TenantContext] = []
    for number in 0..<4 { contexts.append(try await tenants.context("tenant-\(number)")) }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for caller in 0..<200 {
        let tenant = contexts[caller % 4]
        group.addTask {
          // Each event is sent by two callers.
          let answers = try await usage.record([.event(Fixture.event("e\(caller / 8)"))], for: tenant)
          return answers == [.recorded]
        }
      }
      var recorded = 0
      for try await isNew in group where isNew { recorded += 1 }
      #expect(recorded == 100)
    }
    for tenant in contexts {
      let report = try await store.report(for: DayWindow(lastDays: 1, at: Fixture.start), of: tenant).value
      #expect(report.total.sums.events.count == 25)
    }
  }
}
