import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Metered usage of long ago")
struct MeteringWindowTests {
  @Test(
    "a tenant that has left its metered price goes on being looked at, for years",
    arguments: [100, 130, 400, 800] as [Int64])
  func leftLongAgo(days: Int64) async throws {
    var stage = try await MeteringStage()
    stage.world.gateway.advance(by: .days(10))
    try await stage.record(130, at: stage.world.now - .days(1))
    try await stage.report()
    try await stage.world.billing().changePlan(
      to: .pro, for: stage.world.tenant, as: stage.world.owner, at: stage.world.now)
    stage.world.gateway.advance(by: .days(days))
    await stage.world.deliverAll()
    try await stage.record(500, at: stage.world.now)
    let tallies = try await stage.report()
    #expect(tallies.map(\.target) == [30])
    #expect(stage.counted() == 30)
  }

  @Test("reporting that was down for longer than it looks back goes on where it was, and shows what it missed")
  func downForLong() async throws {
    var stage = try await MeteringStage()
    stage.world.gateway.advance(by: .days(10))
    try await stage.record(130, at: stage.world.now)
    try await stage.report()
    var months: [Int64] = []
    for month in 1...8 as ClosedRange<Int64> {
      stage.world.gateway.advance(to: CalendarMonths(anchor: Sample.start).boundary(Int(month)) + .days(3))
      await stage.world.deliverAll()
      try await stage.record(Int(100 + month), at: stage.world.now)
      months.append(month)
    }
    // The provider still takes what is stamped at the end of the sixth and the seventh month, too late for their invoices.
    let tallies = try await stage.report()
    #expect(tallies.map(\.target) == [30] + months)
    #expect(tallies.map { $0.unbilled(at: stage.world.now) } == [0, 1, 2, 3, 4, 5, 6, 7, 0])
    #expect(stage.counted() == 30 + 6 + 7 + 8)
  }

  @Test("a long period that was told late counts everything that was reported of the months it turned out to hold")
  func longPeriodToldLate() async throws {
    var stage = try await MeteringStage(toldOnceFrom: Sample.start)
    let gateway = stage.world.gateway
    // Ten runs every ten days for two hundred days, of which the account knows the first month only.
    for _ in 0..<20 {
      gateway.advance(by: .days(10))
      try await stage.record(10, at: gateway.now - .days(1))
      try await stage.report()
    }
    let months = try await stage.tallies()
    #expect(months.count == 7)
    #expect(months.reduce(0) { $0 + $1.target } == 200 - 7 * 2)
    #expect(stage.counted() == 200 - 7 * 2)
    // Periods of four hundred days began twelve days in, and nobody told.
    let moved = Sample.start + .days(12)
    try await stage.tell(try #require(Period(start: moved, end: moved + .days(400))), at: moved)
    let tallies = try await stage.report().filter { !$0.isMoved }
    #expect(tallies.map(\.period.start) == [Sample.start, moved])
    // Ten runs lie in the twelve days, the others after them; each period includes two.
    #expect(tallies.map(\.target) == [8, 188])
    #expect(tallies.map(\.carriedIn) == [0, months[0].target - 8])
    #expect(tallies.map(\.owed) == [8 - months[0].target, 0])
    #expect(stage.counted() == 196)
    try await stage.record(5, at: gateway.now)
    try await stage.report()
    #expect(stage.counted() == 201)
  }
}
