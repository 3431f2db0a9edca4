internal import SaaSCore

/// One meter of one billing period, as an account's subscriptions have it.
struct MeteredSubject: Sendable, Hashable {
  /// The billing period.
  let period: Period
  /// Whose usage it is at the provider.
  let customerID: CustomerID
  /// What is billed, as the first price of the period says.
  let price: MeteredPrice
  /// The item that bills it, the latest one of the period.
  var itemID: SubscriptionItemID
  /// When it is billed: disjoint, in order, and within the period.
  var billed: [Period]

  /// Tallies of one lane are of one sum at the provider, period after period.
  var lane: MeteredLane { MeteredLane(meter: price.meter.name, customerID: customerID) }
}

/// What the provider adds up over time: one meter of one customer.
struct MeteredLane: Sendable, Hashable {
  let meter: String
  let customerID: CustomerID
}

extension UsageTally {
  var lane: MeteredLane { MeteredLane(meter: meter, customerID: customerID) }
}

extension PeriodTimeline {
  /// The meters of the periods from the one that holds an instant to the one that holds another, the earliest first.
  ///
  /// A meter is billed from the instant of the snapshot that first had an item for it until that of the first one without.
  /// - Parameter price: what a metered price bills; nil for one that is not known.
  func subjects(
    of account: BillingAccount, from first: Timestamp, to now: Timestamp, price: (PriceID) -> MeteredPrice?
  ) -> [MeteredSubject] {
    var subjects: [MeteredSubject] = []
    var period = period(containing: first)
    while true {
      if let record = subscription(at: period.start).flatMap({ account.subscription($0) }) {
        subjects += record.subjects(in: period, price: price)
      }
      guard period.end <= now, period.end < .distantFuture else { return subjects }
      period = self.period(containing: period.end)
    }
  }
}

extension SubscriptionRecord {
  fileprivate func subjects(in period: Period, price: (PriceID) -> MeteredPrice?) -> [MeteredSubject] {
    var subjects: [MeteredSubject] = []
    for (index, stamped) in metering.enumerated() {
      // Before the first snapshot it was as that one has it, unless there were others that are forgotten.
      let isFirst = index == 0 && meteringHorizon == nil
      let from = isFirst ? period.start : max(period.start, stamped.place.at)
      let next = metering.dropFirst(index + 1).first?.place.at ?? .distantFuture
      guard let span = Period(start: from, end: min(period.end, next)) else { continue }
      for item in stamped.items {
        guard let price = price(item.priceID) else { continue }
        if let known = subjects.firstIndex(where: { $0.price.meter.name == price.meter.name }) {
          subjects[known].bill(span, by: item.id)
        } else {
          subjects.append(
            MeteredSubject(period: period, customerID: customerID, price: price, itemID: item.id, billed: [span]))
        }
      }
    }
    return subjects
  }
}

extension MeteredSubject {
  /// Bills a span too, which begins no earlier than the latest one.
  fileprivate mutating func bill(_ span: Period, by item: SubscriptionItemID) {
    itemID = item
    if let last = billed.last, last.end >= span.start {
      if let joined = Period(start: last.start, end: max(last.end, span.end)) { billed[billed.count - 1] = joined }
    } else {
      billed.append(span)
    }
  }
}
