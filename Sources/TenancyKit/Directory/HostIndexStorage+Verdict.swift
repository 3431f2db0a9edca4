internal import SaaSCore

extension HostIndexStorage {
  /// The verdict of a Host header's value.
  ///
  /// A host that is found is settled by that alone: it has the bytes of a name that was checked when it was stored. What is
  /// not found is looked at again, for the reason.
  @inline(__always)
  func verdict(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    guard let start = bytes.baseAddress, let scan = HostScan(start, count: bytes.count), let query = query(scan) else {
      return carefulVerdict(bytes, at: now)
    }
    return answer(query, found: entry(for: query), to: bytes, at: now)
  }

  @inline(__always)
  func notFound(_ reason: HostReason) -> HostVerdict {
    HostVerdict(.notFound, reason: reason, generation: generation)
  }

  /// What a name asks of the table; nil where it may be a platform domain's own or is longer than a query can be.
  @inline(__always)
  func query(_ scan: HostScan) -> HostQuery? {
    var count = scan.count
    var platform: UInt16 = 0
    var isLabel = false
    var index = 0
    while index < domainCount {
      let domain = domains + index
      if domain.pointee.count == count, domain.pointee.isSame(scan.start) { return nil }
      if PlatformBytes.Name.isParent(domain, of: scan) {
        count = count &- domain.pointee.count &- 1
        platform = domain.pointee.index
        isLabel = true
        break
      }
      index &+= 1
    }
    return HostQuery(
      hash: hasher.hash(scan.start, count: count, in: isLabel ? .label : .host), name: scan.start, count: count,
      whole: scan.count, isLabel: isLabel, platform: platform)
  }

  /// The answer to the query of a value, whose entry is given.
  @inline(__always)
  func answer(
    _ query: HostQuery, found: @autoclosure () -> Found?, to bytes: UnsafeRawBufferPointer, at now: Timestamp
  ) -> HostVerdict {
    if isMarked(query.hash), query.isLabel { return carefulVerdict(bytes, at: now) }
    guard let (offset, entry) = found() else { return missed(query, bytes, at: now) }
    var tenant = offset
    var record = entry
    if !query.isLabel {
      tenant = HostEntry.number32(entry + (2 &+ query.count))
      // An active mapping's entry names its record.
      record = NameArena.pointer(tenant, in: segments).map { UnsafeRawPointer($0) } ?? entry
    }
    if HostEntry.isActiveRecord(record) { return HostVerdict(.tenant, tenant: tenant, generation: generation) }
    return inactiveVerdict(tenant, record, platform: query.platform, at: now)
  }

  /// The verdict of a held slug, or of a tenant that is not active.
  @inline(never)
  private func inactiveVerdict(_ offset: UInt32, _ entry: UnsafeRawPointer, platform: UInt16, at now: Timestamp)
    -> HostVerdict
  {
    if HostEntry.form(entry) == HostEntry.held { return moved(entry, platform: platform, at: now) }
    return served(offset, record: entry)
  }

  // MARK: Reasons

  /// The verdict of a value whose host nothing serves.
  @inline(never)
  private func missed(_ query: HostQuery, _ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    guard let scan = HostScan(name: query.name, count: query.whole), scan.isWellFormed else {
      return carefulVerdict(bytes, at: now)
    }
    guard query.isLabel else {
      guard scan.lastLabelBeginsWithLetter, !hasInactiveMark(query.hash) else { return carefulVerdict(bytes, at: now) }
      return notFound(.noSuchDomain)
    }
    guard let reason = Self.reason(ofLabel: query.name, query.count) else { return carefulVerdict(bytes, at: now) }
    return notFound(reason)
  }

  /// Whether a host's hash may be that of inactive mappings' mark.
  private func hasInactiveMark(_ hash: UInt64) -> Bool {
    find(hash) { entry in entry.load(as: UInt8.self) == HostEntry.inactiveMark << 6 } != nil
  }

  /// Why a label that nobody has is nobody's; nil where it is more than one label.
  private static func reason(ofLabel name: UnsafeRawPointer, _ count: Int) -> HostReason? {
    var reason = HostReason.noSuchTenant
    var last: UInt8 = 0
    for index in 0..<count {
      let byte = name.load(fromByteOffset: index, as: UInt8.self)
      if byte == UInt8(ascii: ".") { return nil }
      if byte == UInt8(ascii: "-"), last == byte { reason = .invalidSlug }
      last = byte
    }
    return reason
  }

  /// The verdict of any value, by the rules as they are written down: each in its order, byte by byte.
  @inline(never)
  func carefulVerdict(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    let buffer = bytes.bindMemory(to: UInt8.self)
    let reading = HostSyntax.parse(buffer.span)
    if let reason = reading.reason { return notFound(reason) }
    let count = reading.nameCount
    // Whole words are read past the name's end.
    return withUnsafeTemporaryAllocation(byteCount: HostSyntax.maximumNameCount + 19, alignment: 8) { memory in
      // A name without a reason against it is not empty, and no longer than the memory.
      guard let name = memory.baseAddress else { return notFound(.empty) }
      for index in 0..<count {
        name.storeBytes(of: HostSyntax.folded(buffer[index]), toByteOffset: index, as: UInt8.self)
      }
      (name + count).initializeMemory(as: UInt8.self, repeating: 0, count: 16)
      return carefulVerdict(name: name, count, at: now)
    }
  }

  private func carefulVerdict(name: UnsafeRawPointer, _ count: Int, at now: Timestamp) -> HostVerdict {
    for index in 0..<domainCount {
      let domain = domains[index]
      let front = count - domain.count
      guard front >= 0, HostEntry.same(name + front, domain.start, domain.count) else { continue }
      if front == 0 { return HostVerdict(.platform, platform: domain.index, generation: generation) }
      guard name.load(fromByteOffset: front - 1, as: UInt8.self) == UInt8(ascii: ".") else { continue }
      let reason = Self.reason(ofLabel: name, front - 1)
      guard let reason else { return hostVerdict(name, count, otherwise: .tooManyLabels) }
      return labelVerdict(name, front - 1, of: count, platform: domain.index, otherwise: reason, at: now)
    }
    return hostVerdict(name, count, otherwise: .noSuchDomain)
  }

  private func hostVerdict(_ name: UnsafeRawPointer, _ count: Int, otherwise reason: HostReason) -> HostVerdict {
    let hash = hasher.hash(name, count: count, in: .host)
    guard let (_, entry) = host(name, count, hash: hash) else { return notFound(reason) }
    guard HostEntry.flag(entry) == HostEntry.active else { return notFound(.domainNotActive) }
    return served(HostEntry.reference(entry))
  }

  private func labelVerdict(
    _ name: UnsafeRawPointer, _ count: Int, of whole: Int, platform: UInt16, otherwise reason: HostReason,
    at now: Timestamp
  ) -> HostVerdict {
    let hash = hasher.hash(name, count: count, in: .label)
    if isMarked(hash) {
      if platformBytes.isReserved(name, count) {
        return HostVerdict(.reserved, reason: .reserved, platform: platform, generation: generation)
      }
      let hash = hasher.hash(name, count: whole, in: .host)
      if let (_, entry) = host(name, whole, hash: hash, flag: HostEntry.active) {
        return served(HostEntry.reference(entry))
      }
    }
    guard let (offset, entry) = label(name, count, hash: hash) else { return notFound(reason) }
    if HostEntry.form(entry) == HostEntry.held { return moved(entry, platform: platform, at: now) }
    return served(offset, record: entry)
  }

  @inline(never)
  private func moved(_ entry: UnsafeRawPointer, platform: UInt16, at now: Timestamp) -> HostVerdict {
    guard now < HostEntry.holdEnd(entry) else { return notFound(.noSuchTenant) }
    let tenant = HostEntry.reference(entry)
    guard let record = NameArena.pointer(tenant, in: segments) else { return notFound(.noSuchTenant) }
    if HostEntry.status(record) == .closed { return notFound(.closed) }
    return HostVerdict(.moved, platform: platform, tenant: tenant, generation: generation)
  }

  private func served(_ tenant: UInt32) -> HostVerdict {
    guard let record = NameArena.pointer(tenant, in: segments) else { return notFound(.noSuchDomain) }
    return served(tenant, record: record)
  }

  private func served(_ tenant: UInt32, record: UnsafeRawPointer) -> HostVerdict {
    switch HostEntry.status(record) {
    case .active: HostVerdict(.tenant, tenant: tenant, generation: generation)
    case .suspended: HostVerdict(.suspended, tenant: tenant, generation: generation)
    case .closed: notFound(.closed)
    }
  }

  // MARK: What a verdict names

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
    // Nearly all have short texts only. One question about all three, so that nothing is put together from branches.
    guard max(record.slugCount, record.idCount, record.organizationCount) <= HostEntry.shortCount else {
      return longContext(record)
    }
    return TenantContext(
      tenantID: TenantID(
        validated: ValidIdentifierText(trusted: HostEntry.shortText(record.id, record.idCount))),
      organizationID: OrgID(
        validated: ValidIdentifierText(trusted: HostEntry.shortText(record.organization, record.organizationCount))),
      slug: Slug(trusted: HostEntry.shortText(record.slug, record.slugCount)))
  }

  @inline(never)
  private func longContext(_ record: HostEntry.Record) -> TenantContext {
    TenantContext(
      tenantID: Self.tenantID(record), organizationID: Self.organizationID(record), slug: Self.slug(record))
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
