internal import SaaSCore

extension HostIndexStorage {
  // So many queries fit into the kilobyte that a temporary allocation takes from the stack without asking how much of it
  // is left.
  private static var laneCount: Int { 24 }

  /// The verdicts of many values: a group's names are all read first, then all their lines, then all their entries, so
  /// that the processor waits for several cache misses at once.
  func verdicts(
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
            let end = ends[index &+ lane]
            let value = value(in: bytes, from: start, to: end)
            start = max(start, end)
            verdicts[index &+ lane] =
              queries[lane].map { query in
                answer(query, found: entry(for: query, first: candidates[lane]), to: value, at: now)
              } ?? carefulVerdict(value, at: now)
          }
        }
      }
      index &+= group
    }
  }

  @inline(__always)
  private func query(_ value: UnsafeRawBufferPointer) -> HostQuery? {
    guard let start = value.baseAddress else { return nil }
    return HostScan(start, count: value.count).flatMap { query($0) }
  }

  @inline(__always)
  private func value(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> UnsafeRawBufferPointer {
    guard start >= 0, start <= end, end <= bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  /// What was read ahead of the first entry that a query may mean.
  private struct Candidate {
    /// Where the entry is; 0 where nothing in the query's line may be its.
    var offset: UInt32
    /// The entry's first two bytes.
    var head: UInt16
  }

  /// Reads the lines of all queries, then the first entry that each may mean, without waiting for one before the next.
  ///
  /// No branch depends on what was read: one that was guessed wrongly would wait for memory, and all behind it.
  @inline(__always)
  private func readAhead(
    _ queries: UnsafeMutablePointer<HostQuery?>, into candidates: UnsafeMutablePointer<Candidate>, _ count: Int
  ) {
    for lane in 0..<count {
      let hash = queries[lane]?.hash ?? 0
      let line = HostTable.linePointer(HostTable.line(hash, of: lineCount), shift: chunkShift, in: lines)
      let places = HostTable.Places(hash, in: line)
      let offset = HostTable.offset(places.firstOrAny, in: line) & places.allOrNone
      (candidates + lane).initialize(to: Candidate(offset: offset, head: 0))
    }
    for lane in 0..<count {
      // Nothing lies at offset 0, and what is read there is no entry's head.
      guard let entry = NameArena.pointer(candidates[lane].offset, in: segments) else { continue }
      candidates[lane].head = UInt16(littleEndian: entry.loadUnaligned(as: UInt16.self))
    }
  }

  /// The entry of a query's key, if it is the one that was read ahead; else it is looked for.
  @inline(__always)
  private func entry(for query: HostQuery, first candidate: Candidate) -> Found? {
    if query.count <= NameWords.longest, let entry = NameArena.pointer(candidate.offset, in: segments),
      KeyMatch(query).matches(entry, head: candidate.head)
    {
      return (candidate.offset, UnsafeRawPointer(entry))
    }
    return self.entry(for: query)
  }
}
