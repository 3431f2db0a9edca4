internal import Logging
internal import SaaSCore
internal import ServiceLifecycle

/// Work that is done once an interval by one server of all those on a database, until the server shuts down.
///
/// The lease is kept while the work goes on, and then until the interval is over, so that no other server does the work again
/// meanwhile, nor this one after a restart. The lease of a server that died at work ends soon, and another does the work.
struct PeriodicJob: Service {
  /// The name by which all servers know the job.
  let name: String
  let interval: Duration
  let leases: any JobLeases
  let holder: String
  let clock: any WallClock
  let logger: Logger
  /// How long a server that died at work keeps others from it; three renewals fit in.
  var leaseDuration = Duration.seconds(30)
  let work: @Sendable (Timestamp) async throws -> Void

  /// How often a server looks whether it is its turn.
  private static let longestPause = Duration.seconds(60)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await once()
        do { try await clock.sleep(for: min(interval, Self.longestPause)) } catch { return }
      }
    }
  }

  /// Does the work if no other server does. A failure is told and tried again at the next look.
  private func once() async {
    do {
      let now = clock.now()
      guard let lease = try await leases.claim(name, holder: holder, for: leaseDuration, at: now) else { return }
      do {
        try await keeping(lease) { try await work(now) }
        // What shutting down cut short is not done.
        try Task.checkCancellation()
      } catch {
        try? await leases.release(lease)
        throw error
      }
      logger.debug("a job was done", metadata: ["job": "\(name)", "fence": "\(lease.fence)", "turn": "\(now.iso8601)"])
      let end = clock.now()
      try await leases.noteCompletion(of: name, at: end)
      let rest = (now + interval).duration(since: end)
      if rest > .zero {
        _ = try await leases.renew(lease, for: rest, at: end)
      } else {
        try await leases.release(lease)
      }
    } catch is CancellationError {
      return
    } catch {
      logger.warning("a job failed", metadata: ["job": "\(name)", "error": "\(error)"])
    }
  }

  private struct LeaseLost: Error {}

  /// Does the work under a lease that is renewed meanwhile; ends the work where the lease is lost all the same.
  private func keeping(_ lease: JobLease, _ work: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await work() }
      group.addTask {
        while true {
          try await Task.sleep(for: leaseDuration / 3)
          let renewed: JobLease?
          do throws(StoreError) {
            renewed = try await leases.renew(lease, for: leaseDuration, at: clock.now())
          } catch {
            // The lease lasts for two more tries.
            continue
          }
          if renewed == nil { throw LeaseLost() }
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
