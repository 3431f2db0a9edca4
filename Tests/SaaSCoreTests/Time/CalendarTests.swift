import Foundation
import SaaSCore
import SaaSTesting
import Testing

@Suite struct CalendarTests {
  @Test(arguments: [
    (2024, 2, 29, true), (2023, 2, 29, false), (1900, 2, 29, false), (2000, 2, 29, true), (2026, 4, 31, false),
    (2026, 12, 31, true), (2026, 13, 1, false), (2026, 0, 1, false), (2026, 1, 0, false), (0, 2, 29, true),
    (-4, 2, 29, true), (300_000, 1, 1, false), (2026, 1, -1, false), (2026, 1, Int.max, false),
  ])
  func `a date is one of the calendar or none`(year: Int, month: Int, day: Int, exists: Bool) {
    #expect((CivilDate(year: year, month: month, day: day) != nil) == exists)
  }

  @Test func `days and dates follow each other through four centuries and beyond`() throws {
    var date = try #require(CivilDate(year: 1899, month: 12, day: 30))
    var number = date.daysSince1970
    for _ in 0..<150_000 {
      let next =
        CivilDate(year: date.year, month: date.month, day: date.day + 1)
        ?? CivilDate(year: date.year, month: date.month + 1, day: 1)
        ?? CivilDate(year: date.year + 1, month: 1, day: 1)
      date = try #require(next)
      number += 1
      guard date.daysSince1970 == number, CivilDate(daysSince1970: number) == date else {
        Issue.record("\(date) is not day \(number)")
        return
      }
    }
  }

  @Test(arguments: UInt64(1)...3)
  func `a day holds its instants and no others`(seed: UInt64) {
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<1_000 {
      let instant = Timestamp(microseconds: .random(in: -1 << 58...1 << 58, using: &dice))
      let day = UTCDay(containing: instant)
      #expect(day.start <= instant && instant < day.advanced(by: 1).start, "seed \(seed): \(instant)")
      #expect(UTCDay(containing: day.start) == day)
      #expect(UTCDay(containing: day.start - .microseconds(1)) == day.advanced(by: -1))
      #expect(instant.iso8601.hasPrefix(day.description))
    }
  }

  @Test func `the last days end with the instant's own day, which is partial until it is over`() throws {
    let instant = try Timestamp(iso8601: "2026-03-01T15:00:00Z")
    let window = DayWindow(lastDays: 30, at: instant)
    #expect(window.count == 30)
    #expect(window.first.description == "2026-01-31")
    #expect(window.last.description == "2026-03-01")
    #expect(window.days.count == 30 && window.days.first == window.first && window.days.last == window.last)
    #expect(window.period == Period(start: window.first.start, end: window.last.advanced(by: 1).start))
    #expect(window.isPartial(at: instant))
    let midnight = try Timestamp(iso8601: "2026-03-02T00:00:00Z")
    #expect(!window.isPartial(at: midnight))
    #expect(window.previous.last.description == "2026-01-30")
    #expect(window.previous.count == 30)
    #expect(DayWindow(lastDays: 0, at: instant).count == 1)
    #expect(DayWindow(lastDays: -5, at: instant).count == 1)
    #expect(DayWindow(first: window.last, last: window.first) == nil)
  }

  @Test func `days at the ends of time do not trap`() {
    for instant in [Timestamp.distantPast, .distantFuture] {
      let day = UTCDay(containing: instant)
      #expect(!day.description.isEmpty)
      for step in [Int.min, -1, 1, Int.max] { _ = day.advanced(by: step).start }
      #expect(DayWindow(lastDays: .max, at: instant).count > 0)
      #expect(DayWindow(lastDays: 2, at: instant).days.last == day)
      _ = DayWindow(lastDays: 3, at: instant).previous.period
    }
    #expect(UTCDay(daysSince1970: .max).start < .distantFuture)
    #expect(UTCDay(daysSince1970: .min).start == .distantPast)
  }

  @Test func `a period has its start and not its end`() throws {
    let start = Timestamp(seconds: 10)
    let end = Timestamp(seconds: 20)
    let period = try #require(Period(start: start, end: end))
    #expect(period.contains(start) && !period.contains(end))
    #expect(period.contains(end - .microseconds(1)) && !period.contains(start - .microseconds(1)))
    #expect(Period(start: start, end: start) == nil && Period(start: end, end: start) == nil)
    #expect(try JSONDecoder().decode(Period.self, from: JSONEncoder().encode(period)) == period)
    let reversed = Data(#"{"start":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"}"#.utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Period.self, from: reversed) }
  }
}
