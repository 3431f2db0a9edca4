#if canImport(Glibc)
  import SaaSCore
  import TenancyKit

  /// A directory of many tenants with hosts of every kind, and the look-ups that are counted.
  // Sendable: everything is written in the initialiser; one thread uses `verdicts`.
  final class LookUps: @unchecked Sendable {
    let directory: HostDirectory
    let index: HostIndex
    let now = Timestamp(seconds: 1_750_000_000)
    // What is read lies in memory of its own that is never freed, so that reading it counts no reference either.

    /// The hosts as strings.
    let texts: UnsafeBufferPointer<String>
    /// The hosts as bytes.
    let hosts: UnsafeBufferPointer<UnsafeBufferPointer<UInt8>>
    /// Those of them that are served: active slugs and mappings.
    let served: UnsafeBufferPointer<UnsafeBufferPointer<UInt8>>
    /// All bytes in a row, where each host ends in them, and room for a verdict on each.
    let joined: UnsafeBufferPointer<UInt8>
    let ends: UnsafeBufferPointer<Int>
    let verdicts: UnsafeMutableBufferPointer<HostVerdict>

    init() async throws {
      // Slugs of the first domain take another way than those of a second.
      let platform = try Platform(domains: ["localhost", "emperor.gallery", "app.emperor.gallery"])
      let store = InMemoryTenantStore()
      var served: [String] = []
      // So many that batches read ahead.
      for number in 0..<20_000 {
        let slug = try Slug("gallery-\(number)")
        let tenant = try await store.insert(
          // Identifiers as long as a UUID's text are held inline.
          Tenant(
            id: TenantID("5e0c6f4e-8a51-4e52-9f0e-\(100_000_000_000 + number)"),
            organizationID: OrgID("9b1d2c3a-77aa-4c11-8e2d-\(100_000_000_000 + number)"), slug: slug, createdAt: now),
          at: now)
        let host = try HostName("www.customer-\(number).example")
        switch number % 5 {
        case 0:
          _ = try await store.rename(
            tenant.id, from: slug, to: Slug("renamed-\(number)"), holdingUntil: now + .seconds(60), at: now)
        case 1: _ = try await store.setStatus(.suspended, of: tenant.id, at: now)
        case 2:
          var mapping = DomainMapping.custom(host, of: tenant.id, at: now)
          mapping.state = .active
          mapping.provenAt = now
          _ = try await store.insert(mapping, label: nil, at: now)
          served.append("WWW.Customer-\(number).example.:443")
        case 3: served.append("Gallery-\(number).localhost")
        default: served.append("Gallery-\(number).emperor.gallery:8443")
        }
      }
      directory = try await HostDirectory(platform: platform, store: store)
      index = directory.index
      let others = [
        "", "emperor.gallery", "www.localhost", "nobody.emperor.gallery", "a--b.localhost", "a.b.emperor.gallery",
        "gallery-0.localhost", "gallery-1.localhost", "pending.example", "127.0.0.1", "[::1]:80", "bad_host", "a..b",
        String(repeating: "a", count: 300), "team-a.emperor.gallery:99999", "-a.localhost",
      ]
      let all = served.prefix(1_000) + others
      texts = Self.kept(Array(all))
      hosts = Self.kept(all.map { Self.kept(Array($0.utf8)) })
      self.served = Self.kept(served.map { Self.kept(Array($0.utf8)) })
      joined = Self.kept(Array(all.joined().utf8))
      ends = Self.kept(all.reduce(into: []) { ends, host in ends.append((ends.last ?? 0) + host.utf8.count) })
      let room = all.map { [index] in index.verdict(forHost: $0, at: Timestamp(seconds: 0)) }
      verdicts = UnsafeMutableBufferPointer(mutating: Self.kept(room))
    }

    private static func kept<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
      let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
      _ = buffer.initialize(from: elements)
      return UnsafeBufferPointer(buffer)
    }
  }
#endif
