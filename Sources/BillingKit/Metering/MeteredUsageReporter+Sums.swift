internal import SaaSCore
internal import TenancyKit

extension MeteredUsageReporter {
  /// How many units of a tally the provider has counted, at least and at most; nil where it cannot tell.
  ///
  /// The tallies whose reports share its sum are read before the sum and after it: whoever reports meanwhile stores first
  /// what it sends.
  func counted(_ tally: UsageTally, of tenant: TenantContext, in scope: Scope, at now: Timestamp)
    async throws(BillingError) -> ClosedRange<Int64>?
  {
    let before = try await lane(of: tally, for: tenant, in: scope)
    guard let span = tally.countedSpan(among: before) else { return nil }
    let sum: Int64?
    do throws(GatewayError) {
      sum = try await gateway.reportedSum(tally.sumQuery(over: span, among: before))
    } catch {
      throw .gateway(error)
    }
    guard let sum else { return nil }
    let after = try await lane(of: tally, for: tenant, in: scope)
    guard tally.countedSpan(among: after) == span else { return nil }
    return tally.counted(of: sum, over: span, among: after, at: now, windows: windows)
  }

  /// The tallies of one lane as they are stored now.
  private func lane(of tally: UsageTally, for tenant: TenantContext, in scope: Scope) async throws(BillingError)
    -> [UsageTally]
  {
    do throws(StoreError) {
      return try await store.tallies(endingAfter: scope.bound, for: tenant).filter { $0.lane == tally.lane }
    } catch {
      throw .store(error)
    }
  }
}
