internal import SaaSCore
internal import TenancyKit

/// A directory of tenants as lines of tab-separated fields, for resolving without a database.
///
/// | line | meaning |
/// |---|---|
/// | `slug NAME ID` | the tenant has this slug |
/// | `domain HOST ID` | an active mapping of the host |
/// | `inactive HOST ID` | a mapping that does not serve |
/// | `hold SLUG ID` | a slug that the tenant gave up and still holds |
/// | `suspended ID` | the tenant is suspended |
///
/// Lines may come in any order. A slug, and an active host, belong to one tenant; a tenant has one slug.
struct DirectoryFile {
  /// A line that cannot be read, and why.
  struct InvalidLine: Error, CustomStringConvertible {
    let number: Int
    let reason: String

    var description: String { "line \(number): \(reason)" }
  }

  private struct Entry {
    var slug: Slug?
    var isSuspended = false
    var holds: [Slug] = []
    var mappings: [HostName: DomainMapping] = [:]
  }

  private let platform: Platform
  private var entries: [TenantID: Entry] = [:]
  private var order: [TenantID] = []
  private var slugOwners: [Slug: TenantID] = [:]
  private var holdOwners: [Slug: TenantID] = [:]
  private var hostOwners: [HostName: TenantID] = [:]

  /// Reads a directory.
  /// - Throws: ``InvalidLine`` for the first line that is not valid.
  init(_ bytes: [UInt8], platform: Platform) throws(InvalidLine) {
    self.platform = platform
    var number = 0
    for line in Lines(bytes) {
      number += 1
      guard !line.isEmpty else { continue }
      do throws(Problem) { try read(line) } catch { throw InvalidLine(number: number, reason: error.text) }
    }
  }

  /// The tenants, in the order in which they were first named.
  func tenants() -> [TenantHosts] { order.enumerated().compactMap { place, id in hosts(of: id, place: place) } }

  // MARK: Reading

  private struct Problem: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }

  private mutating func read(_ line: ArraySlice<UInt8>) throws(Problem) {
    guard let text = String(validating: line, as: UTF8.self) else { throw Problem("not UTF-8") }
    let fields = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    let kind = fields[0]
    guard ["slug", "domain", "inactive", "hold", "suspended"].contains(kind) else {
      throw Problem("no such kind of line: \(kind)")
    }
    let count = kind == "suspended" ? 2 : 3
    guard fields.count == count else { throw Problem("\(kind) takes \(count) fields, here are \(fields.count)") }
    let id = try tenant(fields[count - 1])
    switch kind {
    case "slug": try add(slug: try slug(fields[1]), to: id)
    case "hold": try add(hold: try slug(fields[1]), to: id)
    case "suspended": entries[id]?.isSuspended = true
    default: try add(try host(fields[1]), isActive: kind == "domain", to: id)
    }
  }

  private mutating func tenant(_ text: String) throws(Problem) -> TenantID {
    let id: TenantID
    do { id = try TenantID(text) } catch { throw Problem("not a tenant's identifier: \(error)") }
    if entries[id] == nil {
      entries[id] = Entry()
      order.append(id)
    }
    return id
  }

  private func slug(_ text: String) throws(Problem) -> Slug {
    do { return try platform.slug(text) } catch { throw Problem("not a slug: \(error)") }
  }

  private func host(_ text: String) throws(Problem) -> HostName {
    do { return try HostName(text) } catch { throw Problem("not a host name: \(error.reason)") }
  }

  private mutating func add(slug: Slug, to id: TenantID) throws(Problem) {
    if let owner = slugOwners[slug], owner != id { throw Problem("the slug \(slug) is \(owner)'s") }
    if let present = entries[id]?.slug, present != slug { throw Problem("\(id) has the slug \(present)") }
    slugOwners[slug] = id
    entries[id]?.slug = slug
  }

  private mutating func add(hold slug: Slug, to id: TenantID) throws(Problem) {
    if let owner = holdOwners[slug], owner != id { throw Problem("the slug \(slug) is held by \(owner)") }
    guard holdOwners.updateValue(id, forKey: slug) == nil else { return }
    entries[id]?.holds.append(slug)
  }

  private mutating func add(_ host: HostName, isActive: Bool, to id: TenantID) throws(Problem) {
    let kind: DomainMapping.Kind
    switch platform.classify(host) {
    case .platform: throw Problem("\(host) is the platform's own")
    case .reserved: throw Problem("\(host) is reserved")
    case .label, .deeper: kind = .subdomain
    case .elsewhere: kind = .custom
    }
    if let present = entries[id]?.mappings[host], present.serves != isActive {
      throw Problem("\(id) has another mapping of \(host)")
    }
    if isActive {
      if let owner = hostOwners[host], owner != id { throw Problem("\(host) is \(owner)'s") }
      hostOwners[host] = id
    }
    let created = Timestamp(seconds: 0)
    entries[id]?.mappings[host] = DomainMapping(
      host: host, tenantID: id, kind: kind, state: isActive ? .active : kind == .custom ? .pending : .removing,
      provenAt: isActive ? created : nil, createdAt: created, changedAt: created)
  }

  // MARK: Tenants

  private func hosts(of id: TenantID, place: Int) -> TenantHosts? {
    guard let entry = entries[id], let slug = entry.slug ?? freeSlug(place),
      let organization = try? OrgID("org-\(place)")
    else { return nil }
    let tenant = Tenant(
      id: id, organizationID: organization, slug: slug, status: entry.isSuspended ? .suspended : .active,
      createdAt: Timestamp(seconds: 0))
    return TenantHosts(
      tenant: tenant, holds: entry.holds.map { SlugHold(slug: $0, tenantID: id, until: .distantFuture) },
      mappings: entry.mappings.values.sorted { $0.host < $1.host })
  }

  /// A slug for a tenant that is here by its domains alone. Nobody asks for it: it is as long as a slug can be, and
  /// random.
  private func freeSlug(_ place: Int) -> Slug? {
    let letters = (0..<63).map { _ in Character(Unicode.Scalar(UInt8.random(in: UInt8(ascii: "a")...UInt8(ascii: "z"))))
    }
    return try? Slug(String(letters))
  }
}
