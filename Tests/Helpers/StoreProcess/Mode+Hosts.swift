#if SQLite
  import Foundation
  import SaaSCore
  import SQLiteStore
  import TenancyKit

  extension Mode {
    /// `serve-hosts FILE DOMAIN MILLISECONDS`: keeps a directory of the platform domain that refreshes itself at this
    /// interval, and for each host that it reads as a line writes the verdict's kind, and the tenant or the reason.
    static let serveHosts = Mode(name: "serve-hosts") { store, arguments in
      guard arguments.count == 2, let milliseconds = Int(arguments[1]) else { return }
      let directory = try await HostDirectory(
        platform: Platform(domains: [arguments[0]]), store: store, refreshInterval: .milliseconds(milliseconds))
      let running = Task { await directory.run() }
      // Read by a thread of its own, so that waiting for a line holds up no task.
      let (hosts, sink) = AsyncStream<String>.makeStream()
      Thread.detachNewThread {
        while let line = readLine() { sink.yield(line) }
        sink.finish()
      }
      for await host in hosts {
        let verdict = directory.verdict(forHost: host, at: SystemWallClock().now())
        let tenant = directory.context(for: verdict)?.tenantID.rawValue
        tell("\(verdict.kind) \(tenant ?? verdict.reason.map { "\($0)" } ?? "-")")
      }
      running.cancel()
      await running.value
    }
  }
#endif
