/// Elements by their place, in chunks, so that what is there is never moved to make room for more.
struct ChunkedArray<Element: Sendable> {
  private static var shift: Int { 10 }
  private static var mask: Int { 1 << shift - 1 }

  private var chunks: [[Element]] = []
  /// How many elements there are.
  private(set) var count = 0

  /// Adds an element.
  /// - Complexity: O(1), but for one chunk's room each thousand elements
  @inline(__always)
  mutating func append(_ element: Element) {
    if count & Self.mask == 0 { addChunk() }
    chunks[count >> Self.shift].append(element)
    count &+= 1
  }

  private mutating func addChunk() {
    var chunk: [Element] = []
    // The first one grows as arrays do: most organisations have few events.
    if count > 0 { chunk.reserveCapacity(1 << Self.shift) }
    chunks.append(chunk)
  }

  /// The element at a place below the count.
  subscript(place: Int) -> Element {
    @inline(__always) get { chunks[place >> Self.shift][place & Self.mask] }
    @inline(__always) _modify { yield &chunks[place >> Self.shift][place & Self.mask] }
  }
}
