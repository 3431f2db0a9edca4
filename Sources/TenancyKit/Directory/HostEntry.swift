internal import SaaSCore

/// The bytes of the entries that an index keeps in its arena, and how they are read.
///
/// A tenant is one run of bytes: its record, which is also the entry of its slug, then what else resolves to it.
/// The first byte of an entry has the length of a slug in its low six bits and the entry's form in the top two; a host's
/// has zero in the low bits and a flag in the top two:
///
/// | form | first byte | then |
/// |---|---|---|
/// | 0 plain tenant | form, slug's length | slug, ID's length, organisation's length, ID, organisation |
/// | 1 active tenant | form, slug's length | as 0, then status and count of further entries (2 bytes; 13 bits of count, all set: 4 bytes follow) |
/// | 2 held slug | form, slug's length | slug, end of the hold (8 bytes), offset of the record (4) |
/// | 3 inactive tenant | form, slug's length | as 1 |
/// | host | flag, zero | length, host, then for an active mapping, its tenant active or not, the offset of the record (4), for the shared mark of mappings that are not active how many there are (4) |
///
/// All numbers are little-endian and unaligned.
enum HostEntry {
  static let plainTenant: UInt8 = 0
  static let tenant: UInt8 = 1
  static let held: UInt8 = 2
  static let inactiveTenant: UInt8 = 3
  /// Not written; what ``form(_:)`` says of a host's entry.
  static let host: UInt8 = 4

  /// The flags of a host entry.
  static let claim: UInt8 = 0
  static let active: UInt8 = 1
  static let inactiveMark: UInt8 = 2
  /// An active mapping of a tenant that is not active, so that a look-up need not read the tenant's record for that.
  static let halted: UInt8 = 3

  /// The bits of a slug's entry's first byte that are the slug's length.
  static let slugCountMask: UInt8 = 0x3f
  /// The bit of a slug's or a serving mapping's first byte that no active tenant's has: the forms of an active tenant's
  /// record are the lower two, and so is `active` of the two flags.
  static let inactiveBit: UInt8 = 0x80

  static let countMask: UInt16 = 0x1fff
  static let statusShift: UInt16 = 13

  @inline(__always)
  static func form(_ entry: UnsafeRawPointer) -> UInt8 { slugCount(entry) == 0 ? host : slugForm(entry) }

  /// The form of an entry that is known to be a slug's.
  @inline(__always)
  static func slugForm(_ entry: UnsafeRawPointer) -> UInt8 { entry.load(as: UInt8.self) >> 6 }

  /// Whether an entry is a tenant's record.
  @inline(__always)
  static func isRecord(_ entry: UnsafeRawPointer) -> Bool { slugCount(entry) != 0 && slugForm(entry) != held }

  /// Whether an entry that is known to be a slug's, or a mapping's that serves, resolves to an active tenant.
  @inline(__always)
  static func isOfActiveTenant(_ entry: UnsafeRawPointer) -> Bool { entry.load(as: UInt8.self) & inactiveBit == 0 }

  /// The flag of an entry that is known to be a host's.
  @inline(__always)
  static func flag(_ entry: UnsafeRawPointer) -> UInt8 { entry.load(as: UInt8.self) >> 6 }

  /// Whether an entry is that of an active mapping, whatever its tenant's status. No slug's entry is: its low bits are not
  /// zero.
  @inline(__always)
  static func serves(_ entry: UnsafeRawPointer) -> Bool {
    let first = entry.load(as: UInt8.self)
    return first == active << 6 || first == halted << 6
  }

  /// Whether an entry is that of an active mapping of a tenant that is not active.
  @inline(__always)
  static func isHalted(_ entry: UnsafeRawPointer) -> Bool { entry.load(as: UInt8.self) == halted << 6 }

  /// Whether an entry is the mark of a host's inactive mappings.
  @inline(__always)
  static func isInactiveMark(_ entry: UnsafeRawPointer) -> Bool { entry.load(as: UInt8.self) == inactiveMark << 6 }

  /// The length of an entry's slug; 0 for a host's entry.
  @inline(__always)
  static func slugCount(_ entry: UnsafeRawPointer) -> UInt8 { entry.load(as: UInt8.self) & slugCountMask }

  /// Where the entry's name begins and how long it is.
  @inline(__always)
  static func name(_ entry: UnsafeRawPointer) -> (start: UnsafeRawPointer, count: Int) {
    if form(entry) == host {
      return (entry + 2, Int(entry.load(fromByteOffset: 1, as: UInt8.self)))
    }
    return (entry + 1, Int(slugCount(entry)))
  }

  @inline(__always)
  static func number32(_ pointer: UnsafeRawPointer) -> UInt32 {
    UInt32(littleEndian: pointer.loadUnaligned(as: UInt32.self))
  }

  /// The four bytes after a host entry's name, or a held slug's end.
  @inline(__always)
  static func reference(_ entry: UnsafeRawPointer) -> UInt32 {
    let (start, count) = name(entry)
    let skip = form(entry) == held ? 8 : 0
    return number32(start + count + skip)
  }

  /// The four bytes after the name of a host's entry whose length is known. What is read of another entry means nothing; so
  /// many bytes past any entry are readable.
  @inline(__always)
  static func reference(_ entry: UnsafeRawPointer, keyCount: Int) -> UInt32 { number32(entry + (2 &+ keyCount)) }

  /// When a held slug is free again.
  @inline(__always)
  static func holdEnd(_ entry: UnsafeRawPointer) -> Timestamp {
    let (start, count) = name(entry)
    return Timestamp(microseconds: Int64(littleEndian: (start + count).loadUnaligned(as: Int64.self)))
  }

  /// The status of a tenant's record.
  @inline(__always)
  static func status(_ record: UnsafeRawPointer) -> Tenant.Status {
    guard slugForm(record) == inactiveTenant else { return .active }
    switch UInt16(littleEndian: self.record(record).namesEnd.loadUnaligned(as: UInt16.self)) >> statusShift {
    case 0: return .active
    case 1: return .suspended
    default: return .closed
    }
  }

  static func code(of status: Tenant.Status) -> UInt16 {
    switch status {
    case .active: 0
    case .suspended: 1
    case .closed: 2
    }
  }

  /// A tenant's record, read.
  struct Record {
    let slug: UnsafeRawPointer
    let slugCount: Int
    let idCount: Int
    let organizationCount: Int

    @inline(__always)
    var id: UnsafeRawPointer { slug + (slugCount &+ 2) }
    @inline(__always)
    var organization: UnsafeRawPointer { id + idCount }
    /// The first byte after the names.
    @inline(__always)
    var namesEnd: UnsafeRawPointer { organization + organizationCount }
    /// How many bytes the names have with the two lengths.
    @inline(__always)
    var namesCount: Int { slugCount &+ 2 &+ idCount &+ organizationCount }
  }

  @inline(__always)
  static func record(_ entry: UnsafeRawPointer) -> Record {
    record(slug: entry + 1, slugCount: Int(slugCount(entry)))
  }

  /// The same of one whose slug is known, so that the bytes after the slug can be asked for before the entry has come.
  @inline(__always)
  static func record(slug: UnsafeRawPointer, slugCount: Int) -> Record {
    let lengths = UInt16(littleEndian: (slug + slugCount).loadUnaligned(as: UInt16.self))
    return Record(
      slug: slug, slugCount: slugCount, idCount: Int(lengths & 0xff), organizationCount: Int(lengths >> 8))
  }

  /// How many entries follow a record in its run, and where they begin.
  static func further(_ entry: UnsafeRawPointer) -> (count: Int, start: UnsafeRawPointer) {
    let end = record(entry).namesEnd
    guard slugForm(entry) != plainTenant else { return (0, end) }
    let count = UInt16(littleEndian: end.loadUnaligned(as: UInt16.self)) & countMask
    return count == countMask ? (Int(number32(end + 2)), end + 6) : (Int(count), end + 2)
  }

  /// How many bytes an entry that follows a record has.
  @inline(__always)
  static func size(ofFurther entry: UnsafeRawPointer) -> Int {
    let (_, count) = name(entry)
    if form(entry) == held { return 1 + count + 12 }
    return 2 + count + (flag(entry) == claim ? 0 : 4)
  }

  /// Text of `count` bytes at a pointer with sixteen readable bytes, and seven past the text.
  @inline(__always)
  static func text(_ start: UnsafeRawPointer, _ count: Int) -> InlineText {
    guard count <= InlineText.inlineCapacity else {
      // At most 255 bytes, which every text can have.
      return InlineText(utf8: UnsafeRawBufferPointer(start: start, count: count).bindMemory(to: UInt8.self).span)
        ?? InlineText()
    }
    if count <= shortCount { return shortText(start, count) }
    @inline(__always) func word(_ index: Int) -> UInt64 {
      let rest = count &- index &* 8
      return rest > 0 ? NameWord.at(index &* 8, of: start) & NameWord.first(rest) : 0
    }
    return InlineText(
      w0: word(0), w1: word(1), w2: word(2), w3: word(3), w4: word(4),
      inlineCount: UInt64(truncatingIfNeeded: count))
  }

  /// How long a text may be that ``shortText(_:_:)`` reads: nearly all slugs are no longer.
  private static let shortCount = 16

  /// Text of one to ``shortCount`` bytes at a pointer with sixteen readable bytes, read without a branch.
  @inline(__always)
  private static func shortText(_ start: UnsafeRawPointer, _ count: Int) -> InlineText {
    // A shift by all sixty-four bits would shift by none, so half is shifted twice.
    let half = UInt64(truncatingIfNeeded: 4 &* min(16 &- count, 8))
    return InlineText(
      w0: NameWord.at(0, of: start) & NameWord.first(count),
      w1: NameWord.at(8, of: start) & ((.max &>> half) &>> half), w2: 0, w3: 0, w4: 0,
      inlineCount: UInt64(truncatingIfNeeded: count))
  }

  /// Whether `count` bytes at two pointers are the same; both have eight readable bytes past their end.
  @inline(__always)
  static func same(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
    var offset = 0
    while offset &+ 8 <= count {
      guard NameWord.at(offset, of: left) == NameWord.at(offset, of: right) else { return false }
      offset &+= 8
    }
    if offset == count { return true }
    return (NameWord.at(offset, of: left) ^ NameWord.at(offset, of: right)) & NameWord.first(count &- offset) == 0
  }
}
