public import SaaSCore
public import TenancyKit
public import UsageKit

/// Decides by a tenant's plan whether a run may start.
///
/// The plan is read first, and its cap on runs is passed to the usage store as a value: the store counts and inserts in
/// one transaction, so that no number of processes starts more runs than the cap. The same run again gets its first
/// answer.
///
/// ```swift
/// let limit = try await admission.limit(for: tenant, at: now)
/// let run = try await usage.start(WorkflowName("review"), by: user, in: tenant, limit: limit)
/// ```
///
/// A cap on tokens or cost admits while what is recorded is below it. Runs that were started before may pass it: by what
/// the runs that are running when it is reached still use, and no more. Where a plan caps runs over several windows, the
/// one with the least left is counted with the insertion; the others are checked before it, and may be passed by as many
/// runs as start at one moment.
public struct RunAdmission: Sendable {
  private let monitor: LimitMonitor
  private let store: any BillingStore
  private let usage: any UsageStore
  private let rules: EntitlementRules

  /// An admission over the stores of billing and usage.
  public init(store: any BillingStore, usage: any UsageStore, rules: EntitlementRules) {
    monitor = LimitMonitor(store: store, usage: usage, rules: rules)
    self.store = store
    self.usage = usage
    self.rules = rules
  }

  /// The cap that a run which starts at an instant counts against; nil where the plan has none.
  /// - Throws: ``AdmissionRefusal``: `limitReached` where a blocking limit has nothing left.
  public func limit(for tenant: TenantContext, at now: Timestamp) async throws(AdmissionRefusal) -> RunLimit? {
    let statuses: [LimitStatus]
    do throws(BillingError) {
      let account = try await self.account(of: tenant)
      let entitlements = rules.entitlements(of: account, at: now)
      // Where only one cap on runs blocks, the store's own count is all that is asked.
      let blocking = entitlements.limits.filter { $0.limit.action == .block }
      if blocking.isEmpty { return nil }
      if blocking.count == 1, let only = blocking.first, only.limit.metric == .runs { return only.runLimit }
      statuses = try await monitor.statuses(of: entitlements, for: tenant).filter {
        $0.allowance.limit.action == .block
      }
    } catch {
      throw .failed(error)
    }
    for status in statuses where status.isReached { throw .limitReached(status) }
    return statuses.filter { $0.allowance.limit.metric == .runs }.min { $0.remaining < $1.remaining }?.allowance
      .runLimit
  }

  /// Starts a run at its own instant if the plan allows it.
  ///
  /// - Returns: what the store answers: `recorded`, or `duplicate` where the run was started before, whatever the limits
  ///   say by now.
  /// - Throws: ``AdmissionRefusal``
  public func start(_ run: Run, for tenant: TenantContext, at now: Timestamp) async throws(AdmissionRefusal)
    -> UsageAnswer
  {
    do throws(AdmissionRefusal) {
      let limit = try await limit(for: tenant, at: run.startedAt)
      let answer = try await record(run, limit, for: tenant, at: now)
      guard case .refused(.limitReached(let used)) = answer, let limit else { return answer }
      let statuses = try await self.statuses(for: tenant, at: run.startedAt)
      let reached = statuses.first { $0.allowance.runLimit == limit }
      guard let reached else { return answer }
      throw .limitReached(LimitStatus(allowance: reached.allowance, used: Int128(used)))
    } catch {
      // A run that was started before keeps its answer, though another limit is reached by now.
      guard case .limitReached = error, try await isStarted(run, for: tenant) else { throw error }
      return try await record(run, nil, for: tenant, at: now)
    }
  }

  private func statuses(for tenant: TenantContext, at instant: Timestamp) async throws(AdmissionRefusal)
    -> [LimitStatus]
  {
    do throws(BillingError) {
      return try await monitor.limits(for: tenant, at: instant)
    } catch {
      throw .failed(error)
    }
  }

  private func record(_ run: Run, _ limit: RunLimit?, for tenant: TenantContext, at now: Timestamp)
    async throws(AdmissionRefusal) -> UsageAnswer
  {
    do throws(StoreError) {
      let answers = try await usage.record([UsageBatch([.start(run, limit: limit)], for: tenant)], at: now)
      // One answer for each write is the store's contract.
      guard let answer = answers.first?.first else { throw .corrupt("the usage store gave no answer") }
      return answer
    } catch {
      throw .failed(.store(error))
    }
  }

  private func isStarted(_ run: Run, for tenant: TenantContext) async throws(AdmissionRefusal) -> Bool {
    do throws(StoreError) {
      return try await usage.run(run.id, of: tenant) != nil
    } catch {
      throw .failed(.store(error))
    }
  }

  private func account(of tenant: TenantContext) async throws(BillingError) -> BillingAccount {
    do throws(StoreError) {
      return try await store.account(for: tenant)
    } catch {
      throw .store(error)
    }
  }
}

/// Why a run may not start.
public enum AdmissionRefusal: Error, Sendable, Hashable {
  /// A limit of the plan has nothing left until its window ends.
  case limitReached(LimitStatus)
  /// The stores could not tell.
  case failed(BillingError)
}

extension LimitAllowance {
  /// The cap as the usage store counts it.
  fileprivate var runLimit: RunLimit { RunLimit(Int64(clamping: cap), in: period) }
}
