import BillingKit
import SaaSCore
import SaaSTesting
import Testing

@Suite("Billing periods")
struct PeriodTimelineTests {
  /// Walks the periods through a span, each from the end of the one before, and checks that they tile.
  private func walk(_ account: BillingAccount, from start: Timestamp, to end: Timestamp) -> [Period] {
    let timeline = PeriodTimeline(account)
    var periods: [Period] = []
    var instant = start
    while instant < end, periods.count < 1_000 {
      let period = timeline.period(containing: instant)
      #expect(period.contains(instant))
      for probe in [period.start, period.end - .microseconds(1), period.start + .seconds(1)]
      where period.contains(probe) {
        #expect(timeline.period(containing: probe) == period)
      }
      if let last = periods.last { #expect(last.end == period.start) }
      periods.append(period)
      instant = period.end
    }
    return periods
  }

  @Test("periods tile time through every lifecycle, whichever events are known", arguments: Lifecycle.all)
  func tiling(lifecycle: Lifecycle) async throws {
    let (_, customer, events) = try await lifecycle.events()
    for skipped in 0...events.count {
      var account = BillingAccount(owner: .customer(customer))
      for (index, event) in events.enumerated() where index != skipped - 1 {
        account.apply(event, catalog: Sample.catalog)
      }
      _ = walk(account, from: Sample.start - .days(70), to: Sample.start + .days(800))
    }
  }

  @Test("without a subscription they are the months of UTC")
  func none() {
    let periods = walk(
      BillingAccount(owner: .customer(Sample.id("cus"))), from: Sample.at("2026-01-15T00:00:00Z"),
      to: Sample.at("2026-03-02T00:00:00Z"))
    #expect(periods.map(\.start.iso8601) == ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"])
  }

  @Test("a plan that starts and ends in mid-month cuts the months, and its periods keep their day")
  func midMonth() async throws {
    let lifecycle = Lifecycle("") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro)
      gateway.advance(to: Sample.at("2026-05-10T12:00:00Z"))
      gateway.end(id)
    }
    let (_, customer, events) = try await lifecycle.events()
    var account = BillingAccount(owner: .customer(customer))
    for event in events { account.apply(event, catalog: Sample.catalog) }
    let expected = [
      "2026-01-01T00:00:00Z", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z",
      "2026-04-30T10:00:00Z", "2026-05-10T12:00:00Z", "2026-06-01T00:00:00Z",
    ]
    let (from, to) = (Sample.at("2026-01-02T00:00:00Z"), Sample.at("2026-06-02T00:00:00Z"))
    #expect(walk(account, from: from, to: to).map(\.start.iso8601) == expected)
    // A renewal that was never told is where the last length puts it.
    var gap = BillingAccount(owner: .customer(customer))
    for event in events {
      if case .subscription(let snapshot, _) = event.payload,
        snapshot.currentPeriod?.start == Sample.at("2026-03-31T10:00:00Z")
      {
        continue
      }
      gap.apply(event, catalog: Sample.catalog)
    }
    #expect(walk(gap, from: from, to: to).map(\.start.iso8601) == expected)
  }

  @Test("a moved anchor cuts the period that it falls into, and leaves those before it as they were")
  func movedAnchor() async throws {
    let lifecycle = Lifecycle("") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro)
      gateway.advance(to: Sample.at("2026-04-28T12:00:00Z"))
      gateway.resetAnchor(of: id)
    }
    let (_, customer, events) = try await lifecycle.events()
    var account = BillingAccount(owner: .customer(customer))
    for event in events { account.apply(event, catalog: Sample.catalog) }
    let expected = [
      "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z", "2026-04-28T12:00:00Z",
      "2026-05-28T12:00:00Z",
    ]
    let periods = walk(account, from: Sample.start, to: Sample.at("2026-06-01T00:00:00Z"))
    #expect(periods.map(\.start.iso8601) == expected)
  }

  @Test("until a renewal is known the last length is repeated, in calendar months")
  func extrapolation() async throws {
    let lifecycle = Lifecycle("") { gateway, customer in gateway.subscribe(customer, to: Sample.pro) }
    let (_, customer, events) = try await lifecycle.events()
    var account = BillingAccount(owner: .customer(customer))
    for event in events { account.apply(event, catalog: Sample.catalog) }
    let starts = walk(account, from: Sample.start, to: Sample.at("2026-06-01T00:00:00Z")).map(\.start.iso8601)
    #expect(
      starts == [
        "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z", "2026-04-30T10:00:00Z",
        "2026-05-31T10:00:00Z",
      ])
  }

  @Test("calendar months hold every instant in exactly one step")
  func calendarMonths() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      let anchor = Timestamp(seconds: Int64.random(in: 0...4_000_000_000, using: &generator))
      let instant = Timestamp(seconds: Int64.random(in: 0...8_000_000_000, using: &generator))
      let months = CalendarMonths(anchor: anchor, step: Int.random(in: 1...13, using: &generator))
      let period = months.period(containing: instant)
      #expect(period.contains(instant), "anchor \(anchor), instant \(instant)")
      #expect(months.period(containing: period.end).start == period.end)
    }
    let edge = CalendarMonths(anchor: .distantPast).period(containing: .distantFuture)
    #expect(edge.start < edge.end)
  }
}
