#if canImport(Glibc)
  import Glibc

  /// What the process did while it counted.
  struct Counts: Equatable {
    var allocations = 0
    var objects = 0
    var retains = 0
    var releases = 0

    static let none = Counts()

    mutating func add(_ other: Counts) {
      allocations += other.allocations
      objects += other.objects
      retains += other.retains
      releases += other.releases
    }
  }

  extension Counts: CustomStringConvertible {
    var description: String {
      "\(allocations) allocations, \(objects) objects, \(retains) retains, \(releases) releases"
    }
  }

  /// Counts every allocation, retain and release of the process while it is told to.
  ///
  /// Allocations are counted by standing in for the C library's functions, and objects, retains and releases by the
  /// pointers through which the Swift runtime lets instruments listen. Nothing is sampled and nothing is estimated.
  enum Counters {
    // Written by the one thread that there is while it counts.
    nonisolated(unsafe) static var isCounting = false
    nonisolated(unsafe) static var counts = Counts()

    typealias Retain = @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    typealias RetainSome = @convention(c) (UnsafeMutableRawPointer?, UInt32) -> UnsafeMutableRawPointer?
    typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void
    typealias ReleaseSome = @convention(c) (UnsafeMutableRawPointer?, UInt32) -> Void
    typealias Allocate = @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?

    // The runtime's own function, which the one that counts goes on to.
    nonisolated(unsafe) private static var allocate: Allocate?

    /// What the process does while it calls; nil where this runtime lets nobody listen.
    ///
    /// A retain or release of nil touches nothing and is not counted.
    ///
    /// Nothing is retained or released meanwhile: the pointers are also given objects that are never freed and have no
    /// count. What the call makes is therefore never freed either, and what it only borrows is as it was.
    @inline(never)
    static func count(_ body: () -> Void) -> Counts? {
      // C functions capture nothing, so that they name everything in full.
      let onRetain: Retain = { object in
        if Counters.isCounting, object != nil { Counters.counts.retains += 1 }
        return object
      }
      let onRetainSome: RetainSome = { object, _ in
        if Counters.isCounting, object != nil { Counters.counts.retains += 1 }
        return object
      }
      let onTryRetain: Retain = { object in
        if Counters.isCounting, object != nil { Counters.counts.retains += 1 }
        return object
      }
      let onRelease: Release = { object in
        if Counters.isCounting, object != nil { Counters.counts.releases += 1 }
      }
      let onReleaseSome: ReleaseSome = { object, _ in
        if Counters.isCounting, object != nil { Counters.counts.releases += 1 }
      }
      let onAllocate: Allocate = { metadata, size, alignment in
        if Counters.isCounting { Counters.counts.objects += 1 }
        return Counters.allocate?(metadata, size, alignment)
      }
      guard
        let retains = place("_swift_retain", of: Retain.self),
        let someRetains = place("_swift_retain_n", of: RetainSome.self),
        let triedRetains = place("_swift_tryRetain", of: Retain.self),
        let releases = place("_swift_release", of: Release.self),
        let someReleases = place("_swift_release_n", of: ReleaseSome.self),
        let objects = place("_swift_allocObject", of: Allocate.self),
        let listening = place(
          "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly", of: Bool.self)
      else { return nil }
      let originals = (
        retains.pointee, someRetains.pointee, triedRetains.pointee, releases.pointee, someReleases.pointee,
        objects.pointee
      )
      allocate = objects.pointee
      counts = Counts()
      retains.pointee = onRetain
      someRetains.pointee = onRetainSome
      triedRetains.pointee = onTryRetain
      releases.pointee = onRelease
      someReleases.pointee = onReleaseSome
      objects.pointee = onAllocate
      listening.pointee = true
      isCounting = true
      body()
      isCounting = false
      listening.pointee = false
      (
        retains.pointee, someRetains.pointee, triedRetains.pointee, releases.pointee, someReleases.pointee,
        objects.pointee
      ) = originals
      return counts
    }

    /// Where the runtime keeps a pointer or a switch of its own.
    private static func place<Value>(_ name: String, of type: Value.Type) -> UnsafeMutablePointer<Value>? {
      dlsym(nil, name)?.assumingMemoryBound(to: Value.self)
    }
  }

  // The manifest has the linker call these by the names of the C library's functions.

  @_silgen_name("__libc_malloc") private func systemMalloc(_ size: Int) -> UnsafeMutableRawPointer?
  @_silgen_name("__libc_calloc") private func systemCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer?
  @_silgen_name("__libc_memalign") private func systemMemalign(_ alignment: Int, _ size: Int)
    -> UnsafeMutableRawPointer?

  @_cdecl("counted_malloc") public func countedMalloc(_ size: Int) -> UnsafeMutableRawPointer? {
    if Counters.isCounting { Counters.counts.allocations += 1 }
    return systemMalloc(size)
  }

  @_cdecl("counted_calloc") public func countedCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
    if Counters.isCounting { Counters.counts.allocations += 1 }
    return systemCalloc(count, size)
  }

  @_cdecl("counted_aligned_alloc") public func countedAlignedAlloc(_ alignment: Int, _ size: Int)
    -> UnsafeMutableRawPointer?
  {
    if Counters.isCounting { Counters.counts.allocations += 1 }
    return systemMemalign(alignment, size)
  }
#endif
