internal import SaaSCore
internal import Synchronization

/// Makes an index from nothing: first all bytes, then a table of the right size.
struct HostIndexBuilder {
  private let platformBytes: PlatformBytes
  private let hasher: HostHasher
  private let arena: NameArena
  private var records: [NewRecord] = []
  // Of the hosts that are entered for the records, in their order.
  private var hostHashes: [UInt64] = []
  private var keyCount = 0
  private var labelCount = 0
  // What is left of the block that was last taken from the arena, for small runs.
  private var block: (offset: UInt32, pointer: UnsafeMutableRawPointer, rest: Int)?

  private static let blockSize = 1 << 14
  // How many records are entered after their lines were read, one read beside the other.
  private static let groupSize = 32

  /// A record that is in the arena and not yet in a table.
  private struct NewRecord {
    let hash: UInt64
    let offset: UInt32
    let hasFurther: Bool
    /// How many of ``hostHashes`` are its hosts'.
    let hostCount: Int
  }

  init(platform: Platform, secret: HostHashSecret) {
    self.init(platformBytes: PlatformBytes(platform, secret: secret))
  }

  init(platformBytes: PlatformBytes) {
    self.platformBytes = platformBytes
    hasher = HostHasher(secret: UnsafePointer(platformBytes.secret))
    arena = NameArena()
  }

  /// Makes room for so many tenants.
  mutating func reserve(_ count: Int) { records.reserveCapacity(count) }

  /// Adds a tenant.
  mutating func append(_ hosts: borrowing TenantHosts) throws(HostIndex.BuildError) {
    // Nearly all tenants are plain, and are written without a copy of what they are made of.
    guard let size = TenantRun.plainByteCount(of: hosts) else {
      try append(TenantRun(copy hosts))
      return
    }
    guard let (offset, pointer) = allocate(size) else { throw .tooLarge }
    TenantRun.writePlain(hosts, to: pointer)
    let (name, count) = HostEntry.name(pointer)
    records.append(
      NewRecord(
        hash: hasher.hash(name, count: count, in: .label), offset: offset, hasFurther: false, hostCount: 0))
    keyCount += 1
  }

  private mutating func append(_ run: TenantRun) throws(HostIndex.BuildError) {
    guard let (offset, pointer) = allocate(run.byteCount) else { throw .tooLarge }
    run.write(to: pointer, at: offset)
    let (name, count) = HostEntry.name(pointer)
    let further = run.furtherCount
    keyCount += 1 + further
    let present = hostHashes.count
    if further > 0 { readFurther(further, from: HostEntry.further(pointer).start) }
    records.append(
      NewRecord(
        hash: hasher.hash(name, count: count, in: .label), offset: offset, hasFurther: further > 0,
        hostCount: hostHashes.count - present))
  }

  /// Takes down what is to be known of a record's further entries before they are entered.
  private mutating func readFurther(_ count: Int, from first: UnsafeRawPointer) {
    var next = first
    for _ in 0..<count {
      if HostEntry.form(next) == HostEntry.host, HostEntry.serves(next) {
        let (name, count) = HostEntry.name(next)
        hostHashes.append(hasher.hash(name, count: count, in: .host))
        if platformBytes.labelCount(ofHost: name, count) != nil { labelCount += 1 }
      }
      next += HostEntry.size(ofFurther: next)
    }
  }

  /// Room for a run; small ones come from blocks, so that the arena is not locked for each.
  private mutating func allocate(_ size: Int) -> (offset: UInt32, pointer: UnsafeMutableRawPointer)? {
    guard size <= Self.blockSize / 16 else { return arena.allocate(size) }
    if block.map({ $0.rest < size }) ?? true {
      guard let (offset, pointer) = arena.allocate(Self.blockSize) else { return nil }
      block = (offset, pointer, Self.blockSize)
    }
    guard let present = block else { return nil }
    block = (present.offset &+ UInt32(truncatingIfNeeded: size), present.pointer + size, present.rest - size)
    return (present.offset, present.pointer)
  }

  /// Adds every tenant of another index, as it is there, and leaves its garbage behind.
  mutating func append(from old: HostIndexStorage) throws(HostIndex.BuildError) {
    var isTooLarge = false
    old.table.forEach { offset in
      guard let entry = old.arena.pointer(offset), HostEntry.isRecord(entry) else { return }
      do { try append(old.hosts(ofRecord: entry)) } catch { isTooLarge = true }
    }
    if isTooLarge { throw .tooLarge }
  }

  /// The same index made anew, with room for some more keys and without garbage.
  static func rebuilt(_ old: HostIndexStorage, adding keys: Int) throws(HostIndex.BuildError) -> HostIndexStorage {
    var builder = HostIndexBuilder(platformBytes: old.platformBytes)
    try builder.append(from: old)
    // Room to grow by a quarter more, so that an index that grows is made anew a logarithmic number of times.
    builder.keyCount += keys
    builder.keyCount += builder.keyCount / 4
    return try builder.finish().storage
  }

  /// The index of all tenants that were added.
  func finish() throws(HostIndex.BuildError) -> HostIndex {
    var marks = LabelMarks(labels: labelCount + platformBytes.reservedCount)
    for index in 0..<platformBytes.reservedCount {
      let word = platformBytes.reserved[index]
      marks.insert(hasher.hash(word.start, count: word.count, in: .label))
    }
    let empty = HostIndexStorage(
      platformBytes: platformBytes, arena: arena, table: HostTable(capacity: keyCount), marks: marks,
      generation: HostGenerations.next(), garbage: 0, tenantCount: 0)
    var editor = HostIndexEditor(filling: empty)
    // All slugs before any hold, because a slug takes precedence over a hold that is over.
    for start in stride(from: 0, to: records.count, by: Self.groupSize) {
      let group = records[start..<min(start + Self.groupSize, records.count)]
      editor.touch(group.lazy.map(\.hash))
      for record in group { try editor.insertRecord(record.offset, hash: record.hash) }
    }
    let further = records.filter(\.hasFurther)
    var firstHost = 0
    for start in stride(from: 0, to: further.count, by: Self.groupSize) {
      let group = further[start..<min(start + Self.groupSize, further.count)]
      let hosts = hostHashes[firstHost..<firstHost + group.reduce(0) { $0 + $1.hostCount }]
      firstHost = hosts.endIndex
      editor.touch(group.lazy.map(\.hash))
      editor.touch(hosts)
      // A record that lost its slug to a later one is there no more, and nothing else may lead to it.
      for record in group where editor.contains(record.offset, hash: record.hash) {
        try editor.insertFurther(of: record.offset)
      }
    }
    arena.trim()
    return HostIndex(storage: editor.finish())
  }
}

/// Numbers that no two arenas of a process share, so that a verdict is never read in an arena it does not belong to.
enum HostGenerations {
  private static let last = Atomic<UInt64>(0)

  static func next() -> UInt64 { last.add(1, ordering: .relaxed).newValue }
}

extension Platform {
  /// The one label that a host is under a platform domain, slug or not; nil for any other host.
  package func label(of host: HostName) -> String? {
    switch classify(host) {
    case .label(let index, _), .reserved(let index):
      String(decoding: host.text.bytes.dropLast(domains[index].text.count + 1), as: UTF8.self)
    case .platform, .deeper, .elsewhere: nil
    }
  }
}
