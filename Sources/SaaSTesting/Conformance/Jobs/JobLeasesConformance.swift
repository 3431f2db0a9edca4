public import SaaSCore

/// Fresh ``JobLeases`` for a conformance check.
public struct JobLeasesSubject: Sendable {
  /// The leases.
  public let leases: any JobLeases
  /// The same leases as another process would have them, where the store has connections; else the same value again.
  public let peer: any JobLeases

  /// Leases to check.
  public init(leases: any JobLeases, peer: (any JobLeases)? = nil) {
    self.leases = leases
    self.peer = peer ?? leases
  }
}

/// Checks that ``JobLeases`` do everything that their protocol says; used as ``TenantStoreConformance`` is.
public enum JobLeasesConformance {
  /// One check on fresh leases.
  public typealias Check = ConformanceCheck<JobLeasesSubject>

  /// Every check.
  public static let checks: [Check] = [
    Check("a claim gives a lease that ends after its duration", claimed),
    Check("a live lease keeps everybody from the job, its holder too, until it ends", exclusive),
    Check("every claim of a job has a higher fence than those before", fences),
    Check("a live lease is extended from the present instant and keeps its fence", renewed),
    Check("a lease that is over, released or lost is not extended", notRenewed),
    Check("a released job can be claimed at once", released),
    Check("releasing a lease that was lost does nothing", staleRelease),
    Check("jobs stand in no other's way", separateJobs),
    Check("of concurrent claims exactly one succeeds", oneClaim),
    Check("a job's latest completion is told, whatever becomes of its leases", completions),
  ]

  /// Tries every check, each on leases of its own.
  /// - Throws: ``ConformanceFailures``, or what `make` throws.
  public static func run(on make: @Sendable () async throws -> JobLeasesSubject) async throws {
    try await checks.run(on: make)
  }
}

extension JobLeasesConformance {
  /// Long ago, so that leases which asked their own clock would be found out.
  private static let start = Timestamp(microseconds: 315_532_800_000_001)
  private static let minute = Duration.seconds(60)

  private static func claim(_ leases: any JobLeases, _ holder: String = "a", at now: Timestamp = start) async throws
    -> JobLease
  {
    try Expect.some(await leases.claim("job", holder: holder, for: minute, at: now), "the claim of \(holder)")
  }

  private static func claimed(_ subject: JobLeasesSubject) async throws {
    let lease = try await claim(subject.leases, "process 'ü'")
    try Expect.equal(lease.job, "job", "the job")
    try Expect.equal(lease.holder, "process 'ü'", "the holder")
    try Expect.equal(lease.expiresAt, start + minute, "the end")
  }

  private static func exclusive(_ subject: JobLeasesSubject) async throws {
    let lease = try await claim(subject.leases)
    for now in [start, start - .seconds(5), lease.expiresAt - .microseconds(1)] {
      for holder in ["a", "b"] {
        try Expect.none(
          await subject.peer.claim("job", holder: holder, for: minute, at: now), "a claim of \(holder) at \(now)")
      }
    }
    _ = try await claim(subject.peer, "b", at: lease.expiresAt)
  }

  private static func fences(_ subject: JobLeasesSubject) async throws {
    var now = start
    var last: Int64?
    for turn in 0..<6 {
      let lease = try await claim(turn % 2 == 0 ? subject.leases : subject.peer, at: now)
      if let last { try Expect.holds(lease.fence > last, "the fence has grown", got: lease.fence) }
      last = lease.fence
      if turn % 3 == 0 { try await subject.leases.release(lease) } else { now = lease.expiresAt }
    }
  }

  private static func renewed(_ subject: JobLeasesSubject) async throws {
    let lease = try await claim(subject.leases)
    let now = lease.expiresAt - .microseconds(1)
    let renewed = try Expect.some(await subject.peer.renew(lease, for: minute, at: now), "the renewed lease")
    try Expect.equal(
      renewed, JobLease(job: "job", holder: "a", fence: lease.fence, expiresAt: now + minute), "the renewed lease")
    try Expect.none(
      await subject.leases.claim("job", holder: "b", for: minute, at: now + minute - .microseconds(1)),
      "a claim before the end of the renewed lease")
    // A lease is known by its fence, so that its older value renews it too.
    _ = try Expect.some(await subject.leases.renew(lease, for: minute, at: now), "a renewal by the older value")
  }

  private static func notRenewed(_ subject: JobLeasesSubject) async throws {
    let first = try await claim(subject.leases)
    try Expect.none(await subject.leases.renew(first, for: minute, at: first.expiresAt), "a renewal at the end")
    let second = try await claim(subject.peer, "b", at: first.expiresAt)
    try Expect.none(
      await subject.leases.renew(first, for: minute, at: first.expiresAt), "a renewal after another's claim")
    try await subject.peer.release(second)
    try Expect.none(
      await subject.peer.renew(second, for: minute, at: first.expiresAt), "a renewal of a released lease")
    let nobody = JobLease(job: "other", holder: "a", fence: 1, expiresAt: start + minute)
    try Expect.none(await subject.leases.renew(nobody, for: minute, at: start), "a renewal of a job never claimed")
  }

  private static func released(_ subject: JobLeasesSubject) async throws {
    let first = try await claim(subject.leases)
    try await subject.leases.release(first)
    let second = try await claim(subject.peer, "b")
    try Expect.holds(second.fence > first.fence, "the fence has grown", got: second.fence)
    try await subject.peer.release(second)
    try await subject.peer.release(second)
    _ = try await claim(subject.leases)
  }

  private static func staleRelease(_ subject: JobLeasesSubject) async throws {
    let first = try await claim(subject.leases)
    let second = try await claim(subject.peer, "b", at: first.expiresAt)
    try await subject.leases.release(first)
    try Expect.none(
      await subject.leases.claim("job", holder: "a", for: minute, at: first.expiresAt),
      "a claim after a release by somebody whose lease was lost")
    _ = try Expect.some(await subject.peer.renew(second, for: minute, at: first.expiresAt), "the renewal by its holder")
  }

  private static func separateJobs(_ subject: JobLeasesSubject) async throws {
    for job in ["job", "Job", "job ", "other"] {
      _ = try Expect.some(
        await subject.leases.claim(job, holder: "a", for: minute, at: start), "the claim of the job \(job)")
    }
  }

  private static func completions(_ subject: JobLeasesSubject) async throws {
    try Expect.none(await subject.leases.lastCompletion(of: "job"), "the completion of a job that nobody noted")
    let lease = try await claim(subject.leases)
    try Expect.none(await subject.peer.lastCompletion(of: "job"), "the completion of a job that is only claimed")
    for (offset, latest) in [(5, 5), (3, 5), (5, 5), (8, 8)] as [(Int64, Int64)] {
      try await subject.leases.noteCompletion(of: "job", at: start + .seconds(offset))
      try Expect.equal(
        await subject.peer.lastCompletion(of: "job"), start + .seconds(latest), "the latest after \(offset)")
    }
    try await subject.leases.release(lease)
    _ = try await claim(subject.peer, "b")
    try Expect.equal(
      await subject.leases.lastCompletion(of: "job"), start + .seconds(8), "the completion after a claim")
    try Expect.none(await subject.leases.lastCompletion(of: "Job"), "another job's completion")
  }

  private static func oneClaim(_ subject: JobLeasesSubject) async throws {
    let outcomes = await concurrently(8) { number in
      try await (number % 2 == 0 ? subject.leases : subject.peer).claim(
        "job", holder: "h\(number)", for: minute, at: start)
    }
    for error in outcomes.errors() { throw error }
    try Expect.equal((outcomes.answers() as [JobLease?]).compactMap(\.self).count, 1, "how many claims succeeded")
  }
}
