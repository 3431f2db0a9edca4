#if SQLite
  import SaaSCore
  import SQLiteStore
  import TenancyKit

  extension Mode {
    /// `create-tenants FILE PREFIX COUNT`: creates tenants PREFIX-0 … PREFIX-COUNT from eight tasks at once, and writes the
    /// identifier of each one that was acknowledged.
    static let createTenants = Mode(name: "create-tenants") { store, arguments in
      guard arguments.count == 2, let count = Int(arguments[1]) else { return }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for lane in 0..<8 {
          group.addTask {
            for number in stride(from: lane, to: count, by: 8) {
              let name = "\(arguments[0])-\(number)"
              _ = try await store.insert(tenant(name, slug: name), at: instant)
              tell(name)
            }
          }
        }
        try await group.waitForAll()
      }
    }

    /// `create-each FILE PREFIX`: for each slug that it reads as a line, tries to create a tenant with it, and writes
    /// `created`, or `taken` where somebody else has it.
    static let createEach = Mode(name: "create-each") { store, arguments in
      guard let prefix = arguments.first else { return }
      while let slug = readLine() {
        do throws(TenantStoreError) {
          _ = try await store.insert(tenant("\(prefix)-\(slug)", slug: slug), at: instant)
          tell("created")
        } catch .slugTaken {
          tell("taken")
        } catch {
          tell("failed: \(error)")
        }
      }
    }

    private static let instant = Timestamp(seconds: 1_700_000_000)

    private static func tenant(_ name: String, slug: String) throws(TenantStoreError) -> Tenant {
      do {
        return Tenant(
          id: try TenantID(name), organizationID: try OrgID("org-" + name), slug: try Slug(slug), createdAt: instant)
      } catch {
        throw .store(.corrupt("\(error)"))
      }
    }
  }
#endif
