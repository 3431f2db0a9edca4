import LoopbackServer
import SaaSCore
import TenancyKit
import Testing
import URLSessionTransport
import VercelDomains

@Suite("Vercel's domains, over HTTP")
struct VercelDomainsTests {
  let server: VercelServer
  let host: HostName
  static let add = "POST /v10/projects/gallery/domains"
  static let get = "GET /v9/projects/gallery/domains/shop.example.com"
  static let verify = "POST /v9/projects/gallery/domains/shop.example.com/verify"
  static let remove = "DELETE /v9/projects/gallery/domains/shop.example.com"
  static let config = "GET /v6/domains/shop.example.com/config"
  static let project = "GET /v9/projects/gallery"

  init() throws {
    server = try VercelServer()
    host = try HostName("shop.example.com")
    server.on(Self.project, VercelServer.project)
  }

  /// What an unverified domain is answered as.
  private func unverified() throws -> ProviderDomain {
    ProviderDomain(
      isVerified: false,
      challenges: [
        DNSRecord(
          .txt, try #require(DNSName("_vercel.example.com")), "vc-domain-verify=shop.example.com,0123456789",
          for: .providerOwnership)
      ])
  }

  @Test("calls carry the token, the team and the body that is documented") func requests() async throws {
    server.on(Self.add, VercelServer.verified)
    server.on(Self.remove, .json("{}"))
    server.on(Self.config, .json(#"{"misconfigured":true}"#))
    #expect(try await server.client().add(host) == ProviderDomain(isVerified: true, challenges: []))
    let added = try #require(server.requests.last)
    #expect(added.header("authorization") == "Bearer secret-token")
    #expect(added.header("content-type") == "application/json")
    #expect(added.text == #"{"name":"shop.example.com"}"#)
    #expect(added.query.map(\.name) == ["teamId"])
    #expect(added.query.map(\.value) == ["team_1"])
    #expect(server.transport.timeouts == [.seconds(15)])
    try await server.client(team: .slug("acme")).remove(host)
    #expect(server.requests.last?.query.map { "\($0.name)=\($0.value)" } == ["slug=acme"])
    #expect(server.requests.last?.body.isEmpty == true)
    _ = try await server.client(team: nil).routing(of: host)
    #expect(server.requests.last?.query.map { "\($0.name)=\($0.value)" } == ["projectIdOrName=gallery"])
    #expect(try !String(reflecting: server.client()).contains("secret-token"))
    var text = ""
    dump(try server.client(), to: &text)
    #expect(!text.contains("secret-token"))
  }

  @Test("a domain that another account knows comes with its challenge") func challenge() async throws {
    server.on(Self.add, VercelServer.unverified)
    server.on(Self.get, VercelServer.unverified)
    server.on(Self.verify, VercelServer.error(400, "missing_txt_record"), VercelServer.verified)
    let client = try server.client()
    #expect(try await client.add(host) == unverified())
    #expect(try await client.domain(host) == unverified())
    #expect(try await client.verify(host) == unverified())
    #expect(try await client.verify(host) == ProviderDomain(isVerified: true, challenges: []))
  }

  @Test(
    "adding what is on the project already is success, told by reading and not by words", arguments: [400, 409, 403])
  func alreadyThere(status: Int) async throws {
    server.on(Self.add, VercelServer.error(status, "domain_already_exists"))
    server.on(Self.get, VercelServer.verified)
    #expect(try await server.client().add(host).isVerified)
  }

  @Test("adding after a lost answer finds what was added") func lostAnswer() async throws {
    server.on(Self.add, .reset, .reset)
    server.on(Self.get, VercelServer.unverified)
    #expect(try await server.client().add(host) == unverified())
    #expect(server.calls == [Self.add, Self.add, Self.get], "and adding may be repeated")

    server.on(Self.add, .cutShort(status: 200, announced: 900, body: [0x7b]))
    server.on(Self.get, VercelServer.error(404, "not_found"))
    await #expect {
      try await server.client().add(host)
    } throws: {
      if case DomainProviderError.unavailable = $0 { true } else { false }
    }
  }

  @Test(
    "what Vercel refuses is told apart",
    arguments: [
      (400, "invalid_domain", .refused(code: "invalid_domain")),
      (401, "unauthorized", .platformRefused(code: "unauthorized")),
      (402, "payment_required", .platformRefused(code: "payment_required")),
      (403, "forbidden", .refused(code: "forbidden")),
      (404, "not_found", .platformRefused(code: "not_found")),
      (409, "domain_already_in_use", .refused(code: "domain_already_in_use")),
    ] as [(Int, String, DomainProviderError)])
  func addErrors(status: Int, code: String, error: DomainProviderError) async throws {
    server.on(Self.add, VercelServer.error(status, code))
    await #expect(throws: error) { try await server.client().add(host) }
  }

  @Test("a wrong token or project is the platform's fault and no domain's", arguments: [401, 403, 404])
  func wrongAccess(status: Int) async throws {
    for call in [Self.add, Self.get, Self.verify, Self.remove, Self.config, Self.project] {
      server.on(call, VercelServer.error(status, "denied"))
    }
    let client = try server.client()
    let expected = DomainProviderError.platformRefused(code: status == 404 ? "project_not_found" : "denied")
    await #expect(throws: status == 404 ? .platformRefused(code: "denied") : expected) { try await client.add(host) }
    await #expect(throws: expected) { try await client.domain(host) }
    await #expect(throws: expected) { try await client.verify(host) }
    await #expect(throws: expected) { try await client.remove(host) }
  }

  @Test("a domain that is not there is not found, and removing it is success") func missing() async throws {
    let client = try server.client()
    await #expect(throws: DomainProviderError.notFound) { try await client.domain(host) }
    await #expect(throws: DomainProviderError.notFound) { try await client.verify(host) }
    try await client.remove(host)
    #expect(server.calls.last == Self.project, "after the project was seen to be there")
  }

  @Test(
    "a verification that is not met is an answer, whatever its code",
    arguments: [(400, "missing_txt_record"), (400, "existing_project_domain"), (403, "forbidden"), (409, "pending")])
  func unmet(status: Int, code: String) async throws {
    server.on(Self.verify, VercelServer.error(status, code))
    server.on(Self.get, VercelServer.unverified)
    #expect(try await server.client().verify(host) == unverified())
  }

  @Test("a removal in conflict is tried again later") func removalConflict() async throws {
    server.on(Self.remove, VercelServer.error(409, "conflict"))
    await #expect(throws: DomainProviderError.unavailable("Vercel is busy with the domain: conflict")) {
      try await server.client().remove(host)
    }
  }

  @Test("the configuration tells where the DNS leads, and the best recommendation") func routing() async throws {
    server.on(
      Self.config,
      .json(
        """
        {"configuredBy":"CNAME","acceptedChallenges":["http-01"],"misconfigured":false,
        "recommendedIPv4":[{"rank":2,"value":["76.76.21.21"]},{"rank":1,"value":["216.150.1.1","216.150.16.1"]}],
        "recommendedCNAME":[{"rank":2,"value":"cname.vercel-dns.com."},{"rank":1,"value":"0123.vercel-dns-017.com."}]}
        """),
      .json(
        #"{"configuredBy":null,"acceptedChallenges":[],"recommendedIPv4":[],"recommendedCNAME":[],"misconfigured":true}"#
      ),
      VercelServer.error(404, "not_found"), VercelServer.error(403, "forbidden"), .json("{}"), .json("<html>"))
    let client = try server.client()
    #expect(
      try await client.routing(of: host)
        == ProviderRouting(
          isConfigured: true, addresses: ["216.150.1.1", "216.150.16.1"], alias: DNSName("0123.vercel-dns-017.com")))
    #expect(
      try await client.routing(of: host)
        == ProviderRouting(
          isConfigured: false, addresses: ["76.76.21.21"], alias: DNSName("cname.vercel-dns.com")))
    await #expect(throws: DomainProviderError.unavailable("Vercel does not tell the configuration: not_found")) {
      try await client.routing(of: host)
    }
    await #expect(throws: DomainProviderError.platformRefused(code: "forbidden")) { try await client.routing(of: host) }
    for _ in 0..<2 {
      await #expect {
        try await client.routing(of: host)
      } throws: {
        if case DomainProviderError.unavailable = $0 { true } else { false }
      }
    }
  }

  @Test("failures of Vercel's own are tried again") func retries() async throws {
    server.on(Self.get, VercelServer.error(500, "internal_server_error"), VercelServer.verified)
    server.on(Self.remove, .reset, .json("{}"))
    let client = try server.client()
    #expect(try await client.domain(host).isVerified)
    try await client.remove(host)
    server.on(Self.get, VercelServer.error(503, "internal_server_error"))
    await #expect(throws: DomainProviderError.unavailable("Vercel failed: internal_server_error")) {
      try await client.domain(host)
    }
    #expect(server.calls == [Self.get, Self.get, Self.remove, Self.remove, Self.get, Self.get])
  }

  @Test("a rate limit says until when", arguments: ["Retry-After", "x-ratelimit-reset"])
  func rateLimit(header: String) async throws {
    let now = SystemWallClock().now()
    let value = header == "Retry-After" ? "3600" : "\(now.microseconds / 1_000_000 + 3_600)"
    server.on(
      Self.get,
      .json(
        #"{"error":{"code":"rate_limited","message":"too many","limit":{"remaining":0,"reset":1571432075}}}"#,
        status: 429, headers: [(header, value)]))
    await #expect {
      try await server.client().domain(host)
    } throws: { error in
      guard case DomainProviderError.rateLimited(let until?) = error else { return false }
      return until > now + .seconds(3_500) && until < now + .seconds(4_200)
    }
    #expect(server.requests.count == 1, "an hour is not waited out")
  }

  @Test("a code that is no word is not repeated") func oddCodes() async throws {
    server.on(Self.add, VercelServer.error(402, "<script>"))
    await #expect(throws: DomainProviderError.platformRefused(code: "http_402")) { try await server.client().add(host) }
    server.on(Self.add, .json("no JSON", status: 402))
    await #expect(throws: DomainProviderError.platformRefused(code: "http_402")) { try await server.client().add(host) }
  }

  @Test("a client that cannot work is not made") func configuration() throws {
    func client(project: String = "gallery", token: String = "t", base: String = "https://api.vercel.com") throws {
      _ = try VercelDomains(
        project: project, team: nil, token: token, transport: URLSessionTransport(), baseURL: base)
    }
    try client()
    #expect(throws: VercelDomains.ConfigurationError.project) { try client(project: "") }
    #expect(throws: VercelDomains.ConfigurationError.project) { try client(project: "..") }
    #expect(throws: VercelDomains.ConfigurationError.token) { try client(token: "") }
    #expect(throws: VercelDomains.ConfigurationError.token) { try client(token: "a\r\nX: y") }
    #expect(throws: VercelDomains.ConfigurationError.baseURL(.scheme)) { try client(base: "api.vercel.com") }
  }
}
