import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

/// The suites are tests too, and have to be able to fail.
@Suite struct BrokenStoreTests {
  @Test(arguments: BrokenTenantStore.Fault.allCases)
  func `a store that breaks a promise is found out, and told what was expected`(fault: BrokenTenantStore.Fault)
    async throws
  {
    do {
      try await TenantStoreConformance.run {
        let store = BrokenTenantStore(fault)
        return TenantStoreSubject(store: store, outbox: store.base.outbox)
      }
      Issue.record("\(fault) passes")
    } catch let error as ConformanceFailures {
      #expect(!error.failures.isEmpty)
      for failure in error.failures {
        #expect(TenantStoreConformance.checks.contains { $0.name == failure.check })
        #expect(!failure.what.isEmpty && !failure.expected.isEmpty && failure.got != failure.expected)
      }
    }
  }

  @Test func `a store whose events are in another outbox is found out`() async throws {
    await #expect(throws: ConformanceFailures.self) {
      try await TenantStoreConformance.run {
        TenantStoreSubject(store: InMemoryTenantStore(), outbox: InMemoryOutbox())
      }
    }
  }

  @Test func `an outbox that forgets the order of a transaction is found out`() async throws {
    await #expect(throws: ConformanceFailures.self) {
      try await OutboxConformance.run {
        let outbox = InMemoryOutbox()
        return OutboxSubject(outbox: outbox) { outbox.append($0.reversed()) }
      }
    }
  }

  @Test func `an outbox that appends one by one is found out`() async throws {
    await #expect(throws: ConformanceFailures.self) {
      try await OutboxConformance.run {
        let outbox = InMemoryOutbox()
        return OutboxSubject(outbox: outbox) { drafts in
          for draft in drafts {
            outbox.append([draft])
            await Task.yield()
          }
        }
      }
    }
  }

  @Test func `leases of two processes that do not know each other are found out`() async throws {
    await #expect(throws: ConformanceFailures.self) {
      try await JobLeasesConformance.run {
        JobLeasesSubject(leases: InMemoryJobLeases(), peer: InMemoryJobLeases())
      }
    }
  }

  @Test func `every check has a name of its own`() {
    let names =
      TenantStoreConformance.checks.map(\.name) + OutboxConformance.checks.map(\.name)
      + JobLeasesConformance.checks.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test func `contexts for tests come from a store, one for each slug`() async throws {
    let tenants = TestTenants()
    let one = try await tenants.context("team-a")
    #expect(try await tenants.context("team-a") == one)
    #expect(one.organizationID.rawValue == "org-team-a")
    #expect(try await tenants.context("team-b", organization: "acme").organizationID.rawValue == "acme")
    #expect(try await tenants.store.context(for: one.tenantID) == one)
    #expect(try tenants.member(of: one).organizationID == one.organizationID)
    await #expect(throws: SlugError.self) { try await tenants.context("www") }
  }
}
