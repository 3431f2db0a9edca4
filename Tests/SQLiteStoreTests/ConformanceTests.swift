#if SQLite
  import SaaSCore
  import SaaSTesting
  import TenancyKit
  import Testing
  import XCTest

  @testable import SQLiteStore

  @Suite("The SQLite store keeps the ports' contracts")
  struct ConformanceTests {
    @Test(arguments: TenantStoreConformance.checks)
    func tenants(check: TenantStoreConformance.Check) async throws {
      let file = try ScratchFile()
      try await check.run { try await SQLiteSubjects.tenants(in: file) }
    }

    @Test(arguments: BillingStoreConformance.checks)
    func billing(check: BillingStoreConformance.Check) async throws {
      let file = try ScratchFile()
      try await check.run { try await SQLiteSubjects.billing(in: file) }
    }

    @Test(arguments: OutboxConformance.checks)
    func outbox(check: OutboxConformance.Check) async throws {
      let file = try ScratchFile()
      try await check.run { try await SQLiteSubjects.outbox(in: file) }
    }

    @Test(arguments: UsageStoreConformance.checks)
    func usage(check: UsageStoreConformance.Check) async throws {
      let file = try ScratchFile()
      try await check.run { try await SQLiteSubjects.usage(in: file) }
    }

    @Test(arguments: JobLeasesConformance.checks)
    func leases(check: JobLeasesConformance.Check) async throws {
      let file = try ScratchFile()
      try await check.run { try await SQLiteSubjects.leases(in: file) }
    }
  }

  /// The same suites as a whole, as a host application that uses XCTest runs them.
  final class ConformanceXCTests: XCTestCase {
    func testOutbox() async throws {
      let files = Lock<[ScratchFile]>([])
      try await OutboxConformance.run {
        let file = try ScratchFile()
        files.withLock { $0.append(file) }
        return try await SQLiteSubjects.outbox(in: file)
      }
    }
  }

  /// What the suites are run on here: two stores on one file, as two processes would have it.
  enum SQLiteSubjects {
    static func tenants(in file: ScratchFile) async throws -> TenantStoreSubject {
      let (store, peer) = try await stores(in: file)
      return TenantStoreSubject(store: store, peer: peer, outbox: store)
    }

    static func billing(in file: ScratchFile) async throws -> BillingStoreSubject {
      let (store, peer) = try await stores(in: file)
      return BillingStoreSubject(store: store, peer: peer, outbox: store)
    }

    static func outbox(in file: ScratchFile) async throws -> OutboxSubject {
      let (store, peer) = try await stores(in: file)
      return OutboxSubject(
        outbox: store, append: { try await store.append($0) }, appendByPeer: { try await peer.append($0) })
    }

    static func usage(in file: ScratchFile) async throws -> UsageStoreSubject {
      let (store, peer) = try await stores(in: file)
      return UsageStoreSubject(store: store, peer: peer, outbox: store)
    }

    static func leases(in file: ScratchFile) async throws -> JobLeasesSubject {
      let (store, peer) = try await stores(in: file)
      return JobLeasesSubject(leases: store, peer: peer)
    }

    private static func stores(in file: ScratchFile) async throws -> (SQLiteStore, SQLiteStore) {
      let options = SQLiteStore.Options(readers: 1)
      return (
        try await SQLiteStore(path: file.path, options: options),
        try await SQLiteStore(path: file.path, options: options)
      )
    }
  }

  extension SQLiteStore {
    func append(_ drafts: [OutboxDraft]) async throws(StoreError) {
      try await write { (work: Work) throws(StoreError) in try work.append(drafts) }
    }
  }
#endif
