import SaaSCore
import SaaSTesting
import TenancyKit

/// A small directory that changes at random as a store would let it, with the plainest reading of the rules.
///
/// It shares no code with the index: hosts are arrays of bytes, tenants lie in a dictionary, and every rule is a line.
struct DirectoryModel {
  struct Entry {
    var tenant: Tenant
    var holds: [SlugHold] = []
    var mappings: [DomainMapping] = []
  }

  struct Answer: Equatable, CustomStringConvertible {
    var kind: HostVerdict.Kind
    var reason: HostReason?
    var tenantID: TenantID?
    var movedTo: String?
    var description: String {
      "\(kind) \(reason.map(\.description) ?? "") \(tenantID.map(\.description) ?? "") \(movedTo ?? "")"
    }
  }

  let platform: Platform
  var entries: [TenantID: Entry] = [:]
  var created = 0
  var now = Timestamp(seconds: 1_750_000_000)

  /// The slugs that tenants take and the hosts that they map; a test may put others in their place.
  var slugs = [
    "a", "b", "team-a", "x1", "0", "42", "zz-9-q", String(repeating: "s", count: 63), "fifteen-letters",
    "longer-slug-name", "seventeen-letters", "thirty-two-letters-in-one-slug-x",
    "thirty-three-letters-in-one-slug-x",
  ]
  var customHosts = [
    "customer.com", "www.customer.com", "a.b.c.d.e", "xn--caf-dma.example", "shop.emperor.gallery", "a.emperor.gallery",
    "deep.er.emperor.gallery", "a--b.emperor.gallery", "www.emperor.gallery", "x.app.emperor.gallery",
    "team-a.evil.com",
    String(repeating: "l", count: 60) + "." + String(repeating: "m", count: 60) + ".example.org", "localhost.example",
    "a.localhost",
  ]

  /// Platforms that an index treats each in its own way: of several domains, one of them under the first or none, and of one
  /// that has fifteen bytes, fewer, sixteen, or more.
  static let platforms = [
    ["emperor.gallery", "app.emperor.gallery", "localhost"], ["emperor.gallery"], ["localhost"],
    ["emperor.gallery", "localhost", "gallery"], ["emperors.gallery"], ["app.emperor.gallery"],
  ]

  init(domains: [String] = platforms[0]) throws {
    platform = try Platform(domains: domains, reserving: ["billing", "0-0"])
  }

  /// A model of the platform whose turn a seed is.
  init(seed: UInt64) throws { try self.init(domains: Self.platforms[Int(seed) % Self.platforms.count]) }

  var all: [TenantHosts] { entries.keys.sorted().compactMap(hosts) }

  func hosts(of id: TenantID) -> TenantHosts? {
    entries[id].map { TenantHosts(tenant: $0.tenant, holds: $0.holds, mappings: $0.mappings) }
  }

  /// Changes something, and gives the tenants that it changed, those that lost something first.
  mutating func change(using dice: inout SeededGenerator) throws -> [TenantID] {
    now = now + .seconds(Int.random(in: 0...3_000, using: &dice))
    let known = entries.keys.sorted()
    guard let id = known.randomElement(using: &dice), Int.random(in: 0..<10, using: &dice) > 1 else {
      return try create(using: &dice)
    }
    guard var entry = entries[id] else { return [] }
    switch Int.random(in: 0..<60, using: &dice) {
    case 0..<24:
      guard let slug = try freeSlug(for: id, using: &dice), slug != entry.tenant.slug else { return [] }
      let loser = dropHold(of: slug)
      entry = entries[id] ?? entry
      let length = Bool.random(using: &dice) ? 0 : Int.random(in: 0...9_000, using: &dice)
      let old = SlugHold(slug: entry.tenant.slug, tenantID: id, until: now + .seconds(length))
      entry.holds.append(old)
      entry.tenant.slug = slug
      entries[id] = entry
      return (loser.map { $0 == id ? [] : [$0] } ?? []) + [id]
    case 24..<31:
      entry.tenant.status = [.active, .suspended, .active, .closed].randomElement(using: &dice) ?? .active
    case 31..<45:
      let host = try HostName(customHosts.randomElement(using: &dice) ?? "a.example")
      guard !entry.mappings.contains(where: { $0.host == host }) else { return [] }
      entry.mappings.append(.custom(host, of: id, at: now))
    case 45..<52:
      guard let index = entry.mappings.indices.randomElement(using: &dice) else { return [] }
      let host = entry.mappings[index].host
      let isServed = entries.values.contains { $0.mappings.contains { $0.host == host && $0.serves } }
      let states: [DomainMapping.State] = [.pending, .verified, .active, .active, .error(.ownershipLost), .removing]
      let state = states.randomElement(using: &dice) ?? .pending
      guard state != .active || !isServed else { return [] }
      entry.mappings[index].state = state
      entry.mappings[index].provenAt = state.needsProof ? now : nil
    case 52:
      // Many at once, which nobody else has.
      created += 1
      for number in 0..<50 {
        var mapping = DomainMapping.custom(try HostName("many-\(number).of-\(created).example"), of: id, at: now)
        mapping.state = number % 3 == 0 ? .pending : .active
        mapping.provenAt = mapping.state.needsProof ? now : nil
        entry.mappings.append(mapping)
      }
    default:
      guard let index = entry.mappings.indices.randomElement(using: &dice) else { return [] }
      entry.mappings.remove(at: index)
    }
    entries[id] = entry
    return [id]
  }

  private mutating func create(using dice: inout SeededGenerator) throws -> [TenantID] {
    created += 1
    // Some identifiers are longer than what is held without a box.
    let id = try TenantID(
      "t\(created)" + String(repeating: "i", count: [0, 20, 36, 60, 250].randomElement(using: &dice) ?? 0))
    guard let slug = try freeSlug(for: id, using: &dice) else { return [] }
    let loser = dropHold(of: slug)
    entries[id] = Entry(
      tenant: Tenant(id: id, organizationID: try OrgID("org-\(created)"), slug: slug, createdAt: now))
    return (loser.map { [$0] } ?? []) + [id]
  }

  private func freeSlug(for id: TenantID, using dice: inout SeededGenerator) throws -> Slug? {
    let slug = try Slug(slugs.randomElement(using: &dice) ?? "a")
    let isTaken = entries.values.contains { $0.tenant.slug == slug }
    let isHeld = entries.contains { $0.key != id && $0.value.holds.contains { $0.slug == slug && now < $0.until } }
    return isTaken || isHeld ? nil : slug
  }

  private mutating func dropHold(of slug: Slug) -> TenantID? {
    for (id, entry) in entries where entry.holds.contains(where: { $0.slug == slug }) {
      entries[id]?.holds.removeAll { $0.slug == slug }
      return id
    }
    return nil
  }

  // MARK: The rules, as plainly as they can be said

  func answer(_ host: [UInt8], at now: Timestamp) -> Answer {
    let name: String
    switch Self.read(host) {
    case .failure(let refusal): return Answer(kind: .notFound, reason: refusal.reason)
    case .success(let read): name = read
    }
    let domain = platform.domains.map(\.rawValue).filter { name == $0 || name.hasSuffix("." + $0) }
      .max { $0.utf8.count < $1.utf8.count }
    let mapped = entries.values.first { $0.mappings.contains { $0.host.rawValue == name && $0.state == .active } }
    let isClaimed = entries.values.contains { $0.mappings.contains { $0.host.rawValue == name } }
    guard let domain else { return served(mapped?.tenant, else: isClaimed ? .domainNotActive : .noSuchDomain) }
    if name == domain { return Answer(kind: .platform) }
    let front = String(name.dropLast(domain.count + 1))
    if front.contains(".") { return served(mapped?.tenant, else: isClaimed ? .domainNotActive : .tooManyLabels) }
    if platform.reserved.contains(front) { return Answer(kind: .reserved, reason: .reserved) }
    if let mapped { return served(mapped.tenant, else: .noSuchTenant) }
    if front.contains("--") { return Answer(kind: .notFound, reason: .invalidSlug) }
    if let owner = entries.values.first(where: { $0.tenant.slug.rawValue == front }) {
      return served(owner.tenant, else: .noSuchTenant)
    }
    let holder = entries.values.first { $0.holds.contains { $0.slug.rawValue == front && now < $0.until } }
    guard let holder else { return Answer(kind: .notFound, reason: .noSuchTenant) }
    if holder.tenant.status == .closed { return Answer(kind: .notFound, reason: .closed) }
    return Answer(kind: .moved, tenantID: holder.tenant.id, movedTo: "\(holder.tenant.slug).\(domain)")
  }

  private func served(_ tenant: Tenant?, else reason: HostReason) -> Answer {
    guard let tenant else { return Answer(kind: .notFound, reason: reason) }
    switch tenant.status {
    case .active: return Answer(kind: .tenant, tenantID: tenant.id)
    case .suspended: return Answer(kind: .suspended, tenantID: tenant.id)
    case .closed: return Answer(kind: .notFound, reason: .closed)
    }
  }

  private struct Refusal: Error { var reason: HostReason }

  /// Hosts in brackets are left to a table; the generator makes none.
  private static func read(_ host: [UInt8]) -> Result<String, Refusal> {
    func refuse(_ reason: HostReason) -> Result<String, Refusal> { .failure(Refusal(reason: reason)) }
    let colon = host.firstIndex(of: UInt8(ascii: ":"))
    var name = Array(host[..<(colon ?? host.endIndex)])
    if name.last == UInt8(ascii: ".") { name.removeLast() }
    if name.isEmpty { return refuse(.empty) }
    if name.count > 253 { return refuse(.tooLong) }
    let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:".utf8)
    if !host.allSatisfy(allowed.contains) { return refuse(.invalidCharacter) }
    let text = String(decoding: name, as: UTF8.self).lowercased()
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    if labels.contains(where: \.isEmpty) { return refuse(.emptyLabel) }
    if labels.contains(where: { $0.utf8.count > 63 }) { return refuse(.labelTooLong) }
    if labels.contains(where: { $0.hasPrefix("-") || $0.hasSuffix("-") }) { return refuse(.hyphenAtEdge) }
    if let colon {
      let port = String(decoding: host[(colon + 1)...], as: UTF8.self)
      let digits = port.drop { $0 == "0" }
      if !port.allSatisfy(\.isNumber) || digits.count > 5 || Int(digits) ?? 0 > 65_535 { return refuse(.invalidPort) }
    }
    let last = labels.last ?? ""
    let isDecimal = last.allSatisfy(\.isNumber)
    let isHexadecimal = last.hasPrefix("0x") && last.dropFirst(2).allSatisfy(\.isHexDigit)
    return isDecimal || isHexadecimal ? refuse(.ipAddress) : .success(text)
  }

  /// A host that is likely to mean something here, and is often bent a little.
  func host(using dice: inout SeededGenerator) -> [UInt8] {
    var text: String
    switch Int.random(in: 0..<6, using: &dice) {
    case 0...2:
      let label = (slugs + ["www", "billing", "nobody", "a--b"]).randomElement(using: &dice) ?? ""
      text = label + "." + (platform.domains.map(\.rawValue) + ["evil.com"]).randomElement(using: &dice, orElse: "")
    case 3: text = customHosts.randomElement(using: &dice, orElse: "")
    case 4:
      let known = entries.keys.sorted().compactMap { entries[$0] }.flatMap(\.mappings)
      text = known.randomElement(using: &dice)?.host.rawValue ?? ""
    default:
      text = (platform.domains.map(\.rawValue) + ["1.2.3.4", "0x7f.1", "a.0xg", "b.0xf"]).randomElement(
        using: &dice, orElse: "")
    }
    if Int.random(in: 0..<5, using: &dice) == 0 { text += "." }
    if Int.random(in: 0..<4, using: &dice) == 0 {
      text += [":80", ":", ":65535", ":65536", ":000080", ":8a", ":1:2", ":000000000080"].randomElement(
        using: &dice, orElse: "")
    }
    var bytes = Array(text.utf8)
    if Int.random(in: 0..<3, using: &dice) == 0 {
      bytes = bytes.map { Bool.random(using: &dice) ? Array(String(UnicodeScalar($0)).uppercased().utf8)[0] : $0 }
    }
    if Int.random(in: 0..<4, using: &dice) == 0, !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &dice)
      switch Int.random(in: 0..<4, using: &dice) {
      case 0: bytes[place] = bent(using: &dice)
      case 1: bytes.remove(at: place)
      // What a careless folding of capitals would take for the right byte.
      case 2: bytes[place] ^= [0x20, 0x40, 0x80].randomElement(using: &dice, orElse: 0x20)
      default:
        bytes.insert(
          contentsOf: repeatElement(
            bent(using: &dice), count: [1, 1, 1, 70, 260].randomElement(using: &dice, orElse: 1)), at: place)
      }
    }
    if bytes.first == UInt8(ascii: "[") { bytes[0] = UInt8(ascii: "(") }
    return bytes
  }

  private func bent(using dice: inout SeededGenerator) -> UInt8 {
    let likely = Array("-._:aZ09 /@%,\u{7f}".utf8) + [0, 0x80, 0xff, 0xc1]
    return likely.randomElement(using: &dice, orElse: 0)
  }
}

extension Collection {
  func randomElement(using dice: inout SeededGenerator, orElse fallback: Element) -> Element {
    randomElement(using: &dice) ?? fallback
  }
}
