import SaaSCore
import SaaSTesting
import Testing
import UsageKit

@Suite("Periods and their parts")
struct PeriodTests {
  @Test("the parts of a period are the period, with no instant twice", arguments: [UInt64(1), 2, 3])
  func parts(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func instant() -> Timestamp {
      let hour = UsageFixture.instant(3_600 * Int64.random(in: -100...100, using: &random))
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return hour
      case 1: return UTCDay(containing: hour).start
      case 2: return hour + .microseconds(Int64.random(in: -2...2, using: &random))
      default: return hour + .microseconds(Int64.random(in: 0..<3_600_000_000, using: &random))
      }
    }
    for _ in 0..<3_000 {
      guard let period = Period(start: instant(), end: instant()) else { continue }
      let parts = PeriodParts(period)
      #expect(parts.rows.count <= 2)
      for span in parts.rows {
        let hour = UTCHour(containing: span.start)
        #expect(span.end <= UTCHour(hoursSince1970: hour.hoursSince1970 + 1).start, "\(span)")
      }
      #expect(
        parts.hours.allSatisfy {
          $0.upperBound.hoursSince1970 - $0.lowerBound.hoursSince1970 < 24 || parts.days.isEmpty
        })
      var spans = parts.rows
      spans += parts.hours.compactMap { Period(start: $0.lowerBound.start, end: $0.upperBound.start) }
      if !parts.days.isEmpty {
        spans += [Period(start: parts.days.lowerBound.start, end: parts.days.upperBound.start)].compactMap(\.self)
      }
      spans.sort { $0.start < $1.start }
      #expect(spans.first?.start == period.start && spans.last?.end == period.end, "\(period): \(parts)")
      for (left, right) in zip(spans, spans.dropFirst()) { #expect(left.end == right.start, "\(period): \(parts)") }
    }
  }

  @Test("the ends of time have parts too")
  func ends() throws {
    let always = try #require(Period(start: .distantPast, end: .distantFuture))
    let parts = PeriodParts(always)
    #expect(parts.days.contains(UTCDay(containing: UsageFixture.start)))
    #expect(parts.hours.allSatisfy { $0.lowerBound <= $0.upperBound })
    let last = try #require(Period(start: .distantFuture - .seconds(90_000), end: .distantFuture))
    _ = PeriodParts(last)
    let first = try #require(Period(start: .distantPast, end: .distantPast + .seconds(90_000)))
    _ = PeriodParts(first)
  }

  @Test("the months of UTC tile time, leap years included")
  func months() {
    var instant = UsageBounds.earliest
    var previous = UTCMonthPeriods.period(containing: instant)
    #expect(previous.start == instant)
    for _ in 0..<12 * 200 {
      instant = previous.end
      let next = UTCMonthPeriods.period(containing: instant)
      #expect(next.start == previous.end)
      #expect(UTCMonthPeriods.period(containing: next.end - .microseconds(1)) == next)
      previous = next
    }
    #expect(UTCMonthPeriods.period(containing: UsageFixture.start).end.iso8601 == "2026-06-01T00:00:00Z")
    for instant in [
      Timestamp.distantPast, UsageBounds.earliest - .microseconds(1), UsageBounds.latest,
      .distantFuture - .microseconds(1),
    ] {
      #expect(UTCMonthPeriods.period(containing: instant).contains(instant), "\(instant.microseconds)")
    }
    #expect(UTCMonthPeriods.period(containing: UsageBounds.latest).end == UsageBounds.latest + .microseconds(1))
  }
}
