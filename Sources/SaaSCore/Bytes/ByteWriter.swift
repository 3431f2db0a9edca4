/// Bytes that are written one after the other, into memory that grows.
///
/// What an array of bytes is, without asking for every piece whether somebody else has it: a small text has dozens of
/// pieces of a few bytes each.
@usableFromInline package struct ByteWriter: ~Copyable {
  // Proof: the memory is this value's alone, which cannot be copied, and is freed with it; what is written is in room that
  // `makeRoom` has given, and what is read is of the first `used` bytes, which were written.
  @usableFromInline var memory: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  @usableFromInline var used = 0

  /// A writer that has written nothing, with room for so many bytes before it grows.
  package init(capacity: Int) {
    self.capacity = max(capacity, 16)
    memory = .allocate(capacity: self.capacity)
  }

  deinit { memory.deallocate() }

  // MARK: Reading

  /// How many bytes are written.
  package var count: Int { used }

  /// What is written, copied.
  package var bytes: [UInt8] { withBytes { [UInt8]($0) } }

  /// Calls with what is written; the call must not keep it.
  package borrowing func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    body(UnsafeBufferPointer(start: memory, count: used))
  }

  // MARK: Writing

  /// Writes a byte.
  @inlinable @inline(__always)
  package mutating func append(_ byte: UInt8) {
    makeRoom(1)
    (memory + used).initialize(to: byte)
    used &+= 1
  }

  /// Writes bytes, which must not be the writer's own.
  @inlinable @inline(__always)
  package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    makeRoom(bytes.count)
    (memory + used).initialize(from: start, count: bytes.count)
    used &+= bytes.count
  }

  /// Writes bytes that the program's own text has.
  @inlinable @inline(__always)
  package mutating func append(_ text: StaticString) { text.withUTF8Buffer { append($0) } }

  /// Writes the bytes of a text.
  package mutating func append(_ text: InlineText) {
    let length = text.count
    makeRoom(length)
    text.copy(to: memory + used)
    used &+= length
  }

  /// Takes back what was written after a count.
  package mutating func removeAll(after count: Int) { used = min(used, max(count, 0)) }

  @inlinable @inline(__always)
  mutating func makeRoom(_ length: Int) {
    // Nothing here or in `grow` overflows: neither is more than the memory that there is.
    if length > capacity &- used { grow(by: length) }
  }

  @inline(never) @usableFromInline
  mutating func grow(by length: Int) {
    let larger = max(capacity &* 2, used &+ length)
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    copy.initialize(from: memory, count: used)
    memory.deallocate()
    memory = copy
    capacity = larger
  }
}
