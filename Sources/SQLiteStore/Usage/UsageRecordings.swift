#if SQLite
  internal import SaaSCore
  internal import TenancyKit

  /// What the calls of one transaction record, with what is left to its end: groups, revisions and changed days, each
  /// written once for all calls.
  final class UsageRecordings: DeferredWrites {
    private var recordings: [OrgID: UsageRecording] = [:]

    /// The recordings of the present transaction.
    static func present(in transaction: Transaction<StoreError>) -> UsageRecordings {
      if let present = transaction.connection.deferred as? UsageRecordings { return present }
      let made = UsageRecordings()
      transaction.connection.deferred = made
      return made
    }

    /// The recording of a tenant's organisation.
    func recording(for tenant: TenantContext, in transaction: Transaction<StoreError>) throws(StoreError)
      -> UsageRecording
    {
      if let recording = recordings[tenant.organizationID] { return recording }
      let recording = try UsageRecording(transaction, for: tenant.organizationID)
      recordings[tenant.organizationID] = recording
      return recording
    }

    func write() throws(StoreError) {
      for organization in recordings.keys.sorted() { try recordings[organization]?.finish() }
    }
  }
#endif
