public import SaaSCore

/// Why a ``UsageStore`` does not answer a question, or how it failed. Nothing was changed.
public enum UsageStoreError: Error, Sendable, Hashable {
  /// The rows that would be needed lie before this instant, the organisation's horizon, and were deleted.
  case deletedBefore(Timestamp)
  /// The store failed.
  case store(StoreError)
}
