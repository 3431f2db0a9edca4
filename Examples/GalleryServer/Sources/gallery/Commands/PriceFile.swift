internal import SaaSCore
internal import UsageKit

/// Prices from a file in SaaSKit's own format or in LiteLLM's.
enum PriceFile {
  /// Reads a file of either format: SaaSKit's is an object with an `id` and `rates`, LiteLLM's one of models.
  static func read(_ path: String, costOfUnpricedCache cache: LiteLLMPrices.MissingCachePrices = .unpriced)
    throws(CommandFailure) -> RateCard
  {
    let bytes = try InputFile.read(path)
    do throws(RateCardError) {
      return try card(bytes, cache)
    } catch {
      throw CommandFailure("\(path) is not a price file: \(error.reason) at \(error.path.isEmpty ? "/" : error.path)")
    }
  }

  private static func card(_ bytes: [UInt8], _ cache: LiteLLMPrices.MissingCachePrices) throws(RateCardError)
    -> RateCard
  {
    if let root = try? JSONDocument(bytes, duplicateNames: .lastWins).root, root["rates"] == nil,
      let id = try? RateCardID("litellm")
    {
      return try RateCard(
        id: id, rates: try LiteLLMPrices(json: bytes, missingCachePrices: cache).rates)
    }
    return try RateCard(json: bytes)
  }
}
