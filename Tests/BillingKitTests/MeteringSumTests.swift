import BillingKit
import SaaSCore
import Testing

/// What a provider's sum tells of reports that were never confirmed.
@Suite("Sums of metered usage")
struct MeteringSumTests {
  private let windows = MeteringWindows()
  private let now = Sample.start + .days(29)

  /// A tally that had some units accepted, and then sent reports of which nothing is known.
  private func tally(_ key: String, accepted: Int64, unconfirmed: [(value: Int64, isLate: Bool)]) throws -> UsageTally {
    let period = try #require(Period(start: Sample.start, end: Sample.start + .days(28)))
    var tally = UsageTally(
      key: key, organizationID: Sample.id("org"), customerID: Sample.id("cus"),
      price: MeteredPrice(
        metric: .runs, meter: UsageMeter(name: "m", meterID: nil, priceID: Sample.id("price_runs_m"))),
      itemID: Sample.id("si"), period: period)
    let total = unconfirmed.reduce(accepted) { $0 + $1.value }
    tally.aim(at: total, carriedIn: 0, period: period)
    let at = Sample.start + .days(1)
    tally.begin(value: accepted, timestamp: at, at: at)
    tally.accept(inTime: true, at: at, windows: windows)
    for report in unconfirmed {
      tally.begin(value: report.value, timestamp: at, at: at)
      if report.isLate { tally.delay(at: period.end + .hours(2)) }
      tally.settle(nil, windows: windows)
    }
    return tally
  }

  @Test(
    "where the sum holds some of the unconfirmed reports, those are delivered, late ones first, and the rest is owed",
    arguments: [(10, 0, 0), (12, 2, 0), (13, 3, 0), (15, 5, 2), (16, 6, 3)] as [(Int64, Int64, Int64)])
  func partly(sum: Int64, counted: Int64, inTime: Int64) throws {
    var tally = try tally("one", accepted: 10, unconfirmed: [(3, false), (3, true)])
    #expect(tally.unconfirmed == 6 && tally.unconfirmedInTime == 3 && tally.owed == 0)
    let span = try #require(tally.countedSpan(among: [tally]))
    let told = tally.verify(tally.counted(of: sum, over: span, among: [tally], at: now, windows: windows))
    #expect(told)
    #expect(tally.delivered == 10 + counted && tally.unconfirmed == 0 && tally.unconfirmedInTime == 0)
    #expect(tally.owed == 6 - counted)
    #expect(tally.deliveredInTime == 10 + inTime)
    #expect(tally.unbilled(at: now) == 6 - inTime)
  }

  @Test("two tallies that share a sum divide what it holds, whoever asks first, and whether or not the other has saved")
  func shared() throws {
    let lane = try [
      tally("a", accepted: 5, unconfirmed: [(2, false)]),
      tally("b", accepted: 1, unconfirmed: [(2, false), (1, false)]),
    ]
    for sum in 6...11 as ClosedRange<Int64> {
      for order in [[0, 1], [1, 0]] {
        for isSaved in [true, false] {
          var (seen, done) = (lane, lane)
          for index in order {
            var tally = lane[index]
            let span = try #require(tally.countedSpan(among: seen))
            _ = tally.verify(tally.counted(of: sum, over: span, among: seen, at: now, windows: windows))
            done[index] = tally
            if isSaved { seen[index] = tally }
          }
          let place: Comment = "sum \(sum), order \(order), saved \(isSaved)"
          #expect(done.map(\.unconfirmed) == [0, 0], place)
          #expect(done.map(\.delivered) == [min(7, sum - 1), max(1, sum - 7)], place)
          #expect(done.reduce(0) { $0 + $1.owed } == 11 - sum, place)
        }
      }
    }
  }

  @Test("while another tally's report is on its way, or too new for the sum, nothing is divided")
  func unsettled() throws {
    let one = try tally("a", accepted: 5, unconfirmed: [(2, false)])
    var other = try tally("b", accepted: 1, unconfirmed: [(2, false)])
    let span = try #require(one.countedSpan(among: [one, other]))
    func counted(at now: Timestamp) -> ClosedRange<Int64> {
      one.counted(of: 8, over: span, among: [one, other], at: now, windows: windows)
    }
    #expect(counted(at: now) == 7...7)
    other.begin(value: 1, timestamp: Sample.start + .days(1), at: now)
    #expect(counted(at: now) == 4...7)
    other.accept(inTime: true, at: now, windows: windows)
    #expect(counted(at: now) == 4...7)
    #expect(counted(at: now + .hours(7)) == 6...6)
  }
}
