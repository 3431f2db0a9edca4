internal import SaaSCore
internal import TenancyKit

extension BillingService {
  /// The organisation's customer at the provider, made where there is none: one, however many requests race, and also
  /// where a crash came between making it and knowing of it.
  ///
  /// The intent is saved before the provider is asked, and the key follows from it; so whoever comes second, or again,
  /// asks under the same key. A customer that is older than the key's memory is found by what it carries. What the
  /// provider refuses is forgotten, so that the next request asks with its own contact and under another key.
  func ensureCustomer(
    for tenant: TenantContext, as actor: Membership, contact: CustomerContact, at now: Timestamp
  ) async throws(BillingError) -> CustomerID {
    // Every round saves a step or sees another's.
    for _ in 0..<32 {
      let account = try await writer.load(.tenant(tenant))
      if let link = account.customer {
        if try await exists(link.id) { return link.id }
        // Deleted, and its event is not here yet.
        _ = try await writer.update(.tenant(tenant), cause: .member(actor.userID), at: now) { account in
          account.markDeleted(link.id, at: now)
        }
        continue
      }
      guard let pending = account.pendingCustomer, now < pending.begunAt + options.safeKeyAge else {
        if let found = try await takeUpCustomer(of: tenant, account, as: actor, contact: contact, at: now) {
          return found
        }
        continue
      }
      let request = NewCustomer(
        organizationID: tenant.organizationID, installation: installation, email: pending.email, name: pending.name)
      let key = key("customer", tenant, String(pending.attempt))
      let customer: ProviderCustomer
      do throws(GatewayError) {
        customer = try await gateway.createCustomer(request, key: key)
      } catch {
        if error.tellsThatNothingWasMade {
          _ = try await writer.note(.tenant(tenant), cause: .member(actor.userID), at: now) { account in
            if account.pendingCustomer == pending { account.pendingCustomer = nil }
          }
          // What was refused is what an earlier request asked for, not this one.
          if (pending.email, pending.name) != (contact.email, contact.name) { continue }
          throw .gateway(error)
        }
        // The key may be remembered with this failure. What was made under it is found by now; where nothing was, the next
        // round asks under another key.
        guard error.kind == .unavailable, pending.begunAt + Self.searchLag <= now else { throw .gateway(error) }
        if let found = try await takeUpCustomer(of: tenant, account, as: actor, contact: contact, at: now) {
          return found
        }
        continue
      }
      if try await link(customer.id, to: tenant, cause: .member(actor.userID), at: now) {
        return customer.id
      }
    }
    throw .contended
  }

  /// Links the customer that an earlier attempt made, and else begins an attempt under another key.
  /// - Returns: the customer; nil where an attempt began or somebody else saved first.
  private func takeUpCustomer(
    of tenant: TenantContext, _ account: BillingAccount, as actor: Membership, contact: CustomerContact,
    at now: Timestamp
  ) async throws(BillingError) -> CustomerID? {
    if let found = try await findCustomer(of: tenant), !account.has(found) {
      return try await link(found, to: tenant, cause: .member(actor.userID), at: now) ? found : nil
    }
    var next = account
    next.customerAttempts = account.customerAttempts.following
    next.pendingCustomer = PendingCustomer(
      attempt: next.customerAttempts, begunAt: now, email: contact.email, name: contact.name)
    _ = try await writer.commit(BillingCommit(claim: nil, account: next, events: []), at: now)
    return nil
  }

  /// How long a customer may take to be found after it was made: Stripe's search lags by up to a minute.
  private static let searchLag = Duration.seconds(120)

  /// Links a customer to a tenant with everything that is known of it; false where somebody else saved first, or where
  /// the tenant has another customer that is not deleted, which stays the only one.
  func link(
    _ customer: CustomerID, to tenant: TenantContext, cause: BillingCause, at now: Timestamp
  ) async throws(BillingError) -> Bool {
    let account = try await writer.load(.tenant(tenant))
    if account.has(customer), account.pendingCustomer == nil { return true }
    if let other = account.customer, other.id != customer { return false }
    let known = try await writer.load(.customer(customer))
    if let owner = known.organizationID, owner != tenant.organizationID { throw .customerTaken(customer) }
    let adopted = known.organizationID == nil ? known : nil
    var linked = account
    linked.link(customer, adopting: adopted, at: now)
    writer.rules.takeNote(in: &linked, at: now)
    let events = writer.rules.events(from: account, to: linked, cause: cause, at: now)
    let adoption = adopted.map { BillingCommit.Adoption(customerID: customer, version: $0.version) }
    return try await writer.commit(
      BillingCommit(claim: nil, account: linked, adopting: adoption, events: events), at: now) != nil
  }

  private func exists(_ customer: CustomerID) async throws(BillingError) -> Bool {
    do throws(GatewayError) {
      return try await !gateway.customer(customer).value.isDeleted
    } catch {
      if error.kind == .notFound { return false }
      throw .gateway(error)
    }
  }

  private func findCustomer(of tenant: TenantContext) async throws(BillingError) -> CustomerID? {
    try await gatewayCall { () async throws(GatewayError) in
      try await gateway.findCustomer(organization: tenant.organizationID, installation: installation)?.id
    }
  }

  func gatewayCall<Answer>(_ call: () async throws(GatewayError) -> Answer) async throws(BillingError) -> Answer {
    do throws(GatewayError) {
      return try await call()
    } catch {
      throw .gateway(error)
    }
  }
}

extension GatewayError {
  /// Whether a write was refused for what it asked, so that asking the same again is of no use.
  var tellsThatNothingWasMade: Bool {
    switch kind {
    case .refused, .declined, .notFound, .keyMismatch: true
    case .unavailable, .rateLimited, .unauthorized, .unreadable, .cancelled: false
    }
  }
}

/// What a new customer is created with.
public struct CustomerContact: Sendable, Hashable {
  /// Where the provider sends receipts.
  public var email: String?
  /// The name on invoices.
  public var name: String?

  /// An address and a name, either of which may be missing.
  public init(email: String? = nil, name: String? = nil) {
    self.email = email
    self.name = name
  }
}
