/// A hash table of 64-byte lines, each with twelve one-byte tags and twelve arena offsets.
///
/// A line is: bytes 0–11 tags (0 is a free place), bytes 12–15 a bit for each kind of key that belongs here and lies in a
/// later line, bytes 16–63 offsets. A key belongs in the line that the high bits of its hash name, or else in the first line
/// after it that had room. Keys are of thirty-two kinds by their hash, so that a look-up nearly always reads one line: the
/// one that has its key, or the only one that could.
///
/// Lines lie in chunks, so that a changed table shares all chunks but the changed ones with the one it came from.
// Sendable: a table has one editor until it is finished, which alone writes it, in chunks that no other table has and in
// pointers of its own; from then on it stays as it is.
final class HostTable: @unchecked Sendable {
  static let lineSize = 64
  static let placesPerLine = 12
  /// How full a new table is made. A small one costs little memory anyway, and so nearly every key of it lies in its own line.
  static func initialLoad(_ capacity: Int) -> Double { capacity <= 1 << 16 ? 0.6 : 0.91 }
  /// How full a table may get before it is made anew.
  static let fullestLoad = 0.95

  let lineCount: Int
  let chunkShift: Int
  /// The start of each chunk; the memory is owned by `chunks`.
  let directory: UnsafeMutablePointer<UnsafeMutableRawPointer>
  let chunkCount: Int
  private(set) var chunks: HostChunks
  /// Which of the chunks' versions the table is; known of one that is being changed when it is finished.
  private var version = 0
  private var phase: Phase
  /// The table that this one is a changed copy of, while it is changed.
  private var base: HostTable?
  private var made: [HostChunks.Chunk] = []
  /// A bit for each chunk, set where it is one of those that were made.
  private var isMade: [UInt64] = []
  private let taken: UnsafeMutablePointer<Int>

  private enum Phase {
    /// A table that was made empty, whose chunks are its own.
    case filling
    /// A copy, which shares the chunks that it did not make.
    case changing
    case finished
  }

  /// How many places are taken.
  var count: Int { taken.pointee }

  private var chunkBytes: Int { Self.lineSize << chunkShift }

  /// An empty table with room for a number of entries.
  init(capacity: Int) {
    let places = Double(max(capacity, 1)) / Self.initialLoad(capacity)
    let lines = max(1, Int((places / Double(Self.placesPerLine)).rounded(.up)))
    // A change copies the chunks that it touches, and every look-up reads a pointer to one: few bytes, and few pointers.
    var shift = 6
    while lines >> shift > 8_192 { shift += 1 }
    chunkCount = (lines + (1 << shift) - 1) >> shift
    lineCount = lines
    chunkShift = shift
    directory = .allocate(capacity: chunkCount)
    taken = .allocate(capacity: 2)
    taken.initialize(repeating: 0, count: 2)
    let pages = HugePages(byteCount: chunkCount * Self.lineSize << shift)
    chunks = HostChunks(initial: pages, count: chunkCount)
    phase = .filling
    pages.start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    for index in 0..<chunkCount { (directory + index).initialize(to: pages.start + index * chunkBytes) }
  }

  /// A table like another one that is finished, which it shares every chunk with until it changes it.
  ///
  /// - Complexity: that of the other's last change where the version before the other has ended, else O(n) for n chunks.
  init(copying other: HostTable) {
    assert(other.phase == .finished)
    lineCount = other.lineCount
    chunkShift = other.chunkShift
    chunkCount = other.chunkCount
    chunks = other.chunks
    phase = .changing
    base = other
    isMade = Array(repeating: 0, count: (chunkCount + 63) >> 6)
    if let (pointers, outdated) = chunks.takeSpare(after: other.version) {
      directory = pointers.start
      for index in outdated { directory[index] = other.directory[index] }
    } else {
      directory = .allocate(capacity: chunkCount)
      directory.initialize(from: other.directory, count: chunkCount)
    }
    taken = .allocate(capacity: 2)
    taken.initialize(repeating: other.count, count: 2)
  }

  deinit {
    if phase == .changing {
      for chunk in made { chunk.start.deallocate() }
      directory.deallocate()
    } else {
      chunks.endVersion(version, with: HostChunks.Pointers(start: directory))
    }
    taken.deallocate()
  }

  /// The bytes that the lines take.
  var byteCount: Int { chunkCount * chunkBytes }

  @inline(__always)
  static func tag(_ hash: UInt64) -> UInt8 {
    let tag = UInt8(truncatingIfNeeded: hash)
    // 0 is a free place's.
    return tag == 0 ? 1 : tag
  }

  /// The bit that marks a line from which a key with this hash was sent on.
  @inline(__always)
  static func kind(_ hash: UInt64) -> UInt32 { 1 &<< UInt32(truncatingIfNeeded: hash >> 8) }

  @inline(__always)
  static func line(_ hash: UInt64, of lineCount: Int) -> Int {
    Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(truncatingIfNeeded: lineCount)).high)
  }

  @inline(__always)
  static func linePointer(
    _ line: Int, shift: Int, in directory: UnsafeMutablePointer<UnsafeMutableRawPointer>
  ) -> UnsafeMutableRawPointer {
    directory[line &>> shift] + (line & ~(-1 &<< shift)) &* lineSize
  }

  /// The offset in a place of a line.
  @inline(__always)
  static func offset(_ place: Int, in line: UnsafeRawPointer) -> UInt32 {
    line.load(fromByteOffset: 16 &+ 4 &* place, as: UInt32.self)
  }

  // MARK: Changes, by the one editor that holds the table

  private func writableLine(_ line: Int) -> UnsafeMutableRawPointer {
    assert(phase != .finished)
    if phase == .changing { makeChunk(line >> chunkShift) }
    return Self.linePointer(line, shift: chunkShift, in: directory)
  }

  /// Puts a copy in the place of a chunk that is shared with the table that this one came from.
  private func makeChunk(_ index: Int) {
    guard isMade[index >> 6] >> UInt64(index & 63) & 1 == 0 else { return }
    let copy = UnsafeMutableRawPointer.allocate(byteCount: chunkBytes, alignment: Self.lineSize)
    copy.copyMemory(from: directory[index], byteCount: chunkBytes)
    directory[index] = copy
    made.append(HostChunks.Chunk(place: index, start: copy))
    isMade[index >> 6] |= 1 << UInt64(index & 63)
  }

  /// Ends the changes: from now on the table stays as it is, and others may come from it.
  ///
  /// - Complexity: O(n) for n chunks that were changed. For all of the table's, where another table came from the same one
  ///   and was finished before.
  func finish() {
    if let base {
      if let version = chunks.addVersion(after: base.version, with: made) {
        self.version = version
      } else {
        separate()
      }
    }
    phase = .finished
    base = nil
    made = []
    isMade = []
  }

  /// Copies all chunks to memory that no other table has a part of.
  private func separate() {
    let pages = HugePages(byteCount: byteCount)
    for index in 0..<chunkCount {
      let start = pages.start + index * chunkBytes
      start.copyMemory(from: directory[index], byteCount: chunkBytes)
      directory[index] = start
    }
    for chunk in made { chunk.start.deallocate() }
    chunks = HostChunks(initial: pages, count: chunkCount)
  }

  /// The first free place of a line, or nil.
  @inline(__always)
  private static func freePlace(in line: UnsafeRawPointer) -> Int? {
    let free = Bytes16(at: line).places(of: 0) & (1 << UInt64(placesPerLine) - 1)
    return free == 0 ? nil : free.trailingZeroBitCount
  }

  /// Adds an entry; says whether there was room.
  func insert(_ offset: UInt32, hash: UInt64) -> Bool {
    var line = Self.line(hash, of: lineCount)
    for _ in 0..<lineCount {
      let pointer = Self.linePointer(line, shift: chunkShift, in: directory)
      if let place = Self.freePlace(in: pointer) {
        let writable = writableLine(line)
        writable.storeBytes(of: Self.tag(hash), toByteOffset: place, as: UInt8.self)
        writable.storeBytes(of: offset, toByteOffset: 16 + 4 * place, as: UInt32.self)
        taken.pointee &+= 1
        return true
      }
      let kinds = UInt32(littleEndian: pointer.load(fromByteOffset: 12, as: UInt32.self))
      if kinds & Self.kind(hash) == 0 {
        writableLine(line).storeBytes(
          of: (kinds | Self.kind(hash)).littleEndian, toByteOffset: 12, as: UInt32.self)
      }
      line = line + 1 == lineCount ? 0 : line + 1
    }
    return false
  }

  /// Removes the entry with an offset, if it is there. Marks of kinds stay until the table is made anew.
  func remove(_ offset: UInt32, hash: UInt64) -> Bool {
    guard let (line, place) = find(offset, hash: hash) else { return false }
    let writable = writableLine(line)
    writable.storeBytes(of: 0, toByteOffset: place, as: UInt8.self)
    writable.storeBytes(of: 0, toByteOffset: 16 + 4 * place, as: UInt32.self)
    taken.pointee &-= 1
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
      var places = Places(hash, in: pointer)
      while let place = places.next() {
        if isFound(line, place, Self.offset(place, in: pointer)) { return read }
      }
      if !places.continues { return read }
      line = line + 1 == lineCount ? 0 : line + 1
    }
    return lineCount
  }

  /// Reads the lines to which hashes belong, so that they are near when they are wanted. No read waits for another.
  @inline(__always)
  func touch(_ hashes: some Sequence<UInt64>) {
    var sum = 0
    for hash in hashes {
      let line = Self.linePointer(Self.line(hash, of: lineCount), shift: chunkShift, in: directory)
      sum &+= Int(line.load(as: UInt8.self))
    }
    // Kept beside the count, so that reading them is not left out.
    taken[1] &+= sum
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
