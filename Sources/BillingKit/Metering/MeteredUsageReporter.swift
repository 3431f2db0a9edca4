public import SaaSCore
public import TenancyKit
public import UsageKit

/// Reports metered usage to the payment provider from the ledger, such that the provider's sums become the ledger's.
///
/// It is to run at least hourly, so that usage is counted before a period's invoice is final, an hour after the period;
/// cancelling through `BillingService` runs it once more. Running it twice, on two machines, or again after a crash at
/// any step reports everything once:
/// - A report is stored under its name before it is sent, and sent again under that name until the provider has accepted
///   it. A name that the provider may have forgotten is not sent again: the provider's own sum tells whether it counted.
/// - Only the difference between the ledger and what was reported is sent. What the ledger takes back is paid back by
///   later usage of the period, or of the next one, and never sent as a negative.
/// - A period is priced as the catalogue had it when the period was first looked at, and as the subscription had it at the
///   time: another plan changes nothing of what was used before it, and what was used before a metered price went is
///   reported after it, stamped before its end.
/// - Where a period turns out to begin elsewhere than was known, what was reported of it counts for the period that it lies
///   in now.
/// - Each report is stamped inside its own period. What becomes known after the invoice was final is still reported, and
///   shown as unbilled (``UsageTally/unbilled(at:windows:)``).
public struct MeteredUsageReporter: Sendable {
  let store: any BillingStore
  private let usage: any UsageStore
  let gateway: any MeteredUsageGateway
  private let catalog: PlanCatalog
  private let installation: InstallationID
  let windows: MeteringWindows
  private let observer: any ServiceObserver

  /// A reporter over the ledger's store.
  public init(
    store: any BillingStore, usage: any UsageStore, gateway: any MeteredUsageGateway, catalog: PlanCatalog,
    installation: InstallationID, windows: MeteringWindows = MeteringWindows(),
    observer: any ServiceObserver = SilentObserver()
  ) {
    self.store = store
    self.usage = usage
    self.gateway = gateway
    self.catalog = catalog
    self.installation = installation
    self.windows = windows
    self.observer = observer
  }

  /// Reports what a tenant's periods owe.
  /// - Returns: the tallies of the periods that were looked at, by their starts: those that the provider still takes
  ///   reports for, and some before them.
  @discardableResult
  public func report(for tenant: TenantContext, at now: Timestamp) async throws(BillingError) -> [UsageTally] {
    // A pass that saves nothing more saw another's save, and begins again with what that one knew.
    for _ in 0..<64 {
      if let tallies = try await pass(over: tenant, at: now) { return tallies }
    }
    throw .contended
  }

  /// Takes what the provider tells of reports that it accepted and could not count: they are owed again.
  /// - Returns: false where the provider's meter tells of no such thing.
  func takeErrors(of event: ProviderEventID, at now: Timestamp) async throws(BillingError) -> Bool {
    let told: MeterErrorReport?
    do throws(GatewayError) {
      told = try await gateway.meterErrors(of: event)
    } catch {
      throw .gateway(error)
    }
    guard let report = told else { return false }
    observer.notice(
      Notice(.error, "billing.meter.errors", "the provider could not count \(report.count) reports: \(report.summary)"))
    for identifier in report.identifiers {
      guard let dash = identifier.lastIndex(of: "-") else { continue }
      while let tally = try await self.tally(String(identifier[..<dash])) {
        var changed = tally
        changed.uncount(identifier)
        if changed == tally { break }
        if try await save(changed, since: tally, at: now) != nil { break }
      }
    }
    return true
  }

  // MARK: What is to be reported

  /// How far beyond the provider's window periods are looked at, so that what can be reported no more is shown.
  private static let lookBack = Duration.seconds(60 * 86_400)

  /// How much earlier than that tallies are read at first, so that mostly the period in which looking begins is whole.
  private static let usualPeriod = Duration.seconds(31 * 86_400)

  /// What a pass rests on.
  struct Scope {
    let account: BillingAccount
    let timeline: PeriodTimeline
    /// Where looking begins, the start of a period.
    let start: Timestamp
    /// Every tally that reaches into what is looked at.
    let stored: [UsageTally]
    /// The instant after which the period of every tally ends that was read.
    let bound: Timestamp
  }

  /// Reads what a pass rests on, such that no tally is missing of the periods that are looked at, however long they are
  /// and wherever they turned out to lie.
  ///
  /// The account is read after the tallies, so that what is saved on top of a tally never rests on an older account than
  /// what the tally rests on.
  private func scope(of tenant: TenantContext, at now: Timestamp) async throws(BillingError) -> Scope {
    let usual = now - gateway.reportingWindow - Self.lookBack
    var bound = usual - Self.usualPeriod
    do throws(StoreError) {
      while true {
        let stored = try await store.tallies(endingAfter: bound, for: tenant)
        let account = try await store.account(for: tenant)
        let timeline = PeriodTimeline(account)
        // Where nothing was reported for long, because reporting was down, looking begins where it ended; all tallies are
        // read for that. Where it never ran, looking begins with the first subscription.
        if stored.isEmpty, bound > .distantPast {
          bound = .distantPast
          continue
        }
        let last = stored.map(\.period.start).max() ?? account.subscriptions.compactMap(\.periods.first?.start).min()
        var start = timeline.period(containing: min(usual, last ?? usual)).start
        // A tally that reaches into what is looked at is of a period that is looked at too.
        var reaching = stored.filter { $0.period.end > start }
        while let earliest = reaching.map({ timeline.period(containing: $0.period.start).start }).min(),
          earliest < start
        {
          start = earliest
          reaching = stored.filter { $0.period.end > start }
        }
        if start >= bound {
          return Scope(account: account, timeline: timeline, start: start, stored: reaching, bound: bound)
        }
        bound = start
      }
    } catch {
      throw .store(error)
    }
  }

  /// Reports what all periods owe; nil where somebody else saved meanwhile.
  private func pass(over tenant: TenantContext, at now: Timestamp) async throws(BillingError) -> [UsageTally]? {
    let scope = try await self.scope(of: tenant, at: now)
    let subjects = scope.timeline.subjects(of: scope.account, from: scope.start, to: now) { priceID in
      // A price that the catalogue has dropped bills as it did.
      catalog.meteredPrice(priceID) ?? scope.stored.first { $0.price.meter.priceID == priceID }?.price
    }
    let agenda = MeteringAgenda(
      subjects: subjects, stored: scope.stored, account: scope.account, timeline: scope.timeline
    ) { subject in
      UsageTally(
        key: key(of: subject, in: tenant), organizationID: tenant.organizationID, customerID: subject.customerID,
        price: subject.price, itemID: subject.itemID, period: subject.period)
    }
    var ledgers: [[Period]: LedgerAnswer] = [:]
    var done: [UsageTally] = []
    var carried: [MeteredLane: Int64] = [:]
    for entry in agenda.entries {
      var tally = entry.tally
      let lane = tally.lane
      switch entry.aim {
      case .moved(let period): tally.move(into: period)
      case .kept: break
      case .period(let period, let billed):
        let answer: LedgerAnswer
        if let known = ledgers[billed] {
          answer = known
        } else {
          answer = try await ledger(billed, in: period, of: tenant)
          ledgers[billed] = answer
        }
        let units = tally.price.units(of: answer.sums)
        let target = answer.isWhole ? units : max(tally.target, units)
        let moved = done.filter { entry.answersFor.contains($0.key) }
        // What a tally of nothing takes over pays back what its own would have.
        let inherited = tally.version == 0 ? moved.first?.carriedIn : nil
        tally.aim(
          at: target, carriedIn: carried[lane] ?? inherited ?? tally.carriedIn, period: period, billed: billed)
        tally.answer(for: moved)
      }
      guard let worked = try await work(on: tally, since: entry.tally, of: tenant, in: scope, at: now) else {
        return nil
      }
      done.append(worked)
      if !worked.isMoved { carried[lane] = worked.period.end <= now ? worked.overreported : 0 }
    }
    return done.sorted { ($0.period.start, $0.meter, $0.key) < ($1.period.start, $1.meter, $1.key) }
  }

  /// What the ledger says of a period.
  private struct LedgerAnswer {
    var sums: UsageSums
    /// Whether it is all: retention has deleted nothing that would be needed to tell.
    var isWhole = true
  }

  /// What the ledger says of the billed parts of a period, rolled up now.
  ///
  /// Rows that lie wholly within the parts say it; what the parts have of others is counted from what those are made of. A
  /// sealed row of another period is the ledger's answer to another question, and part of it no row's at all: that is
  /// counted as it is now, also what came late.
  private func ledger(_ billed: [Period], in period: Period, of tenant: TenantContext) async throws(BillingError)
    -> LedgerAnswer
  {
    if billed.isEmpty { return LedgerAnswer(sums: UsageSums()) }
    let share: LedgerShare
    do throws(StoreError) {
      share = LedgerShare(of: try await usage.rollUp([period], of: tenant), within: billed)
    } catch {
      throw .store(error)
    }
    do throws(UsageStoreError) {
      return LedgerAnswer(sums: try await sums(of: share.rest, of: tenant) + share.sums)
    } catch {
      if case .store(let error) = error { throw .store(error) }
    }
    // Rows of hours that begin or end a part were deleted: what is left is at least so much.
    do throws(UsageStoreError) {
      let hours = share.rest.compactMap(\.wholeHours)
      return LedgerAnswer(sums: try await sums(of: hours, of: tenant) + share.sums, isWhole: false)
    } catch {
      switch error {
      case .deletedBefore: return LedgerAnswer(sums: share.sums, isWhole: false)
      case .store(let error): throw .store(error)
      }
    }
  }

  private func sums(of periods: [Period], of tenant: TenantContext) async throws(UsageStoreError) -> UsageSums {
    if periods.isEmpty { return UsageSums() }
    return try await usage.sums(of: periods, for: tenant).value.reduce(UsageSums(), +)
  }

  private func key(of subject: MeteredSubject, in tenant: TenantContext) -> String {
    StableName.digest(
      "usage", installation.rawValue, tenant.organizationID.rawValue, subject.customerID.rawValue,
      subject.price.meter.name, String(subject.period.start.microseconds))
  }

  // MARK: Reporting

  /// Reports what a tally owes; nil where somebody else saved it meanwhile.
  private func work(
    on aimed: UsageTally, since first: UsageTally, of tenant: TenantContext, in scope: Scope, at now: Timestamp
  ) async throws(BillingError) -> UsageTally? {
    var stored = first
    var tally = aimed
    // Each round settles something or leaves the loop.
    while true {
      let step = tally.step(
        at: now, identifierWindow: gateway.identifierWindow, reportingWindow: gateway.reportingWindow, windows: windows)
      var isDone = false
      switch step {
      case .wait: isDone = true
      case .begin(let value, let timestamp): tally.begin(value: value, timestamp: timestamp, at: now)
      case .delay: tally.delay(at: now)
      case .send(let pending):
        let isRepeat = first.pending?.identifier == pending.identifier
        isDone = try await send(pending, &tally, wasInTime: isRepeat && first.pending?.lateSince == nil, at: now)
      case .compare: tally.settle(try await counted(tally, of: tenant, in: scope, at: now), windows: windows)
      case .verify:
        let counted = try await self.counted(tally, of: tenant, in: scope, at: now)
        isDone = !(counted.map { tally.verify($0) } ?? false)
      }
      guard let saved = try await save(tally, since: stored, at: now) else { return nil }
      if isDone { return saved }
      stored = saved
      tally = saved
    }
  }

  /// Sends a report; true where the provider refuses it, so that there is nothing more to do now.
  /// - Parameter wasInTime: whether all that was sent of it before this was sent before the invoice was final.
  private func send(_ pending: UsageTally.Pending, _ tally: inout UsageTally, wasInTime: Bool, at now: Timestamp)
    async throws(BillingError) -> Bool
  {
    let report = MeteredUsageReport(
      identifier: pending.identifier, customerID: tally.customerID, meter: tally.price.meter, itemID: pending.itemID,
      value: pending.value, timestamp: pending.timestamp)
    do throws(GatewayError) {
      let answer = try await gateway.report(report)
      let inTime = pending.lateSince == nil || answer == .alreadyReported && wasInTime
      tally.accept(inTime: inTime, at: now, windows: windows)
      observer.count("billing.usage.reported", by: pending.value, labels: ["meter": tally.meter])
      return false
    } catch {
      guard !error.isRetryable else { throw .gateway(error) }
      tally.refuse(error.message)
      observer.notice(
        Notice(.error, "billing.usage.refused", "the provider refused report \(pending.identifier): \(error.message)"))
      return true
    }
  }

  // MARK: Storing

  private func tally(_ key: String) async throws(BillingError) -> UsageTally? {
    do throws(StoreError) {
      return try await store.tally(key)
    } catch {
      throw .store(error)
    }
  }

  /// Saves a tally where it changed; nil where somebody else saved first.
  private func save(_ tally: UsageTally, since old: UsageTally, at now: Timestamp) async throws(BillingError)
    -> UsageTally?
  {
    var tally = tally
    let events = tally.takeEvents(since: old, at: now, windows: windows)
    // A period that is looked at first is stored whatever it owes, because its terms hold from then on.
    if tally == old, old.version > 0 { return old }
    do throws(StoreError) {
      return try await store.save(tally, telling: events, at: now)
    } catch {
      if case .conflict = error { return nil }
      throw .store(error)
    }
  }
}

extension MeteredPrice {
  /// How many whole units of the meter some usage comes to, beyond what the plan includes.
  func units(of sums: UsageSums) -> Int64 {
    let billable = max(0, metric.amount(of: sums) - Int128(included))
    return Int64(clamping: billable / Int128(unit))
  }
}
