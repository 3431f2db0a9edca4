import Foundation
import SQLiteStore
import SaaSCore
import TenancyKit
import UsageKit

/// Records events durably in a prepared file, and prints how many nanoseconds each took.
struct Recording {
  let path: String
  let count: Int

  func run(_ how: String) async throws {
    let file = try EventFile(path: path + ".events")
    let store = try await SQLiteStore(path: path)
    let tenants = try await Tenants.make(in: store)
    let count = min(count, file.count)
    let size = how == "batch" ? 1_000 : 1
    // What a host application has in hand before it calls is made before the clock runs.
    let calls = try stride(from: 0, to: count, by: size).map {
      try writes(of: file, $0..<min($0 + size, count), tenants)
    }
    let clock = ContinuousClock()
    let start = clock.now
    if how == "concurrent" {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<64 {
          group.addTask {
            for call in stride(from: caller, to: calls.count, by: 64) { try await record(calls[call], in: store) }
          }
        }
        try await group.waitForAll()
      }
    } else {
      for call in calls { try await record(call, in: store) }
    }
    print("\(how).ns", (clock.now - start) / .nanoseconds(1) / Double(count))
    await store.close()
  }
}

private func record(_ batches: [UsageBatch], in store: SQLiteStore) async throws {
  for answer in try await store.record(batches, at: Tenants.start).joined() where answer != .recorded {
    print("error \(answer)")
  }
}

/// Records events in memory.
struct MemoryRecording {
  let path: String
  let count: Int

  func run() async throws {
    let file = try EventFile(path: path + ".events")
    let tenants = try await Tenants.make(in: InMemoryTenantStore())
    let store = InMemoryUsageStore()
    let count = min(count, file.count)
    for start in stride(from: 0, to: count, by: 4_000) {
      _ = try await store.record(
        runs(of: file, start..<min(start + 4_000, count), tenants), at: Tenants.start)
    }
    let clock = ContinuousClock()
    var time = Duration.zero
    for start in stride(from: 0, to: count, by: 1_000) {
      // As a server has them: made by the request that records them, and so in the processor's caches.
      let call = try writes(of: file, start..<min(start + 1_000, count), tenants)
      time += try await clock.measure { _ = try await store.record(call, at: Tenants.start) }
    }
    time += try await clock.measure { try await store.groupEvents(of: tenants) }
    print("memory.ns", time / .nanoseconds(1) / Double(count))
    guard let window = EventFile.window else { return }
    var sums = EventSums()
    for tenant in tenants { sums += try await store.report(for: window, of: tenant).value.total.sums.events }
    print("check.memory", sums.count, sums.promptTokens, sums.cost.totalPicos)
  }
}

extension InMemoryUsageStore {
  /// Makes the store add the events to their days' groups that recording has put off, as whoever reads next would.
  func groupEvents(of tenants: [TenantContext]) async throws {
    for tenant in tenants { _ = try await staleDays(limit: .maximum, of: tenant) }
  }
}
