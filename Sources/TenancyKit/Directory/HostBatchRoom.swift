/// Memory on the stack for what a batch keeps of each query of a group.
///
/// A temporary allocation of more than a kilobyte asks the system how much of the stack is left, and may go to the heap; and
/// the standard library's inline arrays are younger than the oldest systems that are supported.
struct HostBatchRoom {
  private typealias Words = SIMD64<UInt64>
  private typealias Quarter = (Words, Words, Words, Words)
  private typealias Memory = (Quarter, Quarter, Quarter, Quarter)

  /// How many bytes there are.
  static var byteCount: Int { MemoryLayout<Memory>.size }

  // Both lead into the memory of `with`, which lasts as long as its call.
  private let start: UnsafeMutableRawPointer
  private var next: UnsafeMutableRawPointer

  /// Calls with all of it, which lasts until the call returns.
  @inline(__always)
  static func with(_ body: (inout HostBatchRoom) -> Void) {
    let quarter: Quarter = (Words(), Words(), Words(), Words())
    // Bound to what is taken from it; nobody reads the variable itself.
    var memory: Memory = (quarter, quarter, quarter, quarter)
    withUnsafeMutableBytes(of: &memory) { bytes in
      // It has more than no bytes, and so an address.
      guard let start = bytes.baseAddress else { return }
      var room = HostBatchRoom(start: start, next: start)
      body(&room)
    }
  }

  /// How many bytes were taken.
  var takenByteCount: Int { next - start }

  /// Room for an element of each query of a group. The room begins at a multiple of sixteen bytes, and so does each part,
  /// because a group's capacity is one; that everything that is ever taken fits is counted by the tests.
  @inline(__always)
  mutating func take<Element>() -> UnsafeMutablePointer<Element> {
    defer {
      next += HostGroup.capacity &* MemoryLayout<Element>.stride
      assert(takenByteCount <= Self.byteCount)
    }
    return next.bindMemory(to: Element.self, capacity: HostGroup.capacity)
  }
}
