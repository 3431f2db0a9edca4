public import SaaSCore
public import TenancyKit

/// A fresh, empty ``TenantStore`` for a conformance check, with the outbox that its changes are recorded in.
public struct TenantStoreSubject: Sendable {
  /// The store.
  public let store: any TenantStore
  /// The same store as another process would have it: over a connection of its own where the store has connections, else
  /// the same value again.
  public let peer: any TenantStore
  /// Where the store's events are read.
  public let outbox: any Outbox

  /// A store to check.
  public init(store: any TenantStore, peer: (any TenantStore)? = nil, outbox: any Outbox) {
    self.store = store
    self.peer = peer ?? store
    self.outbox = outbox
  }
}

extension TenantStoreError: StoreErrorCarrying {
  var storeError: StoreError? {
    if case .store(let error) = self { return error }
    return nil
  }

  fileprivate var withoutText: TenantStoreError { storeError.map { .store($0.withoutText) } ?? self }
}

/// Everything that a store says, so that "nothing was changed" can be shown.
struct TenantStoreSnapshot: Equatable {
  let revision: Int64
  let hosts: [TenantHosts]
  let events: [OutboxEvent]
}

/// What the checks are written in.
extension TenantStoreSubject {
  /// The instant of most checks: long ago, so that a store which asked its own clock would be found out.
  static let start = Timestamp(seconds: 315_532_800)

  // MARK: Building

  /// A tenant that is in no store yet; slug and organisation follow from the identifier where they are not given.
  func draft(
    _ id: String, slug: String? = nil, organization: String? = nil, status: Tenant.Status = .active,
    at now: Timestamp = start
  ) throws -> Tenant {
    Tenant(
      id: try TenantID(id), organizationID: try OrgID(organization ?? "org-" + id), slug: try Slug(slug ?? id),
      status: status, createdAt: now)
  }

  /// Creates a tenant.
  @discardableResult
  func create(
    _ id: String, slug: String? = nil, organization: String? = nil, status: Tenant.Status = .active,
    at now: Timestamp = start
  ) async throws -> Tenant {
    try await store.insert(
      draft(id, slug: slug, organization: organization, status: status, at: now), at: now)
  }

  /// Renames a tenant whose slug is the given one, and holds it.
  @discardableResult
  func rename(
    _ id: String, from slug: String, to next: String, holdingFor hold: Duration = .seconds(100),
    at now: Timestamp = start
  ) async throws -> Tenant {
    try await store.rename(TenantID(id), from: Slug(slug), to: Slug(next), holdingUntil: now + hold, at: now)
  }

  /// Inserts a claim to a customer's host in a state of choice.
  @discardableResult
  func claim(
    _ host: String, by id: String, state: DomainMapping.State = .pending, proven: Bool = false,
    at now: Timestamp = start
  ) async throws -> DomainMapping {
    var mapping = DomainMapping.custom(try HostName(host), of: try TenantID(id), at: now)
    mapping.state = state
    mapping.provenAt = proven ? now : nil
    return try await store.insert(mapping, label: nil, at: now)
  }

  /// Inserts an operator's mapping.
  @discardableResult
  func map(_ host: String, label: String?, to id: String, at now: Timestamp = start) async throws -> DomainMapping {
    try await store.insert(
      .subdomain(HostName(host), of: TenantID(id), at: now), label: label.map { (text) throws in try Slug(text) },
      at: now)
  }

  // MARK: Reading

  /// A tenant with its hosts.
  func hosts(_ id: String) async throws -> TenantHosts {
    try Expect.some(await store.hosts(of: TenantID(id)), "hosts(of: \(id))")
  }

  /// A tenant's mapping of a host as it is stored.
  func mapping(_ host: String, of id: String) async throws -> DomainMapping? {
    let name = try HostName(host)
    return try await hosts(id).mappings.first { $0.host == name }
  }

  /// Every tenant, by pages of the given size.
  func all(pagedBy limit: Int = 1_000) async throws -> [TenantHosts] {
    var all: [TenantHosts] = []
    var next: TenantID?
    repeat {
      let page = try await store.hosts(after: next, limit: PageLimit(limit))
      try Expect.holds(page.elements.count <= limit, "a page has at most \(limit) tenants", got: page.elements.count)
      all += page.elements
      next = page.next
    } while next != nil
    return all
  }

  /// Every event.
  func events(after sequence: Int64 = 0) async throws -> [OutboxEvent] {
    var all: [OutboxEvent] = []
    while true {
      let events = try await outbox.events(after: all.last?.sequence ?? sequence, limit: .maximum)
      if events.isEmpty { return all }
      all += events
    }
  }

  /// Everything.
  func snapshot() async throws -> TenantStoreSnapshot {
    TenantStoreSnapshot(revision: try await store.revision(), hosts: try await all(), events: try await events())
  }

  // MARK: Holding to the contract

  /// A call is refused with an error, and changes nothing at all.
  func refused<Answer>(_ error: TenantStoreError, _ what: String, of body: () async throws -> Answer) async throws {
    let before = try await snapshot()
    try await Expect.failure(error, what, reading: \.withoutText, of: body)
    try Expect.equal(await snapshot(), before, "everything in the store after it refused: \(what)")
  }

  /// A call succeeds and changes nothing at all.
  func unchanged<Answer>(_ what: String, by body: () async throws -> Answer) async throws -> Answer {
    let before = try await snapshot()
    let answer = try await body()
    try Expect.equal(await snapshot(), before, "everything in the store after: \(what)")
    return answer
  }

  /// A call appends exactly these events, each to the organisation of its tenant, stamped with the instant.
  func tells<Answer>(
    _ expected: [TenancyEvent], at now: Timestamp = start, _ what: String, by body: () async throws -> Answer
  ) async throws -> Answer {
    let before = try await events()
    let answer = try await body()
    let new = try await events(after: before.last?.sequence ?? 0)
    // One change may tell several tenants' events, whose order among each other nobody relies on.
    func sorted(_ events: [TenancyEvent]) -> [String] { events.map(String.init(describing:)).sorted() }
    try Expect.equal(sorted(new.compactMap(TenancyEvent.init)), sorted(expected), "the events of: \(what)")
    for event in new {
      try Expect.equal(event.occurredAt, now, "the instant of \(event.kind)")
      guard let told = TenancyEvent(event) else { continue }
      try Expect.equal(event.kind, told.kind, "the kind under which an event is stored")
      let tenant = try Expect.some(await store.tenant(told.tenantID), "the tenant of \(event.kind)")
      try Expect.equal(event.organizationID, tenant.organizationID, "the organisation of \(event.kind)")
    }
    try Expect.equal(Set((before + new).map(\.id)).count, before.count + new.count, "every event has an ID of its own")
    return answer
  }
}

extension TenancyEvent {
  var tenantID: TenantID {
    switch self {
    case .created(let id, _), .renamed(let id, _, _, _), .suspended(let id), .resumed(let id), .closed(let id),
      .domainChanged(let id, _, _, _):
      id
    }
  }
}
