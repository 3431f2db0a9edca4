public import SaaSCore

/// An index of hosts that is kept current from a store, for many threads to read at once.
///
/// Reading never waits, takes no lock and counts no shared reference. ``refresh()`` applies what changed in the store in
/// time proportional to the change; the services of this kit call it after each write, so that writes through this
/// process are visible when they return. ``run()`` calls it once every refresh interval for the writes of others.
///
/// While the store fails, the directory goes on serving what it has and ``status`` tells its age.
public final class HostDirectory: Sendable {
  /// The platform whose hosts these are.
  public let platform: Platform
  /// How often ``run()`` looks for the writes of other processes.
  public let refreshInterval: Duration

  private let store: any TenantStore
  private let clock: any WallClock
  private let observer: any ServiceObserver
  private let published: PublishedObject<HostIndexStorage>
  private let replaced: PublishedObject<ReplacedIndexes>
  private let progress: Lock<Progress>
  private let secret: HostHashSecret
  // Not private, so that tests can wait until callers wait.
  let turns = SerialTurns<TenantStoreError>()

  private struct Progress {
    var revision: Int64
    var refreshedAt: Timestamp
    var failure: TenantStoreError?
  }

  /// The indexes in whose place others were put that were made anew, the latest first, for verdicts given just before.
  private final class ReplacedIndexes: Sendable {
    let all: [(storage: HostIndexStorage, replacedAt: Timestamp)]

    init(_ all: [(storage: HostIndexStorage, replacedAt: Timestamp)]) { self.all = all }

    /// The index that gave a verdict.
    func origin(of verdict: HostVerdict) -> HostIndexStorage? {
      all.first { $0.storage.generation == verdict.generation }?.storage
    }
  }

  /// How current a directory is.
  public struct Status: Sendable, Hashable {
    /// The store's revision up to which every change is visible.
    public let revision: Int64
    /// When the store last said that this is all.
    public let refreshedAt: Timestamp
    /// Why the last attempt failed; nil where it did not.
    public let failure: TenantStoreError?
    /// How many tenants the index has.
    public let tenantCount: Int

    /// How long ago the index was known to be current.
    public func age(at now: Timestamp) -> Duration { now.duration(since: refreshedAt) }
  }

  /// Loads a directory from a store.
  ///
  /// - Parameter refreshInterval: how long the writes of other processes may take to be seen.
  /// - Throws: ``TenantStoreError`` where the store fails; `store(.unavailable)` with the reason where the directory does
  ///   not fit into an index (a ``CachingHostResolver`` serves such a store).
  /// - Complexity: O(n) for n hosts.
  public convenience init(
    platform: Platform, store: any TenantStore, refreshInterval: Duration = .seconds(5),
    clock: any WallClock = SystemWallClock(), observer: any ServiceObserver = SilentObserver()
  ) async throws(TenantStoreError) {
    try await self.init(
      platform: platform, store: store, refreshInterval: refreshInterval, clock: clock, observer: observer,
      secret: .ofProcess)
  }

  /// The same with a secret for hashing names that the caller chose.
  init(
    platform: Platform, store: any TenantStore, refreshInterval: Duration, clock: any WallClock,
    observer: any ServiceObserver = SilentObserver(), secret: HostHashSecret
  ) async throws(TenantStoreError) {
    self.platform = platform
    self.secret = secret
    self.store = store
    self.refreshInterval = refreshInterval
    self.clock = clock
    self.observer = observer
    let started = clock.now()
    let (index, revision) = try await Self.load(platform: platform, store: store, secret: secret)
    published = PublishedObject(index)
    replaced = PublishedObject(ReplacedIndexes([]))
    progress = Lock(Progress(revision: revision, refreshedAt: started, failure: nil))
    // Changes that came while the pages were read.
    try await refresh()
  }

  // MARK: Reading

  /// The verdict of a Host header's value; see ``HostIndex/verdict(forHost:at:)-(String,_)``.
  public func verdict(forHost host: String, at now: Timestamp) -> HostVerdict {
    withBytes(of: host) { bytes in published.read { $0.verdict(bytes, at: now) } }
  }

  /// The verdict of a Host header's value, given as the bytes that were received.
  public func verdict(forHost host: Span<UInt8>, at now: Timestamp) -> HostVerdict {
    host.withUnsafeBytes { bytes in published.read { $0.verdict(bytes, at: now) } }
  }

  /// The verdict of a Host header's value with what it names, all from one moment.
  public func resolve(_ host: String, at now: Timestamp) -> HostResolution {
    withBytes(of: host) { bytes in published.read { $0.resolution(bytes, at: now) } }
  }

  /// The verdict of a Host header's value, given as bytes, with what it names, all from one moment.
  public func resolve(_ host: Span<UInt8>, at now: Timestamp) -> HostResolution {
    host.withUnsafeBytes { bytes in published.read { $0.resolution(bytes, at: now) } }
  }

  /// The verdict of a Host header's value with the right to act for its tenant, where it is served: what a request needs,
  /// and the cheapest way to it.
  @inlinable
  public func verdictAndContext(forHost host: Span<UInt8>, at now: Timestamp) -> (HostVerdict, TenantContext?) {
    let found = foundTenant(forHost: host, at: now)
    if found.presence == .boxed { return verdictAndLongContext(found.verdict, forHost: host, at: now) }
    return (found.verdict, found.context)
  }

  /// The right to act for the tenant of a verdict that this directory gave: for the kind `tenant`, else nil.
  ///
  /// The verdict may be older than the last change. It is good for at least one refresh interval; after that, and for a
  /// verdict of another directory, the answer is nil.
  public func context(for verdict: HostVerdict) -> TenantContext? {
    if let context = published.read({ $0.context(for: verdict) }) { return context }
    return replaced.read { $0.origin(of: verdict)?.context(for: verdict) }
  }

  /// The tenant of a verdict that this directory gave: for the kinds `tenant`, `suspended` and `moved`, else nil.
  public func tenantID(for verdict: HostVerdict) -> TenantID? {
    if let id = published.read({ $0.tenantID(for: verdict) }) { return id }
    return replaced.read { $0.origin(of: verdict)?.tenantID(for: verdict) }
  }

  /// The host to which the host of a `moved` verdict moved, under the same platform domain; else nil.
  public func movedHost(for verdict: HostVerdict) -> HostName? {
    if let host = published.read({ $0.movedHost(for: verdict) }) { return host }
    return replaced.read { $0.origin(of: verdict)?.movedHost(for: verdict) }
  }

  /// What ``verdictAndContext(forHost:at:)`` puts together in its caller.
  @usableFromInline
  func foundTenant(forHost host: Span<UInt8>, at now: Timestamp) -> FoundTenant {
    host.withUnsafeBytes { bytes in published.read { $0.foundTenant(bytes, at: now) } }
  }

  /// A verdict that this directory just gave for a host, with its context, whose names need a box.
  @usableFromInline
  @inline(never)
  func verdictAndLongContext(_ verdict: HostVerdict, forHost host: Span<UInt8>, at now: Timestamp)
    -> (HostVerdict, TenantContext?)
  {
    if let context = context(for: verdict) { return (verdict, context) }
    // The index that gave the verdict was replaced and let go meanwhile.
    return host.withUnsafeBytes { bytes in
      published.read { index in
        let verdict = index.verdict(bytes, at: now)
        return (verdict, index.context(for: verdict))
      }
    }
  }

  /// The index as it is now, for batches and for those who want one moment for many look-ups.
  public var index: HostIndex { HostIndex(storage: published.value) }

  /// How current the directory is.
  public var status: Status {
    let progress = progress.withLock { $0 }
    return Status(
      revision: progress.revision, refreshedAt: progress.refreshedAt, failure: progress.failure,
      tenantCount: published.read { $0.tenantCount })
  }

  // MARK: Keeping current

  /// Applies everything that changed in the store before this call. Concurrent calls share their reads, and their failure.
  /// - Throws: ``TenantStoreError`` where the store fails; the directory goes on serving what it has.
  public func refresh() async throws(TenantStoreError) {
    try await turns.run { () async throws(TenantStoreError) in
      let started = self.clock.now()
      do throws(TenantStoreError) {
        try await self.applyChanges()
        self.progress.withLock { progress in
          progress.refreshedAt = max(progress.refreshedAt, started)
          progress.failure = nil
        }
      } catch {
        self.progress.withLock { $0.failure = error }
        self.observer.count("hosts.refresh.failed")
        self.observer.notice(Notice(.warning, "hosts.refresh.failed", "the directory could not be refreshed: \(error)"))
        throw error
      }
      self.published.reclaim()
      self.dropReplaced(at: started)
    }
  }

  /// Refreshes once every interval until the task is cancelled; a failing store is tried again at the next one.
  public func run() async {
    while !Task.isCancelled {
      do {
        try await clock.sleep(for: refreshInterval)
      } catch {
        return
      }
      // The failure is in `status` and was told to the observer.
      try? await refresh()
    }
  }

  private func applyChanges() async throws(TenantStoreError) {
    var revision = progress.withLock { $0.revision }
    // Published once at the end, so that no reader sees a part of what one transaction did to several tenants.
    var changed: [TenantHosts] = []
    var hasReloaded = false
    while true {
      switch try await store.changes(after: revision, limit: .maximum) {
      case .reload:
        // A store that keeps no feed at all says so again; what was just loaded is as current as it gets.
        if hasReloaded { return }
        hasReloaded = true
        let (index, loaded) = try await Self.load(platform: platform, store: store, secret: secret)
        replace(with: index)
        progress.withLock { $0.revision = loaded }
        revision = loaded
        changed = []
      case .changes(let hosts, let through):
        changed += hosts
        let isLast = hosts.isEmpty || through <= revision
        revision = max(revision, through)
        if isLast {
          try apply(changed)
          progress.withLock { $0.revision = revision }
          return
        }
      }
    }
  }

  private func apply(_ changed: [TenantHosts]) throws(TenantStoreError) {
    guard !changed.isEmpty else { return }
    let present = published.value
    let next: HostIndexStorage
    do { next = try present.applying(changed) } catch { throw Self.tooLarge }
    if next.generation == present.generation { published.publish(next) } else { replace(with: next) }
    observer.count("hosts.changed", by: Int64(changed.count), labels: [:])
  }

  /// Publishes an index with an arena of its own, and keeps the last one for the verdicts it gave.
  private func replace(with index: HostIndexStorage) {
    replaced.publish(ReplacedIndexes([(published.value, clock.now())] + replaced.value.all))
    published.publish(index)
  }

  /// Lets go of each index that was replaced longer ago than an interval.
  private func dropReplaced(at now: Timestamp) {
    let all = replaced.value.all
    let kept = all.filter { now.duration(since: $0.replacedAt) <= refreshInterval }
    if kept.count < all.count { replaced.publish(ReplacedIndexes(kept)) }
    replaced.reclaim()
  }

  private static let tooLarge = TenantStoreError.store(
    .unavailable(.failed("the hosts do not fit into an index of four gibibytes")))

  private static func load(
    platform: Platform, store: any TenantStore, secret: HostHashSecret
  ) async throws(TenantStoreError) -> (HostIndexStorage, Int64) {
    // Read first: what changes while the pages are read comes again with the changes after it.
    let revision = try await store.revision()
    var builder = HostIndexBuilder(platform: platform, secret: secret)
    var next: TenantID?
    repeat {
      let page = try await store.hosts(after: next, limit: .maximum)
      for hosts in page.elements {
        do { try builder.append(hosts) } catch { throw tooLarge }
      }
      next = page.next
    } while next != nil
    do { return (try builder.finish().storage, revision) } catch { throw tooLarge }
  }
}

extension HostDirectory: HostRefreshing {
  /// Applies everything that changed in the store before this call, the given tenant's change among it.
  public func refresh(after change: TenantID) async throws(TenantStoreError) { try await refresh() }
}
