internal import SaaSCore

extension HostIndexStorage {
  /// The verdict of a Host header's value with what it names.
  func resolution(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostResolution {
    let verdict = verdict(bytes, at: now)
    switch verdict.kind {
    case .platform: return .platform
    case .reserved: return .reserved
    case .notFound: return .notFound(verdict.reason ?? .noSuchDomain)
    case .tenant, .suspended, .moved:
      // A verdict of these kinds always names a record of this very index.
      guard let tenant = tenant(for: verdict) else { return .notFound(.noSuchTenant) }
      if verdict.kind == .moved { return .moved(tenant, to: movedHost(for: verdict)) }
      return .owned(by: tenant)
    }
  }

  /// A verdict's tenant as far as the index knows it.
  private func tenant(for verdict: HostVerdict) -> Tenant? {
    guard let record = record(for: verdict) else { return nil }
    let status: Tenant.Status = verdict.kind == .suspended ? .suspended : .active
    return Tenant(
      id: Self.tenantID(record), organizationID: Self.organizationID(record), slug: Self.slug(record), status: status,
      createdAt: .distantPast)
  }
}
