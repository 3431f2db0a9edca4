import SaaSCore
import SaaSTesting
import TenancyKit

/// Changes a store at random through its port; what the store refuses is simply not done.
struct StoreDriver {
  let store: any TenantStore
  var now: Timestamp
  var created = 0
  var prefix = "d"

  static let slugs = ["a", "b", "c", "d-d", "team-a", "team-b", "42", "longer-slug-name", "seventeen-letters"]
  static let hosts = [
    "customer.com", "www.customer.com", "shop.emperor.gallery", "a.b.emperor.gallery", "team-a.emperor.gallery",
    "a--b.localhost", "x.example",
  ]

  /// Hosts that may mean something by now.
  func hosts(on platform: Platform) -> [String] {
    Self.hosts + ["www.emperor.gallery", "nobody.localhost", "bad_host"]
      + platform.domains.flatMap { domain in Self.slugs.map { "\($0).\(domain)" } }
  }

  mutating func change(using dice: inout SeededGenerator) async throws {
    now = now + .seconds(Int.random(in: 0...2_000, using: &dice))
    let page = try await store.hosts(after: nil, limit: .maximum)
    guard let one = page.elements.randomElement(using: &dice), Int.random(in: 0..<6, using: &dice) > 0 else {
      created += 1
      // As many bytes as two, four and five words hold, one more of each, and a UUID's.
      func padded(_ text: String) -> String {
        let count = [0, 16, 17, 32, 33, 36, 39, 40, 60].randomElement(using: &dice, orElse: 0)
        return text + String(repeating: "i", count: max(0, count - text.utf8.count))
      }
      let tenant = Tenant(
        id: try TenantID(padded("\(prefix)\(created)-")), organizationID: try OrgID(padded("o\(prefix)\(created)-")),
        slug: try Slug(Self.slugs.randomElement(using: &dice, orElse: "a")), createdAt: now)
      _ = try? await store.insert(tenant, at: now)
      return
    }
    switch Int.random(in: 0..<7, using: &dice) {
    case 0, 1:
      let slug = try Slug(Self.slugs.randomElement(using: &dice, orElse: "a"))
      let until = now + .seconds(Bool.random(using: &dice) ? 0 : Int.random(in: 0...9_000, using: &dice))
      _ = try? await store.rename(one.tenant.id, from: one.tenant.slug, to: slug, holdingUntil: until, at: now)
    case 2:
      let status = [Tenant.Status.active, .suspended, .active, .closed].randomElement(using: &dice, orElse: .active)
      _ = try? await store.setStatus(status, of: one.tenant.id, at: now)
    case 3, 4:
      let host = try HostName(Self.hosts.randomElement(using: &dice, orElse: "x.example"))
      let label = host.rawValue.hasPrefix("team-a.") ? try Slug("team-a") : nil
      let mapping: DomainMapping =
        host.rawValue.hasSuffix("emperor.gallery") || host.rawValue.hasSuffix("localhost")
        ? .subdomain(host, of: one.tenant.id, at: now) : .custom(host, of: one.tenant.id, at: now)
      _ = try? await store.insert(mapping, label: label, at: now)
    case 5:
      guard let mapping = one.mappings.randomElement(using: &dice),
        let finding = DomainFinding.allCases.randomElement(using: &dice)
      else { return }
      switch mapping.transition(on: finding, at: now) {
      case .changed(let next): _ = try? await store.update(next, at: now)
      case .deleted: try? await store.delete(mapping, at: now)
      case .unchanged: break
      }
    default:
      guard let mapping = one.mappings.randomElement(using: &dice) else { return }
      try? await store.delete(mapping, at: now)
    }
  }
}
