import Testing
import UsageKit

@Suite("Token counts")
struct TokenCountsTests {
  @Test("parts of the prompt may fill it and not exceed it")
  func parts() throws {
    let counts = try TokenCounts(prompt: 10, cachedPrompt: 6, cacheWritePrompt: 4, completion: 3)
    #expect(counts.plainPrompt == 0)
    #expect(counts.total == 13)
    #expect(throws: UsageValueError.partsExceedPrompt(parts: 11, prompt: 10)) {
      try TokenCounts(prompt: 10, cachedPrompt: 6, cacheWritePrompt: 5, completion: 0)
    }
  }

  @Test("negative and far too large numbers are named", arguments: [Int64.min, -1, 1_000_000_001, Int64.max])
  func bounds(_ value: Int64) {
    let expected: (UsageField) -> UsageValueError = {
      value < 0 ? .negative($0) : .tooLarge($0, maximum: UsageBounds.tokens)
    }
    #expect(throws: expected(.promptTokens)) { try TokenCounts(prompt: value, completion: 0) }
    #expect(throws: expected(.cachedPromptTokens)) { try TokenCounts(prompt: 0, cachedPrompt: value, completion: 0) }
    #expect(throws: expected(.cacheWritePromptTokens)) {
      try TokenCounts(prompt: 0, cacheWritePrompt: value, completion: 0)
    }
    #expect(throws: expected(.completionTokens)) { try TokenCounts(prompt: 0, completion: value) }
  }

  @Test("the exclusive form adds the parts to the prompt")
  func exclusive() throws {
    let counts = try TokenCounts(uncachedPrompt: 100, cachedPrompt: 20, cacheWritePrompt: 3, completion: 7)
    #expect(try counts == TokenCounts(prompt: 123, cachedPrompt: 20, cacheWritePrompt: 3, completion: 7))
    #expect(throws: UsageValueError.tooLarge(.promptTokens, maximum: UsageBounds.tokens)) {
      try TokenCounts(uncachedPrompt: 1_000_000_000, cachedPrompt: 1, cacheWritePrompt: 0, completion: 7)
    }
  }
}
