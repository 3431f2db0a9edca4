internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let mappings = [
    Check("an inserted mapping has version 1 and stamps its tenant", insertedMapping),
    Check("every kind, state and failure of a mapping is stored whole", mappingStates),
    Check("a mapping is refused for the first rule that it breaks", mappingErrors),
    Check("an update raises the version by one and stamps the tenant", updatedMapping),
    Check("an update of a mapping that was changed since is a conflict, of one that is gone is not found", staleUpdate),
    Check("a deletion takes the mapping, stamps its tenant, and done again does nothing", deletedMapping),
    Check("the mappings of a closed tenant can still be changed and deleted", closedTenantsMappings),
    Check("a mapping tells an event where its state changes, and only there", mappingEvents),
  ]

  private static let start = TenantStoreSubject.start

  private static func insertedMapping(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t")
    var draft = DomainMapping.custom(try HostName("www.customer.com"), of: tenant.id, at: start + .microseconds(3))
    draft.version = 77
    let mapping = try await subject.store.insert(draft, label: nil, at: start)
    draft.version = 1
    try Expect.equal(mapping, draft, "the answer")
    let hosts = try await subject.hosts("t")
    try Expect.equal(hosts.mappings, [mapping], "the tenant's mappings")
    try Expect.holds(hosts.tenant.revision > tenant.revision, "the tenant is stamped", got: hosts.tenant.revision)
    try Expect.equal(await subject.store.revision(), hosts.tenant.revision, "the store's revision")
    for store in [subject.store, subject.peer] {
      try Expect.equal(
        await store.records(host: mapping.host, slug: nil),
        HostRecords(mappings: [.init(mapping: mapping, tenant: hosts.tenant)], slugOwner: nil, hold: nil),
        "records of the host")
      try Expect.equal(
        await store.records(host: HostName("customer.com"), slug: nil),
        HostRecords(mappings: [], slugOwner: nil, hold: nil), "records of another host")
    }
  }

  private static func mappingStates(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t")
    let states: [DomainMapping.State] = [
      .pending, .verified, .active, .removing, .error(.claimedElsewhere), .error(.expired), .error(.ownershipLost),
      .error(.notConfigured), .error(.refused(code: "forbidden")), .error(.refused(code: "")),
      .error(.refused(code: "a:b 'ü'")),
    ]
    var expected: [DomainMapping] = []
    for (number, state) in states.enumerated() {
      for kind in DomainMapping.Kind.allCases {
        for proof in [nil, start + .microseconds(number)] where proof != nil || !state.needsProof {
          let host = try HostName("\(kind)-\(proof == nil ? "open" : "proven")-\(number).example")
          let mapping = DomainMapping(
            host: host, tenantID: tenant.id, kind: kind, state: state, provenAt: proof, createdAt: start,
            changedAt: start + .microseconds(1))
          expected.append(try await subject.store.insert(mapping, label: nil, at: start))
        }
      }
    }
    let stored = try await subject.hosts("t").mappings
    try Expect.equal(stored.sorted { $0.host < $1.host }, expected.sorted { $0.host < $1.host }, "the mappings")
  }

  private static func mappingErrors(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t")
    try await subject.create("owner")
    let host = try HostName("www.customer.com")
    try await subject.claim("www.customer.com", by: "owner", state: .active, proven: true)
    try await subject.refused(.store(.notFound), "a mapping of a tenant that there is not") {
      try await subject.claim("www.customer.com", by: "nobody")
    }
    try await subject.refused(.mappingExists(host), "a second mapping of a host for one tenant") {
      try await subject.claim("www.customer.com", by: "owner", state: .active, proven: true)
    }
    try await subject.refused(.hostTaken(host), "a second owner of a host") {
      try await subject.claim("www.customer.com", by: "t", state: .verified, proven: true)
    }
    try await subject.claim("www.customer.com", by: "t")
    try await subject.create("gone", status: .closed)
    try await subject.refused(.closed(TenantID("gone")), "a mapping of a closed tenant") {
      try await subject.claim("www.gone.com", by: "gone")
    }
    try await subject.refused(.hostTaken(host), "a closed tenant as second owner of a host") {
      try await subject.claim("www.customer.com", by: "gone", state: .active, proven: true)
    }
  }

  private static func updatedMapping(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t")
    let first = try await subject.claim("www.customer.com", by: "t")
    let revision = try await subject.hosts("t").tenant.revision
    var next = first
    next.state = .verified
    next.provenAt = start + .microseconds(7)
    next.changedAt = start + .microseconds(7)
    let updated = try await subject.store.update(next, at: start + .microseconds(7))
    next.version = 2
    try Expect.equal(updated, next, "the answer")
    try Expect.equal(await subject.mapping("www.customer.com", of: "t"), next, "the stored mapping")
    let hosts = try await subject.hosts("t")
    try Expect.holds(hosts.tenant.revision > revision, "the tenant is stamped", got: hosts.tenant.revision)
    next.state = .active
    try Expect.equal(await subject.peer.update(next, at: start).version, 3, "the version after a second update")
  }

  private static func staleUpdate(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t")
    let first = try await subject.claim("www.customer.com", by: "t")
    var next = first
    next.state = .error(.expired)
    let second = try await subject.store.update(next, at: start)
    try await subject.refused(.store(.conflict("")), "an update of an older version") {
      try await subject.store.update(first, at: start)
    }
    try await subject.refused(.store(.conflict("")), "a deletion of an older version") {
      try await subject.store.delete(first, at: start)
    }
    try await subject.store.delete(second, at: start)
    try await subject.refused(.store(.notFound), "an update of a mapping that is gone") {
      try await subject.store.update(second, at: start)
    }
    try await subject.create("u")
    try await subject.claim("www.customer.com", by: "u")
    try await subject.refused(.store(.notFound), "an update of a mapping that only another tenant has") {
      try await subject.store.update(second, at: start)
    }
  }

  private static func deletedMapping(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t")
    try await subject.create("u")
    let mapping = try await subject.claim("www.customer.com", by: "t", state: .active, proven: true)
    let other = try await subject.claim("www.customer.com", by: "u")
    let revision = try await subject.hosts("t").tenant.revision
    try await subject.store.delete(mapping, at: start)
    try Expect.none(await subject.mapping("www.customer.com", of: "t"), "the mapping after its deletion")
    try Expect.holds(await subject.hosts("t").tenant.revision > revision, "the tenant is stamped")
    try Expect.equal(await subject.mapping("www.customer.com", of: "u"), other, "another tenant's mapping of the host")
    try await subject.unchanged("a deletion of what is gone") { try await subject.store.delete(mapping, at: start) }
    // The name is free again.
    try await subject.claim("www.customer.com", by: "t", state: .active, proven: true)
  }

  private static func closedTenantsMappings(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t")
    var mapping = try await subject.claim("www.customer.com", by: "t", state: .active, proven: true)
    _ = try await subject.store.setStatus(.closed, of: tenant.id, at: start)
    mapping.state = .removing
    let removing = try await subject.store.update(mapping, at: start)
    try await subject.store.delete(removing, at: start)
    try Expect.equal(await subject.hosts("t").mappings, [], "the closed tenant's mappings")
  }

  private static func mappingEvents(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t")
    let host = try HostName("www.customer.com")
    func changed(_ old: DomainMapping.State?, _ new: DomainMapping.State?) -> [TenancyEvent] {
      [.domainChanged(tenantID: tenant.id, host: host, from: old, to: new)]
    }
    var mapping = try await subject.tells(changed(nil, .pending), "an insertion") {
      try await subject.claim("www.customer.com", by: "t")
    }
    mapping.state = .error(.refused(code: "forbidden"))
    mapping = try await subject.tells(changed(.pending, mapping.state), "an update to another state") {
      [mapping] in try await subject.store.update(mapping, at: start)
    }
    mapping.changedAt = start + .seconds(9)
    mapping = try await subject.tells([], "an update within one state") {
      [mapping] in try await subject.store.update(mapping, at: start)
    }
    _ = try await subject.tells(changed(mapping.state, nil), "a deletion") {
      [mapping] in try await subject.store.delete(mapping, at: start)
    }
  }
}
