/// A hash table of 64-byte lines, each with twelve one-byte tags and twelve arena offsets.
///
/// A line is: bytes 0–11 tags (0 is a free place), byte 12 whether an entry that belongs here lies in a later line,
/// bytes 16–63 offsets. A key belongs in the line that the high bits of its hash name, or else in the first line after
/// it that had room; a look-up reads one line where no neighbour overflowed.
///
/// Lines lie in chunks, so that a changed table shares all chunks but the changed ones with the one it came from.
// Sendable: chunks are written only by a table that is still held by its one editor and owns them (`isOwned`).
final class HostTable: @unchecked Sendable {
  static let lineSize = 64
  static let placesPerLine = 12
  /// How full a new table is made.
  static let initialLoad = 0.88
  /// How full a table may get before it is made anew.
  static let fullestLoad = 0.95

  let lineCount: Int
  let chunkShift: Int
  /// The start of each chunk; the memory is owned by `chunks`.
  let directory: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private var chunks: [Chunk]
  private var isOwned: [Bool]
  /// How many places are taken.
  private(set) var count: Int

  private final class Chunk {
    let start: UnsafeMutableRawPointer

    init(byteCount: Int) {
      start = .allocate(byteCount: byteCount, alignment: HostTable.lineSize)
    }

    deinit { start.deallocate() }
  }

  private var chunkBytes: Int { Self.lineSize << chunkShift }

  /// An empty table with room for a number of entries.
  init(capacity: Int) {
    let places = Double(max(capacity, 1)) / Self.initialLoad
    let lines = max(1, Int((places / Double(Self.placesPerLine)).rounded(.up)))
    // About a thousand chunks, but none so small that their pointers weigh.
    var shift = 6
    while lines >> shift > 1_024 { shift += 1 }
    let chunkCount = (lines + (1 << shift) - 1) >> shift
    lineCount = lines
    chunkShift = shift
    count = 0
    chunks = (0..<chunkCount).map { _ in Chunk(byteCount: Self.lineSize << shift) }
    isOwned = Array(repeating: true, count: chunkCount)
    directory = .allocate(capacity: chunkCount)
    for (index, chunk) in chunks.enumerated() {
      chunk.start.initializeMemory(as: UInt8.self, repeating: 0, count: Self.lineSize << shift)
      (directory + index).initialize(to: chunk.start)
    }
  }

  /// A table like another one, which it shares every chunk with until it changes it.
  init(copying other: HostTable) {
    lineCount = other.lineCount
    chunkShift = other.chunkShift
    count = other.count
    chunks = other.chunks
    isOwned = Array(repeating: false, count: other.chunks.count)
    directory = .allocate(capacity: other.chunks.count)
    directory.initialize(from: other.directory, count: other.chunks.count)
  }

  deinit { directory.deallocate() }

  /// The bytes that the lines take.
  var byteCount: Int { chunks.count * chunkBytes }

  @inline(__always)
  static func tag(_ hash: UInt64) -> UInt8 {
    let tag = UInt8(truncatingIfNeeded: hash)
    return tag == 0 ? 1 : tag
  }

  @inline(__always)
  static func line(_ hash: UInt64, of lineCount: Int) -> Int {
    Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(truncatingIfNeeded: lineCount)).high)
  }

  @inline(__always)
  static func linePointer(
    _ line: Int, shift: Int, in directory: UnsafeMutablePointer<UnsafeMutableRawPointer>
  ) -> UnsafeMutableRawPointer {
    directory[line >> shift] + (line & (1 << shift &- 1)) &* lineSize
  }

  /// The high bit of each byte of a word that is zero.
  @inline(__always)
  static func zeroBytes(_ word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
    return ~(((word & low) &+ low) | word | low)
  }

  // MARK: Changes, by the one editor that holds the table

  private func writableLine(_ line: Int) -> UnsafeMutableRawPointer {
    let index = line >> chunkShift
    if !isOwned[index] {
      let copy = Chunk(byteCount: chunkBytes)
      copy.start.copyMemory(from: chunks[index].start, byteCount: chunkBytes)
      directory[index] = copy.start
      chunks[index] = copy
      isOwned[index] = true
    }
    return Self.linePointer(line, shift: chunkShift, in: directory)
  }

  /// Adds an entry; the caller knows that there is room.
  func insert(_ offset: UInt32, hash: UInt64) {
    var line = Self.line(hash, of: lineCount)
    for _ in 0..<lineCount {
      let pointer = Self.linePointer(line, shift: chunkShift, in: directory)
      for place in 0..<Self.placesPerLine
      where pointer.load(fromByteOffset: place, as: UInt8.self) == 0 {
        let writable = writableLine(line)
        writable.storeBytes(of: Self.tag(hash), toByteOffset: place, as: UInt8.self)
        writable.storeBytes(of: offset, toByteOffset: 16 + 4 * place, as: UInt32.self)
        count += 1
        return
      }
      if pointer.load(fromByteOffset: 12, as: UInt8.self) == 0 {
        writableLine(line).storeBytes(of: 1, toByteOffset: 12, as: UInt8.self)
      }
      line = line + 1 == lineCount ? 0 : line + 1
    }
  }

  /// Removes the entry with an offset, if it is there. Overflow marks stay until the table is made anew.
  func remove(_ offset: UInt32, hash: UInt64) -> Bool {
    guard let (line, place) = find(offset, hash: hash) else { return false }
    writableLine(line).storeBytes(of: 0, toByteOffset: place, as: UInt8.self)
    count -= 1
    return true
  }

  /// Whether an offset is in the table under a hash.
  func contains(_ offset: UInt32, hash: UInt64) -> Bool { find(offset, hash: hash) != nil }

  private func find(_ offset: UInt32, hash: UInt64) -> (line: Int, place: Int)? {
    var found: (line: Int, place: Int)?
    forEachPlace(hash) { line, place, candidate in
      guard candidate == offset else { return false }
      found = (line, place)
      return true
    }
    return found
  }

  /// Calls with the offsets that may belong to a hash, until one call says that it was the right one. Gives how many
  /// lines were read.
  @discardableResult
  func forEachCandidate(_ hash: UInt64, _ isFound: (UInt32) -> Bool) -> Int {
    forEachPlace(hash) { _, _, offset in isFound(offset) }
  }

  @discardableResult
  private func forEachPlace(_ hash: UInt64, _ isFound: (_ line: Int, _ place: Int, _ offset: UInt32) -> Bool) -> Int {
    var line = Self.line(hash, of: lineCount)
    for read in 1...lineCount {
      let pointer = Self.linePointer(line, shift: chunkShift, in: directory)
      for place in 0..<Self.placesPerLine
      where pointer.load(fromByteOffset: place, as: UInt8.self) == Self.tag(hash) {
        let offset = pointer.load(fromByteOffset: 16 + 4 * place, as: UInt32.self)
        if isFound(line, place, offset) { return read }
      }
      if pointer.load(fromByteOffset: 12, as: UInt8.self) == 0 { return read }
      line = line + 1 == lineCount ? 0 : line + 1
    }
    return lineCount
  }

  /// Calls with every offset in the table.
  func forEach(_ body: (UInt32) -> Void) {
    for line in 0..<lineCount {
      let pointer = Self.linePointer(line, shift: chunkShift, in: directory)
      for place in 0..<Self.placesPerLine
      where pointer.load(fromByteOffset: place, as: UInt8.self) != 0 {
        body(pointer.load(fromByteOffset: 16 + 4 * place, as: UInt32.self))
      }
    }
  }
}
