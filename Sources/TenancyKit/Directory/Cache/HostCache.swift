internal import SaaSCore

/// What a ``CachingHostResolver`` knows and is about to know: a plain value, changed under its lock.
///
/// Two rules keep it right when a change and a load cross. A load that was under way when a change was announced, and that
/// may have read the state before it, is answered to those who asked before and is not kept; and nobody who asks
/// afterwards waits for it.
struct HostCache {
  /// What was read for one host.
  struct Entry {
    let resolution: HostResolution
    /// Every tenant from whose records it follows.
    let tenants: [TenantID]
    let readAt: Timestamp
    /// When it ends whatever its age: the end of the hold that it follows from.
    let validUntil: Timestamp
    /// The reign in which it was read; that of an older one is good only while the store fails.
    let reign: UInt64
  }

  typealias Waiter = CheckedContinuation<LoadOutcome, Never>

  /// How a load ended, for those who waited for it.
  enum LoadOutcome: Sendable {
    /// What the store has on the host.
    case read(HostRecords)
    case failed(TenantStoreError)
    /// The task that loaded was cancelled; those who waited try again themselves.
    case abandoned
  }

  private struct Flight {
    let host: HostName
    var waiters: [Waiter] = []
    /// A change of this host was announced, or one whose hosts are not known.
    var isOverrun = false
    /// The tenants whose changes were announced.
    var changed: Set<TenantID> = []
  }

  private var served: RecencyList<HostName, Entry>
  private var negative: RecencyList<HostName, Entry>
  private var dependents: [TenantID: Set<HostName>] = [:]
  private var flights: [UInt64: Flight] = [:]
  private var newestFlight: [HostName: UInt64] = [:]
  private var lastFlight: UInt64 = 0
  private var reign: UInt64 = 0

  init(capacity: Int, negativeCapacity: Int) {
    served = RecencyList(capacity: capacity)
    negative = RecencyList(capacity: negativeCapacity)
  }

  var count: (served: Int, negative: Int) { (served.count, negative.count) }
  var waiterCount: Int { flights.values.reduce(0) { $0 + $1.waiters.count } }

  // MARK: Reading

  /// A host's answer if it is younger than its lifetime.
  mutating func fresh(_ host: HostName, at now: Timestamp, lifetime: Duration, negativeLifetime: Duration)
    -> HostResolution?
  {
    guard let entry = served.use(host) ?? negative.use(host), entry.reign == reign, now < entry.validUntil else {
      return nil
    }
    // A clock that was set back must not make an answer live on.
    let age = now.duration(since: entry.readAt)
    let limit = entry.resolution.isNegative ? negativeLifetime : lifetime
    return age < limit && .zero - age < limit ? entry.resolution : nil
  }

  /// A host's last answer while the store fails, if it was read no longer ago than the limit.
  func stale(_ host: HostName, at now: Timestamp, limit: Duration) -> HostResolution? {
    guard let entry = served.peek(host) ?? negative.peek(host), now < entry.validUntil,
      now.duration(since: entry.readAt) <= limit
    else { return nil }
    return entry.resolution
  }

  // MARK: Loading

  /// The load of a host that somebody who asks now may wait for.
  func joinable(_ host: HostName) -> UInt64? {
    guard let number = newestFlight[host], let flight = flights[number], !flight.isOverrun, flight.changed.isEmpty
    else {
      return nil
    }
    return number
  }

  mutating func wait(for number: UInt64, _ waiter: Waiter) { flights[number]?.waiters.append(waiter) }

  /// Says that a host is being loaded.
  mutating func begin(_ host: HostName) -> UInt64 {
    lastFlight += 1
    flights[lastFlight] = Flight(host: host)
    newestFlight[host] = lastFlight
    return lastFlight
  }

  /// Ends a load; keeps what it brought if no change has overrun it, and gives those who wait for it.
  mutating func end(
    _ number: UInt64, with loaded: (resolution: HostResolution, records: HostRecords)?, readAt now: Timestamp
  ) -> [Waiter] {
    guard let flight = flights.removeValue(forKey: number) else { return [] }
    if newestFlight[flight.host] == number { newestFlight[flight.host] = nil }
    if let loaded, !flight.isOverrun {
      let tenants = loaded.records.tenants
      if flight.changed.isDisjoint(with: tenants) {
        let hold = loaded.resolution.kind == .moved ? loaded.records.hold?.hold.until : nil
        insert(
          Entry(
            resolution: loaded.resolution, tenants: tenants, readAt: now, validUntil: hold ?? .distantFuture,
            reign: reign), for: flight.host)
      }
    }
    return flight.waiters
  }

  private mutating func insert(_ entry: Entry, for host: HostName) {
    remove(host)
    let evicted =
      entry.resolution.isNegative ? negative.insert(entry, for: host) : served.insert(entry, for: host)
    if let evicted { forget(evicted.key, of: evicted.value.tenants) }
    for tenant in entry.tenants { dependents[tenant, default: []].insert(host) }
  }

  // MARK: Changes

  /// Forgets everything that may follow from a tenant's state before a change.
  /// - Parameter hosts: every host that is the tenant's after it.
  mutating func forget(_ tenant: TenantID, now owning: some Sequence<HostName>) {
    for host in dependents[tenant] ?? [] { remove(host) }
    let owned = Set(owning)
    for host in owned { remove(host) }
    for number in Array(flights.keys) {
      flights[number]?.changed.insert(tenant)
      if let host = flights[number]?.host, owned.contains(host) { flights[number]?.isOverrun = true }
    }
  }

  /// Takes everything for old: it is good for nothing but a store that fails.
  mutating func expireAll() {
    reign += 1
    for number in Array(flights.keys) { flights[number]?.isOverrun = true }
  }

  private mutating func remove(_ host: HostName) {
    guard let entry = served.remove(host) ?? negative.remove(host) else { return }
    forget(host, of: entry.tenants)
  }

  private mutating func forget(_ host: HostName, of tenants: [TenantID]) {
    for tenant in tenants {
      dependents[tenant]?.remove(host)
      if dependents[tenant]?.isEmpty == true { dependents[tenant] = nil }
    }
  }
}

extension HostRecords {
  /// Every tenant that has a part in them.
  fileprivate var tenants: [TenantID] {
    mappings.map(\.tenant.id) + [slugOwner?.id, hold?.tenant.id].compactMap(\.self)
  }
}
