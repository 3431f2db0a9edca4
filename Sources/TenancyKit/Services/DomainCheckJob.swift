public import SaaSCore

/// Checks the domains that are due, under a lease, so that of several processes one does it at a time.
///
/// A host application calls ``run(limit:)`` every minute or so.
public struct DomainCheckJob: Sendable {
  private let service: DomainService
  private let leases: any JobLeases
  private let holder: String
  private let leaseDuration: Duration

  /// A job over a service.
  /// - Parameters:
  ///   - holder: a name of this process, for those who look at the leases.
  ///   - leaseDuration: how long another process waits after this one died; one domain should take less.
  public init(
    _ service: DomainService, leases: any JobLeases, holder: String, leaseDuration: Duration = .seconds(300)
  ) {
    self.service = service
    self.leases = leases
    self.holder = holder
    self.leaseDuration = leaseDuration
  }

  /// Checks what is due and returns.
  /// - Throws: ``StoreError`` where the leases fail before the first check.
  public func run(limit: PageLimit = .standard) async throws(StoreError) -> DomainPass {
    let claimed = try await leases.claim(
      "domains.check", holder: holder, for: leaseDuration, at: service.clock.now())
    guard var lease = claimed else { return DomainPass(reports: [], end: .heldElsewhere) }
    let pass = await service.pass(limit: limit) {
      guard let renewed = try? await leases.renew(lease, for: leaseDuration, at: service.clock.now()) else {
        return false
      }
      lease = renewed
      return true
    }
    // What was checked is stored; an unreleased lease ends by itself.
    try? await leases.release(lease)
    return pass
  }
}
