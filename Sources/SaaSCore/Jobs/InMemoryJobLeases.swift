/// Job leases in memory, for one process.
public final class InMemoryJobLeases: JobLeases {
  private let leases = Lock<[String: JobLease]>([:])
  private let completions = Lock<[String: Timestamp]>([:])

  /// Leases of nobody yet.
  public init() {}

  public func claim(_ job: String, holder: String, for duration: Duration, at now: Timestamp) async throws(StoreError)
    -> JobLease?
  {
    leases.withLock { leases in
      let last = leases[job]
      if let last, now < last.expiresAt { return nil }
      let lease = JobLease(job: job, holder: holder, fence: (last?.fence ?? 0) + 1, expiresAt: now + duration)
      leases[job] = lease
      return lease
    }
  }

  public func renew(_ lease: JobLease, for duration: Duration, at now: Timestamp) async throws(StoreError) -> JobLease?
  {
    leases.withLock { leases in
      guard let last = leases[lease.job], last.fence == lease.fence, now < last.expiresAt else { return nil }
      let renewed = JobLease(job: lease.job, holder: lease.holder, fence: lease.fence, expiresAt: now + duration)
      leases[lease.job] = renewed
      return renewed
    }
  }

  public func release(_ lease: JobLease) async throws(StoreError) {
    leases.withLock { leases in
      guard let last = leases[lease.job], last.fence == lease.fence else { return }
      leases[lease.job] = JobLease(
        job: last.job, holder: last.holder, fence: last.fence, expiresAt: .distantPast)
    }
  }

  public func noteCompletion(of job: String, at instant: Timestamp) async throws(StoreError) {
    completions.withLock { $0[job] = max($0[job] ?? instant, instant) }
  }

  public func lastCompletion(of job: String) async throws(StoreError) -> Timestamp? {
    completions.withLock { $0[job] }
  }
}
