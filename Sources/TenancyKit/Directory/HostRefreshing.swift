public import SaaSCore

/// Something that answers for hosts from what it read earlier, and that wants to hear of a change made by this process.
///
/// ``TenantService`` calls it after each of its writes, so that they are visible here at once. ``CachingHostResolver`` and
/// the directory in memory conform.
public protocol HostRefreshing: Sendable {
  /// Brings every later answer up to a change of one tenant that the store has acknowledged.
  /// - Throws: ``TenantStoreError`` where the store did not answer; older answers may then be given until the next
  ///   refresh.
  func refresh(after change: TenantID) async throws(TenantStoreError)
}

extension [any HostRefreshing] {
  /// Brings each up to a change that is stored. One that cannot be does not undo the change: the observer is told under
  /// this name, and its own next refresh brings it up.
  func refresh(after change: TenantID, telling observer: any ServiceObserver, as name: String) async {
    for directory in self {
      do {
        try await directory.refresh(after: change)
      } catch {
        observer.count(name)
        observer.notice(Notice(.warning, name, "a directory does not show the last change yet: \(error)"))
      }
    }
  }
}
