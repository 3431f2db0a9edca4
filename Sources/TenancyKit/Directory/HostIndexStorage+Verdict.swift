internal import SaaSCore

extension HostIndexStorage {
  /// The verdict of a Host header's value.
  @inline(__always)
  func verdict(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    withUnsafeTemporaryAllocation(byteCount: HostScan.scratchSize, alignment: 16) { scratch in
      // The temporary allocation is never empty.
      guard let scratch = scratch.baseAddress else { return notFound(.empty) }
      return answer(query(bytes, into: scratch), about: scratch, at: now)
    }
  }

  /// What a Host header's value asks of the table; its name is folded into the scratch.
  @inline(__always)
  func query(_ bytes: UnsafeRawBufferPointer, into scratch: UnsafeMutableRawPointer) -> HostQuery {
    guard let start = bytes.baseAddress else { return .settled(notFound(.empty)) }
    guard let scan = HostScan(start, count: bytes.count, into: scratch) else { return slowQuery(bytes, into: scratch) }
    return query(ofName: scratch, count: scan.count) { front in
      let mask = (1 << UInt64(truncatingIfNeeded: front)) &- 1 as UInt64
      return (scan.dots & mask != 0, scan.hyphens & scan.hyphens >> 1 & mask != 0)
    }
  }

  @inline(__always)
  func notFound(_ reason: HostReason) -> HostVerdict {
    HostVerdict(.notFound, reason: reason, generation: generation)
  }

  /// For values that are long, look like a number, or break a rule.
  @inline(never)
  private func slowQuery(_ bytes: UnsafeRawBufferPointer, into scratch: UnsafeMutableRawPointer) -> HostQuery {
    let buffer = bytes.bindMemory(to: UInt8.self)
    let reading = HostSyntax.parse(buffer.span)
    if let reason = reading.reason { return .settled(notFound(reason)) }
    let count = reading.nameCount
    for index in 0..<count {
      scratch.storeBytes(of: HostSyntax.folded(buffer[index]), toByteOffset: index, as: UInt8.self)
    }
    return query(ofName: scratch, count: count) { front in
      var shape = (hasDot: false, hasRepeatedHyphen: false)
      var last: UInt8 = 0
      for index in 0..<front {
        let byte = scratch.load(fromByteOffset: index, as: UInt8.self)
        if byte == UInt8(ascii: ".") { shape.hasDot = true }
        if byte == UInt8(ascii: "-"), last == byte { shape.hasRepeatedHyphen = true }
        last = byte
      }
      return shape
    }
  }

  /// What a well-formed, folded name asks of the table.
  /// - Parameter shape: what the first bytes of the name, up to a dot, have in them.
  @inline(__always)
  private func query(
    ofName name: UnsafeRawPointer, count: Int, shape: (_ front: Int) -> (hasDot: Bool, hasRepeatedHyphen: Bool)
  ) -> HostQuery {
    var index = 0
    while index < domainCount {
      let domain = domains[index]
      let front = count &- domain.count
      if front >= 0, HostEntry.same(name + front, domain.start, domain.count) {
        if front == 0 {
          return .settled(HostVerdict(.platform, platform: domain.index, generation: generation))
        }
        if name.load(fromByteOffset: front &- 1, as: UInt8.self) == UInt8(ascii: ".") {
          let shape = shape(front &- 1)
          if shape.hasDot {
            return .host(hash: hasher.hash(name, count: count, in: .host), count: count, otherwise: .tooManyLabels)
          }
          return .label(
            hash: hasher.hash(name, count: front &- 1, in: .label), count: front &- 1, of: count,
            isSlug: !shape.hasRepeatedHyphen, platform: domain.index)
        }
      }
      index &+= 1
    }
    return .host(hash: hasher.hash(name, count: count, in: .host), count: count, otherwise: .noSuchDomain)
  }

  /// The answer to a query about a name.
  @inline(__always)
  func answer(_ query: HostQuery, about name: UnsafeRawPointer, at now: Timestamp) -> HostVerdict {
    switch query {
    case .settled(let verdict): return verdict
    case .host(let hash, let count, let reason):
      guard let (_, entry) = host(name, count, hash: hash) else { return notFound(reason) }
      guard HostEntry.low(entry) == HostEntry.active else { return notFound(.domainNotActive) }
      return served(HostEntry.reference(entry))
    case .label(let hash, let count, let whole, let isSlug, let platform):
      if isMarked(hash), let verdict = markedVerdict(name, count, of: whole, platform: platform) { return verdict }
      guard isSlug else { return notFound(.invalidSlug) }
      guard let (offset, entry) = label(name, count, hash: hash) else { return notFound(.noSuchTenant) }
      if HostEntry.form(entry) == HostEntry.held { return moved(entry, platform: platform, at: now) }
      return served(offset, record: entry)
    }
  }

  /// The verdict of a label that is reserved or an operator's mapping; nil where the mark stood for nothing.
  @inline(never)
  private func markedVerdict(_ name: UnsafeRawPointer, _ count: Int, of whole: Int, platform: UInt16) -> HostVerdict? {
    if platformBytes.isReserved(name, count) {
      return HostVerdict(.reserved, reason: .reserved, platform: platform, generation: generation)
    }
    let hash = hasher.hash(name, count: whole, in: .host)
    guard let (_, entry) = host(name, whole, hash: hash, flag: HostEntry.active) else { return nil }
    return served(HostEntry.reference(entry))
  }

  @inline(__always)
  private func moved(_ entry: UnsafeRawPointer, platform: UInt16, at now: Timestamp) -> HostVerdict {
    guard now < HostEntry.holdEnd(entry) else { return notFound(.noSuchTenant) }
    let tenant = HostEntry.reference(entry)
    guard let record = NameArena.pointer(tenant, in: segments) else { return notFound(.noSuchTenant) }
    if HostEntry.status(record) == .closed { return notFound(.closed) }
    return HostVerdict(.moved, platform: platform, tenant: tenant, generation: generation)
  }

  @inline(__always)
  private func served(_ tenant: UInt32) -> HostVerdict {
    guard let record = NameArena.pointer(tenant, in: segments) else { return notFound(.noSuchDomain) }
    return served(tenant, record: record)
  }

  @inline(__always)
  private func served(_ tenant: UInt32, record: UnsafeRawPointer) -> HostVerdict {
    if HostEntry.form(record) == HostEntry.plainTenant {
      return HostVerdict(.tenant, tenant: tenant, generation: generation)
    }
    switch HostEntry.status(record) {
    case .active: return HostVerdict(.tenant, tenant: tenant, generation: generation)
    case .suspended: return HostVerdict(.suspended, tenant: tenant, generation: generation)
    case .closed: return notFound(.closed)
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
    return TenantContext(
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
