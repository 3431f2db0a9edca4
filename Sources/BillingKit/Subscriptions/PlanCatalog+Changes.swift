extension PlanCatalog {
  /// The changes that make a subscription's items be what is bought: an item keeps its place where it pays for the same
  /// thing, the rest is added or removed.
  /// - Throws: ``BillingError/unresolvedPrices(_:)``: what an item of an unknown price pays for is not known, so that
  ///   whatever is added might be paid for twice.
  func changes(of snapshot: SubscriptionSnapshot, to lines: [CheckoutLine]) throws(BillingError)
    -> [SubscriptionChange.ItemChange]
  {
    let unresolved = unresolvedPrices(of: snapshot)
    guard unresolved.isEmpty else { throw .unresolvedPrices(unresolved) }
    var wanted = lines
    var changes: [SubscriptionChange.ItemChange] = []
    // Those that stay as they are first, so that no other item takes their line.
    var rest: [SubscriptionItem] = []
    for item in snapshot.items {
      if let index = wanted.firstIndex(where: { $0.priceID == item.priceID }) {
        let line = wanted.remove(at: index)
        if line.quantity != item.quantity {
          changes.append(.set(item.id, priceID: line.priceID, quantity: line.quantity))
        }
      } else {
        rest.append(item)
      }
    }
    for item in rest {
      if let index = wanted.firstIndex(where: { kind(of: $0.priceID) == kind(of: item.priceID) }) {
        let line = wanted.remove(at: index)
        changes.append(.set(item.id, priceID: line.priceID, quantity: line.quantity))
      } else {
        changes.append(.remove(item.id))
      }
    }
    return changes + wanted.map { .add(priceID: $0.priceID, quantity: $0.quantity) }
  }

  /// What a price pays for, metered ones by what they count.
  private func kind(of id: PriceID) -> String? {
    switch price(id)?.price.role {
    case .base: "base"
    case .seat: "seat"
    case .metered(let metered): "metered \(metered.metric.rawValue)"
    case nil: nil
    }
  }
}
