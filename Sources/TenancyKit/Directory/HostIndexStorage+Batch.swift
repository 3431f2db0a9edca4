internal import SaaSCore

extension HostIndexStorage {
  // Twelve names and their queries fit into the kilobyte that a temporary allocation takes from the stack.
  private static var laneCount: Int { 12 }
  private static var laneSize: Int { 80 }

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
      withUnsafeTemporaryAllocation(byteCount: Self.laneSize &* Self.laneCount, alignment: 16) { names in
        withUnsafeTemporaryAllocation(of: HostQuery.self, capacity: Self.laneCount) { queries in
          guard let names = names.baseAddress, let queries = queries.baseAddress else { return }
          for lane in 0..<group {
            let end = ends[index &+ lane]
            let value = value(in: bytes, from: start, to: end)
            start = max(start, end)
            // A long value does not fit a lane and is settled by itself.
            let query =
              value.count <= HostScan.longest
              ? query(value, into: names + lane &* Self.laneSize) : .settled(verdict(value, at: now))
            (queries + lane).initialize(to: query)
          }
          touch(queries, group)
          for lane in 0..<group {
            verdicts[index &+ lane] = answer(queries[lane], about: names + lane &* Self.laneSize, at: now)
          }
        }
      }
      index &+= group
    }
  }

  @inline(__always)
  private func value(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> UnsafeRawBufferPointer {
    guard start >= 0, start <= end, end <= bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  /// Reads the lines of all queries, then the first entry that each may mean, without waiting for one before the next.
  @inline(__always)
  private func touch(_ queries: UnsafeMutablePointer<HostQuery>, _ count: Int) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.laneCount) { offsets in
      for lane in 0..<count {
        let hash = queries[lane].hash
        let line = HostTable.linePointer(HostTable.line(hash, of: lineCount), shift: chunkShift, in: lines)
        let tags = UInt64(HostTable.tag(hash)) &* 0x0101_0101_0101_0101
        let first = HostTable.zeroBytes(UInt64(littleEndian: line.load(as: UInt64.self)) ^ tags)
        let second =
          HostTable.zeroBytes(UInt64(littleEndian: line.load(fromByteOffset: 8, as: UInt64.self)) ^ tags)
          & 0xffff_ffff
        let place =
          first != 0 ? first.trailingZeroBitCount >> 3 : second != 0 ? 8 &+ second.trailingZeroBitCount >> 3 : 0
        offsets[lane] = line.load(fromByteOffset: 16 &+ 4 &* place, as: UInt32.self)
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
