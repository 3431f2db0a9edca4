public import SaaSCore
public import TenancyKit

/// A ``BillingStore`` in memory, for one process: for tests, trials and examples.
///
/// Each call holds one lock for its whole length, so that it happens at one moment; nothing outlives the process.
public final class InMemoryBillingStore: BillingStore {
  /// The outbox to which every change is appended, in the change's own critical section.
  public let outbox: InMemoryOutbox

  private struct Tables {
    var accounts: [BillingAccount.Owner: BillingAccount] = [:]
    var customers: [CustomerID: BillingAccount.Owner] = [:]
    var subscriptions: [SubscriptionID: BillingAccount.Owner] = [:]
    var unsettled: [SubscriptionID: Timestamp] = [:]
    var claims: [ProviderEventID: Timestamp] = [:]
    var alerts: [OrgID: [String: Timestamp]] = [:]
    var tallies: [String: UsageTally] = [:]
  }

  private let tables = Lock(Tables())

  /// A store that knows nothing.
  /// - Parameter outbox: where its changes are recorded; several in-memory stores may share one.
  public init(outbox: InMemoryOutbox = InMemoryOutbox()) { self.outbox = outbox }

  /// - Complexity: O(1)
  public func account(for tenant: TenantContext) async throws(StoreError) -> BillingAccount {
    let owner = BillingAccount.Owner.organization(tenant.organizationID)
    return tables.withLock { $0.accounts[owner] } ?? BillingAccount(owner: owner)
  }

  /// - Complexity: O(1)
  public func account(customer: CustomerID) async throws(StoreError) -> BillingAccount {
    let stored = tables.withLock { tables in tables.customers[customer].flatMap { tables.accounts[$0] } }
    return stored ?? BillingAccount(owner: .customer(customer))
  }

  /// - Complexity: O(1)
  public func account(subscription: SubscriptionID) async throws(StoreError) -> BillingAccount? {
    tables.withLock { tables in tables.subscriptions[subscription].flatMap { tables.accounts[$0] } }
  }

  /// - Complexity: O(*n*) in the number of the account's subscriptions
  public func commit(_ commit: BillingCommit, at now: Timestamp) async throws(BillingStoreError)
    -> BillingCommitOutcome
  {
    try tables.withLock { (tables) throws(BillingStoreError) in
      if let claim = commit.claim, tables.claims[claim] != nil { return .alreadyClaimed }
      var owners: [CustomerID: BillingAccount.Owner] = [:]
      for link in commit.account.customers { owners[link.id] = tables.customers[link.id] }
      let adopted = commit.adopting.map { BillingAccount.Owner.customer($0.customerID) }
      let saved = try BillingStoreRules.saving(
        commit, storedVersion: tables.accounts[commit.account.owner]?.version ?? 0, owners: owners,
        adoptedVersion: adopted.flatMap { tables.accounts[$0]?.version } ?? 0)
      if let adopted { tables.accounts[adopted] = nil }
      tables.accounts[saved.owner] = saved
      for link in saved.customers { tables.customers[link.id] = saved.owner }
      let unsettled = BillingStoreRules.unsettled(in: saved)
      for record in saved.subscriptions {
        tables.subscriptions[record.id] = saved.owner
        tables.unsettled[record.id] = unsettled.contains(record.id) ? tables.unsettled[record.id] ?? now : nil
      }
      if let claim = commit.claim { tables.claims[claim] = now }
      outbox.append(commit.drafts(version: saved.version, at: now))
      return .saved(saved)
    }
  }

  /// - Complexity: O(*n*) in the number of those that wait
  public func unsettledSubscriptions() async throws(StoreError) -> UnsettledSubscriptions {
    tables.withLock { UnsettledSubscriptions(count: $0.unsettled.count, oldest: $0.unsettled.values.min()) }
  }

  /// - Complexity: O(1)
  public func isClaimed(_ event: ProviderEventID) async throws(StoreError) -> Bool {
    tables.withLock { $0.claims[event] != nil }
  }

  /// - Complexity: O(1)
  public func raise(_ alert: LimitAlert, for tenant: TenantContext, at now: Timestamp) async throws(StoreError) -> Bool
  {
    tables.withLock { tables in
      let organization = tenant.organizationID
      guard tables.alerts[organization, default: [:]].updateValue(alert.period.end, forKey: alert.name) == nil else {
        return false
      }
      outbox.append([BillingEvent.limitReached(alert).draft(of: organization, place: alert.name, at: now)])
      return true
    }
  }

  /// - Complexity: O(*n*) in the number of claims and alerts
  public func prune(before instant: Timestamp) async throws(StoreError) -> Int {
    tables.withLock { tables in
      let claims = tables.claims.filter { $0.value >= instant }
      let alerts = tables.alerts.mapValues { $0.filter { $0.value > instant } }
      let count =
        tables.claims.count - claims.count
        + tables.alerts.values.reduce(0) { $0 + $1.count } - alerts.values.reduce(0) { $0 + $1.count }
      tables.claims = claims
      tables.alerts = alerts.filter { !$0.value.isEmpty }
      return count
    }
  }

  /// - Complexity: O(*n* log *n*) in the number of tallies
  public func tallies(endingAfter instant: Timestamp, for tenant: TenantContext) async throws(StoreError)
    -> [UsageTally]
  {
    let all = tables.withLock { tables in
      tables.tallies.values.filter { $0.organizationID == tenant.organizationID && $0.period.end > instant }
    }
    return all.sorted { ($0.period.start, $0.meter, $0.key) < ($1.period.start, $1.meter, $1.key) }
  }

  /// - Complexity: O(1)
  public func tally(_ key: String) async throws(StoreError) -> UsageTally? { tables.withLock { $0.tallies[key] } }

  /// - Complexity: O(1)
  public func save(_ tally: UsageTally, telling events: [BillingEvent], at now: Timestamp) async throws(StoreError)
    -> UsageTally
  {
    try tables.withLock { (tables) throws(StoreError) in
      let saved = try BillingStoreRules.saving(tally, storedVersion: tables.tallies[tally.key]?.version ?? 0)
      tables.tallies[tally.key] = saved
      outbox.append(BillingStoreRules.drafts(of: events, for: saved, at: now))
      return saved
    }
  }
}
