internal import SaaSCore

extension HostIndexStorage {
  /// The verdict of a Host header's value.
  ///
  /// A host that is found is settled by that alone: it has the bytes of a name that was checked when it was stored. What is
  /// not found is looked at again, for the reason.
  @inline(__always)
  func verdict(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    finding(bytes, at: now).verdict
  }

  /// A verdict, with the entry of an active tenant's slug where a query found that.
  struct Finding {
    let verdict: HostVerdict
    let entry: UnsafeRawPointer?
    let slugCount: Int

    @inline(__always)
    init(_ verdict: HostVerdict, entry: UnsafeRawPointer? = nil, slugCount: Int = 0) {
      self.verdict = verdict
      self.entry = entry
      self.slugCount = slugCount
    }
  }

  /// The verdict of a Host header's value with what it was found by.
  ///
  /// Most hosts are slugs'. A processor has about one look-up in sight, so that how long one takes is how many of its steps
  /// wait for each other; where a slug is foreseen, nothing waits for the comparison with the domain.
  @inline(__always)
  func finding(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> Finding {
    guard let (scan, domain) = usualScan(bytes) else { return Finding(unusualVerdict(bytes, at: now)) }
    guard domain.isParent(of: scan) else { return Finding(usualHostVerdict(bytes, scan.count, at: now)) }
    guard let (query, key) = labelQuery(scan, under: domain) else { return Finding(uncommonVerdict(bytes, at: now)) }
    return answer(query, found: entry(for: query, key), to: bytes, at: now)
  }

  /// The verdict of a usual value that is not under the usual domain, whose name has so many bytes.
  @inline(never)
  private func usualHostVerdict(_ bytes: UnsafeRawBufferPointer, _ count: Int, at now: Timestamp) -> HostVerdict {
    // Another domain may be its parent, or be what it names.
    guard domainCount == 1 else { return unusualVerdict(bytes, at: now) }
    guard let start = bytes.baseAddress,
      let (query, key) = hostQuery(HostScan(longName: start, of: count, count: bytes.count))
    else { return uncommonVerdict(bytes, at: now) }
    return answer(query, found: entry(for: query, key), to: bytes, at: now).verdict
  }

  /// The verdict of a value that is no usual one.
  @inline(never)
  private func unusualVerdict(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    guard let start = bytes.baseAddress, let scan = HostScan(start, count: bytes.count),
      let (query, key) = query(scan)
    else { return uncommonVerdict(bytes, at: now) }
    return answer(query, found: entry(for: query, key), to: bytes, at: now).verdict
  }

  @inline(__always)
  func notFound(_ reason: HostReason) -> HostVerdict {
    HostVerdict(.notFound, reason: reason, generation: generation)
  }

  /// A usual value, which has a long name, with the usual domain; nil for any other, or where there is none.
  @inline(__always)
  func usualScan(_ bytes: UnsafeRawBufferPointer) -> (HostScan, PlatformBytes.ShortDomain)? {
    guard let start = bytes.baseAddress, let usualDomain,
      let scan = HostScan(longName: start, count: bytes.count)
    else { return nil }
    return (scan, usualDomain)
  }

  /// What a usual value asks of the table, which is under the usual domain, the platform's first.
  @inline(__always)
  func labelQuery(_ scan: HostScan, under domain: PlatformBytes.ShortDomain) -> (HostQuery, KeyBytes)? {
    query(scan, count: scan.count &- domain.dottedCount, isLabel: 1, platform: 0)
  }

  /// What a usual value asks of the table, which is not under the platform's only domain.
  @inline(__always)
  func hostQuery(_ scan: HostScan) -> (HostQuery, KeyBytes)? {
    query(scan, count: scan.count, isLabel: 0, platform: 0)
  }

  /// What a name asks of the table, and the key; nil where it may be a platform domain's own, where the key is longer than
  /// a query's can be, or where the bytes are no name's.
  ///
  /// Of several domains, whose slug's a host is makes no branch, because nobody could foresee which way it goes.
  @inline(__always)
  func query(_ scan: HostScan) -> (HostQuery, KeyBytes)? {
    var removed: UInt64 = 0
    var platform: UInt64 = 0
    var isLabel: UInt64 = 0
    var maybeDomain: UInt64 = 0
    // The shortest first, so that the longest that fits is the last to be taken.
    var index = domainCount
    while index > 0 {
      index &-= 1
      let domain = domains + index
      let (isParent, maybeSame) = PlatformBytes.Name.relation(domain, to: scan)
      let count = UInt64(truncatingIfNeeded: domain.pointee.count &+ 1)
      removed = NameWord.choice(isParent, count, removed)
      platform = NameWord.choice(isParent, UInt64(domain.pointee.index), platform)
      isLabel |= isParent
      maybeDomain |= maybeSame
    }
    let count = scan.count &- Int(truncatingIfNeeded: removed)
    guard maybeDomain == 0 else { return nil }
    return query(scan, count: count, isLabel: isLabel, platform: platform)
  }

  /// The query for the first so many bytes of a name, and the key; nil where they are more than a key has or no name's.
  @inline(__always)
  private func query(_ scan: HostScan, count: Int, isLabel: UInt64, platform: UInt64) -> (HostQuery, KeyBytes)? {
    // Nothing is before a domain's dot in what is malformed, and a key of no bytes would be that of any host's entry.
    guard count > 0, count <= KeyBytes.longest,
      let key = KeyBytes(frontOf: scan.start, scan.valueCount, count: count, masks: hasher.masks)
    else { return nil }
    // The value has at most sixty-three bytes.
    let query = HostQuery(
      hash: hasher.hash(key, count: count, space: isLabel ^ 1), name: scan.start, count: count, whole: scan.count,
      value: scan.valueCount, isLabel: isLabel, platform: platform)
    return (query, key)
  }

  /// The answer to the query of a value, whose entry is given. A mapping of a tenant that is not active is none that a query
  /// finds: it is found where the reason for a miss is looked for.
  @inline(__always)
  func answer(
    _ query: HostQuery, found: @autoclosure () -> Found?, to bytes: UnsafeRawBufferPointer, at now: Timestamp
  ) -> Finding {
    if markBit(query.hash) & query.isLabel != 0 { return Finding(markedVerdict(query, bytes, at: now)) }
    guard let (offset, entry) = found() else { return Finding(missed(query, bytes, at: now)) }
    let tenant = tenant(query, offset, reference: HostEntry.reference(entry, keyCount: query.count))
    guard HostEntry.isOfActiveTenant(entry) else {
      return Finding(inactiveVerdict(tenant, entry, platform: query.platform, at: now))
    }
    let verdict = HostVerdict(.tenant, tenant: tenant, generation: generation)
    return query.isLabel != 0 ? Finding(verdict, entry: entry, slugCount: query.count) : Finding(verdict)
  }

  /// The record of the tenant to which a query's entry resolves: the entry itself where it is a slug's, else what an active
  /// mapping's names. What was read there of a slug's entry means nothing and is not used.
  @inline(__always)
  func tenant(_ query: HostQuery, _ offset: UInt32, reference: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: NameWord.choice(query.isLabel, UInt64(offset), UInt64(reference)))
  }

  /// The verdict of a held slug, or of the slug of a tenant that is not active.
  @inline(never)
  private func inactiveVerdict(_ offset: UInt32, _ entry: UnsafeRawPointer, platform: UInt16, at now: Timestamp)
    -> HostVerdict
  {
    if HostEntry.form(entry) == HostEntry.held { return moved(entry, platform: platform, at: now) }
    return served(offset, record: entry)
  }

  // MARK: Reasons

  /// The verdict of a label that may be a reserved word or an operator's mapping.
  @inline(never)
  private func markedVerdict(_ query: HostQuery, _ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    // A reserved word under a platform domain is well formed.
    if platformBytes.isReserved(query.name, query.count, hash: query.hash) {
      return HostVerdict(.reserved, reason: .reserved, platform: query.platform, generation: generation)
    }
    return uncommonVerdict(bytes, at: now)
  }

  /// The verdict of a value whose host nothing serves.
  @inline(never)
  private func missed(_ query: HostQuery, _ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    guard let shape = HostShape(bytes) else { return carefulVerdict(bytes, at: now) }
    if let reason = shape.reason { return notFound(reason) }
    // A dot at the end, which the query left on the name, makes it another one.
    guard shape.nameCount == query.whole else { return namedVerdict(bytes, shape.nameCount, at: now) }
    guard query.isLabel != 0 else {
      return mayBeInactive(query.hash) ? namedVerdict(bytes, shape.nameCount, at: now) : notFound(.noSuchDomain)
    }
    let label = HostShape.first(query.count)
    if shape.dots & label != 0 { return namedVerdict(bytes, shape.nameCount, at: now) }
    return notFound(shape.hyphens & (shape.hyphens &<< 1) & label == 0 ? .noSuchTenant : .invalidSlug)
  }

  /// Whether a host's hash may be that of inactive mappings' mark, or of an inactive tenant's mapping.
  private func mayBeInactive(_ hash: UInt64) -> Bool {
    find(hash) { HostEntry.isInactiveMark($0) || HostEntry.isHalted($0) } != nil
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

  // MARK: Without a query

  /// The verdict of a value that no query stands for: by its shape where that can be told at once.
  @inline(never)
  func uncommonVerdict(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    guard let shape = HostShape(bytes) else { return carefulVerdict(bytes, at: now) }
    if let reason = shape.reason { return notFound(reason) }
    return namedVerdict(bytes, shape.nameCount, at: now)
  }

  /// The verdict of any value, by the rules as they are written down: each in its order, byte by byte.
  @inline(never)
  private func carefulVerdict(_ bytes: UnsafeRawBufferPointer, at now: Timestamp) -> HostVerdict {
    let reading = HostSyntax.parse(bytes.bindMemory(to: UInt8.self).span)
    if let reason = reading.reason { return notFound(reason) }
    return namedVerdict(bytes, reading.nameCount, at: now)
  }

  /// The verdict of a value without a reason against it, whose name has so many bytes.
  @inline(never)
  private func namedVerdict(_ bytes: UnsafeRawBufferPointer, _ count: Int, at now: Timestamp) -> HostVerdict {
    // Whole words are read past the name's end.
    withUnsafeTemporaryAllocation(byteCount: HostSyntax.maximumNameCount + 19, alignment: 8) { memory in
      // A name without a reason against it is not empty, and no longer than the memory.
      guard let name = memory.baseAddress else { return notFound(.empty) }
      for index in 0..<count {
        name.storeBytes(of: HostSyntax.folded(bytes[index]), toByteOffset: index, as: UInt8.self)
      }
      (name + count).initializeMemory(as: UInt8.self, repeating: 0, count: 16)
      return verdict(ofName: name, count, at: now)
    }
  }

  private func verdict(ofName name: UnsafeRawPointer, _ count: Int, at now: Timestamp) -> HostVerdict {
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
    guard HostEntry.serves(entry) else { return notFound(.domainNotActive) }
    return served(HostEntry.reference(entry))
  }

  private func labelVerdict(
    _ name: UnsafeRawPointer, _ count: Int, of whole: Int, platform: UInt16, otherwise reason: HostReason,
    at now: Timestamp
  ) -> HostVerdict {
    let hash = hasher.hash(name, count: count, in: .label)
    if markBit(hash) != 0 {
      if platformBytes.isReserved(name, count, hash: hash) {
        return HostVerdict(.reserved, reason: .reserved, platform: platform, generation: generation)
      }
      let hash = hasher.hash(name, count: whole, in: .host)
      if let (_, entry) = activeHost(name, whole, hash: hash) {
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
}
