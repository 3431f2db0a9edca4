internal import SaaSCore

// What was metered when. A snapshot that tells the same as the ones before and after it changes nothing of that, so those
// are forgotten first, and only where there are many: an event that comes late may still lie between any two of them.

extension SubscriptionRecord {
  /// Keeps which items of a snapshot are metered, current or not: what was used while they were is billed by them, also
  /// when it is reported after they are gone.
  mutating func observeMetering(of told: SubscriptionSnapshot, at place: Place, catalog: PlanCatalog) {
    guard told.status != .incomplete, told.status != .incompleteExpired else { return }
    // What lies before what is forgotten is forgotten too, in whatever order it was told.
    if let meteringHorizon, place <= meteringHorizon { return }
    let items = told.items.filter { $0.usageType == .metered || catalog.meteredPrice($0.priceID) != nil }
    let stamped = StampedMetering(
      items: items.map { MeteredItem(id: $0.id, priceID: $0.priceID) }, place: place)
    let index = metering.partitioningIndex { $0.place >= place }
    if index < metering.count, metering[index].place == place {
      metering[index] = stamped
    } else {
      metering.insert(stamped, at: index)
    }
    while metering.count > Self.maximumMeteringCount { forgetMetering() }
  }

  /// Keeps what a read tells, which is later than all that was told, also within its second.
  mutating func observeMetering(ofRead read: GatewayRead<SubscriptionSnapshot>, catalog: PlanCatalog) {
    let latest = max(read.asOf, metering.last?.place.at ?? read.asOf)
    observeMetering(of: read.value, at: Place(at: latest, id: Self.afterEvents), catalog: catalog)
  }

  /// Comes after the identifiers of events, which are letters and digits.
  private static let afterEvents = "~"

  /// Forgets the earliest snapshot that nothing rests on; where each one changed something, the earliest, and from there
  /// on nothing is known of the time before.
  private mutating func forgetMetering() {
    let idle = metering.indices.dropFirst().dropLast().first { index in
      metering[index].items == metering[index - 1].items && metering[index].items == metering[index + 1].items
    }
    if let idle {
      metering.remove(at: idle)
    } else if let first = metering.first {
      meteringHorizon = first.place
      metering.removeFirst()
    }
  }

  /// Whether it is remembered what was metered at an instant; before the first snapshot it was as that one has it.
  func remembersMetering(at instant: Timestamp) -> Bool {
    guard let first = metering.first else { return false }
    return meteringHorizon == nil || first.place.at <= instant
  }
}
