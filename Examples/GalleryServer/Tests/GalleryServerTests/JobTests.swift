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

  private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

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
      logger: Self.silent
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

  @Test("tell when they were last done, which one that was cut short is not") func completion() async throws {
    try await withStores { stores in
      let (clock, ledger) = (ManualClock(), Ledger())
      let start = clock.now()
      // It ends as work does that heeds cancellation: early, and without an error.
      let (begun, report) = AsyncStream<Void>.makeStream()
      let cut = PeriodicJob(
        name: "rollup", interval: .seconds(3_600), leases: stores[0], holder: "first", clock: clock, logger: Self.silent
      ) { _ in
        report.yield()
        try? await Task.sleep(for: .seconds(3_600))
      }
      let first = Task { try await cut.run() }
      for await _ in begun { break }
      first.cancel()
      _ = await first.result
      let cutShort = try await stores[1].lastCompletion(of: "rollup")
      #expect(cutShort == nil)
      // Its turn is the next one's at once.
      let second = Task { [job = job("second", stores[1], clock, ledger)] in try await job.run() }
      await clock.sleepers(1)
      second.cancel()
      _ = await second.result
      #expect(ledger.all.map(\.holder) == ["second"])
      let whole = try await stores[0].lastCompletion(of: "rollup")
      #expect(whole == start)
    }
  }

  @Test("are taken over soon from one that died at work") func death() async throws {
    try await withStores { stores in
      let (clock, ledger) = (ManualClock(), Ledger())
      let start = clock.now()
      let job = job("second", stores[1], clock, ledger)
      let held = try await stores[0].claim("rollup", holder: "dead", for: job.leaseDuration, at: start)
      #expect(held != nil)
      let running = Task { try await job.run() }
      await clock.sleepers(1)
      for _ in 0..<2 {
        clock.advance(by: .seconds(60))
        await clock.sleepers(1)
      }
      running.cancel()
      #expect(ledger.all.map { $0.at.duration(since: start) } == [.seconds(60)])
    }
  }

  @Test("keep their lease however long they take, and are broken off where it is lost") func longWork() async throws {
    let leases = CountedLeases()
    let wasBrokenOff = Mutex(false)
    let job = PeriodicJob(
      name: "rollup", interval: .seconds(3_600), leases: leases, holder: "first", clock: ManualClock(),
      logger: Self.silent, leaseDuration: .milliseconds(30)
    ) { _ in
      await leases.renewals(5)
      leases.lose()
      do { try await Task.sleep(for: .seconds(600)) } catch { wasBrokenOff.withLock { $0 = true } }
    }
    let running = Task { try await job.run() }
    await leases.end()
    running.cancel()
    _ = await running.result
    #expect(wasBrokenOff.withLock { $0 })
    #expect(leases.completions == 0)
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

/// Leases that count their renewals, and are lost when they are told to be.
private final class CountedLeases: JobLeases {
  private struct State {
    var renewals = 0
    var isLost = false
    var completions = 0
  }

  private let state = Mutex(State())
  private let (renewed, renewal) = AsyncStream<Int>.makeStream()
  private let (released, releasing) = AsyncStream<Void>.makeStream()

  var completions: Int { state.withLock { $0.completions } }

  func lose() { state.withLock { $0.isLost = true } }

  /// Returns after so many renewals.
  func renewals(_ count: Int) async {
    for await number in renewed where number >= count { return }
  }

  /// Returns once a lease was released, or its job was taken for done.
  func end() async { for await _ in released { return } }

  func claim(_ job: String, holder: String, for duration: Duration, at now: Timestamp) async throws(StoreError)
    -> JobLease?
  { JobLease(job: job, holder: holder, fence: 1, expiresAt: now + duration) }

  func renew(_ lease: JobLease, for duration: Duration, at now: Timestamp) async throws(StoreError) -> JobLease? {
    let (isLost, count) = state.withLock { state in
      state.renewals += 1
      return (state.isLost, state.renewals)
    }
    renewal.yield(count)
    return isLost ? nil : lease
  }

  func release(_ lease: JobLease) async throws(StoreError) { releasing.yield() }

  func noteCompletion(of job: String, at instant: Timestamp) async throws(StoreError) {
    state.withLock { $0.completions += 1 }
    releasing.yield()
  }

  func lastCompletion(of job: String) async throws(StoreError) -> Timestamp? { nil }
}
