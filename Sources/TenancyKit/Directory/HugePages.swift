internal import Foundation

/// Memory that is read at random all over, in huge pages where the system gives them on request.
///
/// On Linux large pieces come from the system itself: an allocator's own bytes before an aligned piece, and its advice for
/// all of its pages, would cost up to a huge page each at either end.
struct HugePages {
  /// Two mebibytes on every processor that matters here.
  static let size = 1 << 21

  let start: UnsafeMutableRawPointer
  let byteCount: Int
  private let isMapped: Bool

  /// Memory of a size, which may hold anything; aligned so that it can be huge pages where it is at least one.
  ///
  /// - Parameter isSparse: whether most of it may never be written, so that pages had better stay small.
  init(byteCount: Int, isSparse: Bool = false) {
    self.byteCount = byteCount
    if byteCount >= Self.size, let memory = Self.map(byteCount, isSparse: isSparse) {
      start = memory
      isMapped = true
    } else {
      start = .allocate(byteCount: byteCount, alignment: 64)
      isMapped = false
    }
  }

  /// Gives the memory back; nobody may use it any more.
  func deallocate() {
    #if os(Linux)
      if isMapped {
        munmap(start, byteCount)
        return
      }
    #endif
    start.deallocate()
  }

  /// Lets the system have the whole pages from an offset on, which nobody reads before they are written again.
  func release(from offset: Int) {
    #if os(Linux)
      guard isMapped else { return }
      let first = (start + offset).alignedUp(toMultipleOf: Self.pageSize)
      let end = (start + byteCount).alignedUp(toMultipleOf: Self.pageSize)
      if end > first { madvise(first, end - first, Int32(MADV_DONTNEED)) }
    #endif
  }

  #if os(Linux)
    private static let pageSize = max(Int(sysconf(Int32(_SC_PAGESIZE))), 4_096)

    private static func map(_ byteCount: Int, isSparse: Bool) -> UnsafeMutableRawPointer? {
      let found = mmap(nil, byteCount + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let found, found != MAP_FAILED else { return nil }
      let start = found.alignedUp(toMultipleOf: size)
      let used = (start + byteCount).alignedUp(toMultipleOf: pageSize)
      let end = (found + byteCount + size).alignedUp(toMultipleOf: pageSize)
      if start > found { munmap(found, start - found) }
      if end > used { munmap(used, end - used) }
      // A hint; where it is not taken, pages stay small.
      if !isSparse { madvise(start, byteCount & ~(size - 1), Int32(MADV_HUGEPAGE)) }
      return start
    }
  #else
    private static func map(_ byteCount: Int, isSparse: Bool) -> UnsafeMutableRawPointer? { nil }
  #endif
}
