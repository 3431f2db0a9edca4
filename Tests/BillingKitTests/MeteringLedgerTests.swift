import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite("Metered usage and the ledger's rows")
struct MeteringLedgerTests {
  /// Rolls periods up and seals every row that is over.
  private func seal(_ periods: [Period], of world: BillingWorld) async throws {
    _ = try await world.usage.rollUp(periods, of: world.tenant)
    _ = try await world.usage.sealLedger(endedBy: world.now, of: world.tenant, at: world.now)
  }

  /// When a period begins within an hour.
  private static let partedHour = Sample.at("2026-01-31T10:20:00Z")

  /// Runs on both sides of a period's start, in the hour of the start and after it, under a sealed row that begins before
  /// the period and ends in it, because periods were known otherwise once.
  private func stageAcross(_ start: Timestamp) async throws -> MeteringStage {
    var stage = try await MeteringStage(toldOnceFrom: start)
    let world = stage.world
    try await stage.record(4, at: start - .seconds(60))
    world.gateway.advance(by: .days(1))
    try await stage.record(3, at: start + .seconds(60))
    try await stage.record(5, at: start + .hours(2))
    world.gateway.advance(by: .days(9))
    try await seal([period(start - .days(3), start + .days(6))], of: world)
    return stage
  }

  private func period(_ start: Timestamp, _ end: Timestamp) throws -> Period {
    try #require(Period(start: start, end: end))
  }

  @Test(
    "what comes after a row was sealed is in no row, and is not billed: neither of the period's own row nor of one in it"
  )
  func sealedWithin() async throws {
    for ends in [[Duration.days(28)], [.days(10), .days(28)]] {
      var stage = try await MeteringStage(toldOnceFrom: Sample.start)
      let world = stage.world
      world.gateway.advance(by: .days(29))
      try await stage.record(7, at: Sample.start + .days(5))
      let starts = [Sample.start] + ends.dropLast().map { Sample.start + $0 }
      try await seal(try zip(starts, ends).map { try period($0, Sample.start + $1) }, of: world)
      try await stage.record(9, at: Sample.start + .days(6))
      try await stage.report()
      #expect(stage.counted() == 5, "\(ends.count) rows")
      let rows = try await world.usage.ledger(LedgerQuery(), after: nil, limit: .maximum, of: world.tenant).elements
      #expect(rows.reduce(0) { $0 + $1.sums.runs.count } == 7)
    }
  }

  @Test("rows that make up a period say its usage also where what they are made of was deleted")
  func deletedWithin() async throws {
    var stage = try await MeteringStage(toldOnceFrom: Sample.at("2026-01-31T10:20:00Z"))
    let (world, start) = (stage.world, Sample.at("2026-01-31T10:20:00Z"))
    world.gateway.advance(by: .days(29))
    // Within the hour in which the period begins, before it and in it.
    try await stage.record(4, at: start - .seconds(60))
    try await stage.record(6, at: start + .seconds(60))
    try await seal(
      [
        period(start - .days(9), start), period(start, start + .days(9)), period(start + .days(9), start + .days(28)),
      ], of: world)
    let deleted = try await world.usage.deleteRows(
      before: UTCDay(containing: start).advanced(by: 3), limit: .maximum, of: world.tenant)
    #expect(deleted.deleted == 10)
    try await stage.report()
    #expect(stage.counted() == 4)
  }

  @Test("where the rows of a part's first hour were deleted, what the other hours had is billed, and grows on")
  func deletedAtEdge() async throws {
    let start = Self.partedHour
    var stage = try await stageAcross(start)
    let world = stage.world
    let deleted = try await world.usage.deleteRows(
      before: UTCDay(containing: start).advanced(by: 3), limit: .maximum, of: world.tenant)
    #expect(deleted.deleted == 12)
    try await stage.report()
    // Of the three runs in the hour of the start nothing tells any more whether they lie in the period.
    #expect(stage.counted() == 3)
    try await stage.record(2, at: world.now - .hours(1))
    try await stage.report()
    #expect(stage.counted() == 5)
  }

  @Test("what was known before rows were deleted stays billed, and is not paid back")
  func deletedAfterwards() async throws {
    let start = Self.partedHour
    var stage = try await stageAcross(start)
    let world = stage.world
    try await stage.report()
    #expect(stage.counted() == 6)
    _ = try await world.usage.deleteRows(
      before: UTCDay(containing: start).advanced(by: 3), limit: .maximum, of: world.tenant)
    try await stage.record(2, at: world.now - .hours(1))
    let before = try await stage.report()
    #expect(before.map(\.owed) == [0])
    #expect(stage.counted() == 6)
    try await stage.record(3, at: world.now - .hours(1))
    try await stage.report()
    #expect(stage.counted() == 8)
  }

  @Test("what came late into a sealed row that only overlaps the period is billed by the period that it lies in")
  func sealedAcross() async throws {
    var stage = try await MeteringStage(toldOnceFrom: Sample.start)
    let world = stage.world
    world.gateway.advance(by: .days(10))
    try await stage.record(5, at: Sample.start - .days(1))
    try await stage.record(5, at: Sample.start + .days(1))
    try await seal([period(Sample.start - .days(4), Sample.start + .days(5))], of: world)
    try await stage.report()
    #expect(stage.counted() == 3)
    try await stage.record(2, at: Sample.start - .days(1))
    try await stage.record(2, at: Sample.start + .days(2))
    try await stage.report()
    #expect(stage.counted() == 5)
  }
}
