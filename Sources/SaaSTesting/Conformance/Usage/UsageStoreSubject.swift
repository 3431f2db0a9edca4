public import SaaSCore
internal import TenancyKit
public import UsageKit

/// A fresh, empty ``UsageStore`` for a conformance check, with the outbox that its changes are recorded in.
///
/// The checks act for tenants of an in-memory store of their own, so that a usage store must not need them in its database.
public struct UsageStoreSubject: Sendable {
  /// The store.
  public let store: any UsageStore
  /// The same store as another process would have it: over a connection of its own where the store has connections, else
  /// the same value again.
  public let peer: any UsageStore
  /// Where the store's events are read.
  public let outbox: any Outbox
  let tenants = TestTenants()

  /// A store to check.
  public init(store: any UsageStore, peer: (any UsageStore)? = nil, outbox: any Outbox) {
    self.store = store
    self.peer = peer ?? store
    self.outbox = outbox
  }
}

extension UsageStoreError: StoreErrorCarrying {
  var storeError: StoreError? {
    if case .store(let error) = self { return error }
    return nil
  }
}

/// Everything that a store says of one organisation, so that "nothing was changed" can be shown.
struct UsageSnapshot: Equatable {
  let status: UsageStatus
  let report: UsageReport
  let runs: [RecordedRun]
  let events: [RecordedEvent]
  let ledger: [LedgerRow]
}

/// What the checks are written in.
extension UsageStoreSubject {
  /// The instant around which the checks' usage lies: noon of a day long ago, so that a store which asked its own clock
  /// would be found out.
  static let noon = Timestamp(seconds: 315_576_000)
  /// The day of ``noon``, 1980-01-01.
  static let day = UTCDay(containing: noon)
  /// All of the checks' usage.
  static let window = DayWindow(lastDays: 400, at: noon + .seconds(200 * 86_400))
  /// All of the checks' usage.
  static let everything = Period(ordered: noon - .seconds(200 * 86_400), noon + .seconds(200 * 86_400))

  // MARK: Building

  func tenant(_ slug: String = "acme") async throws -> TenantContext { try await tenants.context(slug) }

  static func event(
    _ id: String, run: String = "r", step: String? = nil, provider: String = "openai", model: String = "gpt-4o",
    tokens: (prompt: Int64, completion: Int64) = (10, 5), tier: String? = nil, took duration: Int64 = 7,
    size: Int64 = 1, at instant: Timestamp = noon
  ) throws -> UsageEvent {
    try UsageEvent(
      id: EventID(id), runID: RunID(run), stepID: step.map { (step) throws in try StepID(step) },
      provider: ProviderName(provider), model: ModelName(model),
      tokens: TokenCounts(prompt: tokens.prompt, completion: tokens.completion),
      serviceTier: tier.map { (tier) throws in try ServiceTier(tier) }, durationMilliseconds: duration,
      resultSize: size, createdAt: instant)
  }

  static func cost(_ picos: Int64, rate: String = "card") throws -> EventCost {
    .priced(PicoUSD(picos: picos), rate: try RateID(rate))
  }

  static func run(
    _ id: String, user: String = "ann", workflow: String = "review", at start: Timestamp = noon,
    took seconds: Int64? = nil, _ outcome: Run.Outcome = .running, artifacts: Int64 = 0
  ) throws -> Run {
    try Run(
      id: RunID(id), userID: UserID(user), workflow: WorkflowName(workflow), startedAt: start,
      finishedAt: seconds.map { start + .seconds($0) }, outcome: outcome, artifactCount: artifacts)
  }

  // MARK: Writing

  /// Records writes for a tenant, and gives their answers.
  @discardableResult
  func record(_ writes: UsageWrite..., for tenant: TenantContext) async throws -> [UsageAnswer] {
    try await record(writes, for: tenant)
  }

  /// Records writes for a tenant, and gives their answers.
  @discardableResult
  func record(_ writes: [UsageWrite], for tenant: TenantContext) async throws -> [UsageAnswer] {
    let answers = try await store.record([UsageBatch(writes, for: tenant)], at: Self.noon)
    try Expect.equal(answers.map(\.count), [writes.count], "how many answers there are")
    return answers.first ?? []
  }

  // MARK: Reading

  func report(_ window: DayWindow = window, of tenant: TenantContext) async throws -> UsageReport {
    try await store.report(for: window, of: tenant).value
  }

  func revision(of tenant: TenantContext) async throws -> Int64 { try await store.status(of: tenant).revision }

  /// Every run that matches, by pages of the given size; each page must be of the given revision.
  func runs(
    _ query: RunQuery = RunQuery(period: everything), at revision: Int64? = nil, pagedBy limit: Int = 100,
    of tenant: TenantContext
  ) async throws -> [RecordedRun] {
    var all: [RecordedRun] = []
    var next: RunCursor?
    repeat {
      let page = try await peer.runs(
        matching: query, at: revision, after: next, limit: PageLimit(limit), of: tenant)
      if let revision { try Expect.equal(page.revision, revision, "the revision of a page") }
      try Expect.holds(page.page.elements.count <= limit, "a page has at most \(limit) runs")
      all += page.page.elements
      next = page.page.next
    } while next != nil
    return all
  }

  /// Every event that matches, by pages of the given size; each page must be of the given revision.
  func events(
    _ query: EventQuery = EventQuery(period: everything), at revision: Int64? = nil, pagedBy limit: Int = 100,
    of tenant: TenantContext
  ) async throws -> [RecordedEvent] {
    var all: [RecordedEvent] = []
    var next: EventCursor?
    repeat {
      let page = try await peer.events(
        matching: query, at: revision, after: next, limit: PageLimit(limit), of: tenant)
      if let revision { try Expect.equal(page.revision, revision, "the revision of a page") }
      try Expect.holds(page.page.elements.count <= limit, "a page has at most \(limit) events")
      all += page.page.elements
      next = page.page.next
    } while next != nil
    return all
  }

  func ledger(_ query: LedgerQuery = LedgerQuery(), pagedBy limit: Int = 100, of tenant: TenantContext) async throws
    -> [LedgerRow]
  {
    var all: [LedgerRow] = []
    var next: Timestamp?
    repeat {
      let page = try await peer.ledger(query, after: next, limit: PageLimit(limit), of: tenant)
      all += page.elements
      next = page.next
    } while next != nil
    return all
  }

  func snapshot(of tenant: TenantContext) async throws -> UsageSnapshot {
    let status = try await store.status(of: tenant)
    let start = max(status.horizon ?? .distantPast, Self.everything.start)
    let kept = Period(ordered: start, Self.everything.end)
    return UsageSnapshot(
      status: status, report: try await report(of: tenant),
      runs: try await runs(RunQuery(period: kept), of: tenant),
      events: try await events(EventQuery(period: kept), of: tenant), ledger: try await ledger(of: tenant))
  }

  /// Every event of the outbox.
  func told() async throws -> [UsageOutboxEvent] {
    var all: [OutboxEvent] = []
    while true {
      let events = try await outbox.events(after: all.last?.sequence ?? 0, limit: .maximum)
      if events.isEmpty { return all.compactMap(UsageOutboxEvent.init) }
      all += events
    }
  }

  // MARK: Holding to the contract

  /// Writes get these answers and change nothing at all.
  func unchanged(_ writes: [UsageWrite], answers: [UsageAnswer], _ what: String, for tenant: TenantContext) async throws
  {
    let before = try await snapshot(of: tenant)
    try Expect.equal(await record(writes, for: tenant), answers, "the answers to \(what)")
    try Expect.equal(await snapshot(of: tenant), before, "everything in the store after \(what)")
  }

  /// The groups and periods of a store are what the reference makes of all its rows.
  func agreesWithReference(of tenant: TenantContext, _ what: String) async throws {
    let runs = try await runs(of: tenant).map(\.run)
    let events = try await events(of: tenant).map { PricedEvent($0.event, cost: $0.cost) }
    try Expect.equal(
      await report(of: tenant), UsageAggregation.report(for: Self.window, runs: runs, events: events),
      "the report \(what)")
    let periods = [
      Self.everything, Period(ordered: Self.noon, Self.noon + .seconds(86_400)),
      Period(ordered: Self.noon - .seconds(90_001), Self.noon + .seconds(100_003)),
      Period(ordered: Self.noon - .seconds(1), Self.noon + .microseconds(1)),
    ]
    try Expect.equal(
      await store.sums(of: periods, for: tenant).value,
      periods.map { UsageAggregation.sums(for: $0, runs: runs, events: events) }, "the sums of periods \(what)")
  }
}
