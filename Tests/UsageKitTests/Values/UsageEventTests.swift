import SaaSCore
import Testing
import UsageKit

@Suite("Usage events")
struct UsageEventTests {
  @Test("an event that cannot be is refused with the reason")
  func validation() throws {
    let (id, run) = (try EventID("e"), try RunID("r"))
    let (provider, model) = (try ProviderName("p"), try ModelName("m"))
    func event(_ duration: Int64, _ size: Int64, _ instant: Timestamp) throws(UsageValueError) -> UsageEvent {
      try UsageEvent(
        id: id, runID: run, provider: provider, model: model, tokens: .zero, durationMilliseconds: duration,
        resultSize: size, createdAt: instant)
    }
    let now = UsageFixture.start
    let rows: [(Int64, Int64, Timestamp, UsageValueError)] = [
      (-1, 0, now, .negative(.durationMilliseconds)),
      (.max, 0, now, .tooLarge(.durationMilliseconds, maximum: UsageBounds.durationMilliseconds)),
      (0, .min, now, .negative(.resultSize)),
      (0, UsageBounds.resultSize + 1, now, .tooLarge(.resultSize, maximum: UsageBounds.resultSize)),
      (0, 0, Timestamp(microseconds: -1), .before1970(.createdAt)),
      (0, 0, UsageBounds.latest + .microseconds(1), .tooFarAhead(.createdAt, latest: UsageBounds.latest)),
    ]
    for (duration, size, instant, error) in rows {
      #expect(throws: error) { try event(duration, size, instant) }
    }
    #expect(try event(0, 0, UsageBounds.earliest).createdAt == UsageBounds.earliest)
    #expect(try event(0, 0, UsageBounds.latest).createdAt.iso8601 == "9999-12-31T23:59:59.999999Z")
  }
}
