import SaaSCore
import TenancyKit

/// Brings what the stores recorded since the last run to a sink, which counts it.
@Sendable func deliverEvents(_ quickstart: Quickstart) async throws {
  let sink = CountingSink()
  let delivery = OutboxDelivery(
    outbox: quickstart.stores.outbox, leases: quickstart.stores.leases, sink: sink, consumer: "quickstart",
    holder: "quickstart")
  let outcome = try await delivery.run()
  let counts = await sink.counts
  quickstart.report.section("Events", key: "events", counts) {
    var table = TextTable([("event", .left), ("count", .right)])
    for (kind, count) in counts.sorted(by: { $0.key < $1.key }) { table.add([kind, "\(count)"]) }
    return ["\(outcome.delivered) events delivered, in order; the next run begins after them"]
      + (counts.isEmpty ? [] : table.lines)
  }
}

private actor CountingSink: EventSink {
  private(set) var counts: [String: Int] = [:]

  func receive(_ event: OutboxEvent) { counts[event.kind, default: 0] += 1 }
}
