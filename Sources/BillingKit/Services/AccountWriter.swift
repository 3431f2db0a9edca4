internal import SaaSCore
internal import TenancyKit

/// Reads an account, changes it by pure functions, lets the provider settle what they cannot, and saves it; again from
/// the start where somebody else saved first.
///
/// No call to the provider lies within a store's transaction: the commit fails on another version instead, and a read of
/// the provider that began before the account was read again is never used for it.
struct AccountWriter: Sendable {
  let store: any BillingStore
  let gateway: any PaymentGateway
  let rules: EntitlementRules

  /// How often a change is tried before it is given up as contended. Every conflict means that another change was saved.
  private static let attempts = 100

  /// Where an account is read from.
  enum Source: Sendable {
    case tenant(TenantContext)
    case customer(CustomerID)
  }

  /// What became of a change.
  enum Outcome: Sendable {
    case saved(BillingAccount, from: BillingAccount)
    case unchanged(BillingAccount)
    case alreadyClaimed

    /// The account as it is afterwards; nil where the event had been claimed.
    var account: BillingAccount? {
      switch self {
      case .saved(let account, _), .unchanged(let account): account
      case .alreadyClaimed: nil
      }
    }
  }

  /// Changes an account and saves it.
  ///
  /// - Parameters:
  ///   - claim: the event that makes the change; without one, nothing is saved where nothing changes and the outbox knows
  ///     the plan.
  ///   - reading: subscriptions to be read from the provider whether or not they need to.
  ///   - change: the change, which may run several times.
  func update(
    _ source: Source, claim: ProviderEventID? = nil, reading: [SubscriptionID] = [], cause: BillingCause,
    at now: Timestamp, _ change: (inout BillingAccount) throws(BillingError) -> Void
  ) async throws(BillingError) -> Outcome {
    for _ in 0..<Self.attempts {
      let old = try await load(source)
      var new = old
      try change(&new)
      try await settle(&new, reading: reading)
      rules.takeNote(in: &new, at: now)
      if claim == nil, new == old { return .unchanged(old) }
      let events = rules.events(from: old, to: new, cause: cause, at: now)
      if let outcome = try await commit(BillingCommit(claim: claim, account: new, events: events), at: now) {
        switch outcome {
        case .saved(let saved): return .saved(saved, from: old)
        case .alreadyClaimed: return .alreadyClaimed
        }
      }
    }
    throw .contended
  }

  /// Changes an account and saves it without asking the provider anything, which unsettled subscriptions await.
  /// - Returns: the account as it is afterwards.
  func note(
    _ source: Source, cause: BillingCause, at now: Timestamp, _ change: (inout BillingAccount) -> Void
  ) async throws(BillingError) -> BillingAccount {
    for _ in 0..<Self.attempts {
      let old = try await load(source)
      var new = old
      change(&new)
      rules.takeNote(in: &new, at: now)
      if new == old { return old }
      let events = rules.events(from: old, to: new, cause: cause, at: now)
      if case .saved(let saved)? = try await commit(BillingCommit(claim: nil, account: new, events: events), at: now) {
        return saved
      }
    }
    throw .contended
  }

  /// Makes sure that a change that was begun is done by now or never will be, and takes over what the provider made of it.
  ///
  /// The provider does one request under a key; so one that asks for nothing takes the place of a change that is still to
  /// be sent, which is refused from then on.
  func revoke(_ intent: ChangeIntent, of source: Source, cause: BillingCause, at now: Timestamp)
    async throws(BillingError)
  {
    do throws(GatewayError) {
      try await gateway.updateSubscription(intent.subscriptionID, .nothing, key: intent.key)
    } catch {
      // The key was used before, by the change itself or by another revocation, or nothing can be changed any more.
      guard error.tellsThatNothingWasMade else { throw .gateway(error) }
    }
    _ = try await update(source, reading: [intent.subscriptionID], cause: cause, at: now) { $0.end(intent) }
  }

  func load(_ source: Source) async throws(BillingError) -> BillingAccount {
    do throws(StoreError) {
      switch source {
      case .tenant(let tenant): return try await store.account(for: tenant)
      case .customer(let customer): return try await store.account(customer: customer)
      }
    } catch {
      throw .store(error)
    }
  }

  /// Saves a commit; nil where somebody else saved first.
  func commit(_ commit: BillingCommit, at now: Timestamp) async throws(BillingError) -> BillingCommitOutcome? {
    do throws(BillingStoreError) {
      return try await store.commit(commit, at: now)
    } catch {
      if case .store(.conflict) = error { return nil }
      throw BillingError(error)
    }
  }

  /// Reads from the provider what only it can settle.
  private func settle(_ account: inout BillingAccount, reading: [SubscriptionID]) async throws(BillingError) {
    for id in Set(account.unsettled + reading).sorted() {
      do throws(GatewayError) {
        let read = try await gateway.subscription(id)
        if account.subscription(id)?.isOutdated(read) == true {
          throw GatewayError(.unavailable, "the provider's answer is older than what it told before")
        }
        account.apply(read, catalog: rules.catalog)
      } catch {
        // A subscription that the provider does not know stays unsettled, which entitlements show.
        if error.kind == .notFound { continue }
        throw .gateway(error)
      }
    }
  }
}
