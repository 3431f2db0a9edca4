import Foundation
import Synchronization

/// What a hand-over costs by itself: a write of a few pages and its sync, done by the calling task and by a thread that the
/// task hands it to and waits for, as a store with a thread of its own must at the least.
struct HandOver {
  let path: String
  let count: Int

  func run() async throws {
    let file = open(path, O_RDWR | O_CREAT, 0o644)
    guard file >= 0 else { throw Failure() }
    defer { close(file) }
    let pages = [UInt8](repeating: 7, count: 4 * 4_096)
    // Written before, so that no sync has to make the file longer.
    let places = 512
    for place in 0..<places { pwrite(file, pages, pages.count, off_t(place * pages.count)) }
    fsync(file)
    let next = Atomic(0)
    let sync: @Sendable () -> Void = {
      let place = next.add(1, ordering: .relaxed).oldValue % places
      pwrite(file, pages, pages.count, off_t(place * pages.count))
      #if canImport(Darwin)
        fsync(file)
      #else
        fdatasync(file)
      #endif
    }
    let thread = Worker()
    let direct = await time { sync() }
    let handed = await time { await thread.perform(sync) }
    let empty = await time { await thread.perform {} }
    print("sync.ns", direct)
    print("handed.ns", handed)
    print("empty.ns", empty)
    thread.end()
  }

  private struct Failure: Error {}

  private func time(_ body: () async -> Void) async -> Double {
    for _ in 0..<20 { await body() }
    let clock = ContinuousClock()
    let time = await clock.measure { for _ in 0..<count { await body() } }
    return time / .nanoseconds(1) / Double(count)
  }
}

/// A thread that does one piece of work after the other, and sleeps in between.
// Sendable: `work` is reached only between locking and unlocking the condition.
private final class Worker: @unchecked Sendable {
  private let condition = NSCondition()
  private var work: (@Sendable () -> Void)?
  private var hasEnded = false

  init() {
    Thread.detachNewThread { [self] in
      while let work = waitForWork() { work() }
    }
  }

  func perform(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      condition.lock()
      work = {
        body()
        continuation.resume()
      }
      condition.unlock()
      condition.signal()
    }
  }

  func end() {
    condition.lock()
    hasEnded = true
    condition.unlock()
    condition.signal()
  }

  private func waitForWork() -> (@Sendable () -> Void)? {
    condition.lock()
    defer { condition.unlock() }
    while work == nil, !hasEnded { condition.wait() }
    defer { work = nil }
    return work
  }
}
