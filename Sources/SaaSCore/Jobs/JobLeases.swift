/// The right to do a named job until an instant.
public struct JobLease: Sendable, Hashable {
  /// The job's name.
  public let job: String
  /// Who has it, for those who look.
  public let holder: String
  /// Grows with every claim of the job; a write stamped with a lower number comes from a lease that was lost.
  public let fence: Int64
  /// When it ends unless it is renewed.
  public let expiresAt: Timestamp

  /// A lease as a store holds it.
  public init(job: String, holder: String, fence: Int64, expiresAt: Timestamp) {
    self.job = job
    self.holder = holder
    self.fence = fence
    self.expiresAt = expiresAt
  }
}

/// Lets one process at a time do a named job. Every job is harmless when repeated: a lease saves work, it guards nothing.
///
/// A host application's store implements it. Each call is atomic. A lease is live before ``JobLease/expiresAt`` and over
/// from that instant on. All calls are judged by the instant passed in, never by the store's clock.
public protocol JobLeases: Sendable {
  /// Claims a job, or gives nil while anybody's lease on it is live, the same holder's included.
  func claim(_ job: String, holder: String, for duration: Duration, at now: Timestamp) async throws(StoreError)
    -> JobLease?

  /// Extends a live lease, or gives nil where it is over or somebody else's claim came after it.
  func renew(_ lease: JobLease, for duration: Duration, at now: Timestamp) async throws(StoreError) -> JobLease?

  /// Ends a lease early; does nothing where somebody else's claim came after it. Its fence is never given again.
  func release(_ lease: JobLease) async throws(StoreError)

  /// Keeps when a job was last done whole, whoever did it, with a lease or without; of several instants the latest counts.
  func noteCompletion(of job: String, at instant: Timestamp) async throws(StoreError)

  /// When a job was last done whole, or nil where nobody noted it; it outlives every lease and process.
  func lastCompletion(of job: String) async throws(StoreError) -> Timestamp?
}
