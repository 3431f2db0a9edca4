public import SaaSCore
public import TenancyKit

/// Records work where it happens; what it has recorded is durable when the call returns.
///
/// ```swift
/// let run = try await usage.start(WorkflowName("review"), by: user, in: tenant)
/// try await usage.record(
///   step: StepID("draft"), attempt: 0, of: run, provider: ProviderName("openai"), model: ModelName("gpt-4o"),
///   tokens: TokenCounts(prompt: 1_200, cachedPrompt: 800, completion: 300), took: duration)
/// try await usage.finish(run, .succeeded, artifacts: 1)
/// ```
///
/// Concurrent callers share the store's commits. At most ``Limits/capacity`` writes wait for the store at a time, and one
/// more is refused as `overloaded`; a caller that waits may be cancelled, and learns by sending the same again whether it
/// was recorded.
public struct UsageRecorder: Sendable {
  private let store: any UsageStore
  let queue: WriteQueue
  private let pricing: any EventPricing
  private let clock: any WallClock
  private let limits: Limits
  private let makeRunID: @Sendable () -> RunID

  /// What a recorder takes.
  public struct Limits: Sendable, Hashable {
    /// How many writes may wait for the store: 16 384.
    public var capacity: Int
    /// How many writes go to the store in one call: 1 000.
    public var batch: Int
    /// How far ahead of the clock an instant may lie: one hour.
    public var lead: Duration

    /// Limits; a capacity under one is one, and a batch is brought between one and the capacity.
    public init(capacity: Int = 16_384, batch: Int = 1_000, lead: Duration = .seconds(3_600)) {
      self.capacity = capacity
      self.batch = batch
      self.lead = lead
    }
  }

  /// A recorder over a store.
  /// - Parameters:
  ///   - pricing: gives each event its cost, once, before it is recorded.
  ///   - makeRunID: names new runs in the host application's own format; must not repeat itself.
  public init(
    store: any UsageStore, pricing: any EventPricing, clock: any WallClock = SystemWallClock(),
    observer: any ServiceObserver = SilentObserver(), limits: Limits = Limits(),
    makeRunID: @escaping @Sendable () -> RunID
  ) {
    self.store = store
    self.pricing = pricing
    self.clock = clock
    let capacity = max(limits.capacity, 1)
    self.limits = Limits(capacity: capacity, batch: min(max(limits.batch, 1), capacity), lead: limits.lead)
    self.makeRunID = makeRunID
    queue = WriteQueue(
      store: store, clock: clock, observer: observer, capacity: self.limits.capacity, batchLimit: self.limits.batch)
  }

  // MARK: Work

  /// Starts a run now.
  ///
  /// - Parameters:
  ///   - limit: how many runs may begin in a period; nil for as many as come. Counting and starting are one.
  ///   - id: names the run, so that a start which is repeated under it gets its first answer; nil for a new name.
  /// - Throws: ``UsageRecorderError``: `refused` with ``UsageRefusal/limitReached(used:)``, `conflict` where another
  ///   user's or workflow's run has the name.
  public func start(
    _ workflow: WorkflowName, by user: UserID, in tenant: TenantContext, limit: RunLimit? = nil, id: RunID? = nil
  ) async throws(UsageRecorderError) -> ActiveRun {
    let run = try valid { () throws(UsageValueError) in
      try Run(id: id ?? makeRunID(), userID: user, workflow: workflow, startedAt: clock.now())
    }
    guard try await recordOne(.start(run, limit: limit), for: tenant) == .duplicate else {
      return ActiveRun(run, of: tenant)
    }
    return try await self.run(run.id, of: tenant) ?? ActiveRun(run, of: tenant)
  }

  /// A run that was started before, perhaps by another process, or nil where there is none.
  public func run(_ id: RunID, of tenant: TenantContext) async throws(UsageRecorderError) -> ActiveRun? {
    do {
      return try await store.run(id, of: tenant).map { ActiveRun($0.run, of: tenant) }
    } catch {
      throw .store(error)
    }
  }

  /// Records what one attempt at a step of a run used.
  ///
  /// The event's identifier follows from run, step and attempt (``EventID/init(run:step:attempt:)``), so that an attempt
  /// that is sent again is the same event: it is a duplicate also where the instant and the duration differ, which are
  /// then kept as they were first. So a step that the run does again, in a loop or a retry, needs the next attempt, or its
  /// usage is taken for the first one's.
  /// - Parameters:
  ///   - attempt: counts from zero the times that the run does the step.
  ///   - instant: when the step ended; nil for now.
  /// - Returns: `recorded`, or `duplicate` where the attempt was recorded before.
  /// - Throws: ``UsageRecorderError``
  @discardableResult
  public func record(
    step: StepID, attempt: Int, of run: ActiveRun, provider: ProviderName, model: ModelName, tokens: TokenCounts,
    took duration: Duration, resultSize: Int64 = 0, serviceTier: ServiceTier? = nil, at instant: Timestamp? = nil
  ) async throws(UsageRecorderError) -> UsageAnswer {
    let id: EventID
    do {
      id = try EventID(run: run.run.id, step: step, attempt: attempt)
    } catch {
      throw .identifier(error)
    }
    let event = try valid { () throws(UsageValueError) in
      try UsageEvent(
        id: id, runID: run.run.id, stepID: step, provider: provider, model: model, tokens: tokens,
        serviceTier: serviceTier, durationMilliseconds: duration.wholeMicroseconds / 1_000, resultSize: resultSize,
        createdAt: instant ?? clock.now())
    }
    let priced = try valid { () throws(UsageValueError) in PricedEvent(event, cost: try pricing.cost(of: event)) }
    do {
      return try await recordOne(.event(priced), for: run.tenant)
    } catch {
      guard error == .conflict(.event), let stored = try await self.event(id, of: run.tenant),
        stored.isSameAttempt(as: event)
      else { throw error }
      return .duplicate
    }
  }

  /// Ends a run.
  ///
  /// An end that is repeated with the same outcome and artifacts changes nothing and gives the run as it ended first.
  /// - Parameters:
  ///   - artifacts: how many artifacts the run made; nil for as many as were recorded of it until now, which is read first.
  ///   - instant: when it ended; nil for now.
  /// - Returns: the run with its end.
  /// - Throws: ``UsageRecorderError``: `conflict` with ``RunConflict/finished(_:)`` where it ended otherwise before.
  @discardableResult
  public func finish(
    _ run: ActiveRun, _ outcome: Run.Outcome, artifacts: Int64? = nil, at instant: Timestamp? = nil
  ) async throws(UsageRecorderError) -> Run {
    let instant = max(instant ?? clock.now(), run.run.startedAt)
    var artifacts = artifacts
    if artifacts == nil { artifacts = try await self.run(run.run.id, of: run.tenant)?.run.artifactCount }
    let finished = try valid { () throws(UsageValueError) in
      try run.run.finished(outcome, at: instant, artifacts: artifacts)
    }
    do {
      _ = try await recordOne(.run(finished), for: run.tenant)
      return finished
    } catch {
      guard error == .conflict(.run(.finished(outcome))),
        let stored = try await self.run(finished.id, of: run.tenant)?.run,
        stored.artifactCount == finished.artifactCount
      else { throw error }
      return stored
    }
  }

  // MARK: Facts

  /// Records finished facts, in order; the answers stand where the facts do.
  ///
  /// Facts go to the store in batches of ``Limits/batch``, each durable before the next is sent. Where this throws, those
  /// before may be recorded; sending all again records the rest and answers `duplicate` for them.
  /// - Throws: ``UsageRecorderError``, but not `refused` and `conflict`, which are answers here.
  public func record(_ facts: [UsageFact], for tenant: TenantContext) async throws(UsageRecorderError)
    -> [UsageAnswer]
  {
    var answers: [UsageAnswer] = []
    answers.reserveCapacity(facts.count)
    var rest = facts[...]
    while !rest.isEmpty {
      answers += try await recordBatch(rest.prefix(limits.batch), for: tenant)
      rest = rest.dropFirst(limits.batch)
    }
    return answers
  }

  /// Refuses everything from now on (`closed`), and returns once what was taken is answered: durable, or failed.
  public func drain() async { await queue.drain() }

  // MARK: Writing

  private func recordBatch(_ facts: ArraySlice<UsageFact>, for tenant: TenantContext)
    async throws(UsageRecorderError) -> [UsageAnswer]
  {
    let latest = clock.now() + limits.lead
    var answers: [UsageAnswer?] = []
    var writes: [UsageWrite] = []
    for fact in facts {
      do {
        let write = try self.write(fact)
        try write.checkInstants(latest: latest)
        writes.append(write)
        answers.append(nil)
      } catch {
        answers.append(.refused(.invalid(error)))
      }
    }
    guard !writes.isEmpty else { return answers.compactMap(\.self) }
    var stored = try await queue.record(UsageBatch(writes, for: tenant)).makeIterator()
    // One answer for each write is the store's contract; a missing one is told rather than passed over.
    return answers.map { $0 ?? stored.next() ?? .refused(.unanswered) }
  }

  private func recordOne(_ write: UsageWrite, for tenant: TenantContext) async throws(UsageRecorderError)
    -> UsageAnswer
  {
    try valid { () throws(UsageValueError) in try write.checkInstants(latest: clock.now() + limits.lead) }
    let answer = try await queue.record(UsageBatch([write], for: tenant)).first ?? .refused(.unanswered)
    switch answer {
    case .recorded, .updated, .duplicate: return answer
    case .conflict(let conflict): throw .conflict(conflict)
    case .refused(let refusal): throw .refused(refusal)
    }
  }

  private func event(_ id: EventID, of tenant: TenantContext) async throws(UsageRecorderError) -> UsageEvent? {
    do {
      return try await store.event(id, of: tenant)?.event
    } catch {
      throw .store(error)
    }
  }

  private func valid<Value>(_ make: () throws(UsageValueError) -> Value) throws(UsageRecorderError) -> Value {
    do {
      return try make()
    } catch {
      throw .refused(.invalid(error))
    }
  }

  private func write(_ fact: UsageFact) throws(UsageValueError) -> UsageWrite {
    switch fact {
    case .event(let event): .event(PricedEvent(event, cost: try pricing.cost(of: event)))
    case .run(let run): .run(run)
    }
  }
}

/// A run with the tenant for which it is done: what a step is recorded of.
public struct ActiveRun: Sendable, Hashable {
  /// The run as it was when this value was made.
  public let run: Run
  /// The tenant for which it is done.
  public let tenant: TenantContext

  init(_ run: Run, of tenant: TenantContext) {
    self.run = run
    self.tenant = tenant
  }
}

/// A finished fact to record, as an import has it.
public enum UsageFact: Sendable, Hashable {
  /// A run in any state.
  case run(Run)
  /// An event, which gets its cost when it is recorded.
  case event(UsageEvent)
}

extension UsageEvent {
  /// Whether two events of one identifier differ in nothing but when they came to be and how long they took.
  fileprivate func isSameAttempt(as other: UsageEvent) -> Bool {
    UsageEvent(
      unchecked: other.id, runID: other.runID, stepID: other.stepID, provider: other.provider, model: other.model,
      tokens: other.tokens, serviceTier: other.serviceTier, durationMilliseconds: durationMilliseconds,
      resultSize: other.resultSize, createdAt: createdAt) == self
  }
}
