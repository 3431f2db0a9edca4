public import SaaSCore
public import TenancyKit

/// Keeps what billing knows of every organisation, which events were processed, which alerts were raised, and what
/// metered usage was reported.
///
/// A host application implements it over its own database, or uses ``InMemoryBillingStore`` or the SQLite store. Only the
/// services of this kit write through it. `BillingStoreConformance` in SaaSTesting checks an implementation against
/// everything that is said here.
///
/// An implementation guarantees, across all processes that share the store:
/// - Every call is one transaction: it happens whole or not at all, and once it has returned it is durable.
/// - A customer belongs to one account: an organisation's, or one of its own while no organisation is linked to it.
///   A subscription belongs to its customer's.
/// - Saving is compare-and-set on the account's version; a claim, the account, and the outbox's events are one
///   transaction, so that a failed one leaves no claim and a claimed event was applied.
/// - Nothing is judged by the store's own clock, but by the instants passed in.
public protocol BillingStore: Sendable {
  // MARK: Accounts

  /// A tenant's account; an empty one of version 0 where nothing was saved.
  func account(for tenant: TenantContext) async throws(StoreError) -> BillingAccount

  /// The account that a customer belongs to; an empty one of the customer's own, of version 0, where nothing was saved.
  ///
  /// It is how an event finds its organisation, and for nothing else.
  func account(customer: CustomerID) async throws(StoreError) -> BillingAccount

  /// The account that a subscription belongs to, or nil where none is known; for events that do not tell the customer.
  func account(subscription: SubscriptionID) async throws(StoreError) -> BillingAccount?

  /// Saves an account, claims an event, and appends what changed to the outbox.
  ///
  /// The account is saved with its version raised by one. A customer's own account that the commit adopts is deleted.
  /// - Returns: ``BillingCommitOutcome/alreadyClaimed``, with nothing written, where the event was claimed before.
  /// - Throws: ``BillingStoreError/customerTaken(_:)`` where a customer is another organisation's;
  ///   ``BillingStoreError/store(_:)``, which is `conflict` where the stored version is another than expected, where a
  ///   customer's own account was linked to an organisation meanwhile, or where an adopted account's version is another.
  func commit(_ commit: BillingCommit, at now: Timestamp) async throws(BillingStoreError) -> BillingCommitOutcome

  /// The subscriptions of organisations that only a read of the provider can settle, for an operator's alarm.
  ///
  /// A subscription waits from the commit that left it so, by that commit's instant, until one leaves it settled; what is
  /// committed between the two does not change since when. Those of customers without organisation are left out.
  func unsettledSubscriptions() async throws(StoreError) -> UnsettledSubscriptions

  // MARK: Claims and alerts

  /// Whether an event was processed.
  func isClaimed(_ event: ProviderEventID) async throws(StoreError) -> Bool

  /// Tells an alert to the outbox, unless one of the same ``LimitAlert/name`` was told for the organisation before.
  /// - Returns: whether it was told now.
  func raise(_ alert: LimitAlert, for tenant: TenantContext, at now: Timestamp) async throws(StoreError) -> Bool

  /// Deletes claims that were made before an instant, and alerts whose window ended before it.
  /// - Returns: how many rows were deleted.
  @discardableResult
  func prune(before instant: Timestamp) async throws(StoreError) -> Int

  // MARK: Reported usage

  /// What was reported of a tenant's periods that end after an instant, by the periods' starts and then the meters' names.
  func tallies(endingAfter instant: Timestamp, for tenant: TenantContext) async throws(StoreError) -> [UsageTally]

  /// The tally with a key, or nil; for what the provider tells of a report's identifier.
  func tally(_ key: String) async throws(StoreError) -> UsageTally?

  /// Saves a tally with its version raised by one if the stored version is still the given one's, 0 where there is none,
  /// and appends events to the outbox.
  /// - Throws: ``StoreError/conflict(_:)`` where the stored version is another.
  func save(_ tally: UsageTally, telling events: [BillingEvent], at now: Timestamp) async throws(StoreError)
    -> UsageTally
}

/// What a ``BillingStore`` saves in one transaction.
public struct BillingCommit: Sendable {
  /// The event that the change is made by; nil for one that no event makes.
  public let claim: ProviderEventID?
  /// The account to save, with the version that it was read at.
  public let account: BillingAccount
  /// The version of a customer's own account that becomes part of this one, 0 where there is none.
  public let adopting: Adoption?
  /// What the change tells the outbox; empty for an account without organisation.
  public let events: [BillingEvent]

  package init(claim: ProviderEventID?, account: BillingAccount, adopting: Adoption? = nil, events: [BillingEvent]) {
    self.claim = claim
    self.account = account
    self.adopting = adopting
    self.events = events
  }

  /// A customer's own account that becomes part of an organisation's.
  public struct Adoption: Sendable, Hashable {
    /// The customer.
    public let customerID: CustomerID
    /// The version at which its account was read.
    public let version: Int64

    package init(customerID: CustomerID, version: Int64) {
      self.customerID = customerID
      self.version = version
    }
  }

  /// What a store appends to the outbox for the account's new version.
  public func drafts(version: Int64, at now: Timestamp) -> [OutboxDraft] {
    guard let organization = account.organizationID else { return [] }
    return events.enumerated().map { index, event in
      event.draft(of: organization, place: "\(version)/\(index)", at: now)
    }
  }
}

/// What became of a commit.
public enum BillingCommitOutcome: Sendable, Hashable {
  /// It was saved; this is the account with its new version.
  case saved(BillingAccount)
  /// The event was claimed before, and nothing was written.
  case alreadyClaimed
}

/// How many subscriptions wait for a read of the provider, and since when.
public struct UnsettledSubscriptions: Sendable, Hashable {
  /// How many wait.
  public let count: Int
  /// Since when the one waits that has waited longest; nil where none waits.
  public let oldest: Timestamp?

  /// What a store tells.
  public init(count: Int, oldest: Timestamp?) {
    self.count = count
    self.oldest = oldest
  }
}

/// Which rule a change to a ``BillingStore`` broke, or how the store failed. Nothing was changed.
public enum BillingStoreError: Error, Sendable, Hashable {
  /// The customer is another organisation's.
  case customerTaken(CustomerID)
  /// The store failed.
  case store(StoreError)
}
