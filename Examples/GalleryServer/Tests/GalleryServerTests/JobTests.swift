import Foundation
import Logging
import SQLiteStore
import SaaSCore
import SaaSTesting
import Synchronization
import Testing

@testable import GalleryServer

@Suite("Jobs of two servers on one file") struct JobTests {
  /// Who did the work at which instants.
  final class Ledger: Sendable {
    private let entries = Mutex<[(holder: String, at: Timestamp)]>([])
    func note(_ holder: String, _ now: Timestamp) { entries.withLock { $0.append((holder, now)) } }
    var all: [(holder: String, at: Timestamp)] { entries.withLock { $0 } }
  }

  private func withStores(_ work: ([SQLiteStore]) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "gallery.sqlite").path
    let stores = [try await SQLiteStore(path: path), try await SQLiteStore(path: path)]
    try await work(stores)
    for store in stores { await store.close() }
  }

  private func job(
    _ holder: String, _ store: SQLiteStore, _ clock: ManualClock, _ ledger: Ledger, fails: Bool = false
  ) -> PeriodicJob {
    PeriodicJob(
      name: "rollup", interval: .seconds(3_600), leases: store, holder: holder, clock: clock,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) { now in
      ledger.note(holder, now)
      if fails { throw RunningServer.Failure("no") }
    }
  }

  @Test("are done once an interval, by one of them") func once() async throws {
    try await withStores { stores in
      let (clock, ledger) = (ManualClock(), Ledger())
      let start = clock.now()
      let jobs = stores.enumerated().map { job("server \($0.offset)", $0.element, clock, ledger) }
      let running = jobs.map { job in Task { try await job.run() } }
      // Both have looked, and sleep.
      await clock.sleepers(2)
      for _ in 0..<(3 * 60) {
        clock.advance(by: .seconds(60))
        await clock.sleepers(2)
      }
      for task in running { task.cancel() }
      let instants = ledger.all.map { $0.at.duration(since: start) }
      #expect(instants == [.zero, .seconds(3_600), .seconds(7_200), .seconds(10_800)])
    }
  }

  @Test("are taken over where the one that did them is gone, and tried again where they failed")
  func takeover() async throws {
    try await withStores { stores in
      let (clock, ledger) = (ManualClock(), Ledger())
      let first = Task { [job = job("first", stores[0], clock, ledger)] in try await job.run() }
      await clock.sleepers(1)
      first.cancel()
      _ = await first.result
      let second = Task { [job = job("second", stores[1], clock, ledger, fails: true)] in try await job.run() }
      await clock.sleepers(1)
      for _ in 0..<62 {
        clock.advance(by: .seconds(60))
        await clock.sleepers(1)
      }
      second.cancel()
      #expect(ledger.all.map(\.holder) == ["first", "second", "second", "second"])
    }
  }
}
