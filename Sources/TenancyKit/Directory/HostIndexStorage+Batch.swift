internal import SaaSCore

extension HostIndexStorage {
  // So many queries, and as many candidates, fit into the kilobyte that a temporary allocation takes from the stack without
  // asking how much of it is left.
  private static var laneCount: Int { 32 }

  /// The verdicts of many values.
  func verdicts(
    _ bytes: UnsafeRawBufferPointer, _ ends: Span<Int>, _ count: Int, at now: Timestamp,
    into verdicts: inout MutableSpan<HostVerdict>
  ) {
    // Where everything is near, a second pass over the values only costs.
    if isLarge { return verdictsReadingAhead(bytes, ends, count, at: now, into: &verdicts) }
    var start = 0
    for index in 0..<count {
      let end = ends[index]
      verdicts[index] = verdict(value(in: bytes, from: start, to: end), at: now)
      start = max(start, end)
    }
  }

  /// The same, a group at a time: a group's names are all read first, then all their lines, then all their entries, so
  /// that the processor waits for several cache misses at once.
  func verdictsReadingAhead(
    _ bytes: UnsafeRawBufferPointer, _ ends: Span<Int>, _ count: Int, at now: Timestamp,
    into verdicts: inout MutableSpan<HostVerdict>
  ) {
    var start = 0
    var index = 0
    while index < count {
      let group = min(Self.laneCount, count &- index)
      withUnsafeTemporaryAllocation(of: HostQuery?.self, capacity: Self.laneCount) { queries in
        guard let queries = queries.baseAddress else { return }
        var place = start
        for lane in 0..<group {
          let end = ends[index &+ lane]
          (queries + lane).initialize(to: query(value(in: bytes, from: place, to: end)))
          place = max(place, end)
        }
        withUnsafeTemporaryAllocation(of: Candidate.self, capacity: Self.laneCount) { candidates in
          guard let candidates = candidates.baseAddress else { return }
          readAhead(queries, into: candidates, group)
          for lane in 0..<group {
            let (first, end) = (start, ends[index &+ lane])
            start = max(start, end)
            guard let query = queries[lane] else {
              verdicts[index &+ lane] = uncommonVerdict(value(in: bytes, from: first, to: end), at: now)
              continue
            }
            verdicts[index &+ lane] =
              answer(
                query, found: entry(for: query, first: candidates[lane]),
                to: UnsafeRawBufferPointer(start: query.name, count: Int(query.value)), at: now
              ).verdict
          }
        }
      }
      index &+= group
    }
  }

  @inline(__always)
  private func query(_ value: UnsafeRawBufferPointer) -> HostQuery? {
    guard let (scan, domain) = usualScan(value) else { return unusualQuery(value) }
    if domain.isParent(of: scan) { return labelQuery(scan, under: domain)?.0 }
    return domainCount == 1 ? hostQuery(scan)?.0 : unusualQuery(value)
  }

  @inline(never)
  private func unusualQuery(_ value: UnsafeRawBufferPointer) -> HostQuery? {
    guard let start = value.baseAddress, let scan = HostScan(start, count: value.count) else { return nil }
    return query(scan)?.0
  }

  @inline(__always)
  private func value(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> UnsafeRawBufferPointer {
    guard start >= 0, start <= end, end <= bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  /// What was read ahead of the first entry that a query may mean.
  private struct Candidate {
    /// The first bytes of the query's line, and where it lies. In this order, so that nothing lies unused between them.
    var head: Bytes16
    let line: UnsafeRawPointer
    /// Where the entry is; 0 where nothing in the query's line may be its.
    var offset: UInt32 = 0
    /// The entry's first two bytes.
    var entryHead: UInt16 = 0
  }

  /// Reads the lines of all queries, then the first entry that each may mean, without waiting for one before the next.
  ///
  /// What reads memory that is far does nothing else, because a processor holds only so many steps that wait. No branch
  /// depends on what was read: one that was guessed wrongly would wait for memory, and all behind it.
  @inline(__always)
  private func readAhead(
    _ queries: UnsafeMutablePointer<HostQuery?>, into candidates: UnsafeMutablePointer<Candidate>, _ count: Int
  ) {
    let nothing = Bytes16(repeating: 0)
    for lane in 0..<count {
      let line = HostTable.line(queries[lane]?.hash ?? 0, of: lineCount)
      let pointer = HostTable.linePointer(line, shift: chunkShift, in: lines)
      (candidates + lane).initialize(to: Candidate(head: nothing, line: UnsafeRawPointer(pointer)))
    }
    for lane in 0..<count { candidates[lane].head = Bytes16(at: candidates[lane].line) }
    for lane in 0..<count {
      let places = HostTable.Places(queries[lane]?.hash ?? 0, head: candidates[lane].head)
      candidates[lane].offset = HostTable.offset(places.firstOrAny, in: candidates[lane].line) & places.allOrNone
    }
    for lane in 0..<count {
      // Nothing lies at offset 0, and what is read there is no entry's head.
      guard let entry = NameArena.pointer(candidates[lane].offset, in: segments) else { continue }
      candidates[lane].entryHead = UInt16(littleEndian: entry.loadUnaligned(as: UInt16.self))
    }
  }

  /// The entry of a query's key, if it is the one that was read ahead; else it is looked for.
  @inline(__always)
  private func entry(for query: HostQuery, first candidate: Candidate) -> Found? {
    if let key = key(of: query), let entry = NameArena.pointer(candidate.offset, in: segments),
      KeyMatch(query, key).matches(entry, head: candidate.entryHead)
    {
      return (candidate.offset, UnsafeRawPointer(entry))
    }
    return furtherEntry(for: query)
  }
}
