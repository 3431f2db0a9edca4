public import SaaSCore
internal import TenancyKit

/// How jobs that go through all tenants are kept to one process at a time.
///
/// Such a job is harmless when several do it at once; the lease saves work.
public struct SweepLease: Sendable {
  let leases: any JobLeases
  let holder: String
  let duration: Duration
  let clock: any WallClock

  /// A lease for each pass of a job.
  /// - Parameters:
  ///   - holder: a name of this process, for those who look at the leases.
  ///   - duration: how long another process waits after this one died; one tenant should take less.
  public init(
    _ leases: any JobLeases, holder: String, duration: Duration = .seconds(300),
    clock: any WallClock = SystemWallClock()
  ) {
    self.leases = leases
    self.holder = holder
    self.duration = duration
    self.clock = clock
  }
}

/// How far a pass through all tenants has come.
public struct SweepProgress: Sendable, Hashable {
  /// How many tenants were gone through.
  public let tenants: Int
  /// How many things were changed: rows, runs or days, as the job says.
  public let changes: Int
  /// The last tenant that was gone through; a pass that starts after it goes on from here.
  public let through: TenantID?

  /// How far a pass has come.
  public init(tenants: Int, changes: Int, through: TenantID?) {
    self.tenants = tenants
    self.changes = changes
    self.through = through
  }
}

/// What one pass through all tenants did.
public struct SweepOutcome: Sendable, Hashable {
  /// How far it came.
  public let progress: SweepProgress
  /// The tenants for which it failed, each with the reason; the pass went on after them.
  public let failures: [Failure]
  /// Why it ended.
  public let end: End

  /// A tenant for which a pass failed.
  public struct Failure: Sendable, Hashable {
    /// The tenant.
    public let tenantID: TenantID
    /// Why.
    public let error: UsageStoreError
  }

  /// Why a pass ended.
  public enum End: Sendable, Hashable {
    /// It went through all tenants.
    case finished
    /// Another process is doing it.
    case heldElsewhere
    /// The lease went to another process meanwhile.
    case leaseLost
    /// The task was cancelled; a pass that starts after ``SweepProgress/through`` goes on.
    case cancelled
  }
}

/// Goes through all tenants, one after the other, for a job.
struct TenantSweep: Sendable {
  let job: String
  let tenants: any TenantStore
  let lease: SweepLease?
  let observer: any ServiceObserver

  /// Calls for every tenant after one, in the order of their identifiers.
  ///
  /// A tenant that fails is passed over and told, except where the store cannot answer now: that ends the pass.
  func run(
    after start: TenantID?, progress: (SweepProgress) -> Void,
    _ body: (TenantContext) async throws(UsageStoreError) -> Int
  ) async throws(UsageStoreError) -> SweepOutcome {
    guard let lease else { return try await walk(after: start, progress: progress, renew: { true }, body) }
    let claimed = try await Self.store { () async throws(StoreError) in
      try await lease.leases.claim(job, holder: lease.holder, for: lease.duration, at: lease.clock.now())
    }
    guard var held = claimed else {
      return SweepOutcome(
        progress: SweepProgress(tenants: 0, changes: 0, through: start), failures: [], end: .heldElsewhere)
    }
    let outcome: SweepOutcome
    do {
      outcome = try await walk(
        after: start, progress: progress,
        renew: { () async throws(StoreError) in
          guard let renewed = try await lease.leases.renew(held, for: lease.duration, at: lease.clock.now()) else {
            return false
          }
          held = renewed
          return true
        }, body)
    } catch {
      // The first failure is the one to tell; an unreleased lease ends by itself.
      try? await lease.leases.release(held)
      throw error
    }
    // What was done is stored.
    try? await lease.leases.release(held)
    return outcome
  }

  private func walk(
    after start: TenantID?, progress: (SweepProgress) -> Void, renew: () async throws(StoreError) -> Bool,
    _ body: (TenantContext) async throws(UsageStoreError) -> Int
  ) async throws(UsageStoreError) -> SweepOutcome {
    var state = SweepProgress(tenants: 0, changes: 0, through: start)
    var failures: [SweepOutcome.Failure] = []
    var cursor = start
    repeat {
      let page = try await self.page(after: cursor)
      for tenant in page.elements {
        if Task.isCancelled { return SweepOutcome(progress: state, failures: failures, end: .cancelled) }
        guard try await Self.store(renew) else {
          return SweepOutcome(progress: state, failures: failures, end: .leaseLost)
        }
        var changes = 0
        do {
          changes = try await body(tenant)
        } catch {
          if case .store(.unavailable) = error { throw error }
          observer.count("\(job).failed")
          observer.notice(Notice(.error, "\(job).failed", "tenant \(tenant.tenantID): \(error)"))
          failures.append(SweepOutcome.Failure(tenantID: tenant.tenantID, error: error))
        }
        state = SweepProgress(
          tenants: state.tenants + 1, changes: state.changes + changes, through: tenant.tenantID)
        progress(state)
      }
      cursor = page.next
    } while cursor != nil
    return SweepOutcome(progress: state, failures: failures, end: .finished)
  }

  private func page(after id: TenantID?) async throws(UsageStoreError) -> Page<TenantContext, TenantID> {
    do {
      return try await tenants.contexts(after: id, limit: .standard)
    } catch {
      // Reading breaks no rule, so that only the store itself can have failed.
      if case .store(let error) = error { throw .store(error) }
      throw .store(.corrupt("\(error)"))
    }
  }

  static func store<Answer>(_ body: () async throws(StoreError) -> Answer) async throws(UsageStoreError) -> Answer {
    do {
      return try await body()
    } catch {
      throw .store(error)
    }
  }
}
