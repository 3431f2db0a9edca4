internal import SaaSCore

extension HostIndexStorage {
  // So many lanes fit into the kilobyte that a temporary allocation takes from the stack.
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
      withUnsafeTemporaryAllocation(of: Lane.self, capacity: Self.laneCount) { lanes in
        guard let lanes = lanes.baseAddress else { return }
        for lane in 0..<group {
          let end = ends[index &+ lane]
          let value = value(in: bytes, from: start, to: end)
          start = max(start, end)
          (lanes + lane).initialize(to: Lane(value: value, query: query(value)))
        }
        touch(lanes, group)
        for lane in 0..<group {
          let value = lanes[lane].value
          verdicts[index &+ lane] =
            lanes[lane].query.map { answer($0, to: value, at: now) } ?? carefulVerdict(value, at: now)
        }
      }
      index &+= group
    }
  }

  private struct Lane {
    let value: UnsafeRawBufferPointer
    let query: HostQuery?
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

  /// Reads the lines of all queries, then the first entry that each may mean, without waiting for one before the next.
  @inline(__always)
  private func touch(_ lanes: UnsafeMutablePointer<Lane>, _ count: Int) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.laneCount) { offsets in
      for lane in 0..<count {
        let hash = lanes[lane].query?.hash ?? 0
        let line = HostTable.linePointer(HostTable.line(hash, of: lineCount), shift: chunkShift, in: lines)
        let places = HostTable.Places(hash, in: line)
        offsets[lane] = HostTable.offset(places.first ?? 0, in: line)
      }
      var sum: UInt8 = 0
      for lane in 0..<count {
        if let entry = NameArena.pointer(offsets[lane], in: segments) { sum &+= entry.load(as: UInt8.self) }
      }
      keep(sum)
    }
  }

  /// Uses a value, so that reading it is not left out.
  @inline(never)
  private func keep(_ value: UInt8) {}
}
