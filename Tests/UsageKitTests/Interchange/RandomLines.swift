internal import SaaSCore
internal import SaaSTesting
internal import UsageKit

/// Runs and events with awkward names and extreme numbers.
struct RandomLines {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func line(organizations: [String]) throws -> UsageLine {
    let organization = try OrgID(organizations.randomElement(using: &random) ?? "o")
    return Bool.random(using: &random)
      ? .run(try run(), organizationID: organization) : .event(try event(), organizationID: organization)
  }

  mutating func run() throws -> Run {
    let outcome = Run.Outcome.allCases.randomElement(using: &random) ?? .running
    let startedAt = Timestamp(microseconds: .random(in: 0...2_000_000_000_000_000, using: &random))
    return try Run(
      id: RunID(name()), userID: UserID(name()), workflow: WorkflowName(name()), startedAt: startedAt,
      finishedAt: outcome.isFinal ? startedAt + .microseconds(Int64.random(in: 0...90_000_000, using: &random)) : nil,
      outcome: outcome, artifactCount: count(UsageBounds.artifacts))
  }

  mutating func event() throws -> UsageEvent {
    let prompt = count(UsageBounds.tokens)
    let cached = Int64.random(in: 0...prompt, using: &random)
    return try UsageEvent(
      id: EventID(name()), runID: RunID(name()), stepID: Bool.random(using: &random) ? StepID(name()) : nil,
      provider: ProviderName(name()), model: ModelName(name()),
      tokens: TokenCounts(
        prompt: prompt, cachedPrompt: cached, cacheWritePrompt: Int64.random(in: 0...prompt - cached, using: &random),
        completion: count(UsageBounds.tokens)),
      serviceTier: Bool.random(using: &random) ? ServiceTier(name()) : nil,
      durationMilliseconds: count(UsageBounds.durationMilliseconds), resultSize: count(UsageBounds.resultSize),
      createdAt: Timestamp(
        microseconds: count(UsageBounds.latest.microseconds / 1_000_000) * 1_000_000
          + (Bool.random(using: &random) ? 0 : Int64.random(in: 0...999_999, using: &random))))
  }

  mutating func count(_ maximum: Int64) -> Int64 {
    Bool.random(using: &random)
      ? Int64.random(in: 0...maximum, using: &random) : [0, 1, maximum].randomElement(using: &random) ?? 0
  }

  mutating func name() -> String {
    let alphabet = ["a", "7", ",", "\"", "\\", "é", "🎨", " ", "=", "/", "\u{2028}", "{", "'", "-"]
    return (0..<Int.random(in: 1...12, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" }
      .joined()
  }

  /// Cuts bytes into chunks of random sizes.
  mutating func chunks(_ bytes: [UInt8], upTo longest: Int) -> [ArraySlice<UInt8>] {
    var chunks: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 1...longest, using: &random))
      chunks.append(bytes[start..<end])
      start = end
    }
    return chunks
  }
}

/// Everything that a decoder makes of chunks.
func decode(
  _ chunks: some Sequence<ArraySlice<UInt8>>, _ format: UsageFormat,
  maximumLineLength: Int = UsageDecoder.maximumLineLength
) throws -> [UsageDecoder.Result] {
  var decoder = UsageDecoder(format, maximumLineLength: maximumLineLength)
  var results: [UsageDecoder.Result] = []
  for chunk in chunks {
    decoder.append(chunk)
    while let result = try decoder.next() { results.append(result) }
  }
  decoder.finish()
  while let result = try decoder.next() { results.append(result) }
  return results
}

/// Everything that a decoder makes of a text.
func decode(_ text: String, _ format: UsageFormat) throws -> [UsageDecoder.Result] {
  try decode([Array(text.utf8)[...]], format)
}
