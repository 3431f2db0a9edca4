internal import SaaSCore

extension HostIndexStorage {
  /// A tenant with those of its holds and mappings that the table reaches, read back from its run.
  ///
  /// What the index does not keep, such as instants of creation, is not there; the index needs none of it.
  func hosts(ofRecord entry: UnsafeRawPointer) -> TenantHosts {
    let record = HostEntry.record(entry)
    let tenant = Tenant(
      id: Self.tenantID(record), organizationID: Self.organizationID(record), slug: Self.slug(record),
      status: HostEntry.status(entry), createdAt: .distantPast)
    var holds: [SlugHold] = []
    var mappings: [DomainMapping] = []
    let (further, first) = HostEntry.further(entry)
    var next = first
    for _ in 0..<further {
      let (name, count) = HostEntry.name(next)
      if HostEntry.form(next) == HostEntry.held {
        let hash = hasher.hash(name, count: count, in: .label)
        if let (_, live) = label(name, count, hash: hash), live == next {
          holds.append(
            SlugHold(
              slug: Slug(trusted: HostEntry.text(name, count)), tenantID: tenant.id, until: HostEntry.holdEnd(next)))
        }
      } else {
        let host = HostName(trusted: HostEntry.text(name, count))
        let isActive = HostEntry.serves(next)
        let hash = hasher.hash(name, count: count, in: .host)
        if !isActive || activeHost(name, count, hash: hash)?.entry == next {
          mappings.append(
            DomainMapping(
              host: host, tenantID: tenant.id, kind: .custom, state: isActive ? .active : .pending,
              provenAt: isActive ? .distantPast : nil, createdAt: .distantPast, changedAt: .distantPast))
        }
      }
      next += HostEntry.size(ofFurther: next)
    }
    return TenantHosts(tenant: tenant, holds: holds, mappings: mappings)
  }

  @inline(__always)
  static func tenantID(_ record: HostEntry.Record) -> TenantID {
    TenantID(validated: ValidIdentifierText(trusted: HostEntry.text(record.id, record.idCount)))
  }

  @inline(__always)
  static func organizationID(_ record: HostEntry.Record) -> OrgID {
    OrgID(validated: ValidIdentifierText(trusted: HostEntry.text(record.organization, record.organizationCount)))
  }

  @inline(__always)
  static func slug(_ record: HostEntry.Record) -> Slug {
    Slug(trusted: HostEntry.text(record.slug, record.slugCount))
  }
}
