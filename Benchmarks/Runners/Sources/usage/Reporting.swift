import SQLiteStore
import SaaSCore
import TenancyKit
import UsageKit

/// Reads the 90-day dashboard of the organisation with the most events.
struct Reporting {
  let path: String
  let passes: Int

  func run() async throws {
    let store = try await SQLiteStore(path: path)
    let tenants = try await Tenants.make(in: store)
    guard let window = DayWindow(first: EventFile.lastDay.advanced(by: 1 - EventFile.days), last: EventFile.lastDay)
    else { return }
    var events: (tenant: TenantContext, count: Int64)?
    for tenant in tenants {
      let report = try await store.report(for: window, of: tenant)
      let count = report.value.total.sums.events.count
      if count > events?.count ?? 0 { events = (tenant, count) }
    }
    guard let (tenant, count) = events else { return }
    let clock = ContinuousClock()
    var least = Double.infinity
    for pass in 0...passes {
      let time = try await clock.measure { _ = try await store.report(for: window, of: tenant) }
      if pass > 0 { least = min(least, time / .nanoseconds(1)) }
    }
    print("check.events \(count)")
    print("report.ns \(least)")
    await store.close()
  }
}
