import Foundation
import SQLiteStore
import SaaSCore
import TenancyKit
import UsageKit

/// Does one kind of work with some events and nothing else, for a tool that counts instructions.
///
/// What the program does besides is the same for `none`, which is taken off.
struct Counting {
  let path: String
  let count: Int

  private static let batch = 100

  func run(_ what: String) async throws {
    let file = try EventFile(path: path + ".events")
    let stored = try await SQLiteStore(path: path)
    let tenants = try await Tenants.make(in: stored)
    let memory = InMemoryUsageStore()
    let rates = try Self.rates()
    let count = min(count, file.count)
    let ranges = stride(from: 0, to: count, by: Self.batch).map { $0..<min($0 + Self.batch, count) }
    for range in ranges { _ = try await memory.record(runs(of: file, range, tenants), at: Tenants.start) }
    let calls = try ranges.map { try writes(of: file, $0, tenants) }
    let events = try (0..<count).map { try file.priced($0).event }
    switch what {
    case "memory": for call in calls { _ = try await memory.record(call, at: Tenants.start) }
    case "sqlite": for call in calls { _ = try await stored.record(call, at: Tenants.start) }
    case "cost": print("priced", try events.reduce(0) { try $0 + (rates.cost(of: $1).pricing == .priced ? 1 : 0) })
    default: break
    }
    try await memory.groupEvents(of: tenants)
    await stored.close()
  }

  private static func rates() throws -> RateCard {
    let rates = EventFile.providers.flatMap { provider in
      EventFile.models.map { model in
        """
        {"provider": "\(provider)", "model": "\(model)", "unit": "millionTokens",
        "prices": [{"prompt": "2.50", "cachedPrompt": "1.25", "completion": "10.00"}]}
        """
      }
    }
    return try RateCard(json: Array("{\"id\": \"card\", \"rates\": [\(rates.joined(separator: ", "))]}".utf8))
  }
}
