extension Plan {
  /// What is bought of the plan: its base, its seats beyond those included, its metered prices without a quantity.
  /// - Throws: ``BillingError``: `notForSale` or `seatsOutOfRange`.
  func lines(for interval: BillingInterval, seats count: Int64) throws(BillingError) -> [CheckoutLine] {
    let onSale = prices(for: interval)
    guard !onSale.isEmpty else { throw .notForSale(id, interval) }
    if let seats, !(seats.minimum...seats.maximum).contains(count) {
      throw .seatsOutOfRange(minimum: seats.minimum, maximum: seats.maximum)
    }
    return onSale.compactMap { price in
      switch price.role {
      case .base: CheckoutLine(priceID: price.id, quantity: 1)
      case .metered: CheckoutLine(priceID: price.id, quantity: nil)
      case .seat:
        // Both are bounded by the catalogue.
        count > (seats?.included ?? 0) ? CheckoutLine(priceID: price.id, quantity: count - (seats?.included ?? 0)) : nil
      }
    }
  }
}
