import SaaSTesting
import Testing

@testable import TenancyKit

/// Tables that come from one another by changes and share what those left alone.
@Suite struct HostTableVersionTests {
  /// A finished table with what it should have, and its bytes when it was finished.
  private struct Version: Sendable {
    let table: HostTable
    var entries: [Entry]
    var bytes: [UInt8] = []
    /// How many entries its change added or removed.
    var changeCount = 0

    struct Entry: Sendable {
      let offset: UInt32
      let hash: UInt64
    }

    mutating func finish() {
      table.finish()
      bytes = readBytes()
    }

    func readBytes() -> [UInt8] {
      var bytes: [UInt8] = []
      let size = HostTable.lineSize << table.chunkShift
      for place in 0..<table.chunkCount {
        bytes += UnsafeRawBufferPointer(start: table.directory[place], count: size)
      }
      return bytes
    }

    /// Where the table's chunks lie.
    var chunks: Set<UInt> { Set((0..<table.chunkCount).map { UInt(bitPattern: table.directory[$0]) }) }
  }

  /// Some eighty chunks, so that most changes leave most of them alone.
  private static let capacity = 37_000

  /// A hash; a half of them belong in the same few lines, the table's last among them, which so are full.
  private func hash(using dice: inout SeededGenerator) -> UInt64 {
    let any = UInt64.random(in: .min ... .max, using: &dice)
    guard Bool.random(using: &dice) else { return any }
    let lines: [UInt64] = [0x0000, 0x5555, 0xabcd, 0xffff]
    return any >> 16 | lines[Int.random(in: 0..<lines.count, using: &dice)] << 48
  }

  private func insert(_ next: inout UInt32, into version: inout Version, using dice: inout SeededGenerator) {
    let entry = Version.Entry(offset: next, hash: hash(using: &dice))
    #expect(version.table.insert(entry.offset, hash: entry.hash))
    version.entries.append(entry)
    next += 1
  }

  private func filled(_ count: Int, _ next: inout UInt32, using dice: inout SeededGenerator) -> Version {
    var version = Version(table: HostTable(capacity: Self.capacity), entries: [])
    for _ in 0..<count { insert(&next, into: &version, using: &dice) }
    version.finish()
    return version
  }

  /// A version's copy, changed at random.
  private func changed(_ version: Version, _ next: inout UInt32, using dice: inout SeededGenerator) -> Version {
    var copy = Version(table: HostTable(copying: version.table), entries: version.entries)
    copy.changeCount = Int.random(in: 0...6, using: &dice)
    for _ in 0..<copy.changeCount {
      if Bool.random(using: &dice), !copy.entries.isEmpty {
        let entry = copy.entries.remove(at: Int.random(in: 0..<copy.entries.count, using: &dice))
        #expect(copy.table.remove(entry.offset, hash: entry.hash))
      } else {
        insert(&next, into: &copy, using: &dice)
      }
    }
    copy.finish()
    checkEntries(copy)
    return copy
  }

  private func checkEntries(_ version: Version) {
    var found: [UInt32] = []
    version.table.forEach { found.append($0) }
    #expect(found.sorted() == version.entries.map(\.offset).sorted())
    #expect(version.table.count == version.entries.count)
    #expect(version.entries.allSatisfy { version.table.contains($0.offset, hash: $0.hash) })
  }

  /// The chunks that changes made, of tables that came from one whose chunks are given.
  private func made(_ versions: [Version], since first: Set<UInt>) -> Set<UInt> {
    versions.reduce(into: Set()) { $0.formUnion($1.chunks) }.subtracting(first)
  }

  private func checkSharing(_ version: Version, after last: Version, _ comment: Comment) {
    // A key's line, and those after it that are full, which lie in one chunk more at most.
    #expect(version.chunks.subtracting(last.chunks).count <= 2 * version.changeCount, comment)
  }

  @Test(arguments: UInt64(1)...5)
  func `each table keeps what it had, whichever come after it and whichever are gone, and nothing else is kept`(
    seed: UInt64
  ) {
    var dice = SeededGenerator(seed: seed)
    var next: UInt32 = 1
    var versions = [filled(600, &next, using: &dice)]
    let first = versions[0].chunks
    let memory = versions[0].table.chunks
    for step in 0..<60 {
      versions.append(changed(versions[versions.count - 1], &next, using: &dice))
      checkSharing(versions[versions.count - 1], after: versions[versions.count - 2], "seed \(seed), step \(step)")
      // Any of them but the last ends, the first among them, and often the one before the last, as in a directory.
      while versions.count > 1, Int.random(in: 0..<3, using: &dice) > 0 {
        let isUsual = Bool.random(using: &dice)
        versions.remove(at: isUsual ? versions.count - 2 : Int.random(in: 0..<versions.count - 1, using: &dice))
      }
      #expect(versions.allSatisfy { $0.readBytes() == $0.bytes }, "seed \(seed), step \(step)")
      #expect(versions.allSatisfy { $0.table.chunks === memory }, "seed \(seed), step \(step)")
      let made = made(versions, since: first)
      let kept = memory.madeChunks
      #expect(kept.count == made.count && made == Set(kept), "seed \(seed), step \(step)")
    }
  }

  @Test(arguments: UInt64(1)...5)
  func `any number of tables come from one table`(seed: UInt64) {
    var dice = SeededGenerator(seed: seed)
    var next: UInt32 = 1
    var versions = [filled(600, &next, using: &dice)]
    for step in 0..<40 {
      let base = versions[Int.random(in: 0..<versions.count, using: &dice)]
      versions.append(changed(base, &next, using: &dice))
      if Int.random(in: 0..<4, using: &dice) == 0 {
        // One that is never finished, from any of them.
        let abandoned = HostTable(copying: versions[Int.random(in: 0..<versions.count, using: &dice)].table)
        for _ in 0..<4 { _ = abandoned.insert(next, hash: hash(using: &dice)) }
      }
      if versions.count > 4 { versions.remove(at: Int.random(in: 0..<versions.count, using: &dice)) }
      #expect(versions.allSatisfy { $0.readBytes() == $0.bytes }, "seed \(seed), step \(step)")
    }
  }

  @Test func `a table that is kept for long keeps no more than its own chunks`() {
    var dice = SeededGenerator(seed: 3)
    var next: UInt32 = 1
    let first = filled(600, &next, using: &dice)
    let kept = changed(first, &next, using: &dice)
    var last = kept
    for _ in 0..<300 { last = changed(last, &next, using: &dice) }
    #expect(Set(last.table.chunks.madeChunks) == made([kept, last], since: first.chunks))
    #expect(kept.readBytes() == kept.bytes)
  }

  @Test func `a table takes the pointers of the one before the last, once that is gone`() {
    var dice = SeededGenerator(seed: 4)
    var next: UInt32 = 1
    var first: Version? = filled(600, &next, using: &dice)
    let pointers = first?.table.directory
    let second = first.map { changed($0, &next, using: &dice) }
    first = nil
    let third = second.map { changed($0, &next, using: &dice) }
    #expect(third?.table.directory == pointers)
    // Those of the second are in use.
    let fourth = third.map { changed($0, &next, using: &dice) }
    #expect(fourth?.table.directory != second?.table.directory)
    #expect([second, third, fourth].allSatisfy { $0?.readBytes() == $0?.bytes })
  }

  @Test func `changes that are never finished leave the table and those after it as they were`() {
    var dice = SeededGenerator(seed: 5)
    var next: UInt32 = 1
    var version = filled(600, &next, using: &dice)
    for step in 0..<20 {
      let abandoned = HostTable(copying: version.table)
      for entry in version.entries { #expect(abandoned.remove(entry.offset, hash: entry.hash)) }
      #expect(version.readBytes() == version.bytes, "step \(step)")
      version = changed(version, &next, using: &dice)
    }
  }

  @Test func `two copies of one table write no chunk that the other has`() {
    var dice = SeededGenerator(seed: 6)
    var next: UInt32 = 1
    let base = filled(600, &next, using: &dice)
    var copies = (0..<2).map { _ in Version(table: HostTable(copying: base.table), entries: []) }
    for (place, entry) in base.entries.enumerated() {
      #expect(copies[place % 2].table.remove(entry.offset, hash: entry.hash))
      copies[1 - place % 2].entries.append(entry)
    }
    for place in copies.indices { copies[place].finish() }
    for copy in copies { checkEntries(copy) }
    #expect(base.readBytes() == base.bytes)
    #expect(copies[0].table.chunks === base.table.chunks)
    #expect(copies[1].table.chunks !== base.table.chunks)
  }
}

extension ConcurrencyTests {
  @Test func `tables that end on any thread while others are made take nothing from those that are left`() async {
    let base = HostTable(capacity: 37_000)
    base.finish()
    var last = base
    await withTaskGroup { group in
      for offset in UInt32(1)...400 {
        let table = HostTable(copying: last)
        // Spread over all chunks, each of which is changed several times.
        #expect(table.insert(offset, hash: UInt64(offset) &* 0x9e37_79b9_7f4a_7c15))
        table.finish()
        last = table
        group.addTask {
          var found: [UInt32] = []
          table.forEach { found.append($0) }
          #expect(found.sorted() == Array(1...offset))
        }
      }
    }
    #expect(last.count == 400)
  }
}
