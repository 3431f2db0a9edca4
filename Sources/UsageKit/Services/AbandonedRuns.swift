public import SaaSCore
public import TenancyKit

/// Closes runs of which nobody has said how they ended: the hourly or nightly job.
///
/// A run that is still running an age after its start is closed as abandoned, ended at that age, so that every process
/// closes it alike. One that ends meanwhile keeps its own end.
public struct AbandonedRuns: Sendable {
  private let store: any UsageStore
  private let age: Duration
  private let sweep: TenantSweep

  /// A job over all tenants.
  /// - Parameters:
  ///   - age: how long a run may be running; one day.
  ///   - lease: keeps a pass to one process at a time; nil where there is only one.
  public init(
    tenants: any TenantStore, store: any UsageStore, age: Duration = .seconds(86_400), lease: SweepLease? = nil,
    observer: any ServiceObserver = SilentObserver()
  ) {
    self.store = store
    self.age = age
    sweep = TenantSweep(job: "usage.abandoned", tenants: tenants, lease: lease, observer: observer)
  }

  /// Closes the runs of every tenant after one, in the order of their identifiers; the changes counted are runs closed.
  /// - Throws: ``UsageStoreError/store(_:)`` where a store cannot answer now; what was done until then stays.
  @discardableResult
  public func run(
    at now: Timestamp, after start: TenantID? = nil, progress: (SweepProgress) -> Void = { _ in }
  ) async throws(UsageStoreError) -> SweepOutcome {
    try await sweep.run(after: start, progress: progress) { (tenant) async throws(UsageStoreError) in
      try await TenantSweep.store { () async throws(StoreError) in try await close(tenant, at: now) }
    }
  }

  private func close(_ tenant: TenantContext, at now: Timestamp) async throws(StoreError) -> Int {
    var closed = 0
    var cursor: RunCursor?
    repeat {
      // A run that began exactly the age ago has had its time.
      let page = try await store.runningRuns(
        startedBefore: now - age + .microseconds(1), after: cursor, limit: .maximum, of: tenant)
      if !page.elements.isEmpty {
        let writes = page.elements.map { UsageWrite.run($0.run.abandoned(after: age)) }
        let answers = try await store.record([UsageBatch(writes, for: tenant)], at: now)
        closed += answers.joined().count { $0 == .updated }
      }
      cursor = page.next
    } while cursor != nil
    return closed
  }
}
