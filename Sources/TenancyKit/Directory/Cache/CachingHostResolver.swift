public import SaaSCore

/// Resolves hosts by asking a store, and remembers the answers for a short time: for directories that do not fit into
/// memory.
///
/// It answers as a ``HostDirectory`` does, one host at a time:
/// - Of several requests for one host that is not remembered, one asks the store and the others wait for it.
/// - Hosts that are nobody's are remembered too, in room of their own, so that a flood of made-up names pushes out no
///   tenant's host and reaches the store at most once per name and lifetime.
/// - Changes made by this process are seen at once, because its services call ``refresh(after:)``, and those of others
///   within the lifetime. An answer that crosses a change on its way is not remembered.
/// - While the store fails, a host's last answer is given on for up to the stale limit after it was read; past that, and
///   for hosts that are not remembered, the failure is thrown. A tenant that another process suspends meanwhile is so long
///   still served.
/// - A slug's hold ends at its instant, whatever the lifetime.
public final class CachingHostResolver: Sendable {
  /// The platform whose hosts these are.
  public let platform: Platform
  /// For how long an answer that a host is somebody's is good.
  public let lifetime: Duration
  /// For how long an answer that a host is nobody's is good.
  public let negativeLifetime: Duration
  /// For how long after it was read an answer is given while the store fails.
  public let staleLimit: Duration

  private let store: any TenantStore
  private let observer: any ServiceObserver
  private let cache: Lock<HostCache>

  /// A resolver that remembers nothing yet.
  ///
  /// - Parameters:
  ///   - capacity: how many hosts are remembered that are somebody's, at least one; each takes about half a kibibyte.
  ///   - negativeCapacity: how many hosts are remembered that are nobody's, at least one.
  public init(
    platform: Platform, store: any TenantStore, capacity: Int = 100_000, negativeCapacity: Int = 10_000,
    lifetime: Duration = .seconds(5), negativeLifetime: Duration = .seconds(5), staleLimit: Duration = .seconds(300),
    observer: any ServiceObserver = SilentObserver()
  ) {
    self.platform = platform
    self.store = store
    self.lifetime = lifetime
    self.negativeLifetime = negativeLifetime
    self.staleLimit = staleLimit
    self.observer = observer
    cache = Lock(HostCache(capacity: capacity, negativeCapacity: negativeCapacity))
  }

  /// The verdict of a Host header's value with what it names.
  ///
  /// Malformed values, platform domains and reserved words are settled without the store.
  /// - Parameter now: the instant by which holds and the ages of answers are judged.
  /// - Throws: ``TenantStoreError`` where the store fails and no answer is young enough to stand in.
  public func resolve(_ host: String, at now: Timestamp) async throws(TenantStoreError) -> HostResolution {
    try await resolve(HostHeader(Array(host.utf8).span), at: now)
  }

  /// The verdict of a Host header's value, given as bytes, with what it names; see ``resolve(_:at:)-(String,_)``.
  public func resolve(_ host: [UInt8], at now: Timestamp) async throws(TenantStoreError) -> HostResolution {
    try await resolve(HostHeader(host.span), at: now)
  }

  private func resolve(_ header: HostHeader, at now: Timestamp) async throws(TenantStoreError) -> HostResolution {
    switch header {
    case .malformed(let reason): return .notFound(reason)
    case .name(let host):
      let hostClass = platform.classify(host)
      if let decided = HostRules.resolve(hostClass) { return decided }
      return try await resolve(host, as: hostClass, at: now)
    }
  }

  private func resolve(_ host: HostName, as hostClass: HostClass, at now: Timestamp) async throws(TenantStoreError)
    -> HostResolution
  {
    while true {
      let outcome: HostCache.LoadOutcome
      let step: Step = cache.withLock { cache in self.step(for: host, at: now, in: &cache) }
      switch step {
      case .answer(let resolution): return resolution
      case .load(let number): outcome = await load(host, as: hostClass, number: number, at: now)
      case .wait: outcome = await join(host)
      }
      switch outcome {
      // Each asks at an instant of its own, by which a hold may be over.
      case .read(let records): return HostRules.resolve(host, as: hostClass, from: records, on: platform, at: now)
      case .failed(let error): return try standIn(for: host, at: now, error)
      case .abandoned: continue
      }
    }
  }

  private enum Step: Sendable {
    case answer(HostResolution)
    case wait
    case load(UInt64)
  }

  /// What one who asks for a host has to do.
  private func step(for host: HostName, at now: Timestamp, in cache: inout HostCache) -> Step {
    if let fresh = cache.fresh(host, at: now, lifetime: lifetime, negativeLifetime: negativeLifetime) {
      return .answer(fresh)
    }
    return cache.joinable(host) == nil ? .load(cache.begin(host)) : .wait
  }

  /// Waits for the load of a host; where it has ended meanwhile, the one who asks looks again.
  private func join(_ host: HostName) async -> HostCache.LoadOutcome {
    await withCheckedContinuation { continuation in
      let isWaiting = cache.withLock { cache in
        guard let number = cache.joinable(host) else { return false }
        cache.wait(for: number, continuation)
        return true
      }
      if !isWaiting { continuation.resume(returning: .abandoned) }
    }
  }

  private func load(_ host: HostName, as hostClass: HostClass, number: UInt64, at now: Timestamp) async
    -> HostCache.LoadOutcome
  {
    let outcome: HostCache.LoadOutcome
    var loaded: (HostResolution, HostRecords)?
    do throws(TenantStoreError) {
      let records = try await store.records(host: host, slug: hostClass.slug)
      loaded = (HostRules.resolve(host, as: hostClass, from: records, on: platform, at: now), records)
      outcome = .read(records)
    } catch {
      outcome = .failed(error)
    }
    let waiters = cache.withLock { [loaded] cache in cache.end(number, with: loaded, readAt: now) }
    // A cancelled request's failure is its own; it tells those who waited nothing about the store.
    let told: HostCache.LoadOutcome = loaded == nil && Task.isCancelled ? .abandoned : outcome
    for waiter in waiters { waiter.resume(returning: told) }
    return outcome
  }

  private func standIn(for host: HostName, at now: Timestamp, _ error: TenantStoreError) throws(TenantStoreError)
    -> HostResolution
  {
    observer.count("hosts.cache.failed")
    guard let stale = cache.withLock({ $0.stale(host, at: now, limit: staleLimit) }) else { throw error }
    observer.count("hosts.cache.stale")
    return stale
  }

  /// How many hosts are remembered, and how many requests wait for another's load.
  var counts: (served: Int, negative: Int, waiting: Int) {
    cache.withLock { ($0.count.served, $0.count.negative, $0.waiterCount) }
  }
}

extension CachingHostResolver: HostRefreshing {
  /// Forgets whatever a change of one tenant may have made wrong.
  ///
  /// Where the store does not say which hosts are the tenant's now, everything that is remembered is taken for old: the
  /// next request for each host asks the store, and only while that fails the last answer is given.
  public func refresh(after change: TenantID) async throws(TenantStoreError) {
    do throws(TenantStoreError) {
      let hosts = try await store.hosts(of: change)
      let owned = hosts.map { $0.everyHost(on: platform) } ?? []
      cache.withLock { $0.forget(change, now: owned) }
    } catch {
      cache.withLock { $0.expireAll() }
      throw error
    }
  }
}

extension TenantHosts {
  /// Every host by which something can be found out about the tenant.
  fileprivate func everyHost(on platform: Platform) -> [HostName] {
    let slugs = [tenant.slug] + holds.map(\.slug)
    return slugs.flatMap { slug in platform.domains.indices.compactMap { platform.host(of: slug, under: $0) } }
      + mappings.map(\.host)
  }
}
