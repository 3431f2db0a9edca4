internal import DNSOverHTTPS
internal import SaaSCore
internal import SaaSTesting
public import TenancyKit
internal import URLSessionTransport
internal import VercelDomains

/// The domain provider and the DNS: Vercel and public resolvers where there is a token, else fakes in this process.
public struct DomainPorts: Sendable {
  /// Where hosts are served.
  public let provider: any DomainProvider
  /// Where records are looked up.
  public let dns: any DNSLookup
  /// The fake zone, where it is one; under `/dev` records can be published in it.
  let zone: EditableDNS?

  /// Vercel with these settings, or fakes.
  /// - Throws: ``ConfigurationFault`` where a setting is not what it should be.
  public init(_ vercel: VercelSettings?) throws(ConfigurationFault) {
    guard let vercel else {
      let zone = EditableDNS()
      self.zone = zone
      provider = InMemoryDomainProvider(dns: zone)
      dns = zone
      return
    }
    let transport = URLSessionTransport()
    zone = nil
    do {
      provider = try VercelDomains(
        project: vercel.projectID, team: vercel.teamID.map { .id($0) }, token: vercel.token, transport: transport)
      dns = try DNSOverHTTPS(transport: transport)
    } catch {
      throw ConfigurationFault("the settings for Vercel are not valid")
    }
  }
}
