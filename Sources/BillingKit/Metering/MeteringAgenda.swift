internal import SaaSCore

/// The tallies to be worked on, in their order, and what each is to aim at: a pure function of what was reported and of
/// what the account's subscriptions say now.
struct MeteringAgenda: Sendable {
  /// One tally, as it is stored or as it is to be.
  struct Entry: Sendable {
    let tally: UsageTally
    let aim: Aim
    /// The start of the period that it is worked on with.
    let order: Timestamp
    /// The keys of the tallies that it answers for, which come before it.
    var answersFor: Set<String> = []
  }

  /// What a tally is to aim at.
  enum Aim: Sendable {
    /// What was used in parts of a period.
    case period(Period, billed: [Period])
    /// What it aimed at before: nothing is known any more of what it bills.
    case kept
    /// Nothing: the tally of another period answers for it.
    case moved(into: Period)
  }

  /// The entries, those that others answer for before them, and of one lane the earlier ones before the later ones.
  let entries: [Entry]

  /// - Parameters:
  ///   - subjects: what is billed now, the earliest first.
  ///   - fresh: an empty tally for a subject.
  init(
    subjects: [MeteredSubject], stored: [UsageTally], account: BillingAccount, timeline: PeriodTimeline,
    fresh: (MeteredSubject) -> UsageTally
  ) {
    var entries: [Entry] = []
    var rest = Dictionary(stored.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    let wanted = subjects.map { subject in (subject, fresh(subject)) }
    let kept = wanted.map { _, new in rest.removeValue(forKey: new.key) }
    for ((subject, new), known) in zip(wanted, kept) {
      let moved = rest.values.filter { $0.lane == subject.lane && subject.period.contains($0.period.start) }
        .sorted { ($0.period.start, $0.key) < ($1.period.start, $1.key) }
      for tally in moved {
        rest[tally.key] = nil
        entries.append(Entry(tally: tally, aim: .moved(into: subject.period), order: subject.period.start))
      }
      var tally = known ?? moved.first.map { new.priced(as: $0) } ?? new
      tally.bill(by: subject.itemID)
      entries.append(
        Entry(
          tally: tally, aim: .period(subject.period, billed: Self.billed(subject, by: tally, account, timeline)),
          order: subject.period.start, answersFor: Set(moved.map(\.key))))
    }
    for tally in rest.values {
      entries.append(Entry(tally: tally, aim: Self.aim(of: tally, account, timeline), order: tally.period.start))
    }
    self.entries = entries.enumerated().sorted { left, right in
      let starts = (left.element.order, right.element.order)
      return starts.0 == starts.1 ? left.offset < right.offset : starts.0 < starts.1
    }.map(\.element)
  }

  /// When a subject is billed: what its subscription remembers, and before that what the tally had.
  private static func billed(
    _ subject: MeteredSubject, by tally: UsageTally, _ account: BillingAccount, _ timeline: PeriodTimeline
  ) -> [Period] {
    guard tally.version > 0,
      let record = timeline.subscription(at: subject.period.start).flatMap({ account.subscription($0) }),
      !record.remembersMetering(at: subject.period.start), let first = record.metering.first?.place.at
    else { return subject.billed }
    let before = tally.billed.compactMap { Period(start: $0.start, end: min($0.end, first)) }
    guard let last = before.last, let next = subject.billed.first, last.end == next.start,
      let joined = Period(start: last.start, end: next.end)
    else { return before + subject.billed }
    return before.dropLast() + [joined] + subject.billed.dropFirst()
  }

  /// What a tally aims at that no item of its period bills: nothing where its subscription is known to have had none, so
  /// that what was reported all the same is paid back; else what it did.
  private static func aim(of tally: UsageTally, _ account: BillingAccount, _ timeline: PeriodTimeline) -> Aim {
    let period = timeline.period(containing: tally.period.start)
    guard period.start == tally.period.start,
      let record = timeline.subscription(at: period.start).flatMap({ account.subscription($0) }),
      record.customerID == tally.customerID, record.remembersMetering(at: period.start)
    else { return .kept }
    return .period(period, billed: [])
  }
}

extension UsageTally {
  /// This tally of nothing, with the price that another had when the usage was first looked at.
  fileprivate func priced(as other: UsageTally) -> UsageTally {
    UsageTally(
      key: key, organizationID: organizationID, customerID: customerID, price: other.price, itemID: itemID,
      period: period)
  }
}
