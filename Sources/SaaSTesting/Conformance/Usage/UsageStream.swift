internal import SaaSCore
internal import TenancyKit
internal import UsageKit

/// Random writes and questions for one tenant, which follow from a seed: few names, so that they meet; instants that
/// gather at boundaries; values of one run in any order; repeats and contradictions.
struct UsageStream: Sendable {
  static let days = 6
  let tenant: TenantContext
  var generator: SeededGenerator

  init(seed: UInt64, tenant: TenantContext) {
    self.tenant = tenant
    generator = SeededGenerator(seed: seed)
  }

  mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

  // MARK: Instants

  /// An instant within the stream's days.
  mutating func instant() -> Timestamp { Self.instant(using: &generator) }

  private static func instant(using generator: inout SeededGenerator) -> Timestamp {
    let start = UsageStoreSubject.day.start
    let hour = start + .seconds(3_600 * Int.random(in: 0..<24 * days, using: &generator))
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return hour
    case 1: return hour - .microseconds(1)
    case 2: return start + .seconds(86_400 * Int.random(in: 0..<days, using: &generator))
    case 3: return cuts[Int.random(in: 0..<cuts.count, using: &generator)]
    default: return hour + .microseconds(Int.random(in: 0..<3_600_000_000, using: &generator))
    }
  }

  /// Where the stream's periods meet, at odd seconds.
  static let cuts: [Timestamp] = (0...5).map {
    UsageStoreSubject.day.start + .seconds(100_003 * $0) + .microseconds(17 * $0)
  }

  /// The stream's periods, which tile its days.
  static let periods: [Period] =
    zip([UsageStoreSubject.day.advanced(by: -1).start] + cuts.dropFirst(), cuts.dropFirst() + [lastEnd]).map {
      Period(ordered: $0, $1)
    }

  /// Periods that tile the stream's days otherwise, as they do when a plan changes; sometimes not all of them, as when
  /// one alone is rolled up.
  mutating func tiling() -> [Period] {
    guard number(0..<3) == 0 else { return Self.periods }
    let cuts = (0..<number(1..<5)).map { _ in instant() }.sorted()
    let periods = zip([Self.periods[0].start] + cuts, cuts + [Self.lastEnd]).compactMap { Period(start: $0, end: $1) }
    return number(0..<2) == 0 ? periods : [periods[number(0..<periods.count)]]
  }

  private static let lastEnd = UsageStoreSubject.day.advanced(by: days + 1).start

  /// A period that begins and ends anywhere.
  mutating func period() -> Period {
    let (first, second) = (instant(), instant())
    return Period(start: min(first, second), end: max(first, second)) ?? Self.periods[0]
  }

  /// A window of the stream's days.
  mutating func window() -> DayWindow {
    let first = UsageStoreSubject.day.advanced(by: number(0..<Self.days))
    return DayWindow(first: first, last: first.advanced(by: number(0..<4))) ?? UsageStoreSubject.window
  }

  // MARK: Writes

  mutating func writes(count: Int) throws -> [UsageWrite] {
    var writes: [UsageWrite] = []
    for _ in 0..<count {
      switch number(0..<11) {
      case 0..<6: writes.append(.event(PricedEvent(try event(number(Self.events)), cost: try cost())))
      case 6..<9: writes.append(.run(try run(number(0..<80))))
      case 9:
        let first = number(Self.neighbours)
        for next in first..<min(first + number(2..<60), Self.neighbours.upperBound) {
          writes.append(.event(PricedEvent(try event(next), cost: try cost())))
        }
      default:
        writes.append(
          .start(try run(number(0..<80), running: true), limit: RunLimit(Int64(number(0..<40)), in: period())))
      }
    }
    return writes
  }

  private static let events = 0..<900
  /// Those of the events of which twenty are of one run each, and follow each other through several hours.
  private static let neighbours = 500..<900

  /// An event whose facts follow from its number, one in twelve with other facts.
  private mutating func event(_ number: Int) throws -> UsageEvent {
    var facts = SeededGenerator(seed: UInt64(number) &* 2)
    let isOther = self.number(0..<12) == 0
    let prompt = Int64.random(in: 0...2_000, using: &facts)
    let cached = Int64.random(in: 0...prompt, using: &facts)
    var run = Int.random(in: 0..<90, using: &facts)
    var createdAt = Self.instant(using: &facts)
    if Self.neighbours.contains(number) {
      var facts = SeededGenerator(seed: UInt64(number / 20))
      run = number / 20
      createdAt = Self.instant(using: &facts) + .seconds(500 * (number % 20))
    }
    return try UsageEvent(
      id: EventID("event-\(number)"), runID: RunID("run-\(run)"),
      stepID: number % 3 == 0 ? nil : StepID("step-\(number % 4)"), provider: ProviderName("provider-\(number % 2)"),
      model: ModelName("model-\(number % 3)"),
      tokens: TokenCounts(
        prompt: prompt, cachedPrompt: cached, cacheWritePrompt: (prompt - cached) / 2,
        completion: Int64.random(in: 0...500, using: &facts) + (isOther ? 1 : 0)),
      serviceTier: number % 5 == 0 ? ServiceTier("flex") : nil,
      durationMilliseconds: Int64.random(in: 0...90_000, using: &facts),
      resultSize: Int64.random(in: 0...9_000, using: &facts), createdAt: createdAt)
  }

  /// A cost of any kind; many are so large that a few of them pass 64 bits.
  mutating func cost() throws -> EventCost {
    let amount = PicoUSD(picos: number(0..<3) == 0 ? .max - Int64(number(0..<9)) : Int64(number(0..<9_000_000)))
    let rate = try RateID("rate-\(number(0..<3))")
    return switch number(0..<6) {
    case 0: .unpriced
    case 1: .partlyPriced(amount, rate: rate)
    default: .priced(amount, rate: rate)
    }
  }

  /// A value of a run: its facts follow from its number, its state is any; one in twenty contradicts.
  private mutating func run(_ number: Int, running: Bool = false) throws -> Run {
    var facts = SeededGenerator(seed: UInt64(number) &* 2 &+ 1)
    let start = Self.instant(using: &facts)
    let user = self.number(0..<20) == 0 ? "nobody" : "user-\(number % 4)"
    let outcome = running ? .running : Run.Outcome.allCases[self.number(0..<4) == 0 ? self.number(0..<5) : number % 5]
    return try Run(
      id: RunID("run-\(number)"), userID: UserID(user), workflow: WorkflowName("workflow-\(number % 3)"),
      startedAt: start,
      finishedAt: outcome.isFinal ? start + .microseconds(Int64.random(in: 0...90_000_000_000, using: &facts)) : nil,
      outcome: outcome, artifactCount: Int64(running ? 0 : self.number(0..<3)))
  }

  /// Costs for some events, those that there are and others.
  mutating func costs() throws -> [EventID: EventCost] {
    var costs: [EventID: EventCost] = [:]
    for _ in 0..<number(1..<30) { costs[try EventID("event-\(number(Self.events))")] = try cost() }
    return costs
  }

  // MARK: Questions

  mutating func runQuery() throws -> RunQuery {
    var query = RunQuery(period: period())
    if number(0..<3) == 0 { query.userID = try UserID("user-\(number(0..<4))") }
    if number(0..<3) == 0 { query.workflow = try WorkflowName("workflow-\(number(0..<3))") }
    if number(0..<3) == 0 { query.outcomes = Set(Run.Outcome.allCases.prefix(number(0..<6))) }
    if number(0..<3) == 0 { query.finishedWithArtifacts = number(0..<2) == 0 }
    return query
  }

  mutating func eventQuery() throws -> EventQuery {
    var query = EventQuery(period: period())
    if number(0..<6) == 0 { query.runID = try RunID("run-\(number(0..<90))") }
    if number(0..<3) == 0 { query.user = number(0..<3) == 0 ? .unknown : .known(try UserID("user-\(number(0..<4))")) }
    if number(0..<3) == 0 {
      query.workflow = number(0..<3) == 0 ? .unknown : .known(try WorkflowName("workflow-\(number(0..<3))"))
    }
    if number(0..<3) == 0 { query.provider = try ProviderName("provider-\(number(0..<2))") }
    if number(0..<3) == 0 { query.model = try ModelName("model-\(number(0..<3))") }
    if number(0..<3) == 0 { query.pricing = EventCost.Pricing.allCases[number(0..<3)] }
    return query
  }
}
