#if canImport(Glibc)
  internal import CMalloc
#endif

/// The bytes that the process has been given by its allocator and has not given back; nil where that cannot be asked.
func allocatedBytes() -> Int? {
  #if canImport(Glibc)
    let info = mallinfo2()
    return Int(info.uordblks + info.hblkhd)
  #else
    return nil
  #endif
}
