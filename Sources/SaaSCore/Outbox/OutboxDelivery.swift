/// Receives the outbox's events: at least once each, in order per organisation.
///
/// A host application implements it. The same event may come again after a crash; ``OutboxEvent/id`` tells. Throwing
/// keeps the event, and all after it, for the next delivery.
public protocol EventSink: Sendable {
  /// Acts on one event; returning acknowledges it.
  func receive(_ event: OutboxEvent) async throws
}

/// Brings the outbox's events to one sink, from a stored cursor and under a lease, so that of several processes one
/// delivers at a time.
///
/// Delivery is in the outbox's own order, which is in order per organisation. An event that the sink refuses holds up
/// those after it; a sink that must not do so keeps the event aside itself and returns.
public struct OutboxDelivery: Sendable {
  private let outbox: any Outbox
  private let leases: any JobLeases
  private let sink: any EventSink
  private let consumer: String
  private let holder: String
  private let clock: any WallClock
  private let observer: any ServiceObserver
  private let leaseDuration: Duration

  /// A delivery to one sink.
  /// - Parameters:
  ///   - consumer: the name under which the cursor is stored; one for each sink.
  ///   - holder: a name of this process, for those who look at the leases.
  ///   - leaseDuration: how long another process waits after this one died; one event must take less.
  public init(
    outbox: any Outbox, leases: any JobLeases, sink: any EventSink, consumer: String, holder: String,
    clock: any WallClock = SystemWallClock(), observer: any ServiceObserver = SilentObserver(),
    leaseDuration: Duration = .seconds(60)
  ) {
    self.outbox = outbox
    self.leases = leases
    self.sink = sink
    self.consumer = consumer
    self.holder = holder
    self.clock = clock
    self.observer = observer
    self.leaseDuration = leaseDuration
  }

  /// What one delivery did.
  public struct Outcome: Sendable, Hashable {
    /// How many events the sink acknowledged.
    public let delivered: Int
    /// Why it ended.
    public let end: End

    /// Why a delivery ended.
    public enum End: Sendable, Hashable {
      /// No event is left.
      case drained
      /// Another process is delivering.
      case heldElsewhere
      /// The sink refused the event with this ID; the text is its error.
      case refused(eventID: String, reason: String)
      /// The lease went to another process meanwhile, which goes on from the stored cursor.
      case leaseLost
    }
  }

  /// Delivers what is waiting and returns; repeating it is harmless.
  /// - Throws: ``StoreError`` where the outbox or the leases fail; what the sink acknowledged before may come again.
  public func run() async throws(StoreError) -> Outcome {
    let claimed = try await leases.claim("outbox." + consumer, holder: holder, for: leaseDuration, at: clock.now())
    guard var lease = claimed else { return Outcome(delivered: 0, end: .heldElsewhere) }
    let outcome: Outcome
    do {
      outcome = try await deliver(under: &lease)
    } catch {
      // The first failure is the one to tell; an unreleased lease ends by itself.
      try? await leases.release(lease)
      throw error
    }
    try await leases.release(lease)
    return outcome
  }

  private func deliver(under lease: inout JobLease) async throws(StoreError) -> Outcome {
    var cursor = try await outbox.cursor(of: consumer)
    var delivered = 0
    while true {
      let events = try await outbox.events(after: cursor, limit: .standard)
      if events.isEmpty { return Outcome(delivered: delivered, end: .drained) }
      for event in events {
        guard let renewed = try await leases.renew(lease, for: leaseDuration, at: clock.now()) else {
          return Outcome(delivered: delivered, end: .leaseLost)
        }
        lease = renewed
        do {
          try await sink.receive(event)
        } catch {
          observer.count("outbox.refused")
          observer.notice(Notice(.warning, "outbox.refused", "the sink refused \(event.kind) \(event.id): \(error)"))
          return Outcome(delivered: delivered, end: .refused(eventID: event.id, reason: String(describing: error)))
        }
        do {
          try await outbox.advance(consumer, from: cursor, to: event.sequence)
        } catch .conflict {
          return Outcome(delivered: delivered, end: .leaseLost)
        }
        cursor = event.sequence
        delivered += 1
        observer.count("outbox.delivered")
      }
    }
  }
}
