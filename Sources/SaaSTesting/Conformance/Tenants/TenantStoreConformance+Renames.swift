internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let renames = [
    Check("a rename gives the new slug, holds the old one, and takes a revision", renamed),
    Check("a rename from a slug that the tenant no longer has is refused with the present one", staleRename),
    Check("a rename is refused for the first rule that it breaks", renameErrors),
    Check("a rename to the present slug changes nothing", renameToSelf),
    Check("a held slug is nobody else's until the instant at which the hold ends", hold),
    Check("the former owner takes a held slug back, and its hold is dropped", takenBack),
    Check("every slug that was given up is held, and giving one up again holds it anew", severalHolds),
    Check("a hold that is over is dropped when another tenant takes the slug", overHold),
    Check("a hold that ends before the rename holds nothing", endedHold),
    Check("a rename tells one event", renameEvent),
  ]

  private static func renamed(_ subject: TenantStoreSubject) async throws {
    let old = try await subject.create("t", slug: "old")
    let until = TenantStoreSubject.start + .seconds(100)
    let renamed = try await subject.rename("t", from: "old", to: "new")
    var expected = old
    expected.slug = try Slug("new")
    expected.revision = renamed.revision
    try Expect.equal(renamed, expected, "the answer")
    try Expect.holds(renamed.revision > old.revision, "the revision has grown", got: renamed.revision)
    try Expect.equal(await subject.store.revision(), renamed.revision, "the store's revision")
    let hold = SlugHold(slug: try Slug("old"), tenantID: old.id, until: until)
    for store in [subject.store, subject.peer] {
      try Expect.equal(await store.tenant(slug: Slug("new")), renamed, "the tenant with the new slug")
      try Expect.none(await store.tenant(slug: Slug("old")), "a tenant with the old slug")
      try Expect.equal(
        await store.hosts(of: old.id), TenantHosts(tenant: renamed, holds: [hold], mappings: []), "hosts(of:)")
      try Expect.equal(
        await store.records(host: HostName("old.example"), slug: Slug("old")),
        HostRecords(mappings: [], slugOwner: nil, hold: .init(hold: hold, tenant: renamed)), "records of the old slug")
      try Expect.equal(
        await store.records(host: HostName("new.example"), slug: Slug("new")),
        HostRecords(mappings: [], slugOwner: renamed, hold: nil), "records of the new slug")
    }
  }

  private static func staleRename(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "one")
    try await subject.create("u", slug: "taken")
    try await subject.rename("t", from: "one", to: "two")
    try await subject.refused(.slugChanged(Slug("two")), "renaming from the slug before") {
      try await subject.rename("t", from: "one", to: "three")
    }
    try await subject.refused(.slugChanged(Slug("two")), "renaming from the slug before, to the present one") {
      try await subject.rename("t", from: "one", to: "two")
    }
    try await subject.refused(.slugChanged(Slug("two")), "renaming from the slug before, to one that is taken") {
      try await subject.rename("t", from: "one", to: "taken")
    }
  }

  private static func renameErrors(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "mine")
    try await subject.create("u", slug: "theirs")
    try await subject.create("v", slug: "held")
    try await subject.rename("v", from: "held", to: "moved-on")
    try await subject.create("gone", slug: "last", status: .closed)
    let until = TenantStoreSubject.start + .seconds(100)
    try await subject.refused(.slugTaken(Slug("theirs")), "renaming to another tenant's slug") {
      try await subject.rename("t", from: "mine", to: "theirs")
    }
    try await subject.refused(.slugHeld(Slug("held"), until: until), "renaming to a slug that is held") {
      try await subject.rename("t", from: "mine", to: "held")
    }
    try await subject.refused(.closed(TenantID("gone")), "renaming a closed tenant") {
      try await subject.rename("gone", from: "last", to: "free")
    }
    try await subject.refused(.slugTaken(Slug("theirs")), "renaming a closed tenant to another's slug") {
      try await subject.rename("gone", from: "last", to: "theirs")
    }
    try await subject.refused(.store(.notFound), "renaming a tenant that there is not") {
      try await subject.rename("nobody", from: "mine", to: "free")
    }
  }

  private static func renameToSelf(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t", slug: "same")
    let answer = try await subject.unchanged("a rename to the present slug") {
      try await subject.rename("t", from: "same", to: "same", at: TenantStoreSubject.start + .seconds(5))
    }
    try Expect.equal(answer, tenant, "the answer")
  }

  private static func hold(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "old")
    try await subject.create("u", slug: "other")
    // A hold of one microsecond more than whole seconds, so that no store cuts digits.
    let until = TenantStoreSubject.start + .microseconds(100_000_001)
    try await subject.rename("t", from: "old", to: "new", holdingFor: .microseconds(100_000_001))
    let last = until - .microseconds(1)
    try await subject.refused(.slugHeld(Slug("old"), until: until), "creating with a held slug") {
      try await subject.create("v", slug: "old", at: last)
    }
    try await subject.refused(.slugHeld(Slug("old"), until: until), "renaming to a held slug") {
      try await subject.rename("u", from: "other", to: "old", at: last)
    }
    let taken = try await subject.create("v", slug: "old", at: until)
    try Expect.equal(await subject.store.tenant(slug: Slug("old")), taken, "the owner of the slug after its hold")
  }

  private static func takenBack(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t", slug: "old")
    try await subject.rename("t", from: "old", to: "new")
    let now = TenantStoreSubject.start + .seconds(10)
    let back = try await subject.rename("t", from: "new", to: "old", at: now)
    try Expect.equal(back.slug, try Slug("old"), "the slug that was taken back")
    let hold = SlugHold(slug: try Slug("new"), tenantID: tenant.id, until: now + .seconds(100))
    try Expect.equal(await subject.hosts("t"), TenantHosts(tenant: back, holds: [hold], mappings: []), "hosts(of:)")
    try Expect.equal(
      await subject.store.records(host: HostName("old.example"), slug: Slug("old")),
      HostRecords(mappings: [], slugOwner: back, hold: nil), "records of the slug that was taken back")
  }

  private static func severalHolds(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t", slug: "a")
    let start = TenantStoreSubject.start
    try await subject.rename("t", from: "a", to: "b", at: start)
    try await subject.rename("t", from: "b", to: "c", at: start + .seconds(1))
    try await subject.rename("t", from: "c", to: "a", at: start + .seconds(2))
    try await subject.rename("t", from: "a", to: "d", at: start + .seconds(3))
    let holds = try await subject.hosts("t").holds.sorted { $0.slug < $1.slug }
    let expected = try [("a", 103), ("b", 101), ("c", 102)].map { slug, second in
      SlugHold(slug: try Slug(slug), tenantID: tenant.id, until: start + .seconds(second))
    }
    try Expect.equal(holds, expected, "the holds")
  }

  private static func overHold(_ subject: TenantStoreSubject) async throws {
    for way in ["create", "rename"] {
      try await subject.create(way, slug: "old-" + way)
      try await subject.rename(way, from: "old-" + way, to: "new-" + way)
      try await subject.create("other-" + way)
      let revision = try await subject.store.revision()
      let now = TenantStoreSubject.start + .seconds(100)
      if way == "create" {
        try await subject.create("taker-" + way, slug: "old-" + way, at: now)
      } else {
        try await subject.rename("other-" + way, from: "other-" + way, to: "old-" + way, at: now)
      }
      try Expect.equal(await subject.hosts(way).holds, [], "the former owner's holds after a \(way)")
      try Expect.none(
        await subject.store.records(host: HostName("x.example"), slug: Slug("old-" + way)).hold,
        "the hold on the slug after a \(way)")
      // A directory that kept the former owner's hold would have to be told.
      try Expect.holds(
        await subject.hosts(way).tenant.revision > revision, "the former owner is stamped when its hold is dropped")
    }
  }

  private static func endedHold(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "old")
    try await subject.rename("t", from: "old", to: "new", holdingFor: .zero)
    try Expect.equal(
      await subject.hosts("t").holds.map(\.slug), [Slug("old")], "the holds while nobody has taken the slug")
    let taken = try await subject.create("u", slug: "old")
    try Expect.equal(await subject.store.tenant(slug: Slug("old")), taken, "the new owner at the same instant")
  }

  private static func renameEvent(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t", slug: "old")
    let now = TenantStoreSubject.start + .microseconds(1)
    let event = TenancyEvent.renamed(
      tenantID: tenant.id, from: try Slug("old"), to: try Slug("new"), heldUntil: now + .seconds(100))
    _ = try await subject.tells([event], at: now, "a rename") {
      try await subject.rename("t", from: "old", to: "new", at: now)
    }
    _ = try await subject.tells([], "a rename to the present slug") {
      try await subject.rename("t", from: "new", to: "new")
    }
  }
}
