public import SaaSCore

// How usage becomes reports that the provider counts once. The provider adds up what it is told and takes nothing back,
// so the only safe report is one that was stored under its name before it was sent, and whose name is sent again until
// it is known to have arrived.

extension UsageTally {
  /// How many units are still to be reported; negative where too many were.
  public var owed: Int64 { isMoved ? 0 : due.clampedMinus(settled) }

  /// How many units too many were reported, which the next period pays back.
  public var overreported: Int64 { isMoved ? 0 : max(0, settled.clampedMinus(due)) }

  /// How many units of the period could not be billed; 0 while its invoice is not final.
  ///
  /// It is what the ledger says beyond what the provider had accepted when the invoice became final. Reports that came
  /// later are in the provider's sums and in no invoice.
  public func unbilled(at now: Timestamp, windows: MeteringWindows = MeteringWindows()) -> Int64 {
    guard !isMoved, isInvoiced(at: now, windows: windows) else { return 0 }
    return max(0, due.clampedMinus(movedInTime).clampedMinus(deliveredInTime))
  }

  /// How many units the period owes the provider altogether.
  private var due: Int64 { target.clampedMinus(carriedIn) }

  /// How many units were reported, or may have been, under this tally's names and those that it answers for.
  private var settled: Int64 { sent.clampedPlus(movedIn) }

  /// How many units were reported, or may have been, under this tally's names.
  var sent: Int64 { delivered.clampedPlus(unconfirmed).clampedPlus(pending?.value ?? 0) }

  /// Whether the period's invoice is final, so that what the provider counts from then on is on none.
  private func isInvoiced(at now: Timestamp, windows: MeteringWindows) -> Bool {
    now >= period.end + windows.invoiceFinality
  }

  /// What is to be done next for a tally.
  package enum Step: Sendable, Hashable {
    /// Nothing, for now.
    case wait
    /// A report of so many units is to be stored, and then sent.
    case begin(value: Int64, timestamp: Timestamp)
    /// The pending report is to be sent, perhaps again.
    case send(Pending)
    /// The pending report is to be sent after the invoice was final, which is to be stored before it happens.
    case delay
    /// The provider may have forgotten the pending report's name: its sum has to tell whether it was counted.
    case compare
    /// The period is over, and the provider's sum is to be held against what it accepted.
    case verify
  }

  /// What is to be done next.
  package func step(
    at now: Timestamp, identifierWindow: Duration, reportingWindow: Duration, windows: MeteringWindows
  ) -> Step {
    if let pending {
      let forgotten = pending.begunAt + identifierWindow
      if now < forgotten - windows.identifierMargin {
        return pending.lateSince == nil && isInvoiced(at: now, windows: windows) ? .delay : .send(pending)
      }
      return now < forgotten + windows.sumLag ? .wait : .compare
    }
    if owed > 0 {
      // In a period's first minute that is not whole nothing is stamped, so that sums over whole minutes tell periods
      // apart.
      let stamp = min(now, (billed.last?.end ?? period.end) - .seconds(1)).flooredToSecond
      // A report that is about to fall out of the window would be refused on the way.
      if stamp >= period.start.ceiledToMinute, stamp >= now - reportingWindow + windows.identifierMargin {
        return .begin(value: owed, timestamp: stamp)
      }
    }
    let settledAt = max(period.end + windows.invoiceFinality, recent.last?.at ?? .distantPast) + windows.sumLag
    return counted == nil && delivered.clampedPlus(unconfirmed) > 0 && now >= settledAt ? .verify : .wait
  }

  /// Takes what is known of the period now, and what the ledger says of it.
  package mutating func aim(at target: Int64, carriedIn: Int64, period: Period, billed: [Period]? = nil) {
    self.target = max(0, target)
    self.carriedIn = max(0, carriedIn)
    if self.period != period { counted = nil }
    self.period = period
    self.billed = billed ?? [period]
    isMoved = false
  }

  /// Takes the item that bills it now.
  package mutating func bill(by item: SubscriptionItemID) {
    guard item != itemID else { return }
    if reports > 0, !formerItems.contains(itemID) { formerItems.append(itemID) }
    itemID = item
  }

  /// Takes note that another period's tally answers for this one. It is looked at for as long as that one is, and what was
  /// reported under its names is on that one's invoice.
  package mutating func move(into other: Period) {
    let rest = Period(start: period.start, end: other.end) ?? period
    if !isMoved || period != rest { counted = nil }
    isMoved = true
    period = rest
  }

  /// Takes over what was reported under the names of tallies whose periods turned out to be within this one.
  package mutating func answer(for moved: [UsageTally]) {
    movedIn = moved.reduce(0) { $0.clampedPlus($1.sent) }
    movedInTime = moved.reduce(0) { $0.clampedPlus($1.deliveredInTime) }
  }

  /// Begins a report, which is to be stored before it is sent.
  package mutating func begin(value: Int64, timestamp: Timestamp, at now: Timestamp) {
    reports = reports.following
    lastStamp = max(timestamp, lastStamp ?? timestamp)
    pending = Pending(
      identifier: "\(key)-\(reports)", itemID: itemID, value: value, timestamp: timestamp, begunAt: now)
    counted = nil
  }

  /// The pending report is sent after the invoice was final.
  package mutating func delay(at now: Timestamp) { pending?.lateSince = now }

  /// The provider has counted the pending report.
  /// - Parameter inTime: whether that was before the period's invoice was final.
  package mutating func accept(inTime: Bool, at now: Timestamp, windows: MeteringWindows) {
    guard let report = pending else { return }
    pending = nil
    refusal = nil
    delivered = delivered.clampedPlus(report.value)
    if inTime { deliveredInTime = deliveredInTime.clampedPlus(report.value) }
    recent.removeAll { $0.at + windows.memory < now }
    recent.append(Delivered(identifier: report.identifier, value: report.value, at: now, inTime: inTime))
  }

  /// The provider will not take the pending report.
  package mutating func refuse(_ message: String) { refusal = message }

  /// The provider's sum tells whether the pending report was counted, or nothing does for now.
  /// - Parameter counted: how many units of this tally the provider has counted, at least and at most; nil where it cannot
  ///   tell.
  package mutating func settle(_ counted: ClosedRange<Int64>?, windows: MeteringWindows) {
    guard let report = pending else { return }
    let inTime = report.lateSince == nil
    if let counted, counted.lowerBound >= delivered.clampedPlus(report.value) {
      return accept(inTime: inTime, at: report.begunAt, windows: windows)
    }
    pending = nil
    if let counted, counted.upperBound == delivered { return forgetUnconfirmed() }
    // Counted too little of what it had accepted, the provider cannot tell of this report either.
    unconfirmed = unconfirmed.clampedPlus(report.value)
    if inTime { unconfirmedInTime = unconfirmedInTime.clampedPlus(report.value) }
  }

  /// What was not confirmed was not counted, and is owed again.
  private mutating func forgetUnconfirmed() {
    unconfirmed = 0
    unconfirmedInTime = 0
  }

  /// The provider told that it could not count a report that it had accepted: it is owed again.
  ///
  /// That is also so of the pending report, whose acceptance was lost on the way: sent again under its name, the provider
  /// would answer that it has it, so the name is given up, and another report begins.
  package mutating func uncount(_ identifier: String) {
    if pending?.identifier == identifier {
      pending = nil
      return
    }
    guard let index = recent.firstIndex(where: { $0.identifier == identifier }) else { return }
    let report = recent.remove(at: index)
    delivered = delivered.clampedMinus(report.value)
    if report.inTime { deliveredInTime = deliveredInTime.clampedMinus(report.value) }
    counted = nil
  }

  /// Takes what the provider has counted of the whole period, at least and at most: it may tell what was not confirmed.
  /// - Returns: false where that is not known.
  package mutating func verify(_ counted: ClosedRange<Int64>) -> Bool {
    let old = self
    if counted.lowerBound >= delivered.clampedPlus(unconfirmed) {
      delivered = delivered.clampedPlus(unconfirmed)
      deliveredInTime = deliveredInTime.clampedPlus(unconfirmedInTime)
      forgetUnconfirmed()
    } else if counted.upperBound == delivered {
      forgetUnconfirmed()
    } else if counted.lowerBound == counted.upperBound, counted.lowerBound > delivered {
      // Some of the unconfirmed reports were counted. Those that came too late for the invoice are taken to be among them,
      // so that nothing is missing on it that is not shown.
      let late = unconfirmed.clampedMinus(unconfirmedInTime)
      let inTime = max(0, counted.lowerBound.clampedMinus(delivered).clampedMinus(late))
      deliveredInTime = deliveredInTime.clampedPlus(inTime)
      delivered = counted.lowerBound
      forgetUnconfirmed()
    }
    if counted.lowerBound == counted.upperBound { self.counted = counted.lowerBound }
    return self != old
  }

  /// What changed since the outbox was told last; the tally then remembers that it was.
  package mutating func takeEvents(since old: UsageTally, at now: Timestamp, windows: MeteringWindows) -> [BillingEvent]
  {
    var events: [BillingEvent] = []
    // What is on its way is told of when it is known whether it came in time, or was refused.
    let late = pending == nil || refusal != nil ? unbilled(at: now, windows: windows) : toldUnbilled
    if late != toldUnbilled {
      toldUnbilled = late
      if late > 0 {
        events.append(.unbilledUsage(UnbilledUsage(meter: meter, period: period, units: late, reason: .late)))
      }
    }
    if let counted, old.counted != counted, counted < delivered {
      let units = delivered.clampedMinus(counted)
      events.append(.unbilledUsage(UnbilledUsage(meter: meter, period: period, units: units, reason: .notCounted)))
    }
    return events
  }
}
