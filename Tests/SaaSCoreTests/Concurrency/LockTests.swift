import SaaSCore
import Testing

@Suite struct LockTests {
  @Test func `one thread at a time has the value`() async {
    let lock = Lock(0)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<2_000 { lock.withLock { $0 += 1 } } }
      }
    }
    #expect(lock.withLock { $0 } == 16_000)
  }

  @Test func `a call that throws lets go of the value, with what it changed`() {
    struct Failure: Error, Equatable {}
    let lock = Lock([1])
    #expect(throws: Failure()) {
      try lock.withLock { (value) throws(Failure) in
        value.append(2)
        throw Failure()
      }
    }
    #expect(lock.withLock { $0 } == [1, 2])
  }
}
