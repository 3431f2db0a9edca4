public import SaaSCore

/// The rates in a file of LiteLLM's public price format (`model_prices_and_context_window.json`).
///
/// Every entry but `sample_spec` becomes a rate of its `litellm_provider`, and where that is one of a family
/// (`vertex_ai-language-models`, `bedrock_converse`, …) of the family's provider as well; the provider's name and a slash
/// before the model's are left out. Of two entries that come to the same name, the one with the provider before it counts.
///
/// Prices per token are read with every digit, from numbers or strings. A threshold (`_above_200k_tokens`) or a service
/// tier (`_batches`, `_priority`, `_flex`, …) that does not price a class takes its price from where LiteLLM takes it:
/// the standard tier above the threshold, the tier's own base, the standard base; the batch tier looks at its own base
/// first. A service tier without any price costs as the standard one. A class without a price stays without: zero is a
/// price, missing is none. Entries without a price per token (images, seconds, pages) give no rate.
///
/// ```swift
/// let prices = try LiteLLMPrices(json: bytes)
/// let card = try RateCard(id: RateCardID("litellm-2026-05"), rates: prices.rates)
/// ```
public struct LiteLLMPrices: Sendable {
  /// The rates of the models that have a price per token.
  public let rates: [ModelRate]
  /// How many models the file has, `sample_spec` left out.
  public let modelCount: Int
  /// The models that gave no rate, or not all of their prices, in the order of the file.
  public let omissions: [Omission]

  /// A model that is not, or not wholly, among the rates.
  public struct Omission: Sendable, Hashable {
    /// The model's name in the file.
    public let name: String
    /// Why.
    public let reason: Reason

    /// A model that is left out, and why.
    public init(name: String, reason: Reason) {
      self.name = name
      self.reason = reason
    }

    /// Why a model is not, or not wholly, among the rates.
    public enum Reason: Sendable, Hashable {
      /// It has no price per token.
      case noTokenPrice
      /// It is no object, has no provider, or its name cannot be one.
      case unreadable
      /// An entry that says the provider before the model's name has the same name.
      case shadowed
      /// This member is not a price, and was left out.
      case notAPrice(member: String)
    }
  }

  /// What a part of the prompt costs for which the file has no price.
  public enum MissingCachePrices: Sendable, Hashable {
    /// Nothing is known, and the event is partly unpriced.
    case unpriced
    /// As much as plain prompt tokens, as LiteLLM itself has it.
    case asPrompt
  }

  /// Reads a price file.
  /// - Parameters:
  ///   - validFrom: from when on the prices hold; the file does not say.
  ///   - missingCachePrices: what cached tokens and cache writes cost for which the file has no price.
  /// - Throws: ``RateCardError`` where the file is not JSON or not one object. Faults within one model are
  ///   ``omissions``.
  public init(
    json bytes: [UInt8], validFrom: Timestamp? = nil, missingCachePrices: MissingCachePrices = .unpriced
  ) throws(RateCardError) {
    let document: JSONDocument
    do {
      document = try JSONDocument(bytes, duplicateNames: .lastWins)
    } catch {
      throw RateCardError(path: "", reason: .json(error))
    }
    let members: JSONValue.Members
    do {
      members = try document.root.requiredMembers()
    } catch {
      throw RateCardError(error)
    }
    var entries: [Entry] = []
    var omissions: [Omission] = []
    var modelCount = 0
    for member in members where member.name != "sample_spec" {
      modelCount += 1
      guard let entry = Entry(member, missingCachePrices: missingCachePrices, omissions: &omissions) else { continue }
      entries.append(entry)
    }
    var chosen: [ModelKey: Int] = [:]
    var order: [ModelKey] = []
    for (position, entry) in entries.enumerated() {
      let key = ModelKey(provider: entry.provider, model: entry.model)
      guard let other = chosen[key] else {
        chosen[key] = position
        order.append(key)
        continue
      }
      let isBetter = entry.hadProviderInName || !entries[other].hadProviderInName
      if isBetter { chosen[key] = position }
      omissions.append(Omission(name: entries[isBetter ? other : position].name, reason: .shadowed))
    }
    // A family's name never takes the place of an entry that says the provider itself.
    for (position, entry) in entries.enumerated() {
      guard let family = entry.family, chosen[ModelKey(provider: entry.provider, model: entry.model)] == position else {
        continue
      }
      let key = ModelKey(provider: family, model: entry.model)
      guard chosen[key] == nil else { continue }
      chosen[key] = position
      order.append(key)
    }
    rates = order.compactMap { key in
      chosen[key].map { position in
        ModelRate(
          provider: key.provider, model: key.model, validFrom: validFrom, otherServiceTiers: .asStandard,
          prices: entries[position].prices)
      }
    }
    self.modelCount = modelCount
    self.omissions = omissions
  }

  /// One model of the file that has a price per token.
  private struct Entry {
    let name: String
    let provider: ProviderName
    let family: ProviderName?
    let model: ModelName
    let hadProviderInName: Bool
    let prices: [ModelRate.Tier]

    init?(_ member: JSONValue.Member, missingCachePrices: MissingCachePrices, omissions: inout [Omission]) {
      let name = member.name
      guard member.value.kind == .object, let providerText = member.value["litellm_provider"]?.string,
        let provider = try? ProviderName(providerText)
      else {
        omissions.append(Omission(name: name, reason: .unreadable))
        return nil
      }
      let family = Self.families.first { providerText.hasPrefix($0.prefix) }?.family
      let prefix = [providerText, family ?? providerText].first { name.hasPrefix($0 + "/") }
      guard let model = try? ModelName(prefix.map { String(name.dropFirst($0.count + 1)) } ?? name) else {
        omissions.append(Omission(name: name, reason: .unreadable))
        return nil
      }
      var table = LiteLLMPriceTable(missingCachePrices: missingCachePrices)
      for fault in table.read(member.value) {
        omissions.append(Omission(name: name, reason: .notAPrice(member: fault)))
      }
      prices = table.tiers
      guard prices.contains(where: { !$0.prices.isEmpty }) else {
        omissions.append(Omission(name: name, reason: .noTokenPrice))
        return nil
      }
      self.name = name
      self.provider = provider
      self.family = family.flatMap { try? ProviderName($0) }
      self.model = model
      hadProviderInName = prefix != nil
    }

    /// How the names begin that LiteLLM has for parts of one provider's offer, and the provider.
    private static let families: [(prefix: String, family: String)] = [
      ("vertex_ai-", "vertex_ai"), ("fireworks_ai-", "fireworks_ai"), ("bedrock_converse", "bedrock"),
      ("cohere_chat", "cohere"), ("text-completion-openai", "openai"),
    ]
  }
}
