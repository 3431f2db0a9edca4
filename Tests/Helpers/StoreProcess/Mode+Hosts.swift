#if SQLite
  import Foundation
  import SaaSCore
  import SQLiteStore
  import TenancyKit

  extension Mode {
    /// `serve-hosts FILE DOMAIN MILLISECONDS`: keeps a directory of the platform domain that refreshes itself at this
    /// interval. For each line `COUNT HOST` that it reads it waits until that many refreshes have ended, and writes the
    /// verdict's kind, and the tenant or the reason.
    static let serveHosts = Mode(name: "serve-hosts") { store, arguments in
      guard arguments.count == 2, let milliseconds = Int(arguments[1]) else { return }
      let clock = SleepCountingClock()
      let directory = try await HostDirectory(
        platform: Platform(domains: [arguments[0]]), store: store, refreshInterval: .milliseconds(milliseconds),
        clock: clock)
      let running = Task { await directory.run() }
      // Read by a thread of its own, so that waiting for a line holds up no task.
      let (lines, sink) = AsyncStream<String>.makeStream()
      Thread.detachNewThread {
        while let line = readLine() { sink.yield(line) }
        sink.finish()
      }
      for await line in lines {
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 2, let count = Int(parts[0]) else { return }
        await clock.sleeps(count)
        let verdict = directory.verdict(forHost: parts[1], at: SystemWallClock().now())
        let tenant = directory.context(for: verdict)?.tenantID.rawValue
        tell("\(verdict.kind) \(tenant ?? verdict.reason.map { "\($0)" } ?? "-")")
      }
      running.cancel()
      await running.value
    }
  }

  /// A clock that tells how often somebody went to sleep by it: a directory that refreshes itself does after each refresh.
  private final class SleepCountingClock: WallClock {
    private struct State {
      var count = 0
      var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Lock(State())

    /// Returns when somebody went to sleep so many times from now on.
    func sleeps(_ count: Int) async {
      guard count > 0 else { return }
      await withCheckedContinuation { continuation in
        state.withLock { $0.waiting.append(($0.count + count, continuation)) }
      }
    }

    func now() -> Timestamp { SystemWallClock().now() }

    func sleep(for duration: Duration) async throws {
      let due = state.withLock { state in
        state.count += 1
        let due = state.waiting.filter { $0.count <= state.count }.map(\.continuation)
        state.waiting.removeAll { $0.count <= state.count }
        return due
      }
      for continuation in due { continuation.resume() }
      try await SystemWallClock().sleep(for: duration)
    }
  }
#endif
