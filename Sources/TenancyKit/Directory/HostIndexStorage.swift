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
  /// See ``PlatformBytes/usualDomain``; hosts under it, of sixteen bytes and more, are found in a shorter way.
  let usualDomain: PlatformBytes.ShortDomain?
  let hasher: HostHasher
  let markWords: UnsafeMutablePointer<UInt64>
  let markMask: UInt64
  /// Whether the index is larger than what a processor has near, so that batches read ahead.
  let isLarge: Bool
  /// Of the second caches of today's processors the smaller ones have half a mebibyte and more.
  private static let nearByteCount = 3 << 18

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
    usualDomain = platformBytes.usualDomain
    hasher = HostHasher(secret: UnsafePointer(platformBytes.secret))
    markMask = marks.mask
    isLarge = table.byteCount + arena.count > Self.nearByteCount
    markWords = .allocate(capacity: marks.words.count)
    markWords.initialize(from: marks.words, count: marks.words.count)
  }

  deinit { markWords.deallocate() }

  /// 1 where a label needs a second look, else 0.
  @inline(__always)
  func markBit(_ hash: UInt64) -> UInt64 {
    let place = LabelMarks.place(hash, mask: markMask)
    return markWords[Int(truncatingIfNeeded: place >> 6)] &>> place & 1
  }

  /// The entry of a label, or nil.
  @inline(never)
  func label(_ name: UnsafeRawPointer, _ count: Int, hash: UInt64) -> Found? {
    find(hash) { entry in
      Int(HostEntry.slugCount(entry)) == count
        && HostEntry.same(entry + 1, name, count)
    }
  }

  /// The active mapping of a host, or the mark of its inactive ones, or nil.
  func host(_ name: UnsafeRawPointer, _ count: Int, hash: UInt64) -> Found? {
    activeHost(name, count, hash: hash)
      ?? host(name, count, hash: hash, where: HostEntry.isInactiveMark)
  }

  /// The entry of a host's active mapping, or nil.
  @inline(never)
  func activeHost(_ name: UnsafeRawPointer, _ count: Int, hash: UInt64) -> Found? {
    host(name, count, hash: hash, where: HostEntry.serves)
  }

  /// The entry of a host for which a condition holds that no slug's entry meets, or nil.
  @inline(__always)
  private func host(
    _ name: UnsafeRawPointer, _ count: Int, hash: UInt64, where isSought: (UnsafeRawPointer) -> Bool
  ) -> Found? {
    find(hash) { entry in
      isSought(entry) && Int(entry.load(fromByteOffset: 1, as: UInt8.self)) == count
        && HostEntry.same(entry + 2, name, count)
    }
  }

  /// An entry with its offset.
  typealias Found = (offset: UInt32, entry: UnsafeRawPointer)

  /// The entry of a query's key that serves, or a held slug's; or nil. One that is found shows that the key is well formed.
  @inline(__always)
  func entry(for query: HostQuery, _ key: KeyBytes) -> Found? {
    let match = KeyMatch(query, key)
    let line = HostTable.linePointer(HostTable.line(query.hash, of: lineCount), shift: chunkShift, in: lines)
    let places = HostTable.Places(query.hash, in: line)
    guard let place = places.first else { return places.continues ? furtherEntry(for: query) : nil }
    let offset = HostTable.offset(place, in: line)
    guard let entry = NameArena.pointer(offset, in: segments), match.matches(entry) else {
      return furtherEntry(for: query)
    }
    return (offset, UnsafeRawPointer(entry))
  }

  /// The same wherever the entry is.
  @inline(never)
  func furtherEntry(for query: HostQuery) -> Found? {
    guard let key = key(of: query) else { return nil }
    let match = KeyMatch(query, key)
    return find(query.hash) { match.matches($0) }
  }

  /// The key of a query, read again.
  @inline(__always)
  func key(of query: HostQuery) -> KeyBytes? {
    // That no byte is a control character was seen when the query was made, and need not be asked of most again.
    if query.value >= 16 { return KeyBytes(query.name, count: query.count, masks: hasher.masks) }
    return KeyBytes(frontOf: query.name, query.value, count: query.count, masks: hasher.masks)
  }

  /// What an entry has to be to be that of a key.
  struct KeyMatch {
    private let key: KeyBytes
    private let nameOffset: Int
    private let head: UInt64
    private let headMask: UInt64

    @inline(__always)
    init(_ query: HostQuery, _ key: KeyBytes) {
      self.init(query, key, head: HostQuery.head(query.count, isLabel: query.isLabel))
    }

    /// The same where the query's head is known.
    @inline(__always)
    init(_ query: HostQuery, _ key: KeyBytes, head: UInt64) {
      self.key = key
      nameOffset = 2 &- Int(truncatingIfNeeded: query.isLabel)
      self.head = head
      headMask = query.headMask
    }

    @inline(__always)
    func matches(_ entry: UnsafeRawPointer) -> Bool {
      // An entry has at least two bytes.
      matches(entry, head: UInt16(littleEndian: entry.loadUnaligned(as: UInt16.self)))
    }

    /// The same where the entry's first two bytes were read already.
    @inline(__always)
    func matches(_ entry: UnsafeRawPointer, head found: UInt16) -> Bool {
      difference(entry, head: found, mask: headMask) == 0
    }

    /// 1 where an entry is that of the key and of an active tenant, else 0; found without a branch.
    @inline(__always)
    func isOfActiveTenant(_ entry: UnsafeRawPointer, head found: UInt16) -> UInt64 {
      // A difference has at most sixteen bits, so that taking one away sets the highest bit only of none.
      (difference(entry, head: found, mask: headMask | UInt64(HostEntry.inactiveBit)) &- 1) &>> 63
    }

    @inline(__always)
    private func difference(_ entry: UnsafeRawPointer, head found: UInt16, mask: UInt64) -> UInt64 {
      key.difference(from: entry + nameOffset) | (UInt64(found) ^ head) & mask
    }
  }

  @inline(__always)
  func find(_ hash: UInt64, _ matches: (UnsafeRawPointer) -> Bool) -> Found? {
    var line = HostTable.line(hash, of: lineCount)
    var remaining = lineCount
    while remaining > 0 {
      let pointer = HostTable.linePointer(line, shift: chunkShift, in: lines)
      var places = HostTable.Places(hash, in: pointer)
      while let place = places.next() {
        let offset = HostTable.offset(place, in: pointer)
        if let entry = NameArena.pointer(offset, in: segments), matches(UnsafeRawPointer(entry)) {
          return (offset, UnsafeRawPointer(entry))
        }
      }
      if !places.continues { return nil }
      line = line &+ 1 == lineCount ? 0 : line &+ 1
      remaining &-= 1
    }
    return nil
  }
}
