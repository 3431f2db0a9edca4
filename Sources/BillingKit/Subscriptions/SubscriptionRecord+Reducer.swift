public import SaaSCore

// The rules by which events and reads become the state of a subscription.
//
// An event's snapshot is placed by whether its status is final, then by the event's (created, ID): the highest place
// wins, so the order of arrival does not matter. Providers tell whole seconds only, so two different snapshots of one
// second say nothing of which is later: the record is tied until it is read.

extension SubscriptionRecord {
  /// Folds a subscription event's snapshot in.
  ///
  /// - Parameter catalog: tells which plan the snapshot's prices belong to.
  public mutating func apply(
    _ told: SubscriptionSnapshot, _ change: ProviderEvent.SubscriptionChangeKind, of event: ProviderEvent,
    catalog: PlanCatalog
  ) {
    let place = Place(at: event.createdAt, id: event.id.rawValue)
    observe(told, at: place, catalog: catalog)
    observeMetering(of: told, at: place, catalog: catalog)
    remember(told, at: place)
    if change == .trialWillEnd { announceTrialEnd(of: told) }
    guard let snapshot, let basis else { return take(told, basis: .event(createdAt: event.createdAt, id: event.id)) }
    guard snapshot.status.isFinal == told.status.isFinal else {
      if told.status.isFinal { take(told, basis: .event(createdAt: event.createdAt, id: event.id)) }
      return
    }
    switch basis {
    case .read(let asOf):
      // What happened before the read began is in it; the rest is never judged stale against it.
      if asOf <= event.createdAt { take(told, basis: .event(createdAt: event.createdAt, id: event.id)) }
    case .event(let createdAt, let id):
      if event.createdAt < createdAt { return }
      if createdAt < event.createdAt {
        return take(told, basis: .event(createdAt: event.createdAt, id: event.id))
      }
      if snapshot != told { isTied = true }
      if id < event.id { take(told, basis: .event(createdAt: createdAt, id: event.id), tied: isTied) }
    }
  }

  /// Folds in a subscription event whose snapshot lacks items: it calls for a read, and tells only what no item does.
  public mutating func applyPart(
    _ told: SubscriptionSnapshot, _ change: ProviderEvent.SubscriptionChangeKind, of event: ProviderEvent
  ) {
    call(at: event.createdAt)
    if change == .trialWillEnd { announceTrialEnd(of: told) }
  }

  private mutating func announceTrialEnd(of told: SubscriptionSnapshot) {
    guard let end = told.trialEnd else { return }
    announcedTrialEnd = announcedTrialEnd.map { max($0, end) } ?? end
  }

  /// Folds an invoice event in: it sets only what is known of the invoice, and calls for a read.
  public mutating func apply(
    _ invoice: InvoiceSnapshot, _ change: ProviderEvent.InvoiceChangeKind, of event: ProviderEvent
  ) {
    call(at: event.createdAt)
    let place = Place(at: event.createdAt, id: event.id.rawValue)
    guard let facts = InvoiceFacts(invoice, change, at: place) else { return }
    if let index = invoices.firstIndex(where: { $0.id == facts.id }) {
      invoices[index].join(facts)
    } else {
      invoices.append(facts)
    }
    invoices.sort { $0.key < $1.key }
    invoices.removeFirst(max(0, invoices.count - Self.maximumInvoiceCount))
  }

  /// Takes note that something happened to the subscription at an instant which only a read can tell.
  public mutating func call(at instant: Timestamp) {
    calledAt = calledAt.map { max($0, instant) } ?? instant
  }

  /// Folds a read in that began after everything in this record was known.
  ///
  /// Such a read settles everything: whatever the record was told had happened when the read began. What is told later
  /// is judged against ``GatewayRead/asOf``. One that is surely older changes nothing.
  public mutating func apply(_ read: GatewayRead<SubscriptionSnapshot>, catalog: PlanCatalog) {
    guard read.value.id == id, !isOutdated(read) else { return }
    observe(read.value, at: Place(at: read.asOf, id: ""), catalog: catalog)
    observeMetering(ofRead: read, catalog: catalog)
    isTied = false
    calledAt = nil
    readAsOf = readAsOf.map { max($0, read.asOf) } ?? read.asOf
    // A final status is never left, whatever an unreliable read says.
    if let snapshot, snapshot.status.isFinal, !read.value.status.isFinal { return }
    take(read.value, basis: .read(asOf: read.asOf))
  }

  private mutating func take(_ snapshot: SubscriptionSnapshot, basis: Basis, tied: Bool = false) {
    self.snapshot = snapshot
    self.basis = basis
    isTied = tied
  }

  /// Keeps of a snapshot, current or not, what later ones do not take away.
  private mutating func observe(_ told: SubscriptionSnapshot, at place: Place, catalog: PlanCatalog) {
    if told.status.isKnown, knownStatus.map({ $0.place <= place }) ?? true {
      knownStatus = StampedStatus(status: told.status, place: place)
    }
    if told.status == .active || told.status == .trialing {
      paidUpAt = paidUpAt.map { max($0, place.at) } ?? place.at
    }
    resolve(told, at: place, catalog: catalog)
    // A subscription whose first payment never succeeded had no period.
    guard told.status != .incomplete, told.status != .incompleteExpired, let period = told.currentPeriod else { return }
    let index = periods.partitioningIndex { $0.start >= period.start }
    if index < periods.count, periods[index].start == period.start {
      if periods[index].end < period.end { periods[index] = period }
    } else {
      periods.insert(period, at: index)
      periods.removeFirst(max(0, periods.count - Self.maximumPeriodCount))
    }
  }

  private mutating func resolve(_ told: SubscriptionSnapshot, at place: Place, catalog: PlanCatalog) {
    guard let plan = catalog.plan(of: told)?.plan else { return }
    if resolvedPlan.map({ $0.place <= place }) ?? true { resolvedPlan = StampedPlan(planID: plan.id, place: place) }
    if let seats = catalog.knownSeats(of: told, on: plan), resolvedSeats.map({ $0.place <= place }) ?? true {
      resolvedSeats = StampedSeats(planID: plan.id, count: seats, place: place)
    }
  }

  /// Looks the snapshot's prices up again, which the catalogue may know by now.
  mutating func resolve(in catalog: PlanCatalog) {
    guard let snapshot, let basis else { return }
    resolve(snapshot, at: basis.place, catalog: catalog)
  }
}

extension SubscriptionRecord.Basis {
  /// Where what a snapshot rests on lies in the provider's time.
  fileprivate var place: SubscriptionRecord.Place {
    switch self {
    case .event(let createdAt, let id): SubscriptionRecord.Place(at: createdAt, id: id.rawValue)
    case .read(let asOf): SubscriptionRecord.Place(at: asOf, id: "")
    }
  }
}
