#if SQLite
  public import BillingKit
  public import SaaSCore
  public import TenancyKit

  /// What is stored is read, the kit's rules decide, and what they say is written, all in one transaction.
  extension SQLiteStore: BillingStore {
    /// - Complexity: O(log *n* + *m*) in the number of accounts and of the account's subscriptions
    public func account(for tenant: TenantContext) async throws(StoreError) -> BillingAccount {
      let owner = BillingAccount.Owner.organization(tenant.organizationID)
      return try await lookUp { (work: Transaction<StoreError>) throws(StoreError) in
        try work.billingAccount(of: owner) ?? BillingAccount(owner: owner)
      }
    }

    /// - Complexity: O(log *n* + *m*) in the number of accounts and of the account's subscriptions
    public func account(customer: CustomerID) async throws(StoreError) -> BillingAccount {
      try await lookUp { (work: Transaction<StoreError>) throws(StoreError) in
        let owner = try work.owner(of: customer) ?? .customer(customer)
        return try work.billingAccount(of: owner) ?? BillingAccount(owner: owner)
      }
    }

    /// - Complexity: O(log *n* + *m*) in the number of accounts and of the account's subscriptions
    public func account(subscription: SubscriptionID) async throws(StoreError) -> BillingAccount? {
      try await lookUp { (work: Transaction<StoreError>) throws(StoreError) in
        let statement = try work.statement(.ownerOfSubscription)
        statement.bind(subscription, at: 1)
        guard let owner = try statement.first({ (row) throws(StoreError) in try row.owner(0) }) else { return nil }
        return try work.billingAccount(of: owner)
      }
    }

    /// - Complexity: O(log *n* + *m*) in the number of accounts and of the account's subscriptions
    public func commit(_ commit: BillingCommit, at now: Timestamp) async throws(BillingStoreError)
      -> BillingCommitOutcome
    {
      try await write { (work: Transaction<BillingStoreError>) throws(BillingStoreError) in
        try work.commit(commit, at: now)
      }
    }

    /// - Complexity: O(*m*) in the number of those that wait
    public func unsettledSubscriptions() async throws(StoreError) -> UnsettledSubscriptions {
      try await read { (work: Transaction<StoreError>) throws(StoreError) in
        try work.statement(.unsettledSubscriptions).first { (row) throws(StoreError) in
          UnsettledSubscriptions(count: Int(clamping: row.int64(0)), oldest: row.optionalTimestamp(1))
        } ?? UnsettledSubscriptions(count: 0, oldest: nil)
      }
    }

    /// - Complexity: O(log *n*)
    public func isClaimed(_ event: ProviderEventID) async throws(StoreError) -> Bool {
      try await lookUp { (work: Transaction<StoreError>) throws(StoreError) in try work.isClaimed(event) }
    }

    /// - Complexity: O(log *n*)
    public func raise(_ alert: LimitAlert, for tenant: TenantContext, at now: Timestamp) async throws(StoreError)
      -> Bool
    {
      try await write { (work: Transaction<StoreError>) throws(StoreError) in
        let statement = try work.statement(.raiseAlert)
        statement.bind(tenant.organizationID, at: 1)
        statement.bind(alert.name, at: 2)
        statement.bind(alert.period.end, at: 3)
        try statement.run()
        guard work.changes > 0 else { return false }
        try work.append([
          BillingEvent.limitReached(alert).draft(of: tenant.organizationID, place: alert.name, at: now)
        ])
        return true
      }
    }

    /// - Complexity: O(log *n* + *d*) in the number of rows and of those deleted
    public func prune(before instant: Timestamp) async throws(StoreError) -> Int {
      try await write { (work: Transaction<StoreError>) throws(StoreError) in
        var count: Int64 = 0
        for sql in [SQL.pruneClaims, .pruneAlerts] {
          let statement = try work.statement(sql)
          statement.bind(instant, at: 1)
          try statement.run()
          count += work.changes
        }
        return Int(count)
      }
    }

    /// - Complexity: O(log *n* + *m*) in the number of tallies and of those given
    public func tallies(endingAfter instant: Timestamp, for tenant: TenantContext) async throws(StoreError)
      -> [UsageTally]
    {
      try await read { (work: Transaction<StoreError>) throws(StoreError) in
        let statement = try work.statement(.talliesOfOrganization)
        statement.bind(tenant.organizationID, at: 1)
        statement.bind(instant, at: 2)
        return try statement.all { (row) throws(StoreError) in try row.decoded(0) }
      }
    }

    /// - Complexity: O(log *n*)
    public func tally(_ key: String) async throws(StoreError) -> UsageTally? {
      try await lookUp { (work: Transaction<StoreError>) throws(StoreError) in try work.tally(key) }
    }

    /// - Complexity: O(log *n*)
    public func save(_ tally: UsageTally, telling events: [BillingEvent], at now: Timestamp) async throws(StoreError)
      -> UsageTally
    {
      try await write { (work: Transaction<StoreError>) throws(StoreError) in
        let saved = try BillingStoreRules.saving(tally, storedVersion: try work.tally(tally.key)?.version ?? 0)
        let statement = try work.statement(.putTally)
        statement.bind(saved.key, at: 1)
        statement.bind(saved.organizationID, at: 2)
        statement.bind(saved.meter, at: 3)
        statement.bind(saved.period.start, at: 4)
        statement.bind(saved.period.end, at: 5)
        statement.bind(saved.version, at: 6)
        statement.bind(try work.encoded(saved, by: StoredBody.encode), at: 7)
        try statement.run()
        try work.append(BillingStoreRules.drafts(of: events, for: saved, at: now))
        return saved
      }
    }
  }

  extension Transaction<StoreError> {
    fileprivate func tally(_ key: String) throws(StoreError) -> UsageTally? {
      let statement = try statement(.tallyByKey)
      statement.bind(key, at: 1)
      return try statement.first { (row) throws(StoreError) in try row.decoded(0) }
    }
  }

  extension Transaction {
    fileprivate func billingAccount(of owner: BillingAccount.Owner) throws(Failure) -> BillingAccount? {
      let column = owner.column
      let bodies = connection.bodies
      let statement = try statement(.billingAccount)
      statement.bind(column, at: 1)
      let body = try statement.first { (row) throws(Failure) -> BillingAccount in
        try row.decoded(1, at: RecentBodies.Place(column), in: bodies.accounts)
      }
      guard let body else { return nil }
      let subscriptions = try self.statement(.subscriptionsOfOwner)
      subscriptions.bind(column, at: 1)
      var records: [SubscriptionRecord] = []
      try subscriptions.forEach { (row) throws(Failure) in
        let place = RecentBodies<SubscriptionRecord>.Place(column, ordinal: records.count)
        records.append(try row.decoded(0, at: place, in: bodies.subscriptions))
      }
      return body.with(subscriptions: records)
    }

    fileprivate func owner(of customer: CustomerID) throws(Failure) -> BillingAccount.Owner? {
      let statement = try statement(.ownerOfCustomer)
      statement.bind(customer, at: 1)
      return try statement.first { (row) throws(Failure) -> BillingAccount.Owner in try row.owner(0) }
    }

    fileprivate func isClaimed(_ event: ProviderEventID) throws(Failure) -> Bool {
      let statement = try statement(.isClaimed)
      statement.bind(event, at: 1)
      return try statement.first { (row) throws(Failure) -> Bool in row.bool(0) } ?? false
    }

    private func billingVersion(of owner: BillingAccount.Owner) throws(Failure) -> Int64 {
      let statement = try statement(.billingVersion)
      statement.bind(owner.column, at: 1)
      return try statement.first { (row) throws(Failure) -> Int64 in row.int64(0) } ?? 0
    }
  }

  extension Transaction<BillingStoreError> {
    fileprivate func commit(_ commit: BillingCommit, at now: Timestamp) throws(BillingStoreError)
      -> BillingCommitOutcome
    {
      if let claim = commit.claim, try isClaimed(claim) { return .alreadyClaimed }
      var owners: [CustomerID: BillingAccount.Owner] = [:]
      for link in commit.account.customers { owners[link.id] = try owner(of: link.id) }
      let adopted = commit.adopting.map { BillingAccount.Owner.customer($0.customerID) }
      let saved = try BillingStoreRules.saving(
        commit, storedVersion: try billingVersion(of: commit.account.owner), owners: owners,
        adoptedVersion: try adopted.map { (owner) throws(BillingStoreError) in try billingVersion(of: owner) } ?? 0)
      if let adopted {
        let statement = try statement(.deleteBillingAccount)
        statement.bind(adopted.column, at: 1)
        try statement.run()
      }
      try put(saved, at: now)
      if let claim = commit.claim {
        let statement = try statement(.claim)
        statement.bind(claim, at: 1)
        statement.bind(now, at: 2)
        try statement.run()
      }
      try append(commit.drafts(version: saved.version, at: now))
      return .saved(saved)
    }

    private func put(_ account: BillingAccount, at now: Timestamp) throws(BillingStoreError) {
      let owner = account.owner.column
      let row = try statement(.putBillingAccount)
      row.bind(owner, at: 1)
      row.bind(account.version, at: 2)
      let bodies = connection.bodies
      let body = try encoded(
        account.with(subscriptions: []), at: RecentBodies.Place(owner), in: bodies.accounts, by: StoredBody.encode)
      row.bind(body, at: 3)
      try row.run()
      let customer = try statement(.putCustomer)
      for link in account.customers {
        customer.bind(link.id, at: 1)
        customer.bind(owner, at: 2)
        try customer.run()
      }
      let unsettled = BillingStoreRules.unsettled(in: account)
      let subscription = try statement(.putSubscription)
      for (ordinal, record) in account.subscriptions.enumerated() {
        let place = RecentBodies<SubscriptionRecord>.Place(owner, ordinal: ordinal)
        let body = try encoded(record, at: place, in: bodies.subscriptions, by: StoredBody.encode)
        subscription.bind(record.id, at: 1)
        subscription.bind(owner, at: 2)
        subscription.bind(record.customerID, at: 3)
        subscription.bind(record.status?.providerText, at: 4)
        subscription.bind(unsettled.contains(record.id) ? now : nil, at: 5)
        subscription.bind(body, at: 6)
        try subscription.run()
      }
    }
  }
#endif
