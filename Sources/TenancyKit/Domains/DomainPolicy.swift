/// The times and choices by which domains are proven, checked and given up.
public struct DomainPolicy: Sendable, Hashable {
  /// What counts as proof that a tenant controls a host.
  public var proof: Proof
  /// The label under which a tenant's TXT record is set, in front of the host: `_saaskit` for `_saaskit.shop.example`.
  public var recordLabel: String
  /// What stands in front of the token in that record.
  public var recordPrefix: String
  /// How long a claim may wait for its proof.
  public var claimLifetime: Duration
  /// How long the same tenant may not claim a host again after its claim expired.
  public var claimPause: Duration
  /// The pauses between checks of a domain that waits for its records: from the first, doubled each time, to the last.
  public var pendingPause: ClosedRange<Duration>
  /// The pause between checks of a domain that serves and is as it should be.
  public var activePause: Duration
  /// The pauses between checks of a domain that is in error.
  public var errorPause: ClosedRange<Duration>
  /// How long after one look at a domain a member may have it looked at again; zero for at once.
  public var recheckPause: Duration
  /// How long a host stays with the provider after its proof was lost, so that a mistake in the DNS costs no certificate.
  /// It serves nobody meanwhile.
  public var releaseDelay: Duration
  /// How long one call to the provider may take at most and have its effect.
  public var providerDeadline: Duration

  /// What counts as proof that a tenant controls a host.
  public enum Proof: String, Sendable, Hashable, CaseIterable {
    /// A TXT record with the token of this tenant's claim. Only who can write the host's DNS can set it.
    case ownRecord
    /// The provider's word alone.
    ///
    /// Most providers ask for no proof where the host is not known to another account: then *anyone who claims a host whose
    /// DNS already leads to the provider gets it*. It suits platforms whose operators look at each claim.
    case providersWord
  }

  /// The times and choices that suit most platforms; each may be set afterwards.
  public init(proof: Proof = .ownRecord) {
    self.proof = proof
    recordLabel = "_saaskit"
    recordPrefix = "saaskit-verify="
    claimLifetime = .days(7)
    claimPause = .days(7)
    pendingPause = .seconds(60) ... .seconds(3_600)
    activePause = .seconds(3_600)
    errorPause = .seconds(300) ... .days(1)
    recheckPause = .seconds(10)
    releaseDelay = .days(1)
    providerDeadline = .seconds(120)
  }
}

extension Duration {
  /// Days of 24 hours.
  static func days(_ count: Int32) -> Duration { .seconds(86_400 * Int64(count)) }
}
