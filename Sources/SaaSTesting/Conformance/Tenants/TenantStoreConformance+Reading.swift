internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let reading = [
    Check("pages bring every tenant once, whole, in the byte order of identifiers", pages),
    Check("a page after an identifier that no tenant has goes on behind it", pageBehindNobody),
    Check("the records of a host are those of its name and slug, and of no other", records),
    Check("a tenant is read at one moment, whatever is written meanwhile", consistentReads),
  ]

  private static let start = TenantStoreSubject.start

  private static func pages(_ subject: TenantStoreSubject) async throws {
    let ids = ["b", "a", "B", "a-", "aa", "é", "z", "0", "~", String(repeating: "a", count: 60), "10", "9"]
    for (number, id) in ids.enumerated() {
      try await subject.create(id, slug: "s\(number)", organization: "o\(number)")
    }
    try await subject.rename("a", from: "s1", to: "renamed")
    try await subject.claim("www.customer.com", by: "b")
    try await subject.claim("shop.customer.com", by: "b")
    let expected = try ids.map { id throws in try TenantID(id) }.sorted()
    for limit in [1, 2, 5, ids.count - 1, ids.count, ids.count + 1] {
      let all = try await subject.all(pagedBy: limit)
      try Expect.equal(all.map(\.tenant.id), expected, "the tenants by pages of \(limit)")
      for hosts in all {
        try Expect.equal(await subject.store.hosts(of: hosts.tenant.id), hosts, "the same tenant by itself")
      }
    }
    let full = try await subject.store.hosts(after: nil, limit: PageLimit(ids.count))
    try Expect.none(full.next, "what comes after a page that holds all")
  }

  private static func pageBehindNobody(_ subject: TenantStoreSubject) async throws {
    for id in ["a", "c", "e"] { try await subject.create(id) }
    let page = try await subject.store.hosts(after: TenantID("b"), limit: .standard)
    try Expect.equal(page.elements.map(\.tenant.slug.rawValue), ["c", "e"], "the page after b")
    let end = try await subject.store.hosts(after: TenantID("e"), limit: .standard)
    try Expect.equal(end, Page([], next: nil), "the page after the last")
  }

  private static func records(_ subject: TenantStoreSubject) async throws {
    for id in ["t", "u"] { try await subject.create(id, slug: "slug-" + id) }
    try await subject.rename("u", from: "slug-u", to: "new-u")
    let one = try await subject.claim("www.customer.com", by: "t")
    let two = try await subject.claim("www.customer.com", by: "u", state: .active, proven: true)
    try await subject.claim("customer.com", by: "t")
    let t = try await subject.hosts("t").tenant
    let u = try await subject.hosts("u").tenant
    let found = try await subject.store.records(host: HostName("www.customer.com"), slug: Slug("slug-u"))
    try Expect.equal(
      Set(found.mappings), [.init(mapping: one, tenant: t), .init(mapping: two, tenant: u)], "the mappings of the host")
    try Expect.none(found.slugOwner, "the owner of a slug that was given up")
    let hold = SlugHold(slug: try Slug("slug-u"), tenantID: u.id, until: start + .seconds(100))
    try Expect.equal(found.hold, .init(hold: hold, tenant: u), "the hold on the slug")
    let other = try await subject.store.records(host: HostName("x.customer.com"), slug: Slug("slug-t"))
    try Expect.equal(
      other, HostRecords(mappings: [], slugOwner: t, hold: nil), "the records of a slug without mappings")
    let none = try await subject.store.records(host: HostName("slug-t.platform.example"), slug: nil)
    try Expect.equal(none, HostRecords(mappings: [], slugOwner: nil, hold: nil), "the records without a slug")
  }

  private static func consistentReads(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "a")
    try await subject.rename("t", from: "a", to: "b")
    let slugs = try [Slug("a"), Slug("b")]
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for turn in 0..<30 {
          _ = try await patiently {
            try await subject.peer.rename(
              TenantID("t"), from: slugs[(turn + 1) % 2], to: slugs[turn % 2], holdingUntil: start + .seconds(100),
              at: start)
          }
        }
      }
      group.addTask {
        for turn in 0..<60 {
          // Whichever slug it has, it holds the other one and nothing else.
          let hosts = try await patiently { try await subject.hosts("t") }
          let held = slugs.filter { $0 != hosts.tenant.slug }
          try Expect.equal(hosts.holds.map(\.slug), held, "the holds of a tenant whose slug is \(hosts.tenant.slug)")
          let paged = try await patiently { try await subject.all() }
          let slug = try Expect.some(paged.first?.tenant.slug, "the tenant in its page")
          try Expect.equal(paged.first?.holds.map(\.slug), slugs.filter { $0 != slug }, "the holds of a paged tenant")
          let asked = slugs[turn % 2]
          let records = try await patiently {
            try await subject.store.records(host: HostName("x.example"), slug: asked)
          }
          try Expect.holds(
            (records.slugOwner == nil) != (records.hold == nil), "a slug is owned or held, and never both or neither",
            got: records)
          if let tenant = records.slugOwner { try Expect.equal(tenant.slug, asked, "the slug of its owner") }
          if let held = records.hold {
            try Expect.holds(held.tenant.slug != asked, "the holder of a slug has another one", got: held)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
