internal import SaaSCore

/// Distinct elements in order, in short sorted arrays, so that neither a search nor an insertion walks them all.
///
/// No chunk is empty or longer than ``limit``; chunks follow each other in order.
struct SortedChunks<Element: Comparable> {
  private static var limit: Int { 512 }
  private var chunks: [[Element]] = []

  /// Puts an element in its place; one that is there already stays.
  /// - Complexity: O(log *n*) comparisons, and moving at most one chunk's elements; *n* / 256 chunks more where one is
  ///   split.
  mutating func insert(_ element: Element) {
    guard !chunks.isEmpty else {
      chunks.append([element])
      return
    }
    let index = chunk(for: element)
    let place = chunks[index].partitioningIndex { $0 >= element }
    if place < chunks[index].count, chunks[index][place] == element { return }
    chunks[index].insert(element, at: place)
    guard chunks[index].count > Self.limit else { return }
    // Growing at the end leaves full chunks behind, and elsewhere a chunk is halved.
    let isAtEnd = index == chunks.count - 1 && place == chunks[index].count - 1
    let cut = isAtEnd ? Self.limit : Self.limit / 2
    let tail = Array(chunks[index][cut...])
    chunks[index].removeSubrange(cut...)
    chunks.insert(tail, at: index + 1)
  }

  /// Takes an element away if it is there.
  mutating func remove(_ element: Element) {
    guard !chunks.isEmpty else { return }
    let index = chunk(for: element)
    let place = chunks[index].partitioningIndex { $0 >= element }
    guard place < chunks[index].count, chunks[index][place] == element else { return }
    chunks[index].remove(at: place)
    if chunks[index].isEmpty { chunks.remove(at: index) }
  }

  /// The first elements for which a condition holds that, once true in the order, stays true; at most `count` of them.
  /// - Complexity: O(log *n* + count)
  func prefix(_ count: Int, where condition: (Element) -> Bool) -> [Element] {
    var result: [Element] = []
    var index = chunks.partitioningIndex { $0.last.map(condition) ?? true }
    var place = index < chunks.count ? chunks[index].partitioningIndex(where: condition) : 0
    while index < chunks.count, result.count < count {
      result.append(contentsOf: chunks[index][place...].prefix(count - result.count))
      index += 1
      place = 0
    }
    return result
  }

  /// The chunk in which an element is, or would be put; there is at least one.
  private func chunk(for element: Element) -> Int {
    min(chunks.partitioningIndex { $0.last.map { $0 >= element } ?? true }, chunks.count - 1)
  }
}
