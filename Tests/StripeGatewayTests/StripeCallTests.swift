import BillingKit
import LoopbackServer
import SaaSCore
import StripeGateway
import Testing
import URLSessionTransport

@Suite struct StripeCallTests {
  @Test(arguments: StripeCall.all)
  func `a call is on the wire as it should be`(call: StripeCall) async throws {
    let answer = try call.answer()
    let server = try LoopbackServer { _ in StripeFixture.answer(answer) }
    try await call.perform(StripeFixture.configuration(server))
    let request = try #require(server.requests.first)
    #expect(server.requests.count == 1)
    #expect(request.method == call.method)
    #expect(request.path == call.path)
    let pairs = (call.method == "POST" ? request.form : request.query).map { "\($0.name)=\($0.value)" }
    #expect(pairs == call.parameters)
    #expect(request.header("Authorization") == "Bearer " + StripeFixture.key)
    let version = call.path.contains("/usage_record") ? "2025-02-24.acacia" : "2026-10-28.endive"
    #expect(request.header("Stripe-Version") == version)
    if call.method == "POST" && !call.parameters.isEmpty {
      #expect(request.header("Content-Type") == "application/x-www-form-urlencoded")
    }
    #expect(call.method != "GET" || request.body.isEmpty)
    switch call.key {
    case nil: #expect(request.header("Idempotency-Key") == nil)
    case "*": #expect(request.header("Idempotency-Key")?.isEmpty == false)
    case .some(let key): #expect(request.header("Idempotency-Key") == key)
    }
  }

  /// What happens to the first attempts of a call.
  enum Fault: String, CaseIterable, Sendable {
    case reset, silence, cutShort, conflict, tooMany, failure, failureWithoutBody, toldToRetry
    var reply: LoopbackReply {
      switch self {
      case .reset: .reset
      case .silence: .silence
      case .cutShort: .cutShort(status: 200, announced: 1_000, body: Array("{".utf8))
      case .conflict:
        StripeFixture.answer(
          #"{"error":{"type":"invalid_request_error","code":"idempotency_key_in_use","message":"busy"}}"#, status: 409)
      case .tooMany: StripeFixture.answer("{}", status: 429, headers: [("Retry-After", "0")])
      case .failure: StripeFixture.answer(#"{"error":{"type":"api_error","message":"oops"}}"#, status: 500)
      case .failureWithoutBody: StripeFixture.answer("<html>", status: 503)
      case .toldToRetry: StripeFixture.answer("{}", status: 400, headers: [("Stripe-Should-Retry", "true")])
      }
    }
  }

  @Test(arguments: StripeCall.all, Fault.allCases)
  func `a call goes through faults with the same bytes and the same key`(call: StripeCall, fault: Fault) async throws {
    let answer = try call.answer()
    let counter = Lock(0)
    let server = try LoopbackServer { _ in
      let number = counter.withLock { count in
        count += 1
        return count
      }
      return number <= 2 ? fault.reply : StripeFixture.answer(answer)
    }
    let silence = fault == .silence ? SilenceTransport.Silence(server: server, count: 2) : nil
    try await SilenceTransport.$silence.withValue(silence) {
      try await call.perform(StripeFixture.configuration(server))
    }
    let requests = server.requests
    #expect(requests.count == 3)
    #expect(Set(requests.map { $0.header("Idempotency-Key") ?? "" }).count == 1)
    #expect(Set(requests.map { $0.method + $0.target + $0.text }).count == 1)
    #expect(call.method == "GET" || requests.allSatisfy { $0.header("Idempotency-Key")?.isEmpty == false })
  }

  @Test(arguments: [
    (500, "{}", [("Stripe-Should-Retry", "false")]), (409, "{}", [("Stripe-Should-Retry", "false")]),
    (400, "{}", []), (402, "{}", []), (404, "{}", []), (302, "{}", [("Location", "/x")]),
  ])
  func `what is not to be repeated is sent once`(status: Int, body: String, headers: [(String, String)]) async throws {
    let server = try LoopbackServer { _ in StripeFixture.answer(body, status: status, headers: headers) }
    await #expect(throws: GatewayError.self) {
      try await StripeFixture.gateway(server).customer(CustomerID("cus_1"))
    }
    #expect(server.requests.count == 1)
  }

  @Test(
    arguments: [
      (400, #"{"error":{"type":"idempotency_error","message":"other parameters"}}"#, .keyMismatch, "idempotency_error"),
      (
        400,
        #"{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such price","param":"p"}}"#,
        .notFound, "resource_missing"
      ),
      (
        400, #"{"error":{"type":"invalid_request_error","code":"parameter_unknown","message":"?"}}"#, .refused,
        "parameter_unknown"
      ),
      (
        401, #"{"error":{"type":"invalid_request_error","message":"Invalid API Key: sk_test_hidden_key"}}"#,
        .unauthorized, "invalid_request_error"
      ),
      (
        402,
        #"{"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","message":"no"}}"#,
        .declined, "insufficient_funds"
      ),
      (402, #"{"error":{"type":"invalid_request_error","message":"no"}}"#, .refused, "invalid_request_error"),
      (403, #"{"error":{"type":"invalid_request_error","message":"no"}}"#, .unauthorized, "invalid_request_error"),
      (
        404, #"{"error":{"type":"invalid_request_error","code":"resource_missing","message":"no","param":"id"}}"#,
        .notFound, "resource_missing"
      ),
      (
        409, #"{"error":{"type":"invalid_request_error","code":"idempotency_key_in_use","message":"no"}}"#,
        .unavailable, "idempotency_key_in_use"
      ),
      (
        429, #"{"error":{"type":"invalid_request_error","code":"lock_timeout","message":"no"}}"#, .unavailable,
        "lock_timeout"
      ),
      (
        429, #"{"error":{"type":"invalid_request_error","code":"rate_limit","message":"no"}}"#,
        .rateLimited(retryAfter: .seconds(3_600)), "rate_limit"
      ),
      (500, "", .unavailable, nil), (503, "<html>", .unavailable, nil), (418, #"{"error":"text"}"#, .refused, nil),
      (302, "", .unreadable, nil),
    ] as [(Int, String, GatewayError.Kind, String?)])
  func `a failure is told by what can be done about it`(
    status: Int, body: String, kind: GatewayError.Kind, code: String?
  ) async throws {
    let server = try LoopbackServer { _ in
      StripeFixture.answer(body, status: status, headers: [("Retry-After", "3600"), ("Location", "/elsewhere")])
    }
    let error = await #expect(throws: GatewayError.self) {
      try await StripeFixture.gateway(server).customer(CustomerID("cus_1"))
    }
    #expect(error?.kind == kind)
    #expect(error?.code == code)
    #expect(error?.requestID == "req_7")
    #expect(error?.message.isEmpty == false)
    #expect(error.map { "\($0)".contains(StripeFixture.key) } == false)
  }

  @Test(arguments: ["", "{", "[]", "{}", "null", #"{"id":7}"#, #"{"id":""}"#, "\u{feff}{}"])
  func `an answer that cannot be read says so, with the request's name`(body: String) async throws {
    let server = try LoopbackServer { _ in StripeFixture.answer(body) }
    let error = await #expect(throws: GatewayError.self) {
      try await StripeFixture.gateway(server).customer(CustomerID("cus_1"))
    }
    #expect(error?.kind == .unreadable)
    #expect(error?.requestID == "req_7")
    #expect(server.requests.count == 1)
  }

  @Test func `a read without the provider's time is not dated by us`() async throws {
    let server = try LoopbackServer { _ in .json(#"{"id":"cus_1"}"#) }
    let error = await #expect(throws: GatewayError.self) {
      try await StripeFixture.gateway(server).customer(CustomerID("cus_1"))
    }
    #expect(error?.kind == .unreadable)
  }

  @Test func `a slow answer is as old as its question`() async throws {
    let body = Array(#"{"id":"cus_1","deleted":true}"#.utf8)
    let head =
      "HTTP/1.1 200 OK\r\nDate: Sun, 15 Jun 2025 15:06:40 GMT\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    let server = try LoopbackServer { _ in
      .raw(Array(head.utf8) + body)
    }
    let quick = try await StripeFixture.gateway(server).customer(CustomerID("cus_1"))
    #expect(quick.value.isDeleted)
    #expect(quick.asOf < StripeFixture.start && quick.asOf >= StripeFixture.start - .seconds(900))
  }

  @Test func `a list is read page by page to its end, items of large subscriptions too`() async throws {
    let fixture = try StripeFixture.text("subscription-since-basil")
    @Sendable func subscription(_ id: Int) -> String { fixture.replacing("\"sub_1\"", with: "\"sub_\(id)\"") }
    let large = subscription(5).replacing(
      "\"has_more\": false,\n    \"url\": \"/v1/subscription_items",
      with: "\"has_more\": true,\n    \"url\": \"/v1/subscription_items")
    let server = try LoopbackServer { request in
      let after = request.query.first { $0.name == "starting_after" }?.value
      if request.path == "/v1/subscription_items" {
        let item = { (id: Int) in #"{"id":"si_\#(id)","price":{"id":"price_\#(id)"},"quantity":\#(id)}"# }
        return StripeFixture.answer(
          after == nil ? StripeFixture.list([item(1), item(2)], hasMore: true) : StripeFixture.list([item(3)]))
      }
      switch after {
      case nil: return StripeFixture.answer(StripeFixture.list([subscription(1), subscription(2)], hasMore: true))
      case "sub_2": return StripeFixture.answer(StripeFixture.list([subscription(3), subscription(4)], hasMore: true))
      default: return StripeFixture.answer(StripeFixture.list([large]))
      }
    }
    var seen: [String] = []
    var itemCounts: [Int] = []
    for try await subscription in try StripeFixture.gateway(server).allSubscriptions() {
      seen.append(subscription.id.rawValue)
      itemCounts.append(subscription.items.count)
    }
    #expect(seen == ["sub_1", "sub_2", "sub_3", "sub_4", "sub_5"])
    #expect(itemCounts == [3, 3, 3, 3, 3])
    #expect(server.requests.filter { $0.path == "/v1/subscriptions" }.count == 3)
    #expect(server.requests.filter { $0.path == "/v1/subscription_items" }.count == 2)
  }

  @Test func `a list's failure ends it`() async throws {
    let server = try LoopbackServer(replies: [
      StripeFixture.answer(StripeFixture.list([try StripeFixture.text("subscription-since-basil")], hasMore: true)),
      StripeFixture.answer("{}", status: 404),
    ])
    var iterator = try StripeFixture.gateway(server).allSubscriptions().makeAsyncIterator()
    #expect(try await iterator.next() != nil)
    await #expect(throws: GatewayError.self) { try await iterator.next() }
    #expect(try await iterator.next() == nil)
    #expect(server.requests.count == 2)
  }

  @Test(arguments: [
    (
      #"{"error":{"type":"invalid_request_error","message":"An event already exists with identifier report-1."}}"#, true
    ),
    (#"{"error":{"type":"invalid_request_error","message":"No such meter"}}"#, false),
  ])
  func `a repeated meter report counts as delivered`(body: String, isRepeat: Bool) async throws {
    let server = try LoopbackServer { _ in StripeFixture.answer(body, status: 400) }
    let meters = try StripeCall.meters(StripeFixture.configuration(server))
    if isRepeat {
      #expect(try await meters.report(StripeCall.report()) == .alreadyReported)
    } else {
      await #expect(throws: GatewayError.self) { try await meters.report(StripeCall.report()) }
    }
  }

  @Test(
    arguments: [("7", 7), ("7.0", 7), ("0.00", 0), ("7.5", nil), ("\"7\"", nil), ("null", nil), ("1e3", nil)]
      as [(String, Int64?)])
  func `a meter's sum is a whole number or unreadable`(text: String, sum: Int64?) async throws {
    let server = try LoopbackServer { _ in
      StripeFixture.answer(StripeFixture.list([#"{"id":"a","aggregated_value":\#(text)}"#]))
    }
    let meters = try StripeCall.meters(StripeFixture.configuration(server))
    let period = try #require(Period(start: StripeFixture.start, end: StripeFixture.start + .seconds(60)))
    let answer = try? await meters.reportedSum(StripeCall.sumQuery(period))
    #expect(answer == sum)
  }

  @Test func `a call may take as long as was configured`() async throws {
    let server = try LoopbackServer { _ in StripeFixture.answer((try? StripeFixture.text("customer")) ?? "") }
    let transport = PatientTransport(URLSessionTransport())
    var configuration = try StripeFixture.configuration(server)
    configuration.timeout = .seconds(7)
    let gateway = StripeGateway(key: try StripeFixture.apiKey(), transport: transport, configuration: configuration)
    _ = try await gateway.customer(CustomerID("cus_1"))
    #expect(transport.timeouts == [.seconds(7)])
  }

  @Test func `cancelling a call ends it`() async throws {
    let server = try LoopbackServer { _ in .silence }
    let gateway = try StripeFixture.gateway(server)
    let task = Task { try await gateway.customer(CustomerID("cus_1")) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    task.cancel()
    let error = await #expect(throws: GatewayError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(server.requests.count == 1)
  }

  @Test func `no key is shown by anything`() throws {
    let key = try StripeFixture.apiKey()
    let secret = try #require(StripeWebhookSecret(StripeFixture.key))
    let gateway = StripeGateway(key: key, transport: Unreachable())
    var dumped = ""
    dump(key, to: &dumped)
    dump(secret, to: &dumped)
    dump(gateway, to: &dumped)
    dumped += "\(key)\(secret)\(gateway)" + String(reflecting: key) + String(reflecting: gateway)
    #expect(!dumped.contains(StripeFixture.key))
    for text in ["", "a b", "a\n", "é"] { #expect(StripeAPIKey(text) == nil) }
    #expect(StripeWebhookSecret("") == nil)
  }

  /// Foundation's sessions cannot be dumped.
  private struct Unreachable: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      throw .couldNotConnect("none")
    }
  }
}
