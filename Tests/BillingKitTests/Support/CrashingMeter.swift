import BillingKit
import SaaSCore

/// A provider's meter as a process sees it that stops before or after one of its calls.
final class CrashingMeter: MeteredUsageGateway {
  private let base: any MeteredUsageGateway
  private let point: CrashPoint

  init(_ base: any MeteredUsageGateway, at point: CrashPoint) {
    self.base = base
    self.point = point
  }

  private func around<Answer: Sendable>(_ body: () async throws(GatewayError) -> Answer) async throws(GatewayError)
    -> Answer
  {
    if point.isFatal() { throw GatewayError(.unavailable, "stopped") }
    let answer = try await body()
    if point.isFatal() { throw GatewayError(.unavailable, "stopped") }
    return answer
  }

  var identifierWindow: Duration { base.identifierWindow }
  var reportingWindow: Duration { base.reportingWindow }

  func report(_ report: MeteredUsageReport) async throws(GatewayError) -> MeteredUsageAnswer {
    try await around { () async throws(GatewayError) in try await base.report(report) }
  }

  func reportedSum(_ query: ReportedSumQuery) async throws(GatewayError) -> Int64? {
    try await around { () async throws(GatewayError) in try await base.reportedSum(query) }
  }

  func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport? {
    try await around { () async throws(GatewayError) in try await base.meterErrors(of: event) }
  }
}
