import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

/// A period that moves, is told late, and a provider that is down meanwhile: from every pass to every later one.
@Suite("Metered usage through outages while a period moves")
struct MeteringOutageTests {
  /// How the provider is down.
  enum Outage: Sendable, CaseIterable {
    /// It takes nothing.
    case deaf
    /// It takes everything and answers nothing.
    case mute
    /// It takes every other report.
    case both
  }

  /// The first period's last day turns out to be 24 February, and its event comes on 27 February.
  private let moved = Sample.at("2026-02-24T10:00:30Z")
  private let toldAt = Sample.at("2026-02-27T00:00:00Z")
  /// Passes lie twelve hours apart, the first of them one day before the move.
  private let first = Sample.at("2026-02-23T12:00:00Z")
  private let passes = 14

  private func live(_ outage: Outage, _ down: ClosedRange<Int>) async throws {
    let place: Comment = "\(outage), passes \(down)"
    var stage = try await MeteringStage(toldOnceFrom: Sample.start)
    let gateway = stage.world.gateway
    gateway.setSumLag(.hours(3))
    gateway.advance(to: first - .days(5))
    try await stage.record(6, at: gateway.now - .hours(1))
    try await stage.report()
    let number = Lock(0)
    for pass in 0..<passes {
      gateway.advance(to: first + .hours(12 * Int64(pass)))
      if gateway.now == toldAt {
        let period = CalendarMonths(anchor: moved).period(containing: moved)
        try await stage.tell(period, at: moved)
      }
      try await stage.record(2, at: gateway.now - .seconds(60))
      gateway.setFaults { call in
        guard down.contains(pass), call == .report || call == .reportedSum else { return nil }
        let isEven = number.withLock { count in
          count += 1
          return count % 2 == 0
        }
        return outage == .mute || outage == .both && isEven
          ? .lostAnswer() : .before(GatewayError(.unavailable, "down"))
      }
      do {
        try await stage.report()
      } catch {
        #expect(down.contains(pass), place)
      }
    }
    gateway.setFaults(nil)
    // What nothing told while the period ran, its sum tells when it is over.
    for instant in [moved + .days(20), moved + .days(28) + .seconds(1_800), moved + .days(29), moved + .days(30)] {
      gateway.advance(to: instant)
      try await stage.report()
    }
    let tallies = try await stage.tallies()
    let live = tallies.filter { !$0.isMoved }
    #expect(live.map(\.period.start).prefix(2) == [Sample.start, moved], place)
    for tally in live {
      let runs = Int64(stage.runs.count { tally.period.contains($0.startedAt) })
      #expect(tally.target == max(0, runs - 2), place)
    }
    #expect(tallies.allSatisfy { $0.pending == nil && $0.unconfirmed == 0 }, place)
    #expect(stage.counted() == live.reduce(0) { $0 + $1.target }, place)
    #expect(tallies.reduce(0) { $0 + $1.delivered } == stage.counted(), place)
  }

  @Test("all is counted once, however long the provider is down and whenever that begins", arguments: Outage.allCases)
  func everySpan(outage: Outage) async throws {
    for start in 0..<passes {
      for end in start..<passes { try await live(outage, start...end) }
    }
  }
}
