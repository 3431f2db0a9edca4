internal import SaaSCore
internal import Synchronization

/// Makes an index from nothing: first all bytes, then a table of the right size.
struct HostIndexBuilder {
  private let platformBytes: PlatformBytes
  private let arena: NameArena
  private var records: [UInt32] = []
  private var keyCount = 0
  private var labelCount = 0

  init(platform: Platform, secret: HostHashSecret) {
    self.init(platformBytes: PlatformBytes(platform, secret: secret))
  }

  init(platformBytes: PlatformBytes) {
    self.platformBytes = platformBytes
    arena = NameArena()
  }

  /// Adds a tenant.
  mutating func append(_ hosts: TenantHosts) throws(HostIndex.BuildError) {
    let run = TenantRun(hosts)
    guard let (offset, pointer) = arena.allocate(run.byteCount) else { throw .tooLarge }
    run.write(to: pointer, at: offset)
    records.append(offset)
    keyCount += 1 + run.furtherCount
    for mapping in run.mappings
    where mapping.serves && platformBytes.platform.label(of: mapping.host) != nil { labelCount += 1 }
  }

  /// Adds every tenant of another index, as it is there, and leaves its garbage behind.
  mutating func append(from old: HostIndexStorage) throws(HostIndex.BuildError) {
    var isTooLarge = false
    old.table.forEach { offset in
      guard let entry = old.arena.pointer(offset), HostEntry.form(entry) < HostEntry.held else { return }
      do { try append(old.hosts(ofRecord: entry)) } catch { isTooLarge = true }
    }
    if isTooLarge { throw .tooLarge }
  }

  /// The same index made anew, with room for some more tenants and without garbage.
  static func rebuilt(_ old: HostIndexStorage, adding count: Int) throws(HostIndex.BuildError) -> HostIndexStorage {
    var builder = HostIndexBuilder(platformBytes: old.platformBytes)
    try builder.append(from: old)
    // Room to grow by a quarter, so that an index that grows is made anew a logarithmic number of times.
    builder.keyCount += max(builder.keyCount / 4, 4 * count)
    return try builder.finish().storage
  }

  /// The index of all tenants that were added.
  func finish() throws(HostIndex.BuildError) -> HostIndex {
    var marks = LabelMarks(labels: labelCount + platformBytes.reservedCount)
    let hasher = HostHasher(secret: UnsafePointer(platformBytes.secret))
    for index in 0..<platformBytes.reservedCount {
      let word = platformBytes.reserved[index]
      marks.insert(hasher.hash(word.start, count: word.count, in: .label))
    }
    let empty = HostIndexStorage(
      platformBytes: platformBytes, arena: arena, table: HostTable(capacity: keyCount), marks: marks,
      generation: HostGenerations.next(), garbage: 0, tenantCount: 0)
    var editor = HostIndexEditor(adding: keyCount, to: empty)
    // All slugs before any hold, because a slug takes precedence over a hold that is over.
    for record in records { try editor.insertRecord(record) }
    for record in records { try editor.insertFurther(of: record) }
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
