internal import SaaSCore

/// What an index is made of: a table of lines over an arena of names, and the platform's own names.
///
/// Nothing changes once it is made; a change makes another storage that shares what it did not touch.
// Sendable: all pointers lead into memory that the stored objects own and that no one changes after publication.
final class HostIndexStorage: @unchecked Sendable {
  let platformBytes: PlatformBytes
  let arena: NameArena
  let table: HostTable
  let marks: LabelMarks
  /// Names the arena: a verdict's tenant is an offset into the arena of the same generation.
  let generation: UInt64
  /// How many bytes of the arena belong to entries that no table reaches any more.
  let garbage: Int
  /// How many tenants there are.
  let tenantCount: Int

  // Copies of what the objects above hold, so that a look-up follows one pointer less and counts no reference.
  let lines: UnsafeMutablePointer<UnsafeMutableRawPointer>
  let lineCount: Int
  let chunkShift: Int
  let segments: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  let domains: UnsafeMutablePointer<PlatformBytes.Name>
  let domainCount: Int
  let hasher: HostHasher
  let markWords: UnsafeMutablePointer<UInt64>
  let markMask: UInt64

  init(
    platformBytes: PlatformBytes, arena: NameArena, table: HostTable, marks: LabelMarks, generation: UInt64,
    garbage: Int, tenantCount: Int
  ) {
    self.platformBytes = platformBytes
    self.arena = arena
    self.table = table
    self.marks = marks
    self.generation = generation
    self.garbage = garbage
    self.tenantCount = tenantCount
    lines = table.directory
    lineCount = table.lineCount
    chunkShift = table.chunkShift
    segments = arena.segments
    domains = platformBytes.domains
    domainCount = platformBytes.domainCount
    hasher = HostHasher(secret: UnsafePointer(platformBytes.secret))
    markMask = marks.mask
    markWords = .allocate(capacity: marks.words.count)
    markWords.initialize(from: marks.words, count: marks.words.count)
  }

  deinit { markWords.deallocate() }

  /// Whether a label needs a second look.
  @inline(__always)
  func isMarked(_ hash: UInt64) -> Bool {
    let place = LabelMarks.place(hash, mask: markMask)
    return markWords[Int(truncatingIfNeeded: place >> 6)] & (1 << (place & 63)) != 0
  }

  /// The entry of a label, or nil.
  @inline(__always)
  func label(_ name: UnsafeRawPointer, _ count: Int, hash: UInt64) -> (offset: UInt32, entry: UnsafeRawPointer)? {
    find(hash) { entry in
      HostEntry.form(entry) != HostEntry.host && Int(HostEntry.low(entry)) == count
        && HostEntry.same(entry + 1, name, count)
    }
  }

  /// The active mapping of a host, or the mark of its inactive ones, or nil.
  @inline(__always)
  func host(_ name: UnsafeRawPointer, _ count: Int, hash: UInt64) -> (offset: UInt32, entry: UnsafeRawPointer)? {
    host(name, count, hash: hash, flag: HostEntry.active)
      ?? host(name, count, hash: hash, flag: HostEntry.inactiveMark)
  }

  /// The entry of a host with a flag, or nil.
  @inline(__always)
  func host(_ name: UnsafeRawPointer, _ count: Int, hash: UInt64, flag: UInt8) -> (
    offset: UInt32, entry: UnsafeRawPointer
  )? {
    find(hash) { entry in
      entry.load(as: UInt8.self) == HostEntry.host << 6 | flag
        && Int(entry.load(fromByteOffset: 1, as: UInt8.self)) == count && HostEntry.same(entry + 2, name, count)
    }
  }

  @inline(__always)
  private func find(_ hash: UInt64, _ matches: (UnsafeRawPointer) -> Bool) -> (
    offset: UInt32, entry: UnsafeRawPointer
  )? {
    let tags = UInt64(HostTable.tag(hash)) &* 0x0101_0101_0101_0101
    var line = HostTable.line(hash, of: lineCount)
    var remaining = lineCount
    while remaining > 0 {
      let pointer = HostTable.linePointer(line, shift: chunkShift, in: lines)
      let first = UInt64(littleEndian: pointer.load(as: UInt64.self))
      let second = UInt64(littleEndian: pointer.load(fromByteOffset: 8, as: UInt64.self))
      var places = HostTable.zeroBytes(first ^ tags)
      while places != 0 {
        if let found = candidate(pointer, places.trailingZeroBitCount >> 3, matches) { return found }
        places &= places &- 1
      }
      places = HostTable.zeroBytes(second ^ tags) & 0xffff_ffff
      while places != 0 {
        if let found = candidate(pointer, 8 &+ places.trailingZeroBitCount >> 3, matches) {
          return found
        }
        places &= places &- 1
      }
      if second >> 32 == 0 { return nil }
      line = line &+ 1 == lineCount ? 0 : line &+ 1
      remaining &-= 1
    }
    return nil
  }

  @inline(__always)
  private func candidate(_ line: UnsafeRawPointer, _ place: Int, _ matches: (UnsafeRawPointer) -> Bool) -> (
    offset: UInt32, entry: UnsafeRawPointer
  )? {
    let offset = line.load(fromByteOffset: 16 &+ 4 &* place, as: UInt32.self)
    guard let entry = NameArena.pointer(offset, in: segments), matches(UnsafeRawPointer(entry)) else {
      return nil
    }
    return (offset, UnsafeRawPointer(entry))
  }
}
