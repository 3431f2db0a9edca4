import SaaSCore
import TenancyKit
import UsageKit

/// Reads one organisation's 90-day dashboard from a store in memory that has all organisations' events.
struct MemoryReporting {
  let path: String
  let count: Int
  let passes: Int
  let rounds: Int

  func run() async throws {
    let tenants = try await Tenants.make(in: InMemoryTenantStore())
    let store = InMemoryUsageStore()
    try await fill(store, for: tenants)
    guard let window = EventFile.window else { return }
    let tenant = tenants[EventFile.reported]
    let clock = ContinuousClock()
    for _ in 0..<rounds {
      var least = Double.infinity
      for _ in 0..<passes {
        let time = try await clock.measure { _ = try await store.report(for: window, of: tenant) }
        least = min(least, time / .nanoseconds(1))
      }
      print("memory.report.ns \(least)")
    }
    printCheck(of: try await store.report(for: window, of: tenant).value)
  }

  private func fill(_ store: InMemoryUsageStore, for tenants: [TenantContext]) async throws {
    let file = try EventFile(path: path + ".events")
    let count = min(count, file.count)
    for start in stride(from: 0, to: count, by: 4_000) {
      let range = start..<min(start + 4_000, count)
      _ = try await store.record(runs(of: file, range, tenants), at: Tenants.start)
      _ = try await store.record(writes(of: file, range, tenants), at: Tenants.start)
    }
  }
}
