import SaaSCore
import Synchronization
import Testing

@testable import TenancyKit

@Suite struct SerialTurnsTests {
  private struct Failed: Error, Equatable { var attempt: Int }

  /// Attempts of which the first is held at a gate.
  private final class Attempts: Sendable {
    let turns = SerialTurns<Failed>()
    let gate = Gate()
    let count = Atomic<Int>(0)
    private let end: @Sendable (Int) throws(Failed) -> Void

    init(_ end: @escaping @Sendable (Int) throws(Failed) -> Void) { self.end = end }

    func outcome() async -> Result<Void, Failed> {
      do throws(Failed) {
        try await turns.run { () async throws(Failed) in
          let number = self.count.add(1, ordering: .relaxed).newValue
          if number == 1 { await self.gate.pass() }
          try self.end(number)
        }
        return .success(())
      } catch {
        return .failure(error)
      }
    }
  }

  /// Holds the first attempt until a hundred others wait; gives how many attempts there were and what each of the others
  /// came to.
  private func outcomes(_ end: @escaping @Sendable (Int) throws(Failed) -> Void) async -> (Int, [Result<Void, Failed>])
  {
    let attempts = Attempts(end)
    let first = Task { await attempts.outcome() }
    await attempts.gate.holds(1)
    let others = await withTaskGroup(of: Result<Void, Failed>.self) { group in
      for _ in 0..<100 { group.addTask { await attempts.outcome() } }
      while attempts.turns.waitingCount < 100 { await Task.yield() }
      attempts.gate.open()
      var all: [Result<Void, Failed>] = []
      for await one in group { all.append(one) }
      return all
    }
    _ = await first.value
    return (attempts.count.load(ordering: .relaxed), others)
  }

  @Test func `those who wait share the success of one attempt that began after they came`() async throws {
    let (attempts, others) = await outcomes { (_) throws(Failed) in }
    #expect(attempts == 2)
    for one in others { try one.get() }
  }

  @Test func `those who wait share the failure of one attempt that began after they came`() async {
    let (attempts, others) = await outcomes { (attempt) throws(Failed) in throw Failed(attempt: attempt) }
    #expect(attempts == 2)
    for one in others { #expect(throws: Failed(attempt: 2)) { try one.get() } }
  }

  @Test func `nobody shares the failure of an attempt that began before he came`() async throws {
    let (attempts, others) = await outcomes { (attempt) throws(Failed) in
      if attempt == 1 { throw Failed(attempt: attempt) }
    }
    #expect(attempts == 2)
    for one in others { try one.get() }
  }
}
