import BillingKit
import SaaSCore
import TenancyKit
import UsageKit

#if SQLite
  import SQLiteStore
#endif

/// The ports that the parts use, all over one file, or all in memory.
struct Stores: Sendable {
  let tenants: any TenantStore
  let usage: any UsageStore
  let billing: any BillingStore
  let outbox: any Outbox
  let leases: any JobLeases
  /// Where everything is kept, for the reader.
  let summary: String
  /// Closes the file.
  let close: @Sendable () async -> Void

  /// Opens the stores over the database at a path; in memory where the package was built without SQLite.
  static func open(at path: String) async throws -> Stores {
    #if SQLite
      do {
        let store = try await SQLiteStore(path: path)
        return Stores(
          tenants: store, usage: store, billing: store, outbox: store, leases: store,
          summary: "SQLite database \(path)",
          close: { await store.close() })
      } catch {
        throw QuickstartError.database(path, "\(error)")
      }
    #else
      let store = InMemoryTenantStore()
      return Stores(
        tenants: store, usage: InMemoryUsageStore(outbox: store.outbox),
        billing: InMemoryBillingStore(outbox: store.outbox), outbox: store.outbox, leases: InMemoryJobLeases(),
        summary: "in memory: built without the SQLite trait, nothing outlives this run", close: {})
    #endif
  }
}
