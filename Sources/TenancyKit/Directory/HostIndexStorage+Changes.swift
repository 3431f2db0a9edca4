internal import SaaSCore

extension HostIndexStorage {
  /// The index after changes, in time proportional to them but for the few times when it is made anew: then it has an
  /// arena and a generation of its own.
  ///
  /// - Parameter changes: every tenant that changed since this index was made, in the order of the store's feed; of a
  ///   tenant that comes more than once only the last counts.
  func applying(_ changes: [TenantHosts]) throws(HostIndex.BuildError) -> HostIndexStorage {
    let batch = Self.last(of: changes)
    // A mapping has one key at most, because all that are not active share one of their host.
    let keys = batch.reduce(0) { $0 + 1 + $1.holds.count + $1.mappings.count }
    let base = needsRebuild(toAdd: keys) ? try HostIndexBuilder.rebuilt(self, adding: keys) : self
    var editor = HostIndexEditor(changing: base)
    try editor.apply(batch)
    return editor.finish()
  }

  /// Whether the table has no room for so many keys more, or most of the arena is garbage.
  private func needsRebuild(toAdd keys: Int) -> Bool {
    let places = Double(lineCount * HostTable.placesPerLine)
    return Double(table.count + keys) > places * HostTable.fullestLoad
      || garbage > max(arena.count / 2, NameArena.segmentSize / 2)
  }

  /// The last of each tenant's, in their order.
  private static func last(of changes: [TenantHosts]) -> [TenantHosts] {
    var seen: Set<TenantID> = []
    return Array(changes.reversed().filter { seen.insert($0.tenant.id).inserted }.reversed())
  }
}
