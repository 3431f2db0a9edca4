internal import Foundation

/// Memory that is read at random all over, in huge pages where the system gives them on request.
enum HugePages {
  /// Two mebibytes on every processor that matters here.
  static let size = 1 << 21

  /// Memory of a size, to be deallocated by its owner; aligned so that it can be huge pages where it is at least one.
  static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    guard byteCount >= size else { return .allocate(byteCount: byteCount, alignment: 64) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: size)
    #if os(Linux)
      // A hint; where it is not taken, pages stay small.
      _ = madvise(memory, byteCount & ~(size - 1), Int32(MADV_HUGEPAGE))
    #endif
    return memory
  }
}
