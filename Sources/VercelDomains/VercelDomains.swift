public import SaaSCore
public import TenancyKit

/// Customers' domains on one Vercel project, over Vercel's REST API.
///
/// Refusals are told apart by reading, not by the wording of answers: where Vercel refuses to add a domain, the domain is
/// read back. It is there: then it was added before, or the answer was lost, and all is well. It is not, and the project
/// is: then Vercel does not take this domain. Neither is: then the token or the project is wrong, which is for the
/// platform's operator. The same keeps a wrong project setting from looking as if every domain were gone.
///
/// What may be sent again is: reads, and the three writes, each of which does no harm when it comes twice.
/// (https://vercel.com/docs/rest-api, "Projects" and "Domains".)
public struct VercelDomains: DomainProvider {
  /// The team whose project it is.
  public enum Team: Sendable, Hashable {
    /// By its identifier, `team_…`.
    case id(String)
    /// By its name in addresses.
    case slug(String)
  }

  /// Why such a client cannot be made.
  public enum ConfigurationError: Error, Sendable, Hashable {
    /// The base URL is none.
    case baseURL(HTTPURLError)
    /// The project's identifier or name cannot be part of a path.
    case project
    /// The token is empty or cannot be sent in a header.
    case token
  }

  /// Where visitors are led if Vercel's answer recommends nothing; what it recommends comes first.
  public struct Routing: Sendable, Hashable {
    /// The addresses for the tops of domains.
    public var addresses: [String]
    /// The name that every other host is made an alias of.
    public var alias: DNSName?

    /// Where visitors are led; the values that Vercel has had for long.
    public init(addresses: [String] = ["76.76.21.21"], alias: DNSName? = DNSName("cname.vercel-dns.com")) {
      self.addresses = addresses
      self.alias = alias
    }
  }

  let calls: VercelCalls
  let fallback: Routing

  /// A client for one project.
  ///
  /// - Parameters:
  ///   - project: its identifier or name.
  ///   - team: the team that it belongs to; nil for a personal account's.
  ///   - token: an access token; it is sent in a header and told nowhere.
  ///   - retries: how often a call is tried; two calls of so long each must fit ``DomainPolicy/providerDeadline``.
  /// - Throws: ``ConfigurationError``
  public init(
    project: String, team: Team?, token: String, transport: any HTTPTransport,
    baseURL: String = "https://api.vercel.com", fallback: Routing = Routing(),
    retries: RetryPolicy = RetryPolicy(deadline: .seconds(40)), clock: any WallClock = SystemWallClock(),
    random: RandomSource = .system
  ) throws(ConfigurationError) {
    let base: HTTPURL
    do { base = try HTTPURL(baseURL) } catch { throw .baseURL(error) }
    guard (try? base.appending(path: project)) != nil else { throw .project }
    guard !token.isEmpty else { throw .token }
    var headers = HTTPHeaders()
    do { try headers.append("Authorization", "Bearer " + token) } catch { throw .token }
    calls = VercelCalls(
      base: base, project: project, team: team, headers: headers, clock: clock,
      sender: RetryingSender(transport: transport, policy: retries, clock: clock, random: random))
    self.fallback = fallback
  }

  public func add(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    let body = Array("{\"name\":\"\(host)\"}".utf8)
    let failure: VercelFailure
    do {
      return try await calls.domain(in: .post, ["v10", "projects", calls.project, "domains"], body: body)
    } catch {
      failure = error
    }
    let missing: DomainProviderError
    switch failure {
    case .answer(status: 400, let code), .answer(status: 403, let code), .answer(status: 409, let code):
      missing = .refused(code: code)
    // It may have been added all the same.
    case .answer(status: 500..., _), .unknown: missing = failure.error
    case .answer, .rateLimited: throw failure.error
    }
    do { return try await domain(host) } catch {
      // Only where the project was read and the domain is not on it.
      throw error == .notFound ? missing : error
    }
  }

  public func domain(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    do { return try await calls.domain(in: .get, path(host)) } catch { throw await missing(error) }
  }

  public func verify(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    let failure: VercelFailure
    do { return try await calls.domain(in: .post, path(host) + ["verify"]) } catch { failure = error }
    switch failure {
    // Not verified: why, and what is wanted, is on the domain.
    case .answer(status: 400, _), .answer(status: 403, _), .answer(status: 409, _): return try await domain(host)
    default: throw await missing(failure)
    }
  }

  public func routing(of host: HostName) async throws(DomainProviderError) -> ProviderRouting {
    do {
      return try await calls.routing(["v6", "domains", host.rawValue, "config"], fallback: fallback)
    } catch {
      // Nothing follows for the domain from a call that only looks at the DNS.
      guard case .answer(status: 400..<500, let code) = error, !error.isAboutAccess else { throw error.error }
      throw .unavailable("Vercel does not tell the configuration: \(code)")
    }
  }

  public func remove(_ host: HostName) async throws(DomainProviderError) {
    do {
      try await calls.discard(in: .delete, path(host))
    } catch {
      let error = await missing(error)
      guard error == .notFound else { throw error }
    }
  }

  private func path(_ host: HostName) -> [String] { ["v9", "projects", calls.project, "domains", host.rawValue] }

  /// What a failed call about a domain means: 404 says that the domain is not there only where the project is.
  private func missing(_ failure: VercelFailure) async -> DomainProviderError {
    guard case .answer(status: 404, _) = failure else { return failure.error }
    do {
      try await calls.discard(in: .get, ["v9", "projects", calls.project])
      return .notFound
    } catch {
      if case .answer(status: 404, _) = error { return .platformRefused(code: "project_not_found") }
      return error.error
    }
  }
}
