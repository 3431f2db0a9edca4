internal import SaaSCore

/// Makes an index from another one by changes, in time proportional to what changed.
///
/// What always holds: the entries in the table are of runs whose record is in the table; a run whose record leaves the
/// table takes its other entries with it; each inactive mapping of a run in the table is counted once in its host's mark.
struct HostIndexEditor {
  private let base: HostIndexStorage
  private let table: HostTable
  private var marks: LabelMarks
  private var garbage: Int
  private var tenantCount: Int

  /// Changes a copy of an index that readers may have.
  init(changing base: HostIndexStorage) {
    self.init(base, table: HostTable(copying: base.table))
    // Those readers load bytes past the last entry, which are not to be written while they do.
    garbage += base.arena.separate()
  }

  /// Fills the table of an empty index that nobody else has yet.
  init(filling fresh: HostIndexStorage) { self.init(fresh, table: fresh.table) }

  private init(_ base: HostIndexStorage, table: HostTable) {
    self.base = base
    self.table = table
    marks = base.marks
    garbage = base.garbage
    tenantCount = base.tenantCount
  }

  func finish() -> HostIndexStorage {
    table.finish()
    return HostIndexStorage(
      platformBytes: base.platformBytes, arena: base.arena, table: table, marks: marks, generation: base.generation,
      garbage: garbage, tenantCount: tenantCount)
  }

  /// A view of the table as it is now, for look-ups between changes.
  private func find(_ hash: UInt64, where matches: (UnsafeRawPointer) -> Bool) -> UInt32? {
    var found: UInt32?
    table.forEachCandidate(hash) { offset in
      guard let entry = base.arena.pointer(offset), matches(entry) else { return false }
      found = offset
      return true
    }
    return found
  }

  private func findLabel(_ name: UnsafeRawPointer, _ count: Int, hash: UInt64) -> UInt32? {
    find(hash) { entry in
      Int(HostEntry.slugCount(entry)) == count
        && HostEntry.same(entry + 1, name, count)
    }
  }

  private func findHost(
    _ name: UnsafeRawPointer, _ count: Int, hash: UInt64, where isSought: (UnsafeRawPointer) -> Bool
  ) -> UInt32? {
    find(hash) { entry in
      isSought(entry) && Int(entry.load(fromByteOffset: 1, as: UInt8.self)) == count
        && HostEntry.same(entry + 2, name, count)
    }
  }

  // MARK: Tenants

  /// Puts the present hosts of tenants in the place of whatever the index had of them.
  ///
  /// The batch has each tenant once, and every tenant that changed since the index was made, as all are at one moment.
  ///
  /// No old run outlives this, though the index knows runs by slugs alone. An old record lies under the slug that its
  /// tenant had. A slug that was had once is always some one tenant's, as its slug or as a hold that may be over. If that
  /// is still the old record's tenant, its slug or one of its holds leads to the record. If it is another, that one got
  /// the slug since, so it is in the batch, and its slug or one of its holds leads there.
  mutating func apply(_ batch: [TenantHosts]) throws(HostIndex.BuildError) {
    let changed = Set(batch.map(\.tenant.id))
    for hosts in batch {
      try removeRun(under: hosts.tenant.slug, ifOf: changed)
      for hold in hosts.holds { try removeRun(under: hold.slug, ifOf: changed) }
    }
    for hosts in batch {
      let run = TenantRun(hosts)
      guard let (offset, pointer) = base.arena.allocate(run.byteCount) else { throw .tooLarge }
      run.write(to: pointer, at: offset)
      try insertRecord(offset)
      try insertFurther(of: offset)
    }
  }

  /// Takes the run to which a slug leads out of the table if its tenant is among those given.
  private mutating func removeRun(under slug: Slug, ifOf tenants: Set<TenantID>) throws(HostIndex.BuildError) {
    let found = withName(slug) { name, count in
      findLabel(name, count, hash: base.hasher.hash(name, count: count, in: .label))
    }
    guard let found, let entry = base.arena.pointer(found) else { return }
    let record = HostEntry.form(entry) == HostEntry.held ? HostEntry.reference(entry) : found
    guard let entry = base.arena.pointer(record),
      tenants.contains(HostIndexStorage.tenantID(HostEntry.record(entry)))
    else { return }
    try removeRun(record)
  }

  /// Whether a record is in the table under its slug's hash.
  func contains(_ record: UInt32, hash: UInt64) -> Bool { table.contains(record, hash: hash) }

  /// Enters an entry. The table was made large enough for all that is entered; should it not be, nothing is left out in
  /// silence.
  private func insert(_ offset: UInt32, hash: UInt64) throws(HostIndex.BuildError) {
    guard table.insert(offset, hash: hash) else { throw .tooLarge }
  }

  /// Reads the lines to which hashes belong, so that they are near when they are wanted.
  @inline(__always)
  func touch(_ hashes: some Sequence<UInt64>) { table.touch(hashes) }

  private mutating func insertRecord(_ offset: UInt32) throws(HostIndex.BuildError) {
    guard let entry = base.arena.pointer(offset) else { return }
    let (name, count) = HostEntry.name(entry)
    try insertRecord(offset, hash: base.hasher.hash(name, count: count, in: .label))
  }

  /// Enters a record under its slug, whose hash is given; whoever had the slug gives it up.
  mutating func insertRecord(_ offset: UInt32, hash: UInt64) throws(HostIndex.BuildError) {
    guard let entry = base.arena.pointer(offset) else { return }
    let (name, count) = HostEntry.name(entry)
    if let other = findLabel(name, count, hash: hash), let old = base.arena.pointer(other) {
      if HostEntry.form(old) == HostEntry.held {
        if table.remove(other, hash: hash) { garbage += HostEntry.size(ofFurther: old) }
      } else {
        // Its tenant was renamed, which the index is about to learn; until then its other hosts would have no record.
        try removeRun(other)
      }
    }
    try insert(offset, hash: hash)
    tenantCount += 1
  }

  /// Enters what else resolves to a record.
  mutating func insertFurther(of record: UInt32) throws(HostIndex.BuildError) {
    for (offset, entry) in further(of: record) {
      if HostEntry.form(entry) == HostEntry.held {
        try insertHold(offset, entry)
      } else if HostEntry.serves(entry) {
        try insertActive(offset, entry)
      } else {
        try count(entry, by: 1)
      }
    }
  }

  private mutating func insertHold(_ offset: UInt32, _ entry: UnsafeRawPointer) throws(HostIndex.BuildError) {
    let (name, count) = HostEntry.name(entry)
    let hash = base.hasher.hash(name, count: count, in: .label)
    if let other = findLabel(name, count, hash: hash), let old = base.arena.pointer(other) {
      // A slug that somebody has by now goes before a hold that is over.
      guard HostEntry.form(old) == HostEntry.held else { return }
      _ = table.remove(other, hash: hash)
    }
    try insert(offset, hash: hash)
  }

  /// Enters a mapping that serves. Whoever has the host keeps it: a former owner's run left the table before, and no store
  /// gives one host two owners.
  private mutating func insertActive(_ offset: UInt32, _ entry: UnsafeRawPointer) throws(HostIndex.BuildError) {
    let (name, count) = HostEntry.name(entry)
    let hash = base.hasher.hash(name, count: count, in: .host)
    guard findHost(name, count, hash: hash, where: HostEntry.serves) == nil else { return }
    try insert(offset, hash: hash)
    if let label = base.platformBytes.labelCount(ofHost: name, count) {
      marks.insert(base.hasher.hash(name, count: label, in: .label))
    }
  }

  /// Counts an inactive mapping's host up or down in the mark that all such mappings of the host share.
  private mutating func count(_ claim: UnsafeRawPointer, by step: Int64) throws(HostIndex.BuildError) {
    let (name, length) = HostEntry.name(claim)
    let hash = base.hasher.hash(name, count: length, in: .host)
    var number: Int64 = 0
    let size = 2 + length + 4
    if let mark = findHost(name, length, hash: hash, where: HostEntry.isInactiveMark),
      let entry = base.arena.pointer(mark)
    {
      number = Int64(HostEntry.reference(entry))
      _ = table.remove(mark, hash: hash)
      garbage += size
    }
    number += step
    guard number > 0 else { return }
    guard let (offset, pointer) = base.arena.allocate(size) else { throw .tooLarge }
    pointer.storeBytes(of: HostEntry.inactiveMark << 6, as: UInt8.self)
    pointer.storeBytes(of: UInt8(truncatingIfNeeded: length), toByteOffset: 1, as: UInt8.self)
    (pointer + 2).copyMemory(from: name, byteCount: length)
    pointer.storeBytes(
      of: UInt32(truncatingIfNeeded: number).littleEndian, toByteOffset: 2 + length, as: UInt32.self)
    try insert(offset, hash: hash)
  }

  /// Takes a run out of the table.
  private mutating func removeRun(_ record: UInt32) throws(HostIndex.BuildError) {
    guard let entry = base.arena.pointer(record) else { return }
    let (name, count) = HostEntry.name(entry)
    guard table.remove(record, hash: base.hasher.hash(name, count: count, in: .label)) else { return }
    tenantCount -= 1
    garbage += HostEntry.further(entry).start - UnsafeRawPointer(entry)
    for (offset, entry) in further(of: record) {
      garbage += HostEntry.size(ofFurther: entry)
      let (name, count) = HostEntry.name(entry)
      if HostEntry.form(entry) == HostEntry.held {
        _ = table.remove(offset, hash: base.hasher.hash(name, count: count, in: .label))
      } else if HostEntry.serves(entry) {
        _ = table.remove(offset, hash: base.hasher.hash(name, count: count, in: .host))
      } else {
        try self.count(entry, by: -1)
      }
    }
  }

  /// The entries that follow a record, with their offsets.
  private func further(of record: UInt32) -> [(offset: UInt32, entry: UnsafeRawPointer)] {
    guard let start = base.arena.pointer(record) else { return [] }
    let (count, first) = HostEntry.further(start)
    var entry = first
    var entries: [(offset: UInt32, entry: UnsafeRawPointer)] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      entries.append((record &+ UInt32(truncatingIfNeeded: entry - UnsafeRawPointer(start)), entry))
      entry += HostEntry.size(ofFurther: entry)
    }
    return entries
  }

  /// Calls with a slug's bytes and enough readable ones after them.
  private func withName<Result>(_ slug: Slug, _ body: (UnsafeRawPointer, Int) -> Result) -> Result {
    let count = slug.text.count
    let room = count + 24
    return withUnsafeTemporaryAllocation(byteCount: room, alignment: 8) { bytes in
      // Memory for some bytes has a start, so the fallback is never read.
      guard let start = bytes.baseAddress else { return body(base.platformBytes.secret, 0) }
      start.initializeMemory(as: UInt8.self, repeating: 0, count: room)
      slug.text.copy(to: start)
      return body(start, count)
    }
  }
}
