/// How a store failed, told apart by what the caller can do about it. The operation changed nothing.
///
/// Which *rule* a change broke is said by each port's own error, which wraps this one.
public enum StoreError: Error, Sendable, Hashable {
  /// Somebody else's change came first; read again and decide anew.
  case conflict(String)
  /// The thing to be read or changed is not there.
  case notFound
  /// The store cannot answer now; the same call may be tried again.
  case unavailable(Unavailability)
  /// What is stored contradicts itself or cannot be read; an operator has to look.
  case corrupt(String)

  /// Why a store cannot answer now.
  public enum Unavailability: Sendable, Hashable {
    /// Others hold the store's lock; nothing was written.
    case busy
    /// The medium has no room; nothing was written.
    case full
    /// The store was closed by this process.
    case closed
    /// The connection or the medium failed; the text is for the operator's log.
    case failed(String)
  }
}

extension StoreError {
  /// Whether the same call may succeed later without anybody repairing anything.
  public var isRetryable: Bool {
    if case .unavailable(let reason) = self { return reason != .closed }
    return false
  }
}
