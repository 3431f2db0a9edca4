import Testing

@Suite("Bad input") struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let method: String
    let path: String
    let body: String?
    let status: Int
    let code: String
    var testDescription: String { "\(method) \(path.prefix(40)) \(body?.prefix(40) ?? "")" }
  }

  static let cases: [Case] = [
    Case(method: "GET", path: "/nothing", body: nil, status: 404, code: "routeNotFound"),
    Case(method: "GET", path: "/api/runs", body: nil, status: 405, code: "methodNotAllowed"),
    Case(method: "PUT", path: "/admin", body: "{}", status: 405, code: "methodNotAllowed"),
    Case(method: "POST", path: "/api/runs", body: #"{"workflow":"#, status: 400, code: "malformedBody"),
    Case(method: "POST", path: "/api/runs", body: "", status: 400, code: "malformedBody"),
    Case(method: "POST", path: "/api/runs", body: "[]", status: 400, code: "malformedBody"),
    Case(method: "POST", path: "/api/runs", body: #"{"workflow":7}"#, status: 400, code: "malformedBody"),
    Case(method: "POST", path: "/api/runs", body: "{}", status: 422, code: "fieldMissing"),
    Case(method: "POST", path: "/api/runs", body: #"{"workflow":""}"#, status: 422, code: "invalidIdentifier"),
    Case(
      method: "POST", path: "/api/runs", body: #"{"workflow":"\#(String(repeating: "x", count: 70_000))"}"#,
      status: 413, code: "bodyTooLarge"),
    Case(
      method: "POST", path: "/api/stripe/webhook", body: String(repeating: "x", count: 600_000), status: 413,
      code: "bodyTooLarge"),
    Case(method: "POST", path: "/api/runs/none/finish", body: #"{"outcome":"failed"}"#, status: 404, code: "noSuchRun"),
    Case(
      method: "POST", path: "/api/runs/\(String(repeating: "x", count: 300))/finish",
      body: #"{"outcome":"failed"}"#, status: 422, code: "invalidIdentifier"),
    Case(method: "GET", path: "/api/admin/usage?window=8", body: nil, status: 422, code: "invalidWindow"),
    Case(
      method: "GET", path: "/api/admin/usage?window=99999999999999999999", body: nil, status: 422, code: "invalidWindow"
    ),
    Case(method: "GET", path: "/api/admin/audit?of=everything", body: nil, status: 422, code: "invalidQuery"),
    Case(method: "GET", path: "/billing/return", body: nil, status: 400, code: "sessionMissing"),
    Case(method: "POST", path: "/api/billing/portal", body: nil, status: 409, code: "noCustomer"),
    Case(method: "POST", path: "/api/billing/checkout", body: #"{"plan":"none"}"#, status: 422, code: "unknownPlan"),
    Case(method: "POST", path: "/api/billing/checkout", body: #"{"plan":"\u0000"}"#, status: 422, code: "unknownPlan"),
    Case(method: "PUT", path: "/api/settings/slug", body: #"{"slug":"Ä"}"#, status: 422, code: "invalidSlug"),
    Case(method: "PUT", path: "/api/settings/slug", body: #"{"slug":"meadow"}"#, status: 409, code: "slugTaken"),
    Case(
      method: "POST", path: "/api/settings/domains", body: #"{"domain":"a.example"}"#, status: 402,
      code: "domainLimitReached"),
    Case(method: "DELETE", path: "/api/settings/domains", body: #"{"domain":"?"}"#, status: 422, code: "invalidDomain"),
    Case(
      method: "DELETE", path: "/api/settings/domains", body: #"{"domain":"a.example"}"#, status: 404,
      code: "noSuchDomain"),
  ]

  @Test("each is answered with its status and a small JSON error")
  func cases() async throws {
    try await RunningServer.with { server in
      let token = try await server.token("orchard")
      for bad in Self.cases {
        let answer = try await server.client.call(
          bad.method, bad.path, host: "orchard.localhost", token: token, body: bad.body)
        #expect(answer.status == bad.status, "\(bad.testDescription): \(answer.text.prefix(200))")
        #expect(answer.code == bad.code, "\(bad.testDescription)")
        #expect(answer.body.count < 400, "\(bad.testDescription)")
        if bad.status == 405 { #expect(answer.headers["allow"] != nil) }
      }
      let run = try await server.client.call(
        "POST", "/api/runs", host: "orchard.localhost", token: token, body: #"{"workflow":"w","runId":"r"}"#)
      #expect(run.status == 201)
      let unnumbered = try await server.client.call(
        "POST", "/api/runs/r/steps", host: "orchard.localhost", token: token,
        body: step("s").replacing(#""attempt":0,"#, with: ""))
      #expect(unnumbered.status == 422)
      #expect(unnumbered.code == "fieldMissing")
      #expect(unnumbered.text.contains("attempt"), "it says which: \(unnumbered.text)")
      for body in [
        step("s", attempt: -1), step("s", prompt: -1), step("s", prompt: 700), step(""),
        step("s").replacing("\"durationMs\":1200", with: "\"durationMs\":\(Int64.min)"),
      ] {
        let answer = try await server.client.call(
          "POST", "/api/runs/r/steps", host: "orchard.localhost", token: token, body: body)
        #expect(answer.status == 422, "\(body): \(answer.text)")
      }
    }
  }

  @Test("HEAD is answered as GET is, without the body") func head() async throws {
    try await RunningServer.with { server in
      let token = try await server.token("orchard")
      for path in ["/", "/healthz", "/admin", "/api/entitlements", "/nothing"] {
        let get = try await server.client.call("GET", path, host: "orchard.localhost", token: token)
        let head = try await server.client.call("HEAD", path, host: "orchard.localhost", token: token)
        #expect(head.status == get.status, "\(path)")
        #expect(head.body.isEmpty, "\(path)")
        #expect(head.headers["content-type"] == get.headers["content-type"], "\(path)")
      }
      let wrong = try await server.client.call("PUT", "/admin", host: "orchard.localhost", token: token, body: "{}")
      #expect(wrong.headers["allow"] == "GET, HEAD")
      #expect(try await server.client.call("HEAD", "/api/runs", host: "orchard.localhost", token: token).status == 405)
    }
  }
}
