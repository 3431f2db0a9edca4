internal import SaaSCore

extension HostIndexStorage {
  /// Fewer are looked up in turn: the room for a group is cleared first, which costs as much as a look-up.
  private static let fewestToReadAhead = 8

  /// The verdicts of many values.
  func verdicts(
    _ bytes: UnsafeRawBufferPointer, _ ends: Span<Int>, _ count: Int, at now: Timestamp,
    into verdicts: inout MutableSpan<HostVerdict>
  ) {
    // Where everything is near, or hardly anything is asked, a second pass over the values only costs.
    if isLarge && count >= Self.fewestToReadAhead {
      verdictsReadingAhead(bytes, ends, count, at: now, into: &verdicts)
    } else {
      verdictsInTurn(bytes, ends, count, at: now, into: &verdicts)
    }
  }

  /// The same, one after the other.
  @inline(__always)
  private func verdictsInTurn(
    _ bytes: UnsafeRawBufferPointer, _ ends: Span<Int>, _ count: Int, at now: Timestamp,
    into verdicts: inout MutableSpan<HostVerdict>
  ) {
    var start = 0
    for index in 0..<count {
      let end = ends[index]
      verdicts[index] = verdict(value(in: bytes, from: start, to: end), at: now)
      start = max(start, end)
    }
  }

  /// The same, a group at a time: a group's names are all read first, then all their lines, then all their entries, so
  /// that the processor waits for several cache misses at once. What is not where it was looked for is of the next group,
  /// too.
  @inline(never)
  func verdictsReadingAhead(
    _ bytes: UnsafeRawBufferPointer, _ ends: Span<Int>, _ count: Int, at now: Timestamp,
    into verdicts: inout MutableSpan<HostVerdict>
  ) {
    // An index with a tenant has entries, so that what offset 0 leads to was written before it was made. One without has
    // nothing that could be read ahead.
    guard tenantCount > 0, let nothing = NameArena.pointer(0, in: segments) else {
      return verdictsInTurn(bytes, ends, count, at: now, into: &verdicts)
    }
    HostBatchRoom.with { room in
      var group = HostGroup(in: &room)
      var start = 0
      for index in 0..<count {
        let end = ends[index]
        let value = value(in: bytes, from: start, to: end)
        start = max(start, end)
        guard let (query, key) = query(value) else {
          verdicts[index] = uncommonVerdict(value, at: now)
          continue
        }
        group.append(query, key.ends, search(for: query, at: index))
        // Each answer brings every search of the group nearer to its end.
        while group.isFull { answer(&group, nothing: nothing, at: now, into: &verdicts) }
      }
      while !group.isEmpty { answer(&group, nothing: nothing, at: now, into: &verdicts) }
    }
  }

  @inline(__always)
  private func query(_ value: UnsafeRawBufferPointer) -> (HostQuery, KeyBytes)? {
    guard let (scan, domain) = usualScan(value) else { return unusualQuery(value) }
    if domain.isParent(of: scan) { return labelQuery(scan, under: domain) }
    return domainCount == 1 ? hostQuery(scan) : unusualQuery(value)
  }

  @inline(never)
  private func unusualQuery(_ value: UnsafeRawBufferPointer) -> (HostQuery, KeyBytes)? {
    guard let start = value.baseAddress, let scan = HostScan(start, count: value.count) else { return nil }
    return query(scan)
  }

  @inline(__always)
  private func value(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> UnsafeRawBufferPointer {
    guard start >= 0, start <= end, end <= bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  /// Answers what a group asks and leaves those in it whose search goes on.
  ///
  /// What reads memory that is far does nothing else, because a processor holds only so many steps that wait. No branch
  /// depends on what was read until all has been: one that was guessed wrongly would wait for memory, and all behind it.
  ///
  /// - Parameter nothing: what is read where there is no entry to read.
  @inline(never)
  private func answer(
    _ group: inout HostGroup, nothing: UnsafeMutableRawPointer, at now: Timestamp,
    into verdicts: inout MutableSpan<HostVerdict>
  ) {
    let count = group.beginAnswer()
    for lane in 0..<count { (group.lineHeads + lane).initialize(to: Bytes16(at: group.searches[lane].line)) }
    for lane in 0..<count {
      let places = group.places(of: lane)
      let offset = HostTable.offset(places.firstOrAny, in: group.searches[lane].line) & places.allOrNone
      (group.offsets + lane).initialize(to: offset)
    }
    for lane in 0..<count {
      let entry = NameArena.pointer(group.offsets[lane], in: segments) ?? nothing
      (group.entries + lane).initialize(to: UnsafeRawPointer(entry))
    }
    for lane in 0..<count {
      let entry = group.entries[lane]
      (group.heads + lane).initialize(
        to: HostGroup.Head(
          reference: HostEntry.reference(entry, keyCount: group.queries[lane].count),
          bytes: UInt16(littleEndian: entry.loadUnaligned(as: UInt16.self))))
    }
    var unsettledCount = 0
    for lane in 0..<count {
      let (query, head) = (group.queries[lane], group.heads[lane])
      let isActive = match(lane, of: group).isOfActiveTenant(group.entries[lane], head: head.bytes)
      let isSettled = isActive & ~(markBit(query.hash) & query.isLabel)
      // One that is not settled gets another.
      verdicts[group.searches[lane].index] = HostVerdict(
        .tenant, tenant: tenant(query, group.offsets[lane], reference: head.reference), generation: generation)
      (group.unsettled + unsettledCount).initialize(to: UInt8(truncatingIfNeeded: lane))
      unsettledCount &+= Int(truncatingIfNeeded: isSettled ^ 1)
    }
    for number in 0..<unsettledCount {
      let lane = Int(group.unsettled[number])
      let index = group.searches[lane].index
      verdicts[index] = settle(lane, of: &group, at: now)
    }
  }

  /// The verdict on a query that no active tenant's entry answered. Where its search goes on, it is kept in the group, and
  /// nobody's until it ends.
  @inline(__always)
  private func settle(_ lane: Int, of group: inout HostGroup, at now: Timestamp) -> HostVerdict {
    let query = group.queries[lane]
    var found: Found?
    let offset = group.offsets[lane]
    if offset != 0, match(lane, of: group).matches(group.entries[lane], head: group.heads[lane].bytes) {
      found = (offset, group.entries[lane])
    } else if let next = next(lane, of: group) {
      if next.hops <= HostSearch.mostHops {
        group.keep(lane, next)
        return notFound(.noSuchTenant)
      }
      found = furtherEntry(for: query)
    }
    let value = UnsafeRawBufferPointer(start: query.name, count: query.value)
    return answer(query, found: found, to: value, at: now).verdict
  }

  @inline(__always)
  private func match(_ lane: Int, of group: HostGroup) -> KeyMatch {
    let query = group.queries[lane]
    return KeyMatch(
      query, KeyBytes(group.keys[lane], count: query.count, masks: hasher.masks), head: query.head)
  }

  /// Where a query's search begins, whose verdict is the one at an index.
  @inline(__always)
  private func search(for query: HostQuery, at index: Int) -> HostSearch {
    search(HostTable.line(query.hash, of: lineCount), at: index, hops: 0)
  }

  @inline(__always)
  private func search(_ line: Int, at index: Int, hops: UInt64) -> HostSearch {
    HostSearch(
      line: UnsafeRawPointer(HostTable.linePointer(line, shift: chunkShift, in: lines)), number: line, index: index,
      hops: hops)
  }

  /// Where a search goes on whose entry is not the one that was read: in the same line, or else in the next; nil where the
  /// entry is nowhere.
  @inline(__always)
  private func next(_ lane: Int, of group: HostGroup) -> HostSearch? {
    let search = group.searches[lane]
    if group.offsets[lane] != 0 {
      let places = group.places(of: lane)
      if !places.isLast {
        var next = search
        next.leaveOut(places.firstBit)
        return next
      }
    }
    guard HostTable.continuation(group.queries[lane].hash, head: group.lineHeads[lane]) != 0 else { return nil }
    let line = search.number &+ 1
    return self.search(line == lineCount ? 0 : line, at: search.index, hops: search.hops &+ 1)
  }
}
