import BillingKit
import SaaSCore
import SaaSTesting

/// A provider's meter that keeps what was sent to it, when it counted it, and when the sender was told.
final class WatchedMeter: MeteredUsageGateway {
  struct Sent: Sendable {
    let value: Int64
    let stamp: Timestamp
    /// When the provider counted it; nil where it did not.
    var countedAt: Timestamp?
    /// When the sender was told first that it was counted; nil where it never was.
    var toldAt: Timestamp?
  }

  private let base: FakePaymentGateway
  private let log = Lock<[String: Sent]>([:])

  init(_ base: FakePaymentGateway) { self.base = base }

  /// What was sent, by the reports' identifiers.
  var sent: [String: Sent] { log.withLock { $0 } }

  var identifierWindow: Duration { base.identifierWindow }
  var reportingWindow: Duration { base.reportingWindow }

  func report(_ report: MeteredUsageReport) async throws(GatewayError) -> MeteredUsageAnswer {
    let now = base.now
    func counted() -> Int64 { base.countedUsage(of: report.meter.name, customer: report.customerID) }
    let before = counted()
    defer {
      if counted() > before { log.withLock { $0[report.identifier]?.countedAt = now } }
    }
    log.withLock { log in
      if log[report.identifier] == nil {
        log[report.identifier] = Sent(value: report.value, stamp: report.timestamp)
      }
    }
    let answer = try await base.report(report)
    log.withLock { log in
      if log[report.identifier]?.toldAt == nil { log[report.identifier]?.toldAt = now }
    }
    return answer
  }

  func reportedSum(_ query: ReportedSumQuery) async throws(GatewayError) -> Int64? {
    try await base.reportedSum(query)
  }

  func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport? {
    try await base.meterErrors(of: event)
  }
}
