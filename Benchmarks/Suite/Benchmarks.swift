import Benchmark
import Foundation
import SaaSCore
import StripeGateway
import TenancyKit
import UsageKit

/// What a change to the library can make slower, each on one core and without a disk: for comparing two states of the
/// library with each other (`swift package benchmark baseline compare`). How it stands beside other libraries is `compare`'s.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput, .cpuTotal, .contextSwitches], warmupIterations: 3, scalingFactor: .kilo,
    maxDuration: .seconds(2))
  do {
    try hosts()
    try usage()
    try webhooks()
  } catch {
    print("the benchmarks' own data is wrong: \(error)")
    exit(1)
  }
}

private func hosts() throws {
  let data = try HostData(count: 10_000)
  Benchmark("look a host up: its bytes") { benchmark in
    for number in benchmark.scaledIterations {
      let host = data.hosts[number % data.hosts.count]
      blackHole(data.index.verdict(forHost: host.span, at: data.now))
    }
  }
  Benchmark("look a host up: a String") { benchmark in
    for number in benchmark.scaledIterations {
      blackHole(data.index.verdict(forHost: data.strings[number % data.strings.count], at: data.now))
    }
  }
  Benchmark("build an index of 10,000 tenants", configuration: .init(scalingFactor: .one)) { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(try HostIndex(platform: data.platform, tenants: data.tenants))
    }
  }
}

private func usage() throws {
  let data = try UsageData()
  Benchmark("price an event") { benchmark in
    for number in benchmark.scaledIterations {
      blackHole(try data.rates.cost(of: data.events[number % data.events.count]))
    }
  }
  Benchmark("record a batch of 100 events in memory", configuration: .init(scalingFactor: .one)) { benchmark in
    let store = InMemoryUsageStore()
    let tenant = try await data.tenant()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      blackHole(try await store.record([UsageBatch(data.writes, for: tenant)], at: data.now))
      // What recording has put off.
      blackHole(try await store.staleDays(limit: .maximum, of: tenant))
    }
    benchmark.stopMeasurement()
  }
}

private func webhooks() throws {
  let data = try WebhookData()
  Benchmark("verify and decode a webhook") { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(try data.webhooks.event(body: data.body, signature: data.signature, at: data.now))
    }
  }
  Benchmark("hash 4 KiB") { benchmark in
    for _ in benchmark.scaledIterations { blackHole(SHA256.hash(data.block)) }
  }
}
