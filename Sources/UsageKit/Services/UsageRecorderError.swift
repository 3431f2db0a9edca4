public import SaaSCore

/// Why something was not recorded, or is not known to be.
public enum UsageRecorderError: Error, Sendable, Equatable {
  /// It cannot be recorded as it is; nothing was.
  case refused(UsageRefusal)
  /// It contradicts what is recorded, which stays as it was.
  case conflict(UsageConflict)
  /// Run, step and attempt together are too long for an identifier.
  case identifier(IdentifierError)
  /// The caller was cancelled before its writes were sent to the store; nothing was recorded.
  case cancelled
  /// As many writes as the recorder holds wait for the store already; nothing was recorded, and it may be tried again.
  case overloaded
  /// The recorder was drained; nothing was recorded.
  case closed
  /// The store failed. Sending the same again tells whether it is recorded, and records it if not.
  case store(StoreError)
}
