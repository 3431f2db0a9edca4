import SaaSCore
import TenancyKit

/// Measures the library on a directory and prints one `name value` line for each figure: nanoseconds per look-up unless
/// the name says otherwise.
struct Measurement {
  let data: DirectoryData
  let passes: Int

  private static let batchSize = 256
  private static let stringBlock = 4_096

  func run(_ only: Set<String>?) async throws {
    func wants(_ section: String) -> Bool { only?.contains(section) ?? true }
    var tenants = try data.tenants()
    let before = residentBytes()
    var made: HostIndex?
    let build = try ContinuousClock().measure { made = try HostIndex(platform: data.platform, tenants: tenants) }
    guard let index = made else { return }
    report("build.ms", build / .milliseconds(1))
    if let before, let after = residentBytes() {
      report("memory.bytes", Double(after - before) / Double(data.hostCount))
      report("payload.bytes", Double(data.payloadBytes) / Double(data.hostCount))
    }
    let needsDirectory = ["directory", "context", "threads", "changes"].contains { wants($0) }
    if !needsDirectory { tenants = [] }
    for (name, requests) in [("zipf", data.zipf), ("uniform", data.uniform)] {
      print("check.\(name) \(Tally(requests, in: index).line)")
      if wants("one") {
        report("\(name).one", best(requests.count) { LookUps.one(requests, 0..<requests.count, in: index) })
      }
      if wants("batch") {
        report(
          "\(name).batch",
          best(requests.count) { LookUps.batch(requests, 0..<requests.count, in: index, of: Self.batchSize) })
      }
      if wants("string") { reportStrings(name, requests, index) }
    }
    guard needsDirectory else { return }
    try await measureDirectory(tenants, wants)
  }

  private func measureDirectory(_ tenants: [TenantHosts], _ wants: (String) -> Bool) async throws {
    let store = FileTenantStore(tenants)
    let directory = try await HostDirectory(platform: data.platform, store: store)
    for (name, requests) in [("zipf", data.zipf), ("uniform", data.uniform)] {
      let all = 0..<requests.count
      var works: [(name: String, body: () -> Int)] = []
      if wants("directory") || wants("context") {
        works.append(("directory", { LookUps.one(requests, all, in: directory) }))
      }
      if wants("context") {
        works.append(("context", { LookUps.contexts(requests, all, in: directory) }))
        works.append(("context.kept", { LookUps.keptContexts(requests, all, in: directory, of: Self.batchSize) }))
      }
      for work in works { keep(work.body()) }
      for (work, time) in zip(works, inTurn(works.map { work in { time(work.body) } })) {
        report("\(name).\(work.name)", time / Double(requests.count))
      }
    }
    if wants("threads") || wants("context") {
      let copy = try await HostDirectory(platform: data.platform, store: store)
      if wants("threads") { try reportHot(directory, copy) }
      if wants("context") { reportContexts(directory, copy) }
    }
    if wants("changes") { try await reportChanges(tenants, store, directory) }
  }

  /// Strings and arrays of bytes are made a block at a time just before they are looked up, as a server's own are, so that
  /// what is compared is the way to the bytes and not the memory that a million of them lie in. Taking a value from its
  /// block counts a reference to it in either case.
  private func reportStrings(_ name: String, _ requests: Requests, _ index: HostIndex) {
    let clock = ContinuousClock()
    var strings = Duration.zero
    var bytes = Duration.zero
    var found = 0
    var start = 0
    while start < requests.count {
      let range = start..<min(start + Self.stringBlock, requests.count)
      let texts = requests.strings(range)
      let arrays = requests.arrays(range)
      // Once without the clock, so that both find the same lines in the cache, and each first in every other block.
      found &+= LookUps.one(requests, range, in: index)
      let stringsFirst = start / Self.stringBlock % 2 == 0
      if stringsFirst { strings += clock.measure { found &+= LookUps.strings(texts, in: index) } }
      bytes += clock.measure { found &+= LookUps.arrays(arrays, in: index) }
      if !stringsFirst { strings += clock.measure { found &+= LookUps.strings(texts, in: index) } }
      start = range.upperBound
    }
    keep(found)
    report("\(name).string", strings / .nanoseconds(1) / Double(requests.count))
    report("\(name).string.bytes", bytes / .nanoseconds(1) / Double(requests.count))
  }

  // MARK: Threads

  /// One hot tenant: alone, by two threads in one directory, and by two threads with a directory each.
  private func reportHot(_ directory: HostDirectory, _ copy: HostDirectory) throws {
    let host = Array(data.zipf.bytes[0..<data.zipf.ends[0]])
    let times = 2_000_000
    let single = best(times) { LookUps.hot(host, times: times, in: directory) }
    let nanoseconds = inTurn([
      { both(directory, directory) { LookUps.hot(host, times: times, in: $0) } },
      { both(directory, copy) { LookUps.hot(host, times: times, in: $0) } },
    ])
    report("hot.one", single)
    for (name, time) in zip(["shared", "apart"], nanoseconds) { report("hot.two.\(name)", time / Double(times)) }
  }

  private func reportContexts(_ directory: HostDirectory, _ copy: HostDirectory) {
    let requests = data.zipf
    let all = 0..<requests.count
    let nanoseconds = inTurn([
      { both(directory, directory) { LookUps.contexts(requests, all, in: $0) } },
      { both(directory, copy) { LookUps.contexts(requests, all, in: $0) } },
      { both(directory, directory) { LookUps.one(requests, all, in: $0) } },
    ])
    for (name, time) in zip(["shared", "apart", "verdict"], nanoseconds) {
      report("context.two.\(name)", time / Double(requests.count))
    }
  }

  /// Nanoseconds until two threads, each with its directory, are done.
  private func both(
    _ first: HostDirectory, _ second: HostDirectory, _ body: @escaping @Sendable (HostDirectory) -> Int
  ) -> Double {
    let time = ContinuousClock().measure {
      let other = WorkThread { keep(body(second)) }
      keep(body(first))
      other.wait()
    }
    return time / .nanoseconds(1)
  }

  /// The least time of each of some works, whose times are compared and which so take turns: the machine is slower in some
  /// seconds than in others.
  private func inTurn(_ works: [() -> Double]) -> [Double] {
    var least = Array(repeating: Double.infinity, count: works.count)
    for _ in 0..<max(passes, 5) {
      for (place, work) in works.enumerated() { least[place] = min(least[place], work()) }
    }
    return least
  }

  /// Nanoseconds that work takes.
  private func time(_ body: () -> Int) -> Double {
    ContinuousClock().measure { keep(body()) } / .nanoseconds(1)
  }

  // MARK: Changes

  /// How many tenants a pass changes.
  private static let changes = 501

  /// How long one change in the store takes until the directory answers by it: the least of the passes' medians, and the
  /// slowest of all.
  private func reportChanges(_ tenants: [TenantHosts], _ store: FileTenantStore, _ directory: HostDirectory)
    async throws
  {
    var medians: [Double] = []
    var slowest = 0.0
    for pass in 0..<passes {
      let changed = tenants.dropFirst(pass * Self.changes).prefix(Self.changes)
      guard let times = try await changeTimes(changed, of: pass, store, directory), let last = times.last else {
        print("error the change was not visible")
        return
      }
      medians.append(times[times.count / 2])
      slowest = max(slowest, last)
    }
    report("change.us", medians.min() ?? 0)
    report("change.slowest.us", slowest)
  }

  /// The microseconds of changes, in growing order; nil where one was not visible.
  private func changeTimes(
    _ tenants: ArraySlice<TenantHosts>, of pass: Int, _ store: FileTenantStore, _ directory: HostDirectory
  ) async throws -> [Double]? {
    let clock = ContinuousClock()
    var times: [Double] = []
    for (number, old) in tenants.enumerated() {
      let name = "renamed-\(pass)-\(number)"
      let tenant = Tenant(
        id: old.tenant.id, organizationID: old.tenant.organizationID, slug: try Slug(name),
        createdAt: old.tenant.createdAt)
      let hold = SlugHold(slug: old.tenant.slug, tenantID: tenant.id, until: .distantFuture)
      store.change(TenantHosts(tenant: tenant, holds: [hold], mappings: old.mappings))
      let start = clock.now
      try await directory.refresh()
      times.append((clock.now - start) / .microseconds(1))
      let host = "\(name).\(data.platform.domains[0])"
      guard directory.verdict(forHost: host, at: LookUps.now).kind == .tenant else { return nil }
    }
    return times.sorted()
  }

  // MARK: Times

  /// The least nanoseconds per look-up of some passes, after one that is not timed.
  private func best(_ count: Int, _ body: () -> Int) -> Double {
    keep(body())
    return ((0..<passes).map { _ in time(body) }.min() ?? 0) / Double(count)
  }

  private func report(_ name: String, _ value: Double) {
    print("\(name) \((value * 1_000).rounded() / 1_000)")
  }
}

/// Uses a value, so that finding it is not left out.
@inline(never)
func keep(_ value: Int) {}
