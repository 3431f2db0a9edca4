extension HostTable {
  /// Not 0 where a key may lie in a later line than one whose first sixteen bytes were read.
  @inline(__always)
  static func continuation(_ hash: UInt64, head: Bytes16) -> UInt64 { head.high &>> 32 & UInt64(kind(hash)) }

  /// The places of a line that have a tag, one after the other.
  struct Places {
    // Bit i for place i.
    private var bits: UInt64
    // Not 0 where the key may lie in a later line.
    private let continuation: UInt64

    /// Whether the key may lie in a later line.
    @inline(__always)
    var continues: Bool { continuation != 0 }

    @inline(__always)
    init(_ hash: UInt64, in line: UnsafeRawPointer) { self.init(hash, head: Bytes16(at: line)) }

    /// The same of a line whose first sixteen bytes were read.
    @inline(__always)
    init(_ hash: UInt64, head: Bytes16) {
      bits = head.places(of: HostTable.tag(hash)) & (1 << UInt64(HostTable.placesPerLine) - 1)
      continuation = HostTable.continuation(hash, head: head)
    }

    /// The next place, or nil.
    @inline(__always)
    mutating func next() -> Int? {
      guard let place = first else { return nil }
      bits &= bits &- 1
      return place
    }

    /// The next place, which stays.
    @inline(__always)
    var first: Int? { bits == 0 ? nil : bits.trailingZeroBitCount }

    /// The places but for some, one bit each.
    @inline(__always)
    func without(_ tried: UInt16) -> Places {
      var places = self
      places.bits &= ~UInt64(tried)
      return places
    }

    /// The bit of the next place.
    @inline(__always)
    var firstBit: UInt16 { UInt16(truncatingIfNeeded: bits & (0 &- bits)) }

    /// Whether there is at most one more place in this line.
    @inline(__always)
    var isLast: Bool { bits & (bits &- 1) == 0 }

    /// All bits where there is a place, none where there is not; by arithmetic, because of a comparison the compiler makes a
    /// branch that waits for the line.
    @inline(__always)
    var allOrNone: UInt32 {
      let lowBits: UInt64 = 1 << UInt64(HostTable.placesPerLine) - 1
      return 0 &- UInt32(truncatingIfNeeded: (bits &+ lowBits) &>> UInt64(HostTable.placesPerLine))
    }

    /// The next place, or where there is none the last; found without a branch.
    @inline(__always)
    var firstOrAny: Int { (bits | 1 << UInt64(HostTable.placesPerLine - 1)).trailingZeroBitCount }
  }
}
