internal import Logging
internal import SaaSCore
internal import ServiceLifecycle

/// Work that is done once an interval by one server of all those on a database, until the server shuts down.
struct PeriodicJob: Service {
  let name: String
  let interval: Duration
  let leases: any JobLeases
  let holder: String
  let clock: any WallClock
  let logger: Logger
  let work: @Sendable (Timestamp) async throws -> Void

  /// How long a server that died keeps others from the work.
  private static let leaseDuration = Duration.seconds(600)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await once()
        do { try await clock.sleep(for: interval) } catch { return }
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
      try await leases.release(lease)
    } catch is CancellationError {
      return
    } catch {
      logger.warning("a job failed", metadata: ["job": "\(name)", "error": "\(error)"])
    }
  }
}
