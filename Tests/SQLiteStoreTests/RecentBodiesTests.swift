#if SQLite
  import BillingKit
  import SaaSCore
  import SaaSTesting
  @testable import SQLiteStore
  import TenancyKit
  import Testing

  @Suite("Billing's bodies whose values are kept")
  struct RecentBodiesTests {
    private static let now = Timestamp(seconds: 1_750_000_000)

    /// An account with a subscription, as it is stored.
    private static func account(of tenant: TenantContext, in store: SQLiteStore) async throws -> BillingAccount {
      var account = try await store.account(for: tenant)
      let customer = try CustomerID("cus_1")
      account.link(customer, adopting: nil, at: now)
      account.apply(try event("evt_1", at: now), catalog: try PlanCatalog(plans: [free], defaultPlan: .free))
      _ = try await store.commit(BillingCommit(claim: nil, account: account, events: []), at: now)
      return try await store.account(for: tenant)
    }

    private static func event(_ id: String, at instant: Timestamp) throws -> ProviderEvent {
      let snapshot = SubscriptionSnapshot(
        id: try SubscriptionID("sub_1"), customerID: try CustomerID("cus_1"), status: .active, items: [],
        createdAt: now)
      return ProviderEvent(
        id: try ProviderEventID(id), createdAt: instant, isLive: false, type: "customer.subscription.updated",
        payload: .subscription(snapshot, .updated))
    }

    private static let free = Plan(id: .free, name: "Free", rank: 0)

    @Test("What was changed in the file since a body was read is read, of the account and of its subscriptions")
    func changedElsewhere() async throws {
      let file = try ScratchFile()
      let tenant = try await TestTenants().context("gallery")
      try await file.withStore { store in
        let account = try await Self.account(of: tenant, in: store)
        #expect(account.checkoutAttempts == 0 && account.subscriptions.first?.isTied == false)
        try PlainDatabase(file.path).execute(
          """
          UPDATE billing_accounts
          SET body = CAST(replace(CAST(body AS TEXT), '"checkoutAttempts":0', '"checkoutAttempts":5') AS BLOB)
          """)
        #expect(try await store.account(for: tenant).checkoutAttempts == 5)
        try PlainDatabase(file.path).execute(
          """
          UPDATE billing_subscriptions
          SET body = CAST(replace(CAST(body AS TEXT), '"isTied":false', '"isTied":true') AS BLOB)
          """)
        #expect(try await store.account(for: tenant).subscriptions.first?.isTied == true)
        try PlainDatabase(file.path).execute("UPDATE billing_subscriptions SET body = CAST('{' AS BLOB)")
        await #expect(throws: StoreError.self) { _ = try await store.account(for: tenant) }
      }
    }

    @Test("A value that an undone transaction wrote is not read")
    func undone() async throws {
      let file = try ScratchFile()
      let tenant = try await TestTenants().context("gallery")
      try await file.withStore { store in
        let before = try await Self.account(of: tenant, in: store)
        try PlainDatabase(file.path).execute(
          """
          CREATE TRIGGER refused BEFORE INSERT ON billing_claims BEGIN SELECT RAISE(ABORT, 'refused'); END
          """)
        var changed = before
        changed.apply(
          try Self.event("evt_2", at: Self.now + .seconds(5)),
          catalog: try PlanCatalog(plans: [Self.free], defaultPlan: .free))
        #expect(changed != before)
        let commit = BillingCommit(claim: try ProviderEventID("evt_2"), account: changed, events: [])
        await #expect(throws: BillingStoreError.self) { _ = try await store.commit(commit, at: Self.now) }
        #expect(try await store.account(for: tenant) == before)
      }
    }

    @Test("Of two bodies at one place the last one is kept, and each is known by its bytes alone")
    func places() {
      let recent = RecentBodies<Int>()
      let place = RecentBodies<Int>.Place("o:org")
      #expect(recent.value(of: [1], at: place) == nil)
      recent.keep(1, of: [1], at: place)
      #expect(recent.value(of: [1], at: place) == 1)
      #expect(recent.value(of: [1, 0], at: place) == nil)
      recent.keep(2, of: [2], at: place)
      #expect(recent.value(of: [1], at: place) == nil)
      #expect(recent.value(of: [2], at: place) == 2)
      #expect(recent.value(of: [2], at: RecentBodies.Place("o:org", ordinal: 1)) == nil)
    }

    @Test("What an owner's body displaces is its own last one, and another's only where there is no room")
    func displaced() {
      // Which places share a set is another in each process; among so many some do.
      for number in 0..<1_000 {
        let recent = RecentBodies<Int>()
        recent.keep(0, of: [0], at: RecentBodies.Place("o:\(number)"))
        for value in 1...9 { recent.keep(value, of: [UInt8(value)], at: RecentBodies.Place("o:org")) }
        #expect(recent.value(of: [0], at: RecentBodies.Place("o:\(number)")) == 0)
        #expect(recent.value(of: [9], at: RecentBodies.Place("o:org")) == 9)
      }
    }

    @Test("So many values are kept and no more, the last ones, and none of a large body")
    func bounds() {
      let recent = RecentBodies<Int>()
      let places = (0..<5_000).map { RecentBodies<Int>.Place("o:\($0)") }
      for (number, place) in places.enumerated() {
        recent.keep(number, of: [1], at: place)
        #expect(recent.value(of: [1], at: place) == number)
      }
      #expect(places.filter { recent.value(of: [1], at: $0) != nil }.count == 512)
      let large = [UInt8](repeating: 1, count: 1 << 16)
      recent.keep(1, of: large, at: places[0])
      #expect(recent.value(of: large, at: places[0]) == 1)
      recent.keep(2, of: large + [1], at: places[1])
      #expect(recent.value(of: large + [1], at: places[1]) == nil)
    }
  }

  extension RecentBodies {
    fileprivate func value(of bytes: [UInt8], at place: Place) -> Value? {
      bytes.withUnsafeBytes { value(of: $0, at: place) }
    }
  }
#endif
