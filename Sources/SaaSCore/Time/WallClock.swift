internal import Foundation

/// Where services read the time and wait; a test passes one that it moves itself.
public protocol WallClock: Sendable {
  /// The present instant.
  func now() -> Timestamp
  /// Returns after a duration, or throws `CancellationError` at once when the task is cancelled.
  func sleep(for duration: Duration) async throws
}

/// The system's clock.
public struct SystemWallClock: WallClock {
  /// The system's clock.
  public init() {}

  public func now() -> Timestamp { Timestamp(Date()) ?? .distantFuture }

  public func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
