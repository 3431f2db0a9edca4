#if SQLite
  internal import SaaSCore
  internal import TenancyKit
  internal import UsageKit

  /// A port's error, into which the engine puts its own failures, so that work on a connection throws one type.
  protocol StoreFailing: Error {
    /// Wraps a failure of the store itself.
    init(_ error: StoreError)
  }

  extension StoreError: StoreFailing {
    init(_ error: StoreError) { self = error }
  }

  extension TenantStoreError: StoreFailing {
    init(_ error: StoreError) { self = .store(error) }
  }

  extension UsageStoreError: StoreFailing {
    init(_ error: StoreError) { self = .store(error) }
  }
#endif
