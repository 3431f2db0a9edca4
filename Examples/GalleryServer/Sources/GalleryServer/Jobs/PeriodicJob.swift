internal import Logging
internal import SaaSCore
internal import ServiceLifecycle

/// Work that is done once an interval by one server of all those on a database, until the server shuts down.
///
/// The lease is kept until the interval is over, so that no other server does the work again meanwhile, nor this one after
/// a restart.
struct PeriodicJob: Service {
  let name: String
  let interval: Duration
  let leases: any JobLeases
  let holder: String
  let clock: any WallClock
  let logger: Logger
  let work: @Sendable (Timestamp) async throws -> Void

  /// How long a server that died at work keeps others from it.
  private static let leaseDuration = Duration.seconds(600)
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

  /// Does the work if no other server does. A failure is told and tried again at the next interval.
  private func once() async {
    do {
      let now = clock.now()
      guard let lease = try await leases.claim("gallery." + name, holder: holder, for: Self.leaseDuration, at: now)
      else { return }
      do {
        try await work(now)
      } catch {
        try await leases.release(lease)
        throw error
      }
      let end = clock.now()
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
}
