/// The changes that stores recorded for the host application, in one growing sequence, and how far each consumer has read.
///
/// A store implements it beside the ports whose changes it records; ``OutboxDelivery`` calls it.
///
/// An implementation guarantees:
/// - an event becomes visible together with the change it tells of, or neither does;
/// - an event is visible only when every event of a lower sequence is, so that a reader that remembers the highest
///   sequence it saw misses nothing, whatever the order in which writers commit;
/// - ``advance(_:from:to:)`` is a compare-and-set.
public protocol Outbox: Sendable {
  /// The events after a sequence in growing order, at most as many as the limit says.
  func events(after sequence: Int64, limit: PageLimit) async throws(StoreError) -> [OutboxEvent]

  /// The sequence up to which a consumer has received everything; 0 for one that never advanced.
  func cursor(of consumer: String) async throws(StoreError) -> Int64

  /// Moves a consumer's cursor.
  /// - Throws: ``StoreError/conflict(_:)`` where the stored cursor is not `expected`.
  func advance(_ consumer: String, from expected: Int64, to sequence: Int64) async throws(StoreError)

  /// Deletes the events up to a sequence, and gives how many there were. Callers pass no more than every consumer has
  /// received.
  @discardableResult
  func prune(through sequence: Int64) async throws(StoreError) -> Int
}
