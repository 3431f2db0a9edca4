#if SQLite
  import BillingKit
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing

  @Suite("The format of billing's rows")
  struct BillingFormatTests {
    @Test("a row of a later format is corrupt by its name, and never written over")
    func laterFormat() async throws {
      let file = try ScratchFile()
      let tenant = try await TestTenants().context("gallery")
      let account = BillingAccount(owner: .organization(tenant.organizationID))
      try await file.withStore { store in
        _ = try await store.commit(
          BillingCommit(claim: nil, account: account, events: []), at: Timestamp(seconds: 1_750_000_000))
        #expect(try await store.account(for: tenant).version == 1)
      }
      try PlainDatabase(file.path).execute(
        """
        UPDATE billing_accounts
        SET body = CAST(replace(CAST(body AS TEXT), '"format":1,', '"format":2,') AS BLOB)
        """)
      try await file.withStore { store in
        let error = await #expect(throws: StoreError.self) { _ = try await store.account(for: tenant) }
        guard case .corrupt(let why)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(why.contains("BillingAccount has format 2"))
      }
    }
  }
#endif
