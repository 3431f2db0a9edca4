import SQLiteStore
import SaaSCore
import TenancyKit
import UsageKit

/// Makes a file in which the runs of events are, and the events are not.
struct Preparation {
  let path: String
  let count: Int

  func write() async throws {
    try EventFile.write(count: count, to: path + ".events")
    let events = try EventFile(path: path + ".events")
    let store = try await SQLiteStore(path: path)
    let tenants = try await Tenants.make(in: store)
    for start in stride(from: 0, to: count, by: 4_000) {
      try await record(runs(of: events, start..<min(start + 4_000, count), tenants), in: store)
    }
    await store.close()
  }

  private func record(_ batches: [UsageBatch], in store: some UsageStore) async throws {
    _ = try await store.record(batches, at: Tenants.start)
  }
}

/// The finished runs of some events, by tenant.
func runs(of events: EventFile, _ range: Range<Int>, _ tenants: [TenantContext]) throws -> [UsageBatch] {
  var writes: [Int: [UsageWrite]] = [:]
  for event in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
    writes[events.organization(event), default: []].append(.run(try events.run(event)))
  }
  return writes.keys.sorted().map { UsageBatch(writes[$0] ?? [], for: tenants[$0]) }
}

/// Some events, by tenant.
func writes(of events: EventFile, _ range: Range<Int>, _ tenants: [TenantContext]) throws -> [UsageBatch] {
  var writes: [Int: [UsageWrite]] = [:]
  for event in range { writes[events.organization(event), default: []].append(.event(try events.priced(event))) }
  return writes.keys.sorted().map { UsageBatch(writes[$0] ?? [], for: tenants[$0]) }
}
