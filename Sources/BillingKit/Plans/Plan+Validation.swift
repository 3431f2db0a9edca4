extension Plan {
  /// Checks what a plan's fields say together.
  func check(at path: String) throws(PlanCatalogError) {
    for interval in BillingInterval.allCases {
      let onSale = prices(for: interval)
      if onSale.isEmpty { continue }
      let bases = onSale.count { $0.role == .base }
      let seatPrices = onSale.count { $0.role == .seat }
      guard bases <= 1, seatPrices <= 1, bases + seatPrices >= 1 else {
        throw PlanCatalogError(path: path + "/prices", .unbuyable(interval))
      }
      guard (seats != nil) == (seatPrices > 0) else {
        throw PlanCatalogError(path: path + "/prices", .seatsWithoutPrice)
      }
    }
    for (index, limit) in limits.enumerated() {
      guard limit.perSeat == 0 || seats != nil else {
        throw PlanCatalogError(path: "\(path)/limits/\(index)/perSeat", .seatsWithoutPrice)
      }
      let isRepeated = limits[..<index].contains { other in
        other.metric == limit.metric && other.window == limit.window && other.action == limit.action
      }
      guard !isRepeated else {
        throw PlanCatalogError(
          path: "\(path)/limits/\(index)", .duplicate("\(limit.metric.rawValue) \(limit.window.rawValue)"))
      }
    }
    if let seats, seats.included > seats.minimum {
      throw PlanCatalogError(path: path + "/seats/minimum", .numberTooSmall(minimum: seats.included))
    }
  }
}
