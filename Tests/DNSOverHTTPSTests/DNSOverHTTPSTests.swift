import DNSOverHTTPS
import LoopbackServer
import SaaSCore
import TenancyKit
import Testing
import URLSessionTransport

@Suite("DNS over HTTPS")
struct DNSOverHTTPSTests {
  private func client(_ servers: LoopbackServer..., agreeing: Int = 1, attempts: Int = 1) throws -> DNSOverHTTPS {
    try DNSOverHTTPS(
      resolvers: servers.map { $0.baseURL + "/dns-query" }, agreeing: agreeing,
      transport: PatientTransport(URLSessionTransport()),
      retries: RetryPolicy(maximumAttempts: attempts, firstDelay: .milliseconds(1), deadline: .seconds(300))
    )
  }

  private let name = DNSName("_saaskit.shop.example.com")

  /// A message as the resolvers' documentation shows it.
  private static func message(_ records: [(type: Int, data: String)], status: Int = 0, truncated: Bool = false)
    -> LoopbackReply
  {
    let answers = records.map { record in
      let data = record.data.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return #"{"name":"_saaskit.shop.example.com.","type":\#(record.type),"TTL":300,"data":"\#(data)"}"#
    }
    let list = records.isEmpty ? "" : #","Answer":[\#(answers.joined(separator: ","))]"#
    return .json(
      """
      {"Status":\(status),"TC":\(truncated),"RD":true,"RA":true,"AD":false,"CD":false,
      "Question":[{"name":"_saaskit.shop.example.com.","type":16}]\(list)}
      """)
  }

  @Test("asks as the interface is documented") func request() async throws {
    let server = try LoopbackServer(replies: [Self.message([(16, "\"v\"")])])
    let name = try #require(name)
    #expect(try await client(server).records(.txt, at: name) == .values(["v"]))
    let request = try #require(server.requests.first)
    #expect(request.method == "GET")
    #expect(request.path == "/dns-query")
    #expect(request.query.map { "\($0.name)=\($0.value)" } == ["name=_saaskit.shop.example.com", "type=TXT"])
    #expect(request.header("accept") == "application/dns-json")
  }

  @Test("a resolver may take as long as was said, or five seconds") func timeouts() async throws {
    let server = try LoopbackServer { _ in Self.message([(16, "\"v\"")]) }
    let (resolvers, name) = ([server.baseURL + "/dns-query"], try #require(name))
    let transport = PatientTransport(URLSessionTransport())
    let retries = RetryPolicy(deadline: .seconds(300))
    let usual = try DNSOverHTTPS(resolvers: resolvers, agreeing: 1, transport: transport, retries: retries)
    let quick = try DNSOverHTTPS(
      resolvers: resolvers, agreeing: 1, transport: transport, timeout: .seconds(2), retries: retries)
    for client in [usual, quick] { _ = try await client.records(.txt, at: name) }
    #expect(transport.timeouts == [.seconds(5), .seconds(2)])
  }

  @Test(
    "reads texts in quotes, in several strings, with escapes, and bare",
    arguments: [
      ("\"saaskit-verify=0123\"", "saaskit-verify=0123"),
      ("saaskit-verify=0123", "saaskit-verify=0123"),
      ("\"saaskit-\" \"verify=0123\"", "saaskit-verify=0123"),
      ("\"saaskit-\"\"verify=0123\"", "saaskit-verify=0123"),
      ("\"a\\\"b\\\\c\\195\\169\"", "a\"b\\cé"),
      ("\"\"", ""),
      ("", ""),
      ("\"not closed", "\"not closed"),
      ("\"a\" b", "\"a\" b"),
      ("v=spf1 -all", "v=spf1 -all"),
    ])
  func texts(data: String, text: String) async throws {
    let server = try LoopbackServer(replies: [Self.message([(16, data)])])
    #expect(try await client(server).records(.txt, at: try #require(name)) == .values([text]))
  }

  @Test("leaves out the aliases on the way, and reads them where they are asked for") func kinds() async throws {
    let reply = Self.message([(5, "CNAME.Provider.example."), (1, "203.0.113.7"), (1, "203.0.113.8")])
    let server = try LoopbackServer(replies: [reply, reply, reply])
    let client = try client(server)
    let name = try #require(name)
    #expect(try await client.records(.a, at: name) == .values(["203.0.113.7", "203.0.113.8"]))
    #expect(try await client.records(.cname, at: name) == .values(["cname.provider.example"]))
    #expect(try await client.records(.txt, at: name) == .values([]))
    #expect(server.requests.map { $0.query.last?.value } == ["A", "CNAME", "TXT"])
  }

  @Test("tells no name, no record and no answer apart")
  func absences() async throws {
    let name = try #require(name)
    func answer(_ reply: LoopbackReply) async throws -> DNSAnswer {
      let server = try LoopbackServer { _ in reply }
      defer { server.stop() }
      return try await client(server).records(.txt, at: name)
    }
    #expect(try await answer(Self.message([], status: 3)) == .noSuchName)
    #expect(try await answer(Self.message([])) == .values([]))
    await #expect(throws: DNSLookupError.serverFailure) { try await answer(Self.message([], status: 2)) }
    await #expect(throws: DNSLookupError.responseCode(5)) { try await answer(Self.message([], status: 5)) }
    let unreadable: [LoopbackReply] = [
      .json("{}"), .json("[]"), .json("no JSON"), .json("{\"Status\":0"), .json("", status: 500),
      .json("", status: 400),
      .reset, .cutShort(status: 200, announced: 100, body: [0x7b]), Self.message([(16, "a")], truncated: true),
      .json(#"{"Status":0,"Answer":[{"type":16}]}"#), .json(#"{"Status":"0"}"#),
    ]
    for reply in unreadable {
      await #expect("\(reply)") {
        try await answer(reply)
      } throws: {
        if case DNSLookupError.unavailable = $0 { true } else { false }
      }
    }
  }

  @Test("passes a rate limit on, and tries what failed again") func failures() async throws {
    let name = try #require(name)
    let now = SystemWallClock().now()
    let limited = try LoopbackServer { _ in .json("", status: 429, headers: [("Retry-After", "600")]) }
    await #expect {
      try await client(limited, attempts: 2).records(.txt, at: name)
    } throws: { error in
      guard case DNSLookupError.rateLimited(let until?) = error else { return false }
      return until > now + .seconds(500)
    }
    let flaky = try LoopbackServer(replies: [.json("", status: 503), Self.message([(16, "a")])])
    #expect(try await client(flaky, attempts: 2).records(.txt, at: name) == .values(["a"]))
  }

  @Test("needs as many resolvers to agree as it was told") func agreement() async throws {
    let name = try #require(name)
    func server(_ reply: LoopbackReply) throws -> LoopbackServer { try LoopbackServer { _ in reply } }
    let one = try server(Self.message([(16, "a"), (16, "b")]))
    let same = try server(Self.message([(16, "\"b\""), (16, "\"a\"")]))
    let other = try server(Self.message([(16, "c")]))
    let none = try server(Self.message([], status: 3))
    let empty = try server(Self.message([]))
    let broken = try server(.json("", status: 500))
    let both = DNSAnswer.values(["a", "b"])

    #expect(try await client(one, same, agreeing: 2).records(.txt, at: name) == both)
    #expect(try await client(other, one, same, agreeing: 2).records(.txt, at: name).values.sorted() == ["a", "b"])
    #expect(try await client(broken, one, agreeing: 1).records(.txt, at: name) == both)
    #expect(try await client(none, none, agreeing: 2).records(.txt, at: name) == .noSuchName)
    await #expect(throws: DNSLookupError.disagreement) {
      try await client(one, other, agreeing: 2).records(.txt, at: name)
    }
    await #expect(throws: DNSLookupError.disagreement) {
      try await client(none, one, agreeing: 2).records(.txt, at: name)
    }
    await #expect(throws: DNSLookupError.disagreement) {
      try await client(none, empty, agreeing: 2).records(.txt, at: name)
    }
    await #expect {
      try await client(one, broken, agreeing: 2).records(.txt, at: name)
    } throws: {
      if case DNSLookupError.unavailable = $0 { true } else { false }
    }
    #expect(throws: DNSOverHTTPS.ConfigurationError.agreement) { try client(one, agreeing: 2) }
    #expect(throws: DNSOverHTTPS.ConfigurationError.agreement) { try client(one, agreeing: 0) }
    #expect(throws: DNSOverHTTPS.ConfigurationError.resolver("dns.example", .scheme)) {
      try DNSOverHTTPS(resolvers: ["dns.example"], agreeing: 1, transport: URLSessionTransport())
    }
    _ = try DNSOverHTTPS(transport: URLSessionTransport())
  }
}
