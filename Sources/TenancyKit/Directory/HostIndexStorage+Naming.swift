internal import SaaSCore

/// What a verdict names.
extension HostIndexStorage {
  /// The record of a verdict's tenant, or nil where it names none or comes from another arena.
  @inline(__always)
  func record(for verdict: HostVerdict) -> HostEntry.Record? {
    guard verdict.tenant != 0, verdict.generation == generation,
      let entry = NameArena.pointer(verdict.tenant, in: segments)
    else { return nil }
    return HostEntry.record(entry)
  }

  /// The tenant of a verdict of the kinds tenant, suspended and moved.
  @inline(__always)
  func tenantID(for verdict: HostVerdict) -> TenantID? {
    record(for: verdict).map { Self.tenantID($0) }
  }

  /// The right to act for a verdict's tenant; only where it is served.
  @inline(__always)
  func context(for verdict: HostVerdict) -> TenantContext? {
    guard verdict.kind == .tenant, let record = record(for: verdict) else { return nil }
    return FoundTenant(verdict, record, masks: hasher.masks).context ?? longContext(record)
  }

  @inline(never)
  private func longContext(_ record: HostEntry.Record) -> TenantContext {
    TenantContext(
      tenantID: Self.tenantID(record), organizationID: Self.organizationID(record), slug: Self.slug(record))
  }

  /// The verdict of a Host header's value with the names of its context.
  @inline(__always)
  func foundTenant(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> FoundTenant {
    let finding = finding(bytes, at: now)
    let verdict = finding.verdict
    guard let entry = finding.entry else {
      return FoundTenant(verdict, verdict.kind == .tenant ? record(for: verdict) : nil, masks: hasher.masks)
    }
    return FoundTenant(verdict, HostEntry.record(slug: entry + 1, slugCount: finding.slugCount), masks: hasher.masks)
  }

  /// The host to which a moved verdict's host moved, under the same platform domain.
  func movedHost(for verdict: HostVerdict) -> HostName? {
    let domains = platformBytes.platform.domains
    guard verdict.kind == .moved, Int(verdict.platform) < domains.count, let record = record(for: verdict) else {
      return nil
    }
    return domains[Int(verdict.platform)].prefixed(by: Self.slug(record))
  }
}
