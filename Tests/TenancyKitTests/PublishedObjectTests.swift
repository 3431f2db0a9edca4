import Foundation
import Synchronization
import Testing

@testable import TenancyKit

@Suite(.serialized) struct PublishedObjectTests {
  private final class Value: Sendable {
    let number: Int
    init(_ number: Int) { self.number = number }
  }

  /// Threads that are inside a read until they may leave.
  private final class Readers: Sendable {
    let published = PublishedObject(Value(1))
    private let entered = DispatchSemaphore(value: 0)
    private let mayLeave = DispatchSemaphore(value: 0)
    private let left = DispatchSemaphore(value: 0)
    private let numbers = Mutex<[Int]>([])

    /// The numbers of the threads that read.
    var threadNumbers: [Int] { numbers.withLock { $0 } }

    func enter(_ count: Int) {
      for _ in 0..<count {
        Thread {
          self.published.read { value in
            self.numbers.withLock { $0.append(ThreadNumber.current(ThreadNumber.key)) }
            self.entered.signal()
            self.mayLeave.wait()
            #expect(value.number == 1)
          }
          self.left.signal()
        }.start()
      }
      for _ in 0..<count { entered.wait() }
    }

    func leave(_ count: Int) {
      for _ in 0..<count { mayLeave.signal() }
      for _ in 0..<count { left.wait() }
    }
  }

  @Test(arguments: [1, 2, 47, 48, 49, 64, 200])
  func `an object is kept until the last of many threads that read it has left`(threads: Int) {
    let readers = Readers()
    readers.enter(threads)
    readers.published.publish(Value(2))
    for left in 0..<threads {
      readers.published.reclaim()
      #expect(readers.published.retiredCount == 1, "\(left) of \(threads) left")
      readers.leave(1)
    }
    readers.published.reclaim()
    #expect(readers.published.retiredCount == 0)
    #expect(readers.published.value.number == 2)
  }

  @Test func `threads that run at once have different numbers, and new ones take those of threads that ended`() {
    var greatest = 0
    for _ in 0..<20 {
      let readers = Readers()
      readers.enter(40)
      let numbers = readers.threadNumbers
      #expect(Set(numbers).count == 40)
      greatest = max(greatest, numbers.max() ?? 0)
      readers.leave(40)
    }
    // Twenty times forty threads; those of other tests have numbers too.
    #expect(greatest < 600)
  }
}
