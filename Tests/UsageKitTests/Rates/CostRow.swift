internal import Testing

/// One row of the cost table: what a request used, and what it costs in dollars by the published prices; a question mark
/// follows where a class of tokens has no price, and `unpriced` stands where none has.
struct CostRow: Sendable, CustomTestStringConvertible {
  let provider: String
  let model: String
  let serviceTier: String?
  let prompt: Int64
  let cachedPrompt: Int64
  let cacheWritePrompt: Int64
  let completion: Int64
  let expected: String

  init(
    _ provider: String, _ model: String, _ serviceTier: String?, _ prompt: Int64, _ cachedPrompt: Int64,
    _ cacheWritePrompt: Int64, _ completion: Int64, _ expected: String
  ) {
    self.provider = provider
    self.model = model
    self.serviceTier = serviceTier
    self.prompt = prompt
    self.cachedPrompt = cachedPrompt
    self.cacheWritePrompt = cacheWritePrompt
    self.completion = completion
    self.expected = expected
  }

  var testDescription: String {
    "\(model) \(serviceTier ?? "standard") \(prompt)/\(cachedPrompt)/\(cacheWritePrompt)/\(completion)"
  }

  static let all: [CostRow] = [
    CostRow("openai", "gpt-4o", nil, 1_000, 0, 0, 500, "0.0075"),
    CostRow("openai", "gpt-4o", nil, 12_345, 6_789, 0, 321, "0.02558625"),
    CostRow("openai", "gpt-4o", "batches", 1_000, 0, 0, 500, "0.00375"),
    CostRow("openai", "gpt-4o", "batches", 12_345, 6_789, 0, 321, "0.01703625"),
    CostRow("openai", "gpt-4o", "priority", 1_000, 0, 0, 500, "0.01275"),
    CostRow("openai", "gpt-4o", "priority", 12_345, 6_789, 0, 321, "0.043496625"),
    CostRow("openai", "gpt-4o-mini", nil, 1_000, 0, 0, 500, "0.00045"),
    CostRow("openai", "gpt-4o-mini", nil, 12_345, 6_789, 0, 321, "0.001535175"),
    CostRow("openai", "gpt-4o-mini", "batches", 1_000, 0, 0, 500, "0.000225"),
    CostRow("openai", "gpt-4o-mini", "batches", 12_345, 6_789, 0, 321, "0.001022175"),
    CostRow("openai", "gpt-4o-mini", "priority", 1_000, 0, 0, 500, "0.00075"),
    CostRow("openai", "gpt-4o-mini", "priority", 12_345, 6_789, 0, 321, "0.002558625"),
    CostRow("openai", "gpt-4.1", nil, 1_000, 0, 0, 500, "0.006"),
    CostRow("openai", "gpt-4.1", nil, 12_345, 6_789, 0, 321, "0.0170745"),
    CostRow("openai", "gpt-4.1", "batches", 1_000, 0, 0, 500, "0.003"),
    CostRow("openai", "gpt-4.1", "batches", 12_345, 6_789, 0, 321, "0.0102345"),
    CostRow("openai", "gpt-4.1-nano", nil, 1_000, 0, 0, 500, "0.0003"),
    CostRow("openai", "gpt-4.1-nano", nil, 12_345, 6_789, 0, 321, "0.000853725"),
    CostRow("openai", "o3", nil, 1_000, 0, 0, 500, "0.006"),
    CostRow("openai", "o3", nil, 12_345, 6_789, 0, 321, "0.0170745"),
    CostRow("openai", "o3", "batches", 1_000, 0, 0, 500, "0.003"),
    CostRow("openai", "o3", "batches", 12_345, 6_789, 0, 321, "0.0102345"),
    CostRow("openai", "o3", "flex", 1_000, 0, 0, 500, "0.003"),
    CostRow("openai", "o3", "flex", 12_345, 6_789, 0, 321, "0.00853725"),
    CostRow("openai", "o3", "priority", 1_000, 0, 0, 500, "0.0105"),
    CostRow("openai", "o3", "priority", 12_345, 6_789, 0, 321, "0.029880375"),
    CostRow("openai", "gpt-5", nil, 1_000, 0, 0, 500, "0.00625"),
    CostRow("openai", "gpt-5", nil, 12_345, 6_789, 0, 321, "0.011003625"),
    CostRow("openai", "gpt-5", "batches", 1_000, 0, 0, 500, "0.003125"),
    CostRow("openai", "gpt-5", "batches", 12_345, 6_789, 0, 321, "0.0055018125"),
    CostRow("openai", "gpt-5", "flex", 1_000, 0, 0, 500, "0.003125"),
    CostRow("openai", "gpt-5", "flex", 12_345, 6_789, 0, 321, "0.0055018125"),
    CostRow("openai", "gpt-5", "priority", 1_000, 0, 0, 500, "0.0125"),
    CostRow("openai", "gpt-5", "priority", 12_345, 6_789, 0, 321, "0.02200725"),
    CostRow("openai", "text-embedding-3-small", nil, 1_000, 0, 0, 500, "0.00002"),
    CostRow("openai", "text-embedding-3-small", "batches", 1_000, 0, 0, 500, "0.00001"),
    CostRow("anthropic", "claude-sonnet-4-5", nil, 1_000, 0, 0, 500, "0.0105"),
    CostRow("anthropic", "claude-sonnet-4-5", nil, 12_345, 6_789, 0, 321, "0.0235197"),
    CostRow("anthropic", "claude-sonnet-4-5", nil, 20_001, 15_000, 4_001, 77, "0.02365875"),
    CostRow("anthropic", "claude-sonnet-4-5", "batches", 1_000, 0, 0, 500, "0.00525"),
    CostRow("anthropic", "claude-sonnet-4-5", "batches", 12_345, 6_789, 0, 321, "0.01175985"),
    CostRow("anthropic", "claude-sonnet-4-5", "batches", 20_001, 15_000, 4_001, 77, "0.011829375"),
    CostRow("anthropic", "claude-opus-4-5", nil, 1_000, 0, 0, 500, "0.0175"),
    CostRow("anthropic", "claude-opus-4-5", nil, 12_345, 6_789, 0, 321, "0.0391995"),
    CostRow("anthropic", "claude-opus-4-5", nil, 20_001, 15_000, 4_001, 77, "0.03943125"),
    CostRow("anthropic", "claude-opus-4-5", "batches", 1_000, 0, 0, 500, "0.00875"),
    CostRow("anthropic", "claude-opus-4-5", "batches", 12_345, 6_789, 0, 321, "0.01959975"),
    CostRow("anthropic", "claude-opus-4-5", "batches", 20_001, 15_000, 4_001, 77, "0.019715625"),
    CostRow("anthropic", "claude-sonnet-4", nil, 1_000, 0, 0, 500, "0.0105"),
    CostRow("anthropic", "claude-sonnet-4", nil, 12_345, 6_789, 0, 321, "0.0235197"),
    CostRow("anthropic", "claude-sonnet-4", nil, 20_001, 15_000, 4_001, 77, "0.02365875"),
    CostRow("anthropic", "claude-sonnet-4", nil, 199_999, 100_000, 0, 1_000, "0.344997"),
    CostRow("anthropic", "claude-sonnet-4", nil, 200_000, 100_000, 0, 1_000, "0.345"),
    CostRow("anthropic", "claude-sonnet-4", nil, 200_001, 100_000, 0, 1_000, "0.682506"),
    CostRow("gemini", "gemini-2.5-pro", nil, 1_000, 0, 0, 500, "0.00625"),
    CostRow("gemini", "gemini-2.5-pro", nil, 12_345, 6_789, 0, 321, "0.011003625"),
    CostRow("gemini", "gemini-2.5-pro", "priority", 1_000, 0, 0, 500, "0.01125"),
    CostRow("gemini", "gemini-2.5-pro", "priority", 12_345, 6_789, 0, 321, "0.019806525"),
    CostRow("gemini", "gemini-2.5-pro", nil, 199_999, 100_000, 0, 1_000, "0.14749875"),
    CostRow("gemini", "gemini-2.5-pro", nil, 200_000, 100_000, 0, 1_000, "0.1475"),
    CostRow("gemini", "gemini-2.5-pro", nil, 200_001, 100_000, 0, 1_000, "0.2900025"),
    CostRow("gemini", "gemini-2.5-pro", "priority", 199_999, 100_000, 0, 1_000, "0.26549775"),
    CostRow("gemini", "gemini-2.5-pro", "priority", 200_000, 100_000, 0, 1_000, "0.2655"),
    CostRow("gemini", "gemini-2.5-pro", "priority", 200_001, 100_000, 0, 1_000, "0.5220045"),
    CostRow("gemini", "gemini-1.5-pro", nil, 1_000, 0, 0, 500, "0.00375"),
    CostRow("gemini", "gemini-1.5-pro", nil, 12_345, 6_789, 0, 321, "0.0106715625"),
    CostRow("gemini", "gemini-1.5-pro", nil, 127_999, 64_000, 0, 1_000, "0.10499875"),
    CostRow("gemini", "gemini-1.5-pro", nil, 128_000, 64_000, 0, 1_000, "0.105"),
    CostRow("gemini", "gemini-1.5-pro", nil, 128_001, 64_000, 0, 1_000, "0.2100025"),
    CostRow("gemini", "gemini-1.5-flash", nil, 1_000, 0, 0, 500, "0.000225"),
    CostRow("gemini", "gemini-1.5-flash", nil, 12_345, 6_789, 0, 321, "0.00064029375"),
    CostRow("gemini", "gemini-1.5-flash", nil, 127_999, 64_000, 0, 1_000, "0.006299925"),
    CostRow("gemini", "gemini-1.5-flash", nil, 128_000, 64_000, 0, 1_000, "0.0063"),
    CostRow("gemini", "gemini-1.5-flash", nil, 128_001, 64_000, 0, 1_000, "0.01260015"),
    CostRow("xai", "grok-4", nil, 1_000, 0, 0, 500, "0.0105"),
    CostRow("xai", "grok-4", nil, 12_345, 6_789, 0, 321, "0.02657475"),
    CostRow("xai", "grok-4", nil, 127_999, 64_000, 0, 1_000, "0.254997"),
    CostRow("xai", "grok-4", nil, 128_000, 64_000, 0, 1_000, "0.255"),
    CostRow("xai", "grok-4", nil, 128_001, 64_000, 0, 1_000, "0.462006"),
    CostRow("deepseek", "deepseek-chat", nil, 1_000, 0, 0, 500, "0.00049"),
    CostRow("deepseek", "deepseek-chat", nil, 12_345, 6_789, 0, 321, "0.001880592"),
    CostRow("deepseek", "deepseek-chat", nil, 20_001, 15_000, 4_001, 77, "0.00073234"),
    CostRow("mistral", "mistral-large", nil, 1_000, 0, 0, 500, "0.005"),
    CostRow("openai", "gpt-4o", nil, 0, 0, 0, 0, "0"),
    CostRow("openai", "gpt-4o", nil, 1, 0, 0, 0, "0.0000025"),
    CostRow("openai", "gpt-4o", nil, 0, 0, 0, 1, "0.00001"),
    CostRow("openai", "gpt-4o", nil, 1_000_000_000, 500_000_000, 0, 1_000_000_000, "11875"),
    CostRow("openai", "gpt-4o", nil, 1_000, 0, 200, 10, "0.0021?"),
    CostRow("mistral", "mistral-large", nil, 1_000, 400, 0, 10, "0.00126?"),
    CostRow("mistral", "mistral-large", nil, 1_000, 1_000, 0, 0, "unpriced"),
    CostRow("openai", "text-embedding-3-small", nil, 8_191, 0, 0, 0, "0.00016382"),
  ]
}
