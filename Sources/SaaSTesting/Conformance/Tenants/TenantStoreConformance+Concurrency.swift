internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let concurrency = [
    Check("of concurrent creations with one slug exactly one succeeds", oneSlug),
    Check("of concurrent creations for one organisation exactly one succeeds", oneOrganization),
    Check("of concurrent renames to one slug exactly one succeeds", oneRename),
    Check("of concurrent renames of one tenant exactly one succeeds", oneTenantRenamed),
    Check("of a slug and an operator's label that come together exactly one succeeds", slugOrLabel),
    Check("of concurrent proofs of one host exactly one succeeds", oneProof),
    Check("of concurrent updates of one version exactly one succeeds", oneUpdate),
    Check("concurrent changes take revisions and tell events, each its own", revisionsAndEvents),
  ]

  private static let start = TenantStoreSubject.start
  private static let callers = 8

  /// Has several callers do the same over both connections; exactly one may succeed, and the others fail as given.
  private static func onlyOne<Answer: Sendable>(
    _ subject: TenantStoreSubject, _ what: String, others: @Sendable (TenantStoreError) -> Bool,
    _ body: @escaping @Sendable (Int, any TenantStore) async throws -> Answer
  ) async throws -> Answer {
    let outcomes = await concurrently(callers) { number in
      try await body(number, number % 2 == 0 ? subject.store : subject.peer)
    }
    let answers: [Answer] = outcomes.answers()
    for error in outcomes.errors() {
      let known = (error as? TenantStoreError).map(others) ?? false
      try Expect.holds(known, "the others of \(what) are refused by the rule", got: error)
    }
    try Expect.equal(answers.count, 1, "how many succeeded of \(what)")
    return try Expect.some(answers.first, "the answer of the one that succeeded")
  }

  private static func oneSlug(_ subject: TenantStoreSubject) async throws {
    let slug = try Slug("wanted")
    let winner = try await onlyOne(subject, "creations with one slug", others: { $0 == .slugTaken(slug) }) {
      try await $1.insert(subject.draft("t\($0)", slug: "wanted"), at: start)
    }
    try Expect.equal(await subject.all().map(\.tenant), [winner], "the tenants that there are")
    try Expect.equal(await subject.events().count, 1, "how many events were told")
  }

  private static func oneOrganization(_ subject: TenantStoreSubject) async throws {
    let organization = try OrgID("acme")
    let winner = try await onlyOne(
      subject, "creations for one organisation", others: { $0 == .organizationHasTenant(organization) }
    ) {
      try await $1.insert(subject.draft("t\($0)", organization: "acme"), at: start)
    }
    try Expect.equal(await subject.all().map(\.tenant), [winner], "the tenants that there are")
  }

  private static func oneRename(_ subject: TenantStoreSubject) async throws {
    for number in 0..<callers { try await subject.create("t\(number)") }
    let slug = try Slug("wanted")
    let winner = try await onlyOne(subject, "renames to one slug", others: { $0 == .slugTaken(slug) }) {
      try await $1.rename(
        TenantID("t\($0)"), from: Slug("t\($0)"), to: slug, holdingUntil: start + .seconds(100), at: start)
    }
    let owners = try await subject.all().filter { $0.tenant.slug == slug }.map(\.tenant)
    try Expect.equal(owners, [winner], "the tenants with the slug")
    try Expect.equal(await subject.all().flatMap(\.holds).count, 1, "how many slugs are held")
  }

  private static func oneTenantRenamed(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "old")
    let winner = try await onlyOne(
      subject, "renames of one tenant",
      others: {
        if case .slugChanged = $0 { return true }
        return false
      }
    ) {
      try await $1.rename(
        TenantID("t"), from: Slug("old"), to: Slug("new-\($0)"), holdingUntil: start + .seconds(100), at: start)
    }
    try Expect.equal(await subject.hosts("t").tenant, winner, "the tenant")
    try Expect.equal(await subject.hosts("t").holds.map(\.slug), [try Slug("old")], "what it holds")
  }

  private static func slugOrLabel(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t")
    let slug = try Slug("wanted")
    let host = try HostName("wanted.platform.example")
    _ = try await onlyOne(
      subject, "a slug and a label",
      others: { $0 == .slugTaken(slug) || $0 == .mappingExists(host) }
    ) { number, store in
      if number % 4 < 2 {
        _ = try await store.insert(subject.draft("u\(number)", slug: "wanted"), at: start)
      } else {
        _ = try await store.insert(.subdomain(host, of: TenantID("t"), at: start), label: slug, at: start)
      }
    }
    let records = try await subject.store.records(host: host, slug: slug)
    try Expect.holds((records.slugOwner == nil) != records.mappings.isEmpty, "the host has one owner", got: records)
  }

  private static func oneProof(_ subject: TenantStoreSubject) async throws {
    let host = try HostName("www.customer.com")
    var claims: [DomainMapping] = []
    for number in 0..<callers {
      try await subject.create("t\(number)")
      var claim = try await subject.claim("www.customer.com", by: "t\(number)")
      claim.state = .verified
      claim.provenAt = start
      claims.append(claim)
    }
    let winner = try await onlyOne(
      subject, "proofs of one host", others: { $0 == .hostTaken(host) || $0.isConflict }
    ) { [claims] in try await $1.update(claims[$0], at: start) }
    let mappings = try await subject.store.records(host: host, slug: nil).mappings.map(\.mapping)
    try Expect.equal(mappings.filter(\.ownsHost), [winner], "the mapping that owns the host")
    let lost = mappings.filter { $0.state == .error(.claimedElsewhere) }.count
    try Expect.equal(lost, callers - 1, "how many lost it")
  }

  private static func oneUpdate(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t")
    let claim = try await subject.claim("www.customer.com", by: "t")
    let winner = try await onlyOne(subject, "updates of one version", others: \.isConflict) {
      var next = claim
      next.state = .error(.refused(code: "\($0)"))
      return try await $1.update(next, at: start)
    }
    try Expect.equal(await subject.mapping("www.customer.com", of: "t"), winner, "the mapping")
    try Expect.equal(winner.version, 2, "its version")
  }

  private static func revisionsAndEvents(_ subject: TenantStoreSubject) async throws {
    let outcomes = await concurrently(callers) { number in
      let store = number % 2 == 0 ? subject.store : subject.peer
      var revisions: [Int64] = []
      let draft = try subject.draft("t\(number)")
      revisions.append(try await patiently { try await store.insert(draft, at: start) }.revision)
      for status in [Tenant.Status.suspended, .active, .closed] {
        revisions.append(try await patiently { try await store.setStatus(status, of: draft.id, at: start) }.revision)
      }
      return revisions
    }
    for error in outcomes.errors() { throw error }
    let revisions: [[Int64]] = outcomes.answers()
    for own in revisions { try Expect.equal(own, own.sorted(), "one tenant's revisions in the order of its changes") }
    try Expect.equal(Set(revisions.joined()).count, callers * 4, "every change has a revision of its own")
    try Expect.equal(revisions.joined().max(), await subject.store.revision(), "the store's revision")
    let events = try await subject.events()
    try Expect.equal(events.map(\.sequence), events.map(\.sequence).sorted(), "the outbox grows")
    for number in 0..<callers {
      let organization = try OrgID("org-t\(number)")
      let kinds = events.filter { $0.organizationID == organization }.map(\.kind)
      try Expect.equal(
        kinds, ["tenant.created", "tenant.suspended", "tenant.resumed", "tenant.closed"],
        "the events of one organisation, in order")
    }
  }
}

extension TenantStoreError {
  fileprivate var isConflict: Bool {
    if case .store(.conflict) = self { return true }
    return false
  }
}
