internal import SaaSCore
internal import Foundation
internal import Synchronization

/// One object that many threads read without a lock or a shared count, and one writer replaces now and then.
///
/// A reader counts itself in a slot of its thread's own while it reads. The writer keeps a replaced object until it has
/// seen every slot empty at some moment after the replacement: who counted himself before that moment has left, and who
/// counts himself after it finds the new object. Slots come in two sets that take turns, so that readers who never
/// pause cannot keep a slot from ever being seen empty.
///
/// The first threads of a process have a slot each that nobody else writes, so that counting there takes plain stores; more
/// threads than that share some slots and count by atomic additions.
// Sendable: `slots` points at atomics that live as long as self; everything else is an atomic or behind the mutex.
final class PublishedObject<Object: AnyObject & Sendable>: @unchecked Sendable {
  private static var slotCount: Int { 64 }
  /// How many of the slots are one thread's own.
  private static var ownedCount: Int { 48 }
  // One slot in each 128 bytes, because processors fetch cache lines in pairs.
  private static var stride: Int { 16 }

  private let current: Atomic<UnsafeRawPointer>
  private let slots: UnsafeMutablePointer<Atomic<Int>>
  private let threads = ThreadNumber.key
  private let turn = Atomic<Int>(0)
  private let retired = Lock<[Retired]>([])

  /// An object that was replaced, and the slots that were not seen empty since.
  private struct Retired {
    let object: Object
    var occupied: (UInt64, UInt64) = (.max, .max)
  }

  init(_ object: Object) {
    current = Atomic(UnsafeRawPointer(Unmanaged.passRetained(object).toOpaque()))
    let count = Self.slotCount * Self.stride
    slots = .allocate(capacity: count)
    for index in 0..<count { (slots + index).initialize(to: Atomic(0)) }
  }

  deinit {
    Unmanaged<Object>.fromOpaque(current.load(ordering: .sequentiallyConsistent)).release()
    slots.deinitialize(count: Self.slotCount * Self.stride)
    slots.deallocate()
  }

  /// Calls with the present object, which is kept until the call returns; `body` must not wait for anything.
  @inline(__always)
  func read<Result>(_ body: (Object) -> Result) -> Result {
    let turn = turn.load(ordering: .relaxed) & 1
    let thread = ThreadNumber.current(threads)
    let isOwned = thread < Self.ownedCount
    let number = isOwned ? thread : Self.ownedCount &+ thread % (Self.slotCount &- Self.ownedCount)
    let slot = slots + (number &* Self.stride &+ turn)
    let others = isOwned ? slot.pointee.load(ordering: .relaxed) : 0
    if isOwned {
      slot.pointee.store(others &+ 1, ordering: .sequentiallyConsistent)
    } else {
      slot.pointee.add(1, ordering: .sequentiallyConsistent)
    }
    defer {
      if isOwned {
        slot.pointee.store(others, ordering: .releasing)
      } else {
        slot.pointee.subtract(1, ordering: .releasing)
      }
    }
    let object = Unmanaged<Object>.fromOpaque(current.load(ordering: .sequentiallyConsistent))
    return object._withUnsafeGuaranteedRef(body)
  }

  /// The present object, for those who keep it.
  var value: Object { read { $0 } }

  /// Puts another object in the place of the present one. Calls must not overlap.
  func publish(_ object: Object) {
    let old = current.exchange(
      UnsafeRawPointer(Unmanaged.passRetained(object).toOpaque()), ordering: .sequentiallyConsistent)
    // The count that init or the last publish took is handed on to the list.
    let replaced = Unmanaged<Object>.fromOpaque(old).takeRetainedValue()
    retired.withLock { $0.append(Retired(object: replaced)) }
    reclaim()
  }

  /// Lets go of replaced objects that nobody can be reading any more. Never waits; what is still read is let go later.
  func reclaim() {
    retired.withLock { retired in
      guard !retired.isEmpty else { return }
      for _ in 0..<2 {
        var empty: (UInt64, UInt64) = (0, 0)
        for index in 0..<Self.slotCount {
          let slot = slots + index * Self.stride
          if slot.pointee.load(ordering: .sequentiallyConsistent) == 0 { empty.0 |= 1 << UInt64(index) }
          if (slot + 1).pointee.load(ordering: .sequentiallyConsistent) == 0 { empty.1 |= 1 << UInt64(index) }
        }
        for index in retired.indices {
          retired[index].occupied.0 &= ~empty.0
          retired[index].occupied.1 &= ~empty.1
        }
        turn.add(1, ordering: .sequentiallyConsistent)
      }
      retired.removeAll { $0.occupied == (0, 0) }
    }
  }

  /// How many replaced objects are kept because somebody may be reading them.
  var retiredCount: Int { retired.withLock { $0.count } }
}
