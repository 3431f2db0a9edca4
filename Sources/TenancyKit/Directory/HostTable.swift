/// A hash table of 64-byte lines, each with twelve one-byte tags and twelve arena offsets.
///
/// A line is: bytes 0–11 tags (0 is a free place), bytes 12–15 a bit for each kind of key that belongs here and lies in a
/// later line, bytes 16–63 offsets. A key belongs in the line that the high bits of its hash name, or else in the first line
/// after it that had room. Keys are of thirty-two kinds by their hash, so that a look-up nearly always reads one line: the
/// one that has its key, or the only one that could.
///
/// Lines lie in chunks, so that a changed table shares all chunks but the changed ones with the one it came from.
// Sendable: chunks are written only by a table that is still held by its one editor and owns them (`isOwned`).
final class HostTable: @unchecked Sendable {
  static let lineSize = 64
  static let placesPerLine = 12
  /// How full a new table is made. A small one costs little memory anyway, and so nearly every key of it lies in its own line.
  static func initialLoad(_ capacity: Int) -> Double { capacity <= 1 << 16 ? 0.6 : 0.91 }
  /// How full a table may get before it is made anew.
  static let fullestLoad = 0.95

  let lineCount: Int
  let chunkShift: Int
  /// The start of each chunk; the memory is owned by `groups`.
  let directory: UnsafeMutablePointer<UnsafeMutableRawPointer>
  private let chunkCount: Int
  private var groups: [Group]
  private var ownsGroup: [Bool]
  private let isOwned: UnsafeMutablePointer<Bool>
  private let taken: UnsafeMutablePointer<Int>

  /// How many places are taken.
  var count: Int { taken.pointee }

  /// What one chunk, or all chunks of a table that was made at once, lie in.
  private final class Memory {
    private let pages: HugePages
    var start: UnsafeMutableRawPointer { pages.start }

    init(byteCount: Int) { pages = HugePages(byteCount: byteCount) }

    deinit { pages.deallocate() }
  }

  /// What some chunks in a row lie in, so that a copied table counts few references. Changed by its one owner only.
  private final class Group {
    static let shift = 6
    static let mask = 1 << shift - 1
    var memories: [Memory]

    init(_ memories: [Memory]) { self.memories = memories }
  }

  private var chunkBytes: Int { Self.lineSize << chunkShift }

  /// An empty table with room for a number of entries.
  init(capacity: Int) {
    let places = Double(max(capacity, 1)) / Self.initialLoad(capacity)
    let lines = max(1, Int((places / Double(Self.placesPerLine)).rounded(.up)))
    // A change copies the chunks that it touches and the pointers to all: neither may be many bytes.
    var shift = 6
    while lines >> shift > 8_192 { shift += 1 }
    let chunkCount = (lines + (1 << shift) - 1) >> shift
    self.chunkCount = chunkCount
    lineCount = lines
    chunkShift = shift
    let chunkSize = Self.lineSize << shift
    let memory = Memory(byteCount: chunkCount * chunkSize)
    memory.start.initializeMemory(as: UInt8.self, repeating: 0, count: chunkCount * chunkSize)
    let group = Group(Array(repeating: memory, count: 1 << Group.shift))
    groups = Array(repeating: group, count: (chunkCount + Group.mask) >> Group.shift)
    ownsGroup = Array(repeating: false, count: groups.count)
    (directory, isOwned) = Self.allocate(chunkCount)
    isOwned.initialize(repeating: true, count: chunkCount)
    for index in 0..<chunkCount { (directory + index).initialize(to: memory.start + index * chunkSize) }
    taken = .allocate(capacity: 2)
    taken.initialize(repeating: 0, count: 2)
  }

  private static func allocate(_ chunkCount: Int) -> (
    UnsafeMutablePointer<UnsafeMutableRawPointer>, UnsafeMutablePointer<Bool>
  ) { (.allocate(capacity: chunkCount), .allocate(capacity: chunkCount)) }

  /// A table like another one, which it shares every chunk with until it changes it.
  init(copying other: HostTable) {
    lineCount = other.lineCount
    chunkShift = other.chunkShift
    chunkCount = other.chunkCount
    groups = other.groups
    ownsGroup = Array(repeating: false, count: groups.count)
    (directory, isOwned) = Self.allocate(chunkCount)
    directory.initialize(from: other.directory, count: chunkCount)
    isOwned.initialize(repeating: false, count: chunkCount)
    taken = .allocate(capacity: 2)
    taken.initialize(repeating: other.count, count: 2)
  }

  deinit {
    directory.deallocate()
    isOwned.deallocate()
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
    let index = line >> chunkShift
    if !isOwned[index] {
      let copy = Memory(byteCount: chunkBytes)
      copy.start.copyMemory(from: directory[index], byteCount: chunkBytes)
      directory[index] = copy.start
      let group = index >> Group.shift
      if !ownsGroup[group] {
        groups[group] = Group(groups[group].memories)
        ownsGroup[group] = true
      }
      groups[group].memories[index & Group.mask] = copy
      isOwned[index] = true
    }
    return Self.linePointer(line, shift: chunkShift, in: directory)
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
