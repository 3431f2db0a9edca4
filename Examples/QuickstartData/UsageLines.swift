import Foundation

/// Runs and events of some organisations over 120 days, in the order in which a platform would have heard of them: a run's
/// start, its events, its end; some sent twice, some days late, some before their run.
struct UsageLines {
  private(set) var lines: [String] = []
  private(set) var runCount = 0
  private(set) var eventCount = 0

  private var dice = Generator(state: 20_250_101)
  private var arrivals: [(second: Int, line: String)] = []

  /// 2025-01-01T00:00:00Z; the last day is 2025-04-30.
  private static let start = 1_735_689_600
  private static let days = 120
  private static let closedOrganizations = 1
  private static let activeOrganizations = 48

  /// A model with how often it is used, and how it is used.
  private struct Model {
    let provider: String
    let name: String
    let weight: Int
    var cached = false
    var writesCache = false
    var tier: String?
    var longPrompts = false
  }

  private static let models = [
    Model(provider: "openai", name: "gpt-4o", weight: 24, cached: true),
    Model(provider: "openai", name: "gpt-4o-mini", weight: 26, cached: true),
    Model(provider: "openai", name: "gpt-4o-mini", weight: 4, tier: "batches"),
    Model(provider: "openai", name: "o3-mini", weight: 6, cached: true),
    Model(provider: "openai", name: "text-embedding-3-small", weight: 8),
    Model(provider: "anthropic", name: "claude-3-7-sonnet-20250219", weight: 14, cached: true, writesCache: true),
    Model(provider: "anthropic", name: "claude-3-5-haiku-20241022", weight: 7, cached: true, writesCache: true),
    Model(provider: "gemini", name: "gemini-1.5-pro", weight: 4, longPrompts: true),
    Model(provider: "gemini", name: "gemini-2.0-flash", weight: 4),
    Model(provider: "mistral", name: "mistral-large-2411", weight: 2, cached: true),
    Model(provider: "in-house", name: "imago-3", weight: 1),
  ]

  init(of organizations: [(id: String, isClosed: Bool)]) {
    let active = organizations.filter { !$0.isClosed }.prefix(Self.activeOrganizations)
    let closed = organizations.filter(\.isClosed).prefix(Self.closedOrganizations)
    for (rank, organization) in active.enumerated() {
      // The larger ones have far more than the smaller.
      let runs = 1_060 / (rank + 2) + 12
      for _ in 0..<runs { addRun(of: organization.id, users: 2 + 60 / (rank + 3)) }
    }
    for organization in closed { addRun(of: organization.id, users: 1) }
    // By arrival; those of one second stay in the order in which they were made.
    lines = arrivals.enumerated().sorted { ($0.element.second, $0.offset) < ($1.element.second, $1.offset) }
      .map(\.element.line)
  }

  private mutating func addRun(of organization: String, users: Int) {
    runCount += 1
    let id = "run_" + String(runCount + 46_655, radix: 36)
    let start = Self.start + second()
    let workflow = dice.pick(["catalogue", "catalogue", "captions", "translation", "press-kit", "visitor-chat"])
    let owner =
      #""orgId":"\#(organization)","userId":"user_\#(1 + Int(dice.next() % UInt64(users)))","workflow":"\#(workflow)""#
    let head = #"{"type":"run","runId":"\#(id)",\#(owner),"startedAt":"\#(text(start))""#
    // Some starts are heard of only days later, after the events.
    let lateness = dice.chance(1, of: 40) ? Int(dice.next() % 400_000) : 0
    arrive(start + lateness, head + #","outcome":"running","artifactCount":0}"#)

    var now = start
    let steps = 1 + Int(dice.next() % 11)
    for step in 0..<steps {
      let milliseconds = 400 + Int(dice.next() % 20_000)
      now += 1 + milliseconds / 1_000
      addEvent("\(id).\(step)", of: organization, run: id, step: step, took: milliseconds, at: now)
    }
    // A few are never heard of again.
    guard !dice.chance(1, of: 60) else { return }
    let outcome = dice.pick(Array(repeating: "succeeded", count: 17) + ["failed", "failed", "cancelled"])
    let artifacts = outcome == "succeeded" && dice.chance(5, of: 6) ? 1 + Int(dice.next() % 4) : 0
    let end = head + #","finishedAt":"\#(text(now + 1))","outcome":"\#(outcome)","artifactCount":\#(artifacts)}"#
    arrive(now + 1 + lateness, end)
    if dice.chance(1, of: 50) { arrive(now + 61 + lateness, end) }
  }

  private mutating func addEvent(
    _ id: String, of organization: String, run: String, step: Int, took milliseconds: Int, at second: Int
  ) {
    eventCount += 1
    let model = model()
    let isEmbedding = model.name.hasPrefix("text-embedding")
    let prompt = model.longPrompts ? 90_000 + Int(dice.next() % 80_000) : 200 + Int(dice.next() % 6_000)
    var line =
      #"{"type":"event","eventId":"\#(id)","orgId":"\#(organization)","runId":"\#(run)","stepId":"\#(step)","#
      + #""provider":"\#(model.provider)","model":"\#(model.name)","promptTokens":\#(prompt)"#
    if model.cached, dice.chance(1, of: 2) { line += #","cachedPromptTokens":\#(prompt / 2)"# }
    if model.writesCache, dice.chance(1, of: 3) { line += #","cacheWritePromptTokens":\#(prompt / 4)"# }
    line += #","completionTokens":\#(isEmbedding ? 0 : 20 + Int(dice.next() % 900))"#
    if let tier = model.tier { line += #","serviceTier":"\#(tier)""# }
    line +=
      #","durationMs":\#(milliseconds),"resultSize":\#(Int(dice.next() % 40_000)),"createdAt":"\#(text(second))"}"#
    // One in fifty comes late, up to three weeks; one in fifty comes twice.
    let arrival = second + (dice.chance(1, of: 50) ? Int(dice.next() % 1_800_000) : 0)
    arrive(arrival, line)
    if dice.chance(1, of: 50) { arrive(arrival + 1 + Int(dice.next() % 90_000), line) }
  }

  private mutating func arrive(_ second: Int, _ line: String) { arrivals.append((second, line)) }

  /// A second within the 120 days: more by day than by night, fewer at weekends.
  private mutating func second() -> Int {
    while true {
      let day = Int(dice.next() % UInt64(Self.days))
      // 2025-01-01 was a Wednesday.
      if (day + 2) % 7 >= 5, dice.chance(2, of: 3) { continue }
      let hour = (Int(dice.next() % 12) + Int(dice.next() % 12) + 1) % 24
      return day * 86_400 + hour * 3_600 + Int(dice.next() % 3_600)
    }
  }

  private mutating func model() -> Model {
    var left = Int(dice.next() % UInt64(Self.models.reduce(0) { $0 + $1.weight }))
    for model in Self.models {
      left -= model.weight
      if left < 0 { return model }
    }
    return Self.models[0]
  }

  private func text(_ second: Int) -> String {
    let (days, rest) = second.quotientAndRemainder(dividingBy: 86_400)
    let (year, month, day) = Self.date(days)
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return
      "\(year)-\(padded(month))-\(padded(day))T\(padded(rest / 3_600)):\(padded(rest / 60 % 60)):\(padded(rest % 60))Z"
  }

  /// The date of a day since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  private static func date(_ days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }
}
