import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

/// Reporting that stops at every step that it has, in every month of two years: before each call to the ledger, the store
/// and the provider, and after the call was done and its answer lost.
@Suite("Metered usage through a crash at every step")
struct MeteringCrashTests {
  /// How reporting goes on after a process stopped.
  enum Recovery: Sendable, CaseIterable {
    /// Another process begins again at once.
    case atOnce
    /// Nobody reports before the next pass is due.
    case atNextPass
    /// Another process begins again at once, and stops a step earlier in its pass, at the same step, or a step later.
    case anotherEarlier, anotherThere, anotherLater

    /// How many months are gone through; from the fifth on, each is as the one before.
    var months: Int {
      switch self {
      case .atOnce: 24
      case .atNextPass: 8
      case .anotherEarlier, .anotherThere, .anotherLater: 5
      }
    }
  }

  /// A pass of a month, from its period's start or end, with the runs that are known then for the first time.
  private struct Pass {
    let at: @Sendable (Period) -> Timestamp
    let runs: [(count: Int, at: @Sendable (Period) -> Timestamp)]
  }

  private static let passes = [
    Pass(at: { $0.end - .hours(1) }, runs: [(4, { $0.end - .hours(2) }), (1, { $0.start + .seconds(1) })]),
    // The last one before the invoice is final, and one after it, each with usage that came late.
    Pass(at: { $0.end + .seconds(1_800) }, runs: [(1, { $0.end - .hours(3) })]),
    Pass(at: { $0.end + .hours(5) }, runs: [(1, { $0.end - .seconds(1) })]),
  ]

  /// What became of a run through the months.
  private struct Outcome {
    var stage: MeteringStage
    let meter: WatchedMeter
    /// How many moments passed without a crash.
    var moments = 0
    var crashes = 0
  }

  /// Goes through the months; in each, a process stops after so many of the month's moments.
  private func live(crashingAt moment: Int, _ recovery: Recovery) async throws -> Outcome {
    let stage = try await MeteringStage(toldOnceFrom: Sample.start)
    var outcome = Outcome(stage: stage, meter: WatchedMeter(stage.world.gateway))
    for month in 0..<recovery.months {
      let calendar = CalendarMonths(anchor: Sample.start)
      let period = try #require(Period(start: calendar.boundary(month), end: calendar.boundary(month + 1)))
      var left = moment
      for pass in Self.passes {
        stage.world.gateway.advance(to: pass.at(period))
        for runs in pass.runs { try await outcome.stage.record(runs.count, at: runs.at(period)) }
        let point = CrashPoint(after: left)
        if try await report(&outcome, until: point) {
          outcome.moments += point.passed
          left -= left == .max ? 0 : point.passed
          continue
        }
        outcome.crashes += 1
        switch recovery {
        case .atNextPass: break
        case .atOnce: try await finish(&outcome)
        case .anotherEarlier, .anotherThere, .anotherLater:
          let step = recovery == .anotherEarlier ? -1 : recovery == .anotherThere ? 0 : 1
          _ = try await report(&outcome, until: CrashPoint(after: max(0, left + step)))
          try await finish(&outcome)
        }
        left = .max
      }
    }
    // What a last crash left is taken up.
    for _ in 0..<2 {
      stage.world.gateway.advance(by: .days(2))
      try await finish(&outcome)
    }
    return outcome
  }

  private func finish(_ outcome: inout Outcome) async throws {
    let isDone = try await report(&outcome, until: CrashPoint(after: .max))
    #expect(isDone)
  }

  /// Reports in a process of its own.
  /// - Returns: false where it stopped.
  private func report(_ outcome: inout Outcome, until point: CrashPoint) async throws -> Bool {
    let world = outcome.stage.world
    do throws(BillingError) {
      try await outcome.stage.reporter(over: outcome.meter, stoppingAt: point).report(for: world.tenant, at: world.now)
      return true
    } catch {
      // The step was its last one.
      #expect(point.wasReached, "\(error)")
      #expect(!point.goneBeyond)
      return false
    }
  }

  private func check(_ outcome: Outcome, _ place: Comment) async throws {
    let (stage, sent) = (outcome.stage, outcome.meter.sent)
    var told: [Timestamp: Int64] = [:]
    for event in try await stage.world.events() {
      if case .unbilledUsage(let usage) = event {
        #expect(usage.reason == .late, place)
        told[usage.period.start] = usage.units
      }
    }
    let tallies = try await stage.tallies()
    for tally in tallies {
      let counted = sent.filter { $0.key.hasPrefix(tally.key) && $0.value.countedAt != nil }.map(\.value)
      let total = counted.reduce(0) { $0 + $1.value }
      let runs = Int64(stage.runs.count { tally.period.contains($0.startedAt) })
      #expect(tally.target == max(0, runs - 2), place)
      #expect(total == tally.target, place)
      #expect(try stage.counted(tally) == total, place)
      #expect(tally.delivered == total && tally.pending == nil && tally.unconfirmed == 0, place)
      let inTime = counted.filter { $0.countedAt ?? .distantFuture < tally.period.end + .hours(1) }
        .reduce(0) { $0 + $1.value }
      let isFinal = stage.world.now >= tally.period.end + .hours(1)
      #expect(tally.unbilled(at: stage.world.now) == (isFinal ? total - inTime : 0), place)
      #expect(told[tally.period.start] ?? 0 == tally.unbilled(at: stage.world.now), place)
    }
    #expect(stage.counted() == tallies.reduce(0) { $0 + $1.target }, place)
  }

  @Test("the provider's sums are the ledger's, and what is on no invoice is told", arguments: Recovery.allCases)
  func everyStep(recovery: Recovery) async throws {
    let whole = try await live(crashingAt: .max, recovery)
    try await check(whole, "without a crash")
    #expect(whole.crashes == 0)
    #expect(try await whole.stage.tallies().map { $0.unbilled(at: whole.stage.world.now) }.max() == 1)
    var (moment, crashes) = (0, 0)
    while true {
      let outcome = try await live(crashingAt: moment, recovery)
      if outcome.crashes == 0 { break }
      crashes += outcome.crashes
      try await check(outcome, "\(recovery), after \(moment) moments of each month")
      moment += 1
    }
    // Taken up at once, a month is as it would have been, so that each of its moments was a crash's.
    if recovery == .atOnce { #expect(crashes == whole.moments) }
    #expect(crashes >= recovery.months * 40)
    #expect(moment > 40)
  }
}
