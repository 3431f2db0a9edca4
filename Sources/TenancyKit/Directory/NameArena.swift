internal import SaaSCore

/// Bytes that are only ever appended to, addressed by 32-bit offsets, and read without any lock.
///
/// All indexes that came from one another by changes share an arena: what was appended for an older one stays as it is.
// Sendable: `segments` is written only under `tail`'s lock, in slots whose offsets no reader was given yet, and every
// byte that a given-out offset reaches was written before that offset was given. Who reads offset 0 reads an index that
// has entries, of which the first slot's were given out before.
final class NameArena: @unchecked Sendable {
  /// Two mebibytes, so that a large arena can lie in huge pages.
  static let segmentShift = 21
  static let segmentSize = 1 << segmentShift
  /// Readers may load this many bytes past the end of an entry: a tenant's three names are loaded forty-eight at a time.
  static let slack = 48
  /// How many segments one allocation has at most, but for runs of entries that are longer.
  private static let largestStep = 16
  private static let segmentLimit = 1 << (32 - segmentShift)
  private static let firstOffset = 8

  /// The start of each segment; a run of entries longer than one has several slots of one allocation.
  let segments: UnsafeMutablePointer<UnsafeMutableRawPointer?>

  private struct Tail {
    // Offset 0 is given to nobody, so that it can mean "none"; the bytes there are zero.
    var next = NameArena.firstOffset
    var end = 0
    var allocations: [HugePages] = []
  }

  private let tail: Lock<Tail>

  init() {
    segments = .allocate(capacity: Self.segmentLimit)
    segments.initialize(repeating: nil, count: Self.segmentLimit)
    tail = Lock(Tail())
  }

  deinit {
    tail.withLock { tail in
      for allocation in tail.allocations { allocation.deallocate() }
    }
    segments.deallocate()
  }

  /// The bytes in use, gaps at the ends of segments included.
  var count: Int { tail.withLock { $0.next } }

  /// Where an offset that was given out lies.
  @inline(__always)
  func pointer(_ offset: UInt32) -> UnsafeMutableRawPointer? {
    Self.pointer(offset, in: segments)
  }

  /// Where an offset that was given out lies, by the segments' own pointer.
  @inline(__always)
  static func pointer(_ offset: UInt32, in segments: UnsafeMutablePointer<UnsafeMutableRawPointer?>)
    -> UnsafeMutableRawPointer?
  {
    segments[Int(truncatingIfNeeded: offset >> UInt32(segmentShift))].map {
      $0 + Int(truncatingIfNeeded: offset & UInt32(segmentSize - 1))
    }
  }

  /// Leaves a gap, so that readers of what was given out before load no byte that is written after. Gives its size.
  ///
  /// Nothing is left where a segment ends, because what comes next lies in another allocation.
  func separate() -> Int {
    tail.withLock { tail in
      let gap = min(Self.slack, max(tail.end - tail.next, 0))
      tail.next += gap
      return gap
    }
  }

  /// Gives back what the last huge page has after the last entry, which would otherwise be memory that is not used.
  ///
  /// What is given out later lies there all the same, in small pages.
  func trim() {
    tail.withLock { tail in
      guard tail.end > tail.next, let last = tail.allocations.last else { return }
      // Counted from the end, which is the slack after the last offset; and the slack after the last entry is read.
      last.release(from: last.byteCount - (tail.end - tail.next))
    }
  }

  /// Room for `size` bytes in a row, or nil past four gibibytes. Nobody else is given the same room.
  func allocate(_ size: Int) -> (offset: UInt32, pointer: UnsafeMutableRawPointer)? {
    tail.withLock { tail in
      if size > tail.end - tail.next {
        // The rest of the last segment stays unused: an entry never lies across two allocations.
        let start = tail.end
        tail.next = max(start, tail.next)
        let needed = (size + tail.next - start + Self.segmentSize - 1) >> Self.segmentShift
        let present = start >> Self.segmentShift
        guard present + needed <= Self.segmentLimit else { return nil }
        // More at once the larger the arena is; what is not written takes no memory.
        let slots = min(max(needed, min(present, Self.largestStep)), Self.segmentLimit - present)
        let bytes = slots << Self.segmentShift
        let memory = HugePages(byteCount: bytes + Self.slack, isSparse: present == 0)
        let base = memory.start
        if present == 0 { base.initializeMemory(as: UInt8.self, repeating: 0, count: Self.firstOffset) }
        tail.allocations.append(memory)
        for slot in 0..<slots {
          segments[(start >> Self.segmentShift) + slot] = base + (slot << Self.segmentShift)
        }
        tail.end = start + bytes
      }
      let offset = UInt32(truncatingIfNeeded: tail.next)
      guard let pointer = pointer(offset) else { return nil }
      tail.next += size
      return (offset, pointer)
    }
  }
}
