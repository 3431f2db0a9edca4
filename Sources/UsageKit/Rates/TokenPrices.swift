internal import SaaSCore

/// What the tokens of one request cost, by class; a class without a price has no value.
public struct TokenPrices: Sendable, Hashable {
  /// Prompt tokens that are neither read from a cache nor written to one.
  public var prompt: TokenPrice?
  /// Prompt tokens that the provider read from its cache.
  public var cachedPrompt: PartPrice?
  /// Prompt tokens that the provider wrote to its cache.
  public var cacheWritePrompt: PartPrice?
  /// Completion tokens.
  public var completion: TokenPrice?

  /// The price of a part of the prompt.
  public enum PartPrice: Sendable, Hashable {
    /// A price of its own.
    case price(TokenPrice)
    /// The price of plain prompt tokens, by the card's own word.
    case asPrompt
  }

  /// Prices by class.
  public init(
    prompt: TokenPrice? = nil, cachedPrompt: PartPrice? = nil, cacheWritePrompt: PartPrice? = nil,
    completion: TokenPrice? = nil
  ) {
    self.prompt = prompt
    self.cachedPrompt = cachedPrompt
    self.cacheWritePrompt = cacheWritePrompt
    self.completion = completion
  }

  /// Whether no class has a price.
  public var isEmpty: Bool {
    prompt == nil && completion == nil && resolved(cachedPrompt) == nil && resolved(cacheWritePrompt) == nil
  }

  private func resolved(_ part: PartPrice?) -> TokenPrice? {
    switch part {
    case .price(let price): price
    case .asPrompt: prompt
    case nil: nil
    }
  }

  /// The cost of the classes that have a price, rounded once.
  /// - Throws: ``UsageValueError/costTooLarge``
  func tally(_ tokens: TokenCounts) throws(UsageValueError) -> Tally {
    var tally = Tally()
    try tally.add(tokens.plainPrompt, at: prompt)
    try tally.add(tokens.cachedPrompt, at: resolved(cachedPrompt))
    try tally.add(tokens.cacheWritePrompt, at: resolved(cacheWritePrompt))
    try tally.add(tokens.completion, at: completion)
    return tally
  }

  /// The exact cost of some tokens while it is added up.
  struct Tally {
    /// Whether a class that was used has a price.
    private(set) var hasPriced = false
    /// Whether a class that was used has none.
    private(set) var hasUnpriced = false
    private var picos: Int64 = 0
    /// In 10^-30 dollars. Four classes of at most 10^9 tokens at less than 10^18 each are far within 128 bits.
    private var rest: UInt128 = 0

    mutating func add(_ count: Int64, at price: TokenPrice?) throws(UsageValueError) {
      guard count > 0 else { return }
      guard let price else {
        hasUnpriced = true
        return
      }
      hasPriced = true
      let (product, overflow) = count.multipliedReportingOverflow(by: price.picos)
      let (sum, carried) = picos.addingReportingOverflow(product)
      if overflow || carried { throw .costTooLarge }
      picos = sum
      if price.rest != 0 { rest += UInt128(count) * UInt128(price.rest) }
    }

    /// The sum, rounded half-even to pico-dollars.
    func rounded() throws(UsageValueError) -> PicoUSD {
      guard rest != 0 else { return PicoUSD(picos: picos) }
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: UInt128(TokenPrice.restPerPico))
      // At most 4 · 10^9, and so within Int64.
      let (sum, overflow) = picos.addingReportingOverflow(Int64(truncatingIfNeeded: quotient))
      if overflow { throw .costTooLarge }
      let half = UInt128(TokenPrice.restPerPico / 2)
      guard remainder > half || (remainder == half && sum & 1 == 1) else { return PicoUSD(picos: sum) }
      let (next, carried) = sum.addingReportingOverflow(1)
      if carried { throw .costTooLarge }
      return PicoUSD(picos: next)
    }
  }
}
