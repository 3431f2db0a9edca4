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
    guard !isMoved, now >= period.end + windows.invoiceFinality else { return 0 }
    return max(0, due.clampedMinus(movedInTime).clampedMinus(deliveredInTime))
  }

  /// How many units the period owes the provider altogether.
  private var due: Int64 { target.clampedMinus(carriedIn) }

  /// How many units were reported, or may have been, under this tally's names and those that it answers for.
  private var settled: Int64 { sent.clampedPlus(movedIn) }

  /// How many units were reported, or may have been, under this tally's names.
  var sent: Int64 { delivered.clampedPlus(unconfirmed).clampedPlus(pending?.value ?? 0) }

  /// What is to be done next for a tally.
  package enum Step: Sendable, Hashable {
    /// Nothing, for now.
    case wait
    /// A report of so many units is to be stored, and then sent.
    case begin(value: Int64, timestamp: Timestamp)
    /// The pending report is to be sent, perhaps again.
    case send(Pending)
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
      if now < forgotten - windows.identifierMargin { return .send(pending) }
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
    return counted == nil && delivered > 0 && !isMoved && now >= settledAt ? .verify : .wait
  }

  /// The whole minutes over which the provider's sum is this tally's.
  package var summaryPeriod: Period? {
    Period(start: period.start.ceiledToMinute, end: period.end.ceiledToMinute)
  }

  /// Whether the provider's sum over the period is of this tally's reports and of no other's.
  ///
  /// It is unless a period turned out to lie elsewhere after reports were stamped in it. Then no sum tells one tally's
  /// reports from another's, and what is not known to have arrived stays unconfirmed.
  package func isAlone(among lane: [UsageTally]) -> Bool {
    if isMoved || lastStamp.map({ $0 >= period.end }) ?? false { return false }
    return !lane.contains { other in
      guard other.key != key, let last = other.lastStamp else { return false }
      return other.period.start < period.end && period.start <= last
    }
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

  /// Takes note that another period's tally answers for this one. It is looked at for as long as that one is.
  package mutating func move(into other: Period) {
    isMoved = true
    period = Period(start: period.start, end: max(period.end, other.end)) ?? period
    counted = nil
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
    pending = Pending(identifier: "\(key)-\(reports)", value: value, timestamp: timestamp, begunAt: now)
    counted = nil
  }

  /// The provider accepted the pending report, now or before.
  package mutating func accept(at now: Timestamp, windows: MeteringWindows) {
    guard let report = pending else { return }
    pending = nil
    refusal = nil
    let inTime = now < period.end + windows.invoiceFinality
    delivered = delivered.clampedPlus(report.value)
    if inTime { deliveredInTime = deliveredInTime.clampedPlus(report.value) }
    recent.removeAll { $0.at + windows.memory < now }
    recent.append(Delivered(identifier: report.identifier, value: report.value, at: now, inTime: inTime))
  }

  /// The provider will not take the pending report.
  package mutating func refuse(_ message: String) { refusal = message }

  /// The provider's sum tells whether the pending report was counted, or nothing does.
  package mutating func settle(sum: Int64?, windows: MeteringWindows) {
    guard let report = pending else { return }
    if let sum, sum >= delivered.clampedPlus(report.value) { return accept(at: report.begunAt, windows: windows) }
    pending = nil
    // Counted too little of what it had accepted, the provider cannot tell of this report either.
    if sum != delivered { unconfirmed = unconfirmed.clampedPlus(report.value) }
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

  /// Takes the provider's sum of the whole period.
  package mutating func verify(sum: Int64) { counted = sum }

  /// What changed since the outbox was told last; the tally then remembers that it was.
  package mutating func takeEvents(since old: UsageTally, at now: Timestamp, windows: MeteringWindows) -> [BillingEvent]
  {
    var events: [BillingEvent] = []
    let late = unbilled(at: now, windows: windows)
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

extension Int64 {
  /// The difference, at the end of the range where it lies beyond.
  fileprivate func clampedMinus(_ other: Int64) -> Int64 {
    let (value, overflow) = subtractingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : value
  }

  /// The sum, at the end of the range where it lies beyond.
  fileprivate func clampedPlus(_ other: Int64) -> Int64 {
    let (value, overflow) = addingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : value
  }
}
