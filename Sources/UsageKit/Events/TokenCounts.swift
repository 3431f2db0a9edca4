/// How many tokens one step used, in the inclusive form: the cached and the cache-writing tokens are *parts* of the prompt.
///
/// APIs in the manner of OpenAI's report `prompt_tokens` with the cached ones inside, which is this form already.
/// Anthropic's reports `input_tokens` without `cache_read_input_tokens` and `cache_creation_input_tokens`; use
/// ``init(uncachedPrompt:cachedPrompt:cacheWritePrompt:completion:)`` for it. Reasoning tokens are part of the completion.
public struct TokenCounts: Sendable, Hashable {
  /// All tokens that went into the model.
  public let prompt: Int64
  /// The part of the prompt that the provider read from its cache.
  public let cachedPrompt: Int64
  /// The part of the prompt that the provider wrote to its cache.
  public let cacheWritePrompt: Int64
  /// All tokens that came out of the model.
  public let completion: Int64

  /// Tokens in the inclusive form.
  /// - Throws: ``UsageValueError/negative(_:)``, ``UsageValueError/tooLarge(_:maximum:)`` above ``UsageBounds/tokens``,
  ///   ``UsageValueError/partsExceedPrompt(parts:prompt:)`` where the two parts together are more than the prompt.
  public init(prompt: Int64, cachedPrompt: Int64 = 0, cacheWritePrompt: Int64 = 0, completion: Int64)
    throws(UsageValueError)
  {
    try UsageBounds.check(prompt, .promptTokens, atMost: UsageBounds.tokens)
    try UsageBounds.check(cachedPrompt, .cachedPromptTokens, atMost: UsageBounds.tokens)
    try UsageBounds.check(cacheWritePrompt, .cacheWritePromptTokens, atMost: UsageBounds.tokens)
    try UsageBounds.check(completion, .completionTokens, atMost: UsageBounds.tokens)
    let parts = cachedPrompt + cacheWritePrompt
    guard parts <= prompt else { throw .partsExceedPrompt(parts: parts, prompt: prompt) }
    self.prompt = prompt
    self.cachedPrompt = cachedPrompt
    self.cacheWritePrompt = cacheWritePrompt
    self.completion = completion
  }

  /// Tokens in the exclusive form, in which the plain, cached and cache-writing prompt tokens do not overlap.
  /// - Throws: ``UsageValueError`` as the inclusive form does.
  public init(uncachedPrompt: Int64, cachedPrompt: Int64, cacheWritePrompt: Int64, completion: Int64)
    throws(UsageValueError)
  {
    try UsageBounds.check(uncachedPrompt, .promptTokens, atMost: UsageBounds.tokens)
    try UsageBounds.check(cachedPrompt, .cachedPromptTokens, atMost: UsageBounds.tokens)
    try UsageBounds.check(cacheWritePrompt, .cacheWritePromptTokens, atMost: UsageBounds.tokens)
    try self.init(
      prompt: uncachedPrompt + cachedPrompt + cacheWritePrompt, cachedPrompt: cachedPrompt,
      cacheWritePrompt: cacheWritePrompt, completion: completion)
  }

  /// The part of the prompt that was neither read from the cache nor written to it.
  public var plainPrompt: Int64 { prompt - cachedPrompt - cacheWritePrompt }

  /// Prompt and completion together.
  public var total: Int64 { prompt + completion }

  /// No tokens at all.
  public static let zero = TokenCounts(unchecked: 0, 0, 0, 0)

  /// Counts that were checked when they were first stored.
  package init(unchecked prompt: Int64, _ cachedPrompt: Int64, _ cacheWritePrompt: Int64, _ completion: Int64) {
    self.prompt = prompt
    self.cachedPrompt = cachedPrompt
    self.cacheWritePrompt = cacheWritePrompt
    self.completion = completion
  }
}
