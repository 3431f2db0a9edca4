/// Elements by their place, in chunks, so that no more than a first few are ever moved to make room for others.
struct ChunkedArray<Element: Sendable> {
  private static var shift: Int { 8 }
  private static var mask: Int { 1 << shift - 1 }

  /// The chunks that are full.
  private var chunks: [[Element]] = []
  /// The last chunk, which is not full: apart, so that appending to it asks for no other array.
  private var tail: [Element] = []

  /// How many elements there are.
  var count: Int { chunks.count << Self.shift | tail.count }

  /// Adds an element.
  /// - Complexity: O(1), but for one chunk's room each 256 elements
  @inline(__always)
  mutating func append(_ element: Element) {
    tail.append(element)
    if tail.count > Self.mask { addChunk() }
  }

  private mutating func addChunk() {
    chunks.append(tail)
    tail = []
    // Only the first chunk grows as arrays do: most organisations have few events.
    tail.reserveCapacity(1 << Self.shift)
  }

  /// The element at a place below the count.
  subscript(place: Int) -> Element {
    @inline(__always) get {
      let chunk = place >> Self.shift
      return chunk < chunks.count ? chunks[chunk][place & Self.mask] : tail[place &- chunks.count << Self.shift]
    }
    @inline(__always) _modify {
      let chunk = place >> Self.shift
      if chunk < chunks.count {
        yield &chunks[chunk][place & Self.mask]
      } else {
        yield &tail[place &- chunks.count << Self.shift]
      }
    }
  }
}
