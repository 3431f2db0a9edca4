import BillingKit
import SaaSCore
import TenancyKit

/// A store that stops, once, before or after one of its calls, as a process that dies there would leave it; or in which
/// something happens, once, right after an account was read.
final class FlakyBillingStore: BillingStore {
  private let base: InMemoryBillingStore
  private let point: CrashPoint
  private let meanwhile: Meanwhile?
  private let callsUnderWay = Lock(0)

  /// A store that never stops.
  convenience init(_ base: InMemoryBillingStore) { self.init(base, failingAfter: .max) }

  /// - Parameter steps: how many moments pass first; each call has one before it and one after it.
  convenience init(_ base: InMemoryBillingStore, failingAfter steps: Int) {
    self.init(base, at: CrashPoint(after: steps))
  }

  /// - Parameter point: when it stops, which others of the same process may share.
  init(_ base: InMemoryBillingStore, at point: CrashPoint) {
    self.base = base
    self.point = point
    meanwhile = nil
  }

  /// - Parameters:
  ///   - reads: how many times this process has read an account when the other comes in.
  ///   - meanwhile: what another process does then.
  init(_ base: InMemoryBillingStore, afterReads reads: Int = 1, meanwhile: @escaping @Sendable () async -> Void) {
    self.base = base
    point = CrashPoint(after: .max)
    self.meanwhile = Meanwhile(atStep: reads, meanwhile)
  }

  /// Whether a call that reads or writes the store has begun and not ended.
  var isInTransaction: Bool { callsUnderWay.withLock { $0 > 0 } }

  var hasFailed: Bool { point.wasReached }

  private func moment() throws(StoreError) {
    if point.isFatal() { throw .unavailable(.failed("stopped")) }
  }

  private func around<Answer: Sendable>(_ body: () async throws(StoreError) -> Answer) async throws(StoreError)
    -> Answer
  {
    try moment()
    let answer = try await inside(body)
    try moment()
    return answer
  }

  /// Makes a call, while which others may run.
  private func inside<Answer: Sendable, Failure: Error>(_ body: () async throws(Failure) -> Answer)
    async throws(Failure) -> Answer
  {
    callsUnderWay.withLock { $0 += 1 }
    defer { callsUnderWay.withLock { $0 -= 1 } }
    await Task.yield()
    return try await body()
  }

  func account(for tenant: TenantContext) async throws(StoreError) -> BillingAccount {
    let account = try await around { () async throws(StoreError) in try await base.account(for: tenant) }
    await meanwhile?.step()
    return account
  }

  func account(customer: CustomerID) async throws(StoreError) -> BillingAccount {
    let account = try await around { () async throws(StoreError) in try await base.account(customer: customer) }
    await meanwhile?.step()
    return account
  }

  func account(subscription: SubscriptionID) async throws(StoreError) -> BillingAccount? {
    try await around { () async throws(StoreError) in try await base.account(subscription: subscription) }
  }

  func commit(_ commit: BillingCommit, at now: Timestamp) async throws(BillingStoreError) -> BillingCommitOutcome {
    do throws(StoreError) { try moment() } catch { throw .store(error) }
    let outcome = try await inside { () async throws(BillingStoreError) in try await base.commit(commit, at: now) }
    do throws(StoreError) { try moment() } catch { throw .store(error) }
    return outcome
  }

  func unsettledSubscriptions() async throws(StoreError) -> UnsettledSubscriptions {
    try await around { () async throws(StoreError) in try await base.unsettledSubscriptions() }
  }

  func isClaimed(_ event: ProviderEventID) async throws(StoreError) -> Bool {
    try await around { () async throws(StoreError) in try await base.isClaimed(event) }
  }

  func raise(_ alert: LimitAlert, for tenant: TenantContext, at now: Timestamp) async throws(StoreError) -> Bool {
    try await around { () async throws(StoreError) in try await base.raise(alert, for: tenant, at: now) }
  }

  func prune(before instant: Timestamp) async throws(StoreError) -> Int {
    try await around { () async throws(StoreError) in try await base.prune(before: instant) }
  }

  func tallies(endingAfter instant: Timestamp, for tenant: TenantContext) async throws(StoreError) -> [UsageTally] {
    try await around { () async throws(StoreError) in try await base.tallies(endingAfter: instant, for: tenant) }
  }

  func tally(_ key: String) async throws(StoreError) -> UsageTally? {
    try await around { () async throws(StoreError) in try await base.tally(key) }
  }

  func save(_ tally: UsageTally, telling events: [BillingEvent], at now: Timestamp) async throws(StoreError)
    -> UsageTally
  {
    try await around { () async throws(StoreError) in try await base.save(tally, telling: events, at: now) }
  }
}
