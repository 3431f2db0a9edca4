import BillingKit
import Customers
import Foundation
import SQLiteStore
import SaaSCore
import TenancyKit
import UsageKit

/// Calls of the services one after the other over a prepared file, each durable when it returns.
struct RoundTrips {
  let shop: Shop
  let count: Int

  /// How many calls come first, for what is made at first use only.
  private static let warmUp = 20

  func run(_ what: String) async throws {
    let call = try await call(what)
    for number in 0..<Self.warmUp { try await call(number) }
    // A library that writes down the statements sees by this where the calls begin.
    _ = access("store-benchmark-begins", F_OK)
    let clock = ContinuousClock()
    let time = try await clock.measure {
      for number in Self.warmUp..<Self.warmUp + count { try await call(number) }
    }
    print("\(what).ns", time / .nanoseconds(1) / Double(count))
    await shop.store.close()
  }

  private func call(_ what: String) async throws -> (Int) async throws -> Void {
    switch what {
    case "tenant":
      return { number in
        _ = try await shop.tenants.create(
          slug: "new-team-\(number)", as: Shop.owner("new_org_\(number)"), at: Shop.start)
      }
    case "webhook": return try await webhook()
    case "admit": return try await admission()
    default: throw Unknown(what: what)
    }
  }

  private struct Unknown: Error { let what: String }

  private struct Unexpected: Error { let answer: String }

  private var contexts: [TenantContext] {
    get async throws {
      var contexts: [TenantContext] = []
      for number in 0..<Shop.tenantCount {
        if let context = try await shop.store.context(for: TenantID("tenant_\(number)")) { contexts.append(context) }
      }
      return contexts
    }
  }

  /// An event of a subscription that has another quantity than before.
  private func webhook() async throws -> (Int) async throws -> Void {
    var snapshots: [SubscriptionSnapshot] = []
    for tenant in try await contexts {
      guard let snapshot = try await shop.store.account(for: tenant).currentSubscription?.snapshot else { continue }
      snapshots.append(snapshot)
    }
    let processor = try shop.webhooks()
    let known = snapshots
    let events = try (0..<Self.warmUp + count).map { number in
      var snapshot = known[number % known.count]
      for place in snapshot.items.indices {
        snapshot.items[place].quantity = Int64(2 + number / max(known.count, 1))
      }
      return ProviderEvent(
        id: try ProviderEventID("evt_benchmark_\(number)"), createdAt: Shop.start + .seconds(100 + number),
        isLive: false, type: "customer.subscription.updated", payload: .subscription(snapshot, .updated))
    }
    let provider = shop.provider
    return { number in
      if case .subscription(let snapshot, _) = events[number].payload {
        provider.put(snapshot, at: events[number].createdAt)
      }
      let answer = await processor.process(events[number], at: events[number].createdAt)
      guard case .applied = answer else { throw Unexpected(answer: "\(answer)") }
    }
  }

  private func admission() async throws -> (Int) async throws -> Void {
    let admission = RunAdmission(store: shop.store, usage: shop.store, rules: shop.rules)
    let contexts = try await contexts
    let runs = try (0..<Self.warmUp + count).map { number in
      try Run(
        id: RunID("run_\(number)"), userID: UserID("user_\(number % 20)"), workflow: WorkflowName("review"),
        startedAt: Shop.start + .milliseconds(number))
    }
    return { number in
      let answer = try await admission.start(
        runs[number], for: contexts[number % contexts.count], at: runs[number].startedAt)
      guard answer == .recorded else { throw Unexpected(answer: "\(answer)") }
    }
  }
}
