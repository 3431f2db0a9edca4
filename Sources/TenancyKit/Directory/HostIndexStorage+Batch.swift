internal import SaaSCore

extension HostIndexStorage {
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
  /// that the processor waits for several cache misses at once. What is not where it was looked for first waits until there
  /// are enough others for a group of their own.
  @inline(never)
  func verdictsReadingAhead(
    _ bytes: UnsafeRawBufferPointer, _ ends: Span<Int>, _ count: Int, at now: Timestamp,
    into verdicts: inout MutableSpan<HostVerdict>
  ) {
    HostSearches.withEmptyPair { group, waiting in
      var start = 0
      for index in 0..<count {
        let end = ends[index]
        let value = value(in: bytes, from: start, to: end)
        start = max(start, end)
        guard let query = query(value) else {
          verdicts[index] = uncommonVerdict(value, at: now)
          continue
        }
        group.append(query, search(for: query, at: index))
        if group.isFull {
          answer(&group, at: now, waiting: &waiting, into: &verdicts)
          while waiting.isHalfFull {
            swap(&group, &waiting)
            answer(&group, at: now, waiting: &waiting, into: &verdicts)
          }
        }
      }
      repeat {
        answer(&group, at: now, waiting: &waiting, into: &verdicts)
        swap(&group, &waiting)
      } while !group.isEmpty
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

  /// Answers what a group asks and leaves it empty. Searches that have not ended are added to those that wait.
  ///
  /// What reads memory that is far does nothing else, because a processor holds only so many steps that wait. In the first
  /// three loops no branch depends on what was read: one that was guessed wrongly would wait for memory, and all behind it.
  @inline(never)
  private func answer(
    _ group: inout HostSearches, at now: Timestamp, waiting: inout HostSearches,
    into verdicts: inout MutableSpan<HostVerdict>
  ) {
    let (queries, searches, count) = (group.queries, group.searches, group.count)
    group.removeAll()
    withUnsafeTemporaryAllocation(of: Bytes16.self, capacity: HostSearches.capacity) { heads in
      withUnsafeTemporaryAllocation(of: Candidate.self, capacity: HostSearches.capacity) { candidates in
        // There is room for more than none, so that both have an address.
        guard let heads = heads.baseAddress, let candidates = candidates.baseAddress else { return }
        for lane in 0..<count { (heads + lane).initialize(to: Bytes16(at: searches[lane].line)) }
        for lane in 0..<count {
          let places = HostTable.Places(queries[lane].hash, head: heads[lane]).without(searches[lane].tried)
          (candidates + lane).initialize(to: Candidate(places, in: searches[lane].line))
        }
        for lane in 0..<count { readEntry(candidates + lane, keyCount: Int(queries[lane].count)) }
        for lane in 0..<count {
          let query = queries[lane]
          var found = entry(for: query, candidates[lane])
          var reference: UInt32? = candidates[lane].reference
          if found == nil, !candidates[lane].places.isLastOfAll {
            if postpone(query, searches[lane], candidates[lane], &waiting) { continue }
            (found, reference) = (furtherEntry(for: query), nil)
          }
          let value = UnsafeRawBufferPointer(start: query.name, count: Int(query.value))
          let verdict = answer(query, found: found, reference: reference, to: value, at: now).verdict
          verdicts[searches[lane].index] = verdict
        }
      }
    }
  }

  /// Adds a search to those that wait, unless they are full or it has been in many lines already.
  @inline(never)
  private func postpone(_ query: HostQuery, _ search: HostSearch, _ candidate: Candidate, _ waiting: inout HostSearches)
    -> Bool
  {
    guard !waiting.isFull, let next = next(search, after: candidate) else { return false }
    waiting.append(query, next)
    return true
  }

  /// An entry of a line that may be a query's.
  private struct Candidate {
    let places: HostTable.Places
    /// Where it is; 0 where nothing in the line may be the query's.
    let offset: UInt32
    /// The four bytes after the entry's name, which may lie in the next line of the cache.
    var reference: UInt32 = 0
    /// The entry's first two bytes.
    var entryHead: UInt16 = 0

    @inline(__always)
    init(_ places: HostTable.Places, in line: UnsafeRawPointer) {
      self.places = places
      offset = HostTable.offset(places.firstOrAny, in: line) & places.allOrNone
    }
  }

  @inline(__always)
  private func readEntry(_ candidate: UnsafeMutablePointer<Candidate>, keyCount: Int) {
    // Nothing lies at offset 0; what is read there and behind it is not used.
    guard let entry = NameArena.pointer(candidate.pointee.offset, in: segments) else { return }
    candidate.pointee.entryHead = UInt16(littleEndian: entry.loadUnaligned(as: UInt16.self))
    candidate.pointee.reference = HostEntry.reference(entry, keyCount: keyCount)
  }

  /// The entry of a query's key, if it is the one that was read ahead.
  @inline(__always)
  private func entry(for query: HostQuery, _ candidate: Candidate) -> Found? {
    guard let key = key(of: query), let entry = NameArena.pointer(candidate.offset, in: segments),
      KeyMatch(query, key).matches(entry, head: candidate.entryHead)
    else { return nil }
    return (candidate.offset, UnsafeRawPointer(entry))
  }

  /// Where a query's search begins, whose verdict is the one at an index.
  @inline(__always)
  private func search(for query: HostQuery, at index: Int) -> HostSearch {
    search(HostTable.line(query.hash, of: lineCount), at: index, hops: 0)
  }

  @inline(__always)
  private func search(_ line: Int, at index: Int, hops: UInt8) -> HostSearch {
    HostSearch(
      line: UnsafeRawPointer(HostTable.linePointer(line, shift: chunkShift, in: lines)), index: index,
      number: UInt32(truncatingIfNeeded: line), hops: hops)
  }

  /// Where a search goes on after a candidate that was not the query's: in the same line, or else in the next; nil where it
  /// has been in many lines, as hardly any has.
  @inline(__always)
  private func next(_ search: HostSearch, after candidate: Candidate) -> HostSearch? {
    if !candidate.places.isLast {
      var next = search
      next.tried |= candidate.places.firstBit
      return next
    }
    guard search.hops < HostSearch.mostHops else { return nil }
    let line = Int(search.number) &+ 1
    return self.search(line == lineCount ? 0 : line, at: search.index, hops: search.hops &+ 1)
  }
}
