import SaaSCore
import SaaSTesting
import Testing

@testable import TenancyKit

@Suite struct HostIndexTests {
  @Test(arguments: UInt64(1)...40)
  func `an index agrees with the plain rules on random directories, hosts and instants`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    var model = try DirectoryModel(seed: seed)
    for _ in 0..<Int.random(in: 0...60, using: &dice) { _ = try model.change(using: &dice) }
    let index = try HostIndex(
      platform: model.platform, tenants: model.all, secret: HostHashSecret(using: &dice))
    for _ in 0..<500 {
      let host = model.host(using: &dice)
      let now = model.now + .seconds(Int.random(in: -9_000...9_000, using: &dice))
      #expect(index.answer(host, at: now) == model.answer(host, at: now), "seed \(seed), host \(shown(host))")
    }
  }

  @Test(arguments: UInt64(1)...16)
  func `an index after any changes equals one built from scratch`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let secret = HostHashSecret(using: &dice)
    try checkChanges(DirectoryModel(seed: seed), secret, seed: seed, using: &dice)
  }

  @Test(arguments: UInt64(1)...8)
  func `an index whose keys nearly all share three tags after any changes equals one built from scratch`(seed: UInt64)
    throws
  {
    var dice = SeededGenerator(seed: seed)
    let secret = HostHashSecret(using: &dice)
    var model = try DirectoryModel(seed: seed)
    // The tag that the lowest bytes 0 and 1 share, and two that differ in their lowest bit alone.
    let chooser = NameChooser(platform: model.platform, secret: secret)
    model.slugs = chooser.names(10, in: .label) { "slug-\($0)" }
    model.customHosts =
      chooser.names(8, in: .host) { "host\($0).example" } + chooser.names(4, in: .host) { "op\($0).emperor.gallery" }
    try checkChanges(model, secret, seed: seed, using: &dice)
  }

  /// Changes a directory at random, and compares the index that follows with one that is made anew and with the rules.
  private func checkChanges(
    _ start: DirectoryModel, _ secret: HostHashSecret, seed: UInt64, using dice: inout SeededGenerator
  ) throws {
    var model = start
    var storage = try HostIndex(platform: model.platform, tenants: [], secret: secret).storage
    for step in 0..<25 {
      var changed: [TenantID] = []
      for _ in 0..<Int.random(in: 1...8, using: &dice) {
        for id in try model.change(using: &dice) {
          changed.removeAll { $0 == id }
          changed.append(id)
        }
      }
      if Int.random(in: 0..<10, using: &dice) == 0 { storage = try HostIndexBuilder.rebuilt(storage, adding: 1) }
      storage = try storage.applying(changed.compactMap(model.hosts))
      let changedIndex = HostIndex(storage: storage)
      let fresh = try HostIndex(platform: model.platform, tenants: model.all, secret: secret)
      #expect(storage.table.count == fresh.storage.table.count, "seed \(seed), step \(step)")
      #expect(changedIndex.tenantCount == fresh.tenantCount, "seed \(seed), step \(step)")
      let hosts = (0..<60).map { _ in model.host(using: &dice) }
      // More than are read ahead at once, and some of those go on to other lines.
      let batch = changedIndex.verdictsReadingAhead(ofBatch: hosts + hosts, at: model.now)
      #expect(batch.prefix(hosts.count) == batch.suffix(hosts.count), "seed \(seed), step \(step)")
      for (host, verdict) in zip(hosts, batch) {
        let now = model.now + .seconds(Int.random(in: -9_000...9_000, using: &dice))
        #expect(
          verdict == changedIndex.verdict(forHost: host.span, at: model.now),
          "seed \(seed), step \(step), host \(shown(host)) in a batch")
        let expected = model.answer(host, at: now)
        #expect(changedIndex.answer(host, at: now) == expected, "seed \(seed), step \(step), host \(shown(host))")
        #expect(fresh.answer(host, at: now) == expected, "seed \(seed), step \(step), host \(shown(host))")
      }
    }
  }

  @Test(arguments: UInt64(1)...10)
  func `a batch and a string get the same verdicts as bytes one by one`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    var model = try DirectoryModel(seed: seed)
    for _ in 0..<40 { _ = try model.change(using: &dice) }
    let index = try HostIndex(platform: model.platform, tenants: model.all, secret: HostHashSecret(using: &dice))
    let hosts = (0..<Int.random(in: 0...100, using: &dice)).map { _ in model.host(using: &dice) }
    let verdicts = index.verdicts(ofBatch: hosts, at: model.now)
    #expect(verdicts == index.verdictsReadingAhead(ofBatch: hosts, at: model.now), "seed \(seed)")
    for (host, verdict) in zip(hosts, verdicts) {
      #expect(verdict == index.verdict(forHost: host.span, at: model.now), "seed \(seed), host \(shown(host))")
      if let text = String(validating: host, as: UTF8.self) {
        #expect(verdict == index.verdict(forHost: text, at: model.now), "seed \(seed), host \(shown(host))")
      }
    }
  }

  @Test func `ends that do not lie in the bytes count as empty hosts`() throws {
    let index = try HostIndex(platform: Platform(domains: ["emperor.gallery"]), tenants: [])
    let bytes = Array("emperor.gallery".utf8)
    var verdicts = Array(repeating: HostVerdict(.reserved), count: 5)
    var span = verdicts.mutableSpan
    let ends = [15, 3, -4, 900]
    index.verdicts(forHosts: bytes.span, endingAt: ends.span, at: .distantPast, into: &span)
    #expect(verdicts.map(\.kind) == [.platform, .notFound, .notFound, .notFound, .reserved])
    #expect(verdicts[1...3].allSatisfy { $0.reason == .empty })
  }

  @Test func `a verdict of another index names nobody`() throws {
    let model = try populated(seed: 7)
    let one = try HostIndex(platform: model.platform, tenants: model.all)
    let other = try HostIndex(platform: model.platform, tenants: model.all)
    let slug = try #require(model.all.first { $0.tenant.status == .active }).tenant.slug
    let verdict = one.verdict(forHost: "\(slug).emperor.gallery", at: model.now)
    #expect(verdict.kind == .tenant)
    #expect(one.tenantID(for: verdict) != nil)
    #expect(other.tenantID(for: verdict) == nil)
    #expect(other.storage.context(for: verdict) == nil)
  }

  @Test func `names that collide under one secret spread under another`() throws {
    var dice = SeededGenerator(seed: 11)
    let known = HostHashSecret(using: &dice)
    let secret = HostHashSecret(using: &dice)
    let platform = try Platform(domains: ["emperor.gallery"])
    let count = 600
    let colliding = try Self.colliding(count, on: platform, under: known)
    let weak = try HostIndex(platform: platform, tenants: colliding, secret: known)
    let strong = try HostIndex(platform: platform, tenants: colliding, secret: secret)
    // Read lines are counted, not timed.
    #expect(weak.linesRead(for: colliding) > count * 10)
    #expect(strong.linesRead(for: colliding) < count * 2)
    for hosts in colliding {
      #expect(strong.verdict(forHost: "\(hosts.tenant.slug).emperor.gallery", at: .distantPast).kind == .tenant)
    }
  }

  /// What an attacker who knew the secret would do: choose only names of one line of a table of their size.
  private static func colliding(_ count: Int, on platform: Platform, under secret: HostHashSecret) throws
    -> [TenantHosts]
  {
    let lines = HostTable(capacity: count).lineCount
    let bytes = PlatformBytes(platform, secret: secret)
    let hasher = HostHasher(secret: UnsafePointer(bytes.secret))
    var colliding: [TenantHosts] = []
    var number = 0
    while colliding.count < count {
      number += 1
      let name = Array("evil\(number)".utf8) + [UInt8](repeating: 0, count: 24)
      let hash = name.withUnsafeBytes { buffer in
        buffer.baseAddress.map { hasher.hash($0, count: name.count - 24, in: .label) } ?? 0
      }
      guard HostTable.line(hash, of: lines) == 0 else { continue }
      let tenant = Tenant(
        id: try TenantID("t\(number)"), organizationID: try OrgID("o\(number)"), slug: try Slug("evil\(number)"),
        createdAt: .distantPast)
      colliding.append(TenantHosts(tenant: tenant, holds: [], mappings: []))
    }
    return colliding
  }

  @Test func `a million-byte header is refused as too long`() throws {
    let index = try HostIndex(platform: Platform(domains: ["emperor.gallery"]), tenants: [])
    let host = String(repeating: "a", count: 1_000_000)
    #expect(index.verdict(forHost: host, at: .distantPast).reason == .tooLong)
  }

  @Test func `a tenant with more hosts than a segment holds resolves by every one of them`() throws {
    let platform = try Platform(domains: ["emperor.gallery"])
    let tenant = Tenant(
      id: try TenantID("big"), organizationID: try OrgID("org"), slug: try Slug("big"), createdAt: .distantPast)
    let mappings = try (0..<40_000).map { number in
      var mapping = DomainMapping.custom(
        try HostName("host-\(number)." + String(repeating: "d", count: 50) + ".example"), of: tenant.id,
        at: .distantPast)
      mapping.state = .active
      mapping.provenAt = .distantPast
      return mapping
    }
    let small = TenantHosts(
      tenant: Tenant(
        id: try TenantID("small"), organizationID: try OrgID("org2"), slug: try Slug("small"), createdAt: .distantPast),
      holds: [], mappings: [])
    let index = try HostIndex(
      platform: platform, tenants: [small, TenantHosts(tenant: tenant, holds: [], mappings: mappings), small])
    for mapping in mappings {
      #expect(index.tenantID(for: index.verdict(forHost: mapping.host.rawValue, at: .distantPast)) == tenant.id)
    }
  }

  private func populated(seed: UInt64) throws -> DirectoryModel {
    var dice = SeededGenerator(seed: seed)
    var model = try DirectoryModel()
    for _ in 0..<40 { _ = try model.change(using: &dice) }
    return model
  }
}

extension HostIndex {
  func answer(_ host: [UInt8], at now: Timestamp) -> DirectoryModel.Answer {
    let verdict = verdict(forHost: host.span, at: now)
    return DirectoryModel.Answer(
      kind: verdict.kind, reason: verdict.reason, tenantID: tenantID(for: verdict),
      movedTo: movedHost(for: verdict)?.rawValue)
  }

  /// How many lines the look-ups of all these tenants' slugs read in all.
  fileprivate func linesRead(for tenants: [TenantHosts]) -> Int {
    tenants.reduce(0) { sum, hosts in
      let name = hosts.tenant.slug.text.bytes + [UInt8](repeating: 0, count: 24)
      let count = hosts.tenant.slug.text.count
      return sum
        + name.withUnsafeBytes { buffer in
          guard let start = buffer.baseAddress else { return 0 }
          let hash = storage.hasher.hash(start, count: count, in: .label)
          return storage.table.forEachCandidate(hash) { offset in
            guard let entry = storage.arena.pointer(offset) else { return false }
            return HostEntry.form(entry) == HostEntry.plainTenant && Int(HostEntry.slugCount(entry)) == count
              && HostEntry.same(entry + 1, start, count)
          }
        }
    }
  }
}

func shown(_ host: [UInt8]) -> String { String(decoding: host, as: UTF8.self).debugDescription }
