internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let feed = [
    Check("the feed brings every changed tenant once, as it is now, in the order of revisions", feedOrder),
    Check("the feed after the last revision is empty", feedEnd),
    Check("a tenant that changes while the feed is read appears again", feedAgain),
    Check("every kind of change is in the feed", feedKinds),
    Check("a reader that follows the feed beside two writers misses nothing", feedBesideWriters),
  ]

  private static let start = TenantStoreSubject.start

  private static func feedOrder(_ subject: TenantStoreSubject) async throws {
    for id in ["c", "a", "b", "d", "e"] { try await subject.create(id) }
    try await subject.rename("a", from: "a", to: "aa")
    try await subject.claim("www.customer.com", by: "c")
    for limit in [1, 2, 3, 100] {
      var seen: [TenantHosts] = []
      var revision: Int64 = 0
      while case .changes(let hosts, let through) = try await subject.store.changes(
        after: revision, limit: PageLimit(limit)), !hosts.isEmpty
      {
        try Expect.holds(hosts.count <= limit, "a page has at most \(limit) tenants", got: hosts.count)
        try Expect.holds(through > revision, "a page brings its reader on", got: through)
        try Expect.holds(
          hosts.allSatisfy { $0.tenant.revision > revision && $0.tenant.revision <= through },
          "a page has the revisions after its reader's through its own", got: hosts.map(\.tenant.revision))
        seen += hosts
        revision = through
      }
      // A store that keeps no feed says so each time, and readers load everything.
      if case .reload = try await subject.store.changes(after: 0, limit: .standard) { return }
      try Expect.equal(
        seen.map(\.tenant.id.rawValue), ["b", "d", "e", "a", "c"], "the order of changes by pages of \(limit)")
      for hosts in seen {
        try Expect.equal(await subject.store.hosts(of: hosts.tenant.id), hosts, "a tenant as it is now")
      }
      try Expect.equal(revision, await subject.store.revision(), "the revision at the end of the feed")
    }
  }

  private static func feedEnd(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t")
    let revision = try await subject.store.revision()
    switch try await subject.store.changes(after: revision, limit: .standard) {
    case .changes(let hosts, let through):
      try Expect.equal(hosts, [], "the changes after the last revision")
      try Expect.equal(through, revision, "the revision through which they are")
    case .reload: return
    }
  }

  private static func feedAgain(_ subject: TenantStoreSubject) async throws {
    var follower = FeedFollower(subject.store, limit: 1)
    for id in ["a", "b"] { try await subject.create(id) }
    _ = try await follower.step()
    try await subject.rename("a", from: "a", to: "aa")
    try await follower.drain()
    try Expect.equal(follower.known, try await subject.known(), "what a follower knows")
  }

  private static func feedKinds(_ subject: TenantStoreSubject) async throws {
    var follower = FeedFollower(subject.store, limit: 10)
    func follow(_ what: String, _ change: () async throws -> Void) async throws {
      try await change()
      try await follower.drain()
      try Expect.equal(follower.known, try await subject.known(), "what a follower knows after \(what)")
    }
    try await follow("a creation") { try await subject.create("t") }
    try await follow("another") { try await subject.create("u") }
    try await follow("a rename") { try await subject.rename("t", from: "t", to: "new") }
    try await follow("a suspension") {
      _ = try await subject.store.setStatus(.suspended, of: TenantID("u"), at: start)
    }
    var claim = try await subject.claim("www.customer.com", by: "t")
    try await follow("a claim") { try await subject.claim("www.customer.com", by: "u") }
    claim.state = .verified
    claim.provenAt = start
    try await follow("a proof") { [claim] in _ = try await subject.store.update(claim, at: start) }
    claim.version += 1
    try await follow("a deletion") { [claim] in try await subject.store.delete(claim, at: start) }
    try await follow("an operator's mapping") { try await subject.map("x.platform.example", label: "x", to: "t") }
    try await follow("the end of a hold") { try await subject.create("v", slug: "t", at: start + .seconds(100)) }
    try await follow("a closing") { _ = try await subject.store.setStatus(.closed, of: TenantID("u"), at: start) }
  }

  private static func feedBesideWriters(_ subject: TenantStoreSubject) async throws {
    let writers = 4
    let each = 12
    // Most tenants are written once, so that one that is missed is never made good by a later change.
    let followed = try await withThrowingTaskGroup(of: FeedFollower?.self) { group in
      for writer in 0..<writers {
        let store = writer % 2 == 0 ? subject.store : subject.peer
        group.addTask {
          for number in 0..<each {
            let draft = try subject.draft("w\(writer)-\(number)")
            _ = try await patiently { try await store.insert(draft, at: start) }
            guard number % 4 == 0 else { continue }
            _ = try await patiently { try await store.setStatus(.suspended, of: draft.id, at: start) }
          }
          return nil
        }
      }
      group.addTask {
        var follower = FeedFollower(subject.store, limit: 3)
        while follower.known.count < writers * each {
          let advanced = try await patiently { try await follower.step() }
          // Every writer has ended if nothing comes for so long; then something was missed.
          if advanced { follower.idle = 0 } else { follower.idle += 1 }
          if follower.idle > 20_000 { break }
          await Task.yield()
        }
        return follower
      }
      var last: FeedFollower?
      for try await one in group { last = one ?? last }
      return last
    }
    var follower = try Expect.some(followed, "the follower")
    try await follower.drain()
    try Expect.equal(follower.known, try await subject.known(), "what a follower knows after four writers")
    try Expect.equal(follower.known.count, writers * each, "how many tenants it knows")
  }
}

/// A reader of the feed that keeps what it is told, as a directory does.
private struct FeedFollower: Sendable {
  let store: any TenantStore
  let limit: PageLimit
  var revision: Int64 = 0
  var known: [TenantID: TenantHosts] = [:]
  var idle = 0

  init(_ store: any TenantStore, limit: Int) {
    self.store = store
    self.limit = PageLimit(limit)
  }

  /// Reads one page; false where nothing had changed.
  mutating func step() async throws -> Bool {
    switch try await store.changes(after: revision, limit: limit) {
    case .changes(let hosts, let through):
      for one in hosts { known[one.tenant.id] = one }
      revision = through
      return !hosts.isEmpty
    case .reload:
      let loaded = try await store.revision()
      var next: TenantID?
      known = [:]
      repeat {
        let page = try await store.hosts(after: next, limit: limit)
        for one in page.elements { known[one.tenant.id] = one }
        next = page.next
      } while next != nil
      defer { revision = loaded }
      return loaded != revision
    }
  }

  mutating func drain() async throws {
    while try await step() {}
  }
}

extension TenantStoreSubject {
  /// Every tenant by its identifier.
  fileprivate func known() async throws -> [TenantID: TenantHosts] {
    Dictionary(try await all().map { ($0.tenant.id, $0) }) { _, last in last }
  }
}
