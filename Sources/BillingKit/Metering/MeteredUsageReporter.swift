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
/// - Each report is stamped inside its own period. What becomes known after the invoice was final is still reported, and
///   shown as unbilled (``UsageTally/unbilled(at:windows:)``).
public struct MeteredUsageReporter: Sendable {
  private let store: any BillingStore
  private let usage: any UsageStore
  private let gateway: any MeteredUsageGateway
  private let catalog: PlanCatalog
  private let installation: InstallationID
  private let windows: MeteringWindows
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

  /// One meter of one period that is to be reported.
  private struct Subject {
    let period: Period
    let record: SubscriptionRecord
    let itemID: SubscriptionItemID
    let price: MeteredPrice
  }

  /// Reports what a tenant's periods owe.
  /// - Returns: the tallies of the periods that were looked at, by their starts: those that the provider still takes
  ///   reports for, and some before them.
  @discardableResult
  public func report(for tenant: TenantContext, at now: Timestamp) async throws(BillingError) -> [UsageTally] {
    let (account, stored) = try await load(tenant, since: now - gateway.reportingWindow - Self.lookBack)
    let subjects = subjects(of: account, since: since(account, stored, at: now), at: now)
    var targets: [Period: UsageSums] = [:]
    var tallies: [UsageTally] = []
    var carried: [String: Int64] = [:]
    for subject in subjects {
      if targets[subject.period] == nil { targets[subject.period] = try await ledger(subject.period, of: tenant) }
      guard let sums = targets[subject.period] else { continue }
      let key = key(of: subject, in: tenant)
      let known = stored.first { $0.key == key }
      let lane = "\(subject.price.meter.name) \(subject.record.customerID)"
      var tally =
        known
        ?? UsageTally(
          key: key, organizationID: tenant.organizationID, customerID: subject.record.customerID,
          meter: subject.price.meter.name, period: subject.period)
      tally = try await work(
        on: tally, subject, target: subject.price.units(of: sums), carriedIn: carried[lane] ?? tally.carriedIn,
        at: now)
      carried[lane] = subject.period.end <= now ? tally.overreported : 0
      tallies.append(tally)
    }
    return tallies
  }

  /// Takes what the provider tells of reports that it accepted and could not count: they are owed again.
  func takeErrors(of event: ProviderEventID, at now: Timestamp) async throws(BillingError) {
    let report: MeterErrorReport
    do throws(GatewayError) {
      report = try await gateway.meterErrors(of: event)
    } catch {
      throw .gateway(error)
    }
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
  }

  // MARK: What is to be reported

  /// How far beyond the provider's window periods are looked at, so that what can be reported no more is shown.
  private static let lookBack = Duration.seconds(60 * 86_400)

  /// Where looking begins: a while before the provider's window, or, where nothing was reported since, with the first
  /// subscription, because reporting has been down or never ran.
  private func since(_ account: BillingAccount, _ stored: [UsageTally], at now: Timestamp) -> Timestamp {
    let usual = now - gateway.reportingWindow - Self.lookBack
    guard stored.isEmpty, let first = account.subscriptions.compactMap(\.periodStarts.first).min() else { return usual }
    return min(usual, first)
  }

  private func load(_ tenant: TenantContext, since: Timestamp) async throws(BillingError)
    -> (BillingAccount, [UsageTally])
  {
    do throws(StoreError) {
      return (try await store.account(for: tenant), try await store.tallies(endingAfter: since, for: tenant))
    } catch {
      throw .store(error)
    }
  }

  /// The meters of the periods from an instant on, the earliest first.
  private func subjects(of account: BillingAccount, since: Timestamp, at now: Timestamp) -> [Subject] {
    let timeline = PeriodTimeline(account)
    var subjects: [Subject] = []
    var period = timeline.period(containing: since)
    while true {
      if let record = timeline.subscription(at: period.start).flatMap({ account.subscription($0) }) {
        for item in record.snapshot?.items ?? [] {
          guard case .metered(let price) = catalog.price(item.priceID)?.price.role else { continue }
          subjects.append(Subject(period: period, record: record, itemID: item.id, price: price))
        }
      }
      guard period.end <= now, period.end < .distantFuture else { return subjects }
      period = timeline.period(containing: period.end)
    }
  }

  /// What the ledger says of a period, rolled up now; nil where retention has deleted what it is made of.
  ///
  /// A sealed row that only overlaps the period, because periods were known otherwise when it was sealed, is the
  /// ledger's answer and not this period's usage: then the sums are taken from what the rows are made of.
  private func ledger(_ period: Period, of tenant: TenantContext) async throws(BillingError) -> UsageSums? {
    do throws(StoreError) {
      let rows = try await usage.rollUp([period], of: tenant)
      if let row = rows.first, row.period == period { return row.sums }
    } catch {
      throw .store(error)
    }
    do throws(UsageStoreError) {
      return try await usage.sums(of: [period], for: tenant).value.first
    } catch {
      switch error {
      case .deletedBefore: return nil
      case .store(let error): throw .store(error)
      }
    }
  }

  private func key(of subject: Subject, in tenant: TenantContext) -> String {
    StableName.digest(
      "usage", installation.rawValue, tenant.organizationID.rawValue, subject.record.customerID.rawValue,
      subject.price.meter.name, String(subject.period.start.microseconds))
  }

  // MARK: Reporting

  private func work(
    on first: UsageTally, _ subject: Subject, target: Int64, carriedIn: Int64, at now: Timestamp
  ) async throws(BillingError) -> UsageTally {
    var stored = first
    // Each round settles something or leaves the loop; somebody else's change begins another.
    for _ in 0..<32 {
      var tally = stored
      tally.aim(at: target, carriedIn: carriedIn, period: subject.period)
      let step = tally.step(
        at: now, identifierWindow: gateway.identifierWindow, reportingWindow: gateway.reportingWindow, windows: windows)
      var isDone = false
      switch step {
      case .wait: isDone = true
      case .begin(let value, let timestamp): tally.begin(value: value, timestamp: timestamp, at: now)
      case .send(let pending): isDone = try await send(pending, &tally, subject, at: now)
      case .compare: tally.settle(sum: try await sum(of: tally, subject), windows: windows)
      case .verify:
        if let sum = try await sum(of: tally, subject) { tally.verify(sum: sum) } else { isDone = true }
      }
      if let saved = try await save(tally, since: stored, at: now) {
        stored = saved
        if isDone { return stored }
      } else {
        stored = try await self.tally(first.key) ?? first
      }
    }
    throw .contended
  }

  /// Sends a report; true where the provider refuses it, so that there is nothing more to do now.
  private func send(_ pending: UsageTally.Pending, _ tally: inout UsageTally, _ subject: Subject, at now: Timestamp)
    async throws(BillingError) -> Bool
  {
    let report = MeteredUsageReport(
      identifier: pending.identifier, customerID: tally.customerID, meter: subject.price.meter, itemID: subject.itemID,
      value: pending.value, timestamp: pending.timestamp)
    do throws(GatewayError) {
      switch try await gateway.report(report) {
      case .accepted, .alreadyReported: tally.accept(at: now, windows: windows)
      }
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

  private func sum(of tally: UsageTally, _ subject: Subject) async throws(BillingError) -> Int64? {
    guard let period = tally.summaryPeriod else { return nil }
    do throws(GatewayError) {
      return try await gateway.reportedSum(of: subject.price.meter, customer: tally.customerID, in: period)
    } catch {
      throw .gateway(error)
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
    if tally == old { return old }
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
