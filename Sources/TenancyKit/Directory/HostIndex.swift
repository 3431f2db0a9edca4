public import SaaSCore

/// A directory of hosts at one moment: a pure function from a Host header's value and an instant to a verdict.
///
/// It is an immutable value. A look-up allocates nothing and counts no reference: it reads one line of a table and, where
/// something may be there, one entry, so that it costs two cache misses in a directory of any size. Names are hashed with
/// a secret of the process, because tenants choose them.
///
/// An index alone yields tenants' identifiers and never a ``TenantContext``; a ``HostDirectory``, which loads its index
/// from a store, does.
public struct HostIndex: Sendable {
  let storage: HostIndexStorage

  init(storage: HostIndexStorage) { self.storage = storage }

  /// Why an index cannot be made.
  public enum BuildError: Error, Sendable, Hashable {
    /// The names and identifiers take more than four gibibytes; a ``CachingHostResolver`` serves such directories.
    case tooLarge
  }

  /// An index of tenants with their holds and mappings.
  ///
  /// Where two tenants claim the same host, which no store lets happen, the later one has it.
  /// - Complexity: O(n) for n hosts.
  public init(platform: Platform, tenants: some Sequence<TenantHosts>) throws(BuildError) {
    try self.init(platform: platform, tenants: tenants, secret: .ofProcess)
  }

  init(platform: Platform, tenants: some Sequence<TenantHosts>, secret: HostHashSecret) throws(BuildError) {
    var builder = HostIndexBuilder(platform: platform, secret: secret)
    self = try Self.index(of: tenants, &builder)
  }

  private static func index(of tenants: some Sequence<TenantHosts>, _ builder: inout HostIndexBuilder)
    throws(BuildError) -> HostIndex
  {
    builder.reserve(tenants.underestimatedCount)
    var failure: BuildError?
    // Elements that lie side by side are read there; the sequence's own iterator would copy each.
    let isDone: Void? = tenants.withContiguousStorageIfAvailable { buffer in
      do throws(BuildError) {
        let hosts = buffer.span
        for index in hosts.indices { try builder.append(hosts[index]) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    if isDone == nil {
      for hosts in tenants { try builder.append(hosts) }
    }
    return try builder.finish()
  }

  /// The platform whose hosts these are.
  public var platform: Platform { storage.platformBytes.platform }

  /// How many tenants the index has.
  public var tenantCount: Int { storage.tenantCount }

  /// The bytes that the index takes: table, names and identifiers.
  package var byteCount: (table: Int, arena: Int) { (storage.table.byteCount, storage.arena.count) }

  /// The verdict of a Host header's value, given as the bytes that were received.
  ///
  /// - Parameters:
  ///   - host: `name[:port]`, neither trimmed nor decoded.
  ///   - now: read only for slugs that are held until an instant.
  /// - Complexity: O(length of the host), whatever the directory's size; nothing is allocated.
  public func verdict(forHost host: Span<UInt8>, at now: Timestamp) -> HostVerdict {
    host.withUnsafeBytes { storage.verdict($0, at: now) }
  }

  /// The verdict of a Host header's value.
  ///
  /// Nothing is allocated for a native Swift string, which holds its UTF-8 in one piece.
  public func verdict(forHost host: String, at now: Timestamp) -> HostVerdict {
    withBytes(of: host) { storage.verdict($0, at: now) }
  }

  /// The verdicts of many hosts, whose bytes lie one after the other; cheaper for each than one call for each.
  ///
  /// - Parameters:
  ///   - hosts: the bytes of all hosts.
  ///   - ends: where each host ends in `hosts`, in growing order; one that does not lie in `hosts` counts as empty.
  ///   - verdicts: receives the verdicts in the same order; hosts and places past the shorter of the two are left alone.
  public func verdicts(
    forHosts hosts: Span<UInt8>, endingAt ends: Span<Int>, at now: Timestamp,
    into verdicts: inout MutableSpan<HostVerdict>
  ) {
    let count = min(ends.count, verdicts.count)
    hosts.withUnsafeBytes { bytes in
      storage.verdicts(bytes, ends, count, at: now, into: &verdicts)
    }
  }

  /// The verdicts of many hosts, in their order.
  public func verdicts(forHosts hosts: some Collection<String>, at now: Timestamp) -> [HostVerdict] {
    hosts.map { verdict(forHost: $0, at: now) }
  }

  /// The tenant of a verdict that this index (or an earlier one of the same generation) gave: for the kinds `tenant`,
  /// `suspended` and `moved`, else nil.
  public func tenantID(for verdict: HostVerdict) -> TenantID? { storage.tenantID(for: verdict) }

  /// The host to which the host of a `moved` verdict moved, under the same platform domain; else nil.
  public func movedHost(for verdict: HostVerdict) -> HostName? { storage.movedHost(for: verdict) }
}

/// Calls with a string's UTF-8 bytes; copies only a string that does not hold them in one piece.
@inline(__always)
func withBytes<Result>(of string: String, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
  // The older way below may count a reference to the string's storage.
  if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
    return string.utf8.span.withUnsafeBytes(body)
  }
  let result = string.utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
  if let result { return result }
  return Array(string.utf8).withUnsafeBytes(body)
}
