public import SaaSCore
public import TenancyKit

/// Heals whatever a lost webhook left behind, by what the provider says of its subscriptions.
///
/// A subscription that the provider tells otherwise than it is known is read by itself, in a read that began after the
/// account was, and applied as an event would be; so it may run beside webhooks, twice, or again after a crash. Where the
/// catalogue says so, the later of two paid subscriptions is ended. A plan that became another by time alone, because a
/// grace ended, is told to the outbox; ``tellPlan(of:at:)`` does so also for tenants without any subscription.
public struct SubscriptionReconciler: Sendable {
  private let writer: AccountWriter
  private let observer: any ServiceObserver

  /// A reconciler of one provider account.
  public init(
    store: any BillingStore, gateway: any PaymentGateway, rules: EntitlementRules,
    observer: any ServiceObserver = SilentObserver()
  ) {
    writer = AccountWriter(store: store, gateway: gateway, rules: rules)
    self.observer = observer
  }

  /// What one pass did.
  public struct Outcome: Sendable, Hashable {
    /// How many subscriptions the provider told.
    public var subscriptions = 0
    /// Those that were known otherwise, or not at all, and are healed.
    public var healed: [SubscriptionID] = []
    /// Those that were ended because another one of the same organisation is paid.
    public var cancelled: [SubscriptionID] = []
    /// The last subscription that was gone through; a pass that starts after it goes on from here.
    public var through: SubscriptionID?
  }

  /// Goes through every subscription of the provider's account, the latest first.
  /// - Parameters:
  ///   - cursor: the last subscription of a pass that was interrupted; nil for all.
  ///   - progress: called after each page.
  /// - Throws: ``BillingError``; what was healed until then stays.
  @discardableResult
  public func run(
    at now: Timestamp, after cursor: SubscriptionID? = nil, progress: (Outcome) -> Void = { _ in }
  ) async throws(BillingError) -> Outcome {
    var outcome = Outcome()
    outcome.through = cursor
    repeat {
      let page = try await page(of: nil, after: outcome.through)
      for snapshot in page.elements { try await heal(snapshot, &outcome, at: now) }
      outcome.through = page.elements.last?.id ?? outcome.through
      progress(outcome)
      if page.next == nil { break }
    } while true
    return outcome
  }

  /// Goes through the subscriptions of one tenant's customers.
  @discardableResult
  public func run(for tenant: TenantContext, at now: Timestamp) async throws(BillingError) -> Outcome {
    var outcome = Outcome()
    for link in try await writer.load(.tenant(tenant)).customers {
      var cursor: SubscriptionID?
      repeat {
        let page: Page<SubscriptionSnapshot, SubscriptionID>
        do throws(BillingError) {
          page = try await self.page(of: link.id, after: cursor)
        } catch {
          // A customer that was deleted long ago has nothing to tell.
          guard case .gateway(let failure) = error, failure.kind == .notFound else { throw error }
          break
        }
        for snapshot in page.elements { try await heal(snapshot, &outcome, at: now) }
        cursor = page.next
      } while cursor != nil
    }
    try await tellPlan(of: tenant, at: now)
    return outcome
  }

  /// Tells the outbox a tenant's plan where it became another by time alone, because a grant or a grace ended; it asks the
  /// provider nothing. Called for every tenant, daily or more often, it tells each such change once.
  public func tellPlan(of tenant: TenantContext, at now: Timestamp) async throws(BillingError) {
    _ = try await writer.note(.tenant(tenant), cause: .time, at: now) { _ in }
  }

  private func page(of customer: CustomerID?, after cursor: SubscriptionID?) async throws(BillingError)
    -> Page<SubscriptionSnapshot, SubscriptionID>
  {
    do throws(GatewayError) {
      return try await writer.gateway.subscriptions(of: customer, after: cursor, limit: .standard).value
    } catch {
      throw .gateway(error)
    }
  }

  private func heal(_ snapshot: SubscriptionSnapshot, _ outcome: inout Outcome, at now: Timestamp)
    async throws(BillingError)
  {
    outcome.subscriptions += 1
    var account = try await writer.load(.customer(snapshot.customerID))
    if let change = account.change, change.settledAt <= now {
      try await writer.revoke(change, of: .customer(snapshot.customerID), cause: .reconciliation, at: now)
      account = try await writer.load(.customer(snapshot.customerID))
    }
    let isStale = account.differs(from: snapshot)
    if isStale || writer.rules.owesNote(in: account, at: now) {
      let update = try await writer.update(
        .customer(snapshot.customerID), reading: isStale ? [snapshot.id] : [], cause: .reconciliation, at: now
      ) { _ in }
      if case .saved(let saved, let old) = update {
        account = saved
        if old.subscription(snapshot.id)?.snapshot != saved.subscription(snapshot.id)?.snapshot {
          outcome.healed.append(snapshot.id)
          observer.count("billing.reconciliation.healed")
        }
      }
    }
    if let cancelled = try await cancelDuplicate(of: account, at: now) { outcome.cancelled.append(cancelled) }
  }

  /// Ends the later of two subscriptions that are paid, while the earlier one is paid and goes on.
  ///
  /// What is stored only says whether to look: a webhook may be lost, so the decision is from reads of all of them. One
  /// whose plan the catalogue does not know, a contract sold by hand for one, is nobody's duplicate.
  /// - Returns: the subscription, where a read afterwards tells that it ended.
  private func cancelDuplicate(of account: BillingAccount, at now: Timestamp) async throws(BillingError)
    -> SubscriptionID?
  {
    guard writer.rules.catalog.duplicates == .cancelLater, account.organizationID != nil else { return nil }
    let known = account.payingSubscriptions
    guard known.count > 1 else { return nil }
    let paying = try await read(known.map(\.id)).filter { snapshot in
      snapshot.status.rank.isPaying && writer.rules.catalog.plan(of: snapshot) != nil
    }.sorted { ($0.start, $0.id) < ($1.start, $1.id) }
    guard paying.count > 1, let first = paying.first, let last = paying.last, first.status.rank == .paid,
      first.scheduledCancellation == nil
    else { return nil }
    do throws(GatewayError) {
      try await writer.gateway.cancelSubscription(
        last.id, ImmediateCancellation(prorates: true), key: StableName.key("duplicate", last.id.rawValue))
    } catch {
      // Ended meanwhile is what is wanted; the read tells.
      guard error.kind == .notFound || error.kind == .refused else { throw .gateway(error) }
    }
    let outcome = try await writer.update(
      .customer(last.customerID), reading: [last.id], cause: .reconciliation, at: now
    ) { _ in }
    guard outcome.account?.subscription(last.id)?.isFinal == true else {
      observer.notice(
        Notice(.warning, "billing.subscription.duplicate", "subscription \(last.id) was not ended as a duplicate"))
      return nil
    }
    observer.notice(
      Notice(.warning, "billing.subscription.duplicate", "subscription \(last.id) was ended: \(first.id) is paid"))
    return last.id
  }

  /// Reads subscriptions from the provider; those that it does not know are left out.
  private func read(_ ids: [SubscriptionID]) async throws(BillingError) -> [SubscriptionSnapshot] {
    var snapshots: [SubscriptionSnapshot] = []
    for id in ids {
      do throws(GatewayError) {
        snapshots.append(try await writer.gateway.subscription(id).value)
      } catch {
        guard error.kind == .notFound else { throw .gateway(error) }
      }
    }
    return snapshots
  }
}
