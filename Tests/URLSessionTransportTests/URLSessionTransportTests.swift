import LoopbackServer
import SaaSCore
import Testing
import URLSessionTransport

@Suite struct URLSessionTransportTests {
  let transport = URLSessionTransport()

  private func request(
    _ server: LoopbackServer, _ path: String = "/", method: HTTPRequest.Method = .get, body: [UInt8] = [],
    timeout: Duration = PatientTransport.patience, limit: Int = 1 << 20
  ) throws -> HTTPRequest {
    HTTPRequest(
      method, try HTTPURL(server.baseURL + path), body: body, timeout: timeout, maximumResponseBodyCount: limit)
  }

  @Test func `a request arrives as it was made, and the answer comes back`() async throws {
    let server = try LoopbackServer(replies: [
      .respond(
        status: 201, headers: [("X-Name", "value"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")], body: [1, 2, 0, 255])
    ])
    var request = try request(server, "/a%2Fb/c?d=e%26f&g", method: .post, body: Array("k=v".utf8))
    try request.headers.append("Content-Type", "application/x-www-form-urlencoded")
    try request.headers.append("Authorization", "Bearer key")
    try request.headers.append("Idempotency-Key", "one")
    let response = try await transport.send(request)
    #expect(response.status == 201)
    #expect(response.body == [1, 2, 0, 255])
    #expect(response.headers["x-name"] == "value")
    #expect(response.headers["date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
    let seen = try #require(server.requests.first)
    #expect(seen.method == "POST")
    #expect(seen.target == "/a%2Fb/c?d=e%26f&g")
    #expect(seen.text == "k=v")
    #expect(seen.header("authorization") == "Bearer key")
    #expect(seen.header("idempotency-key") == "one")
    #expect(seen.header("content-type") == "application/x-www-form-urlencoded")
    #expect(seen.header("cookie") == nil)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: HTTPRequest.Method.allCases)
  func `every method and status is an answer`(method: HTTPRequest.Method) async throws {
    for status in [200, 204, 404, 500] {
      let server = try LoopbackServer(replies: [.respond(status: status, headers: [], body: [])])
      #expect(try await transport.send(request(server, method: method)).status == status)
      #expect(server.requests.map(\.method) == [method.rawValue])
    }
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a redirect is an answer and is not followed`(status: Int) async throws {
    let server = try LoopbackServer { _ in
      .respond(status: status, headers: [("Location", "/elsewhere")], body: [])
    }
    let response = try await transport.send(request(server))
    #expect(response.status == status)
    #expect(response.headers["location"] == "/elsewhere")
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [300, 302, 304, 307])
  func `a redirect that leads nowhere is an answer too`(status: Int) async throws {
    let server = try LoopbackServer { _ in .respond(status: status, headers: [("X-Name", "value")], body: []) }
    let response = try await transport.send(request(server))
    #expect(response.status == status)
    #expect(response.headers["x-name"] == "value")
    #expect(server.requests.count == 1)
  }

  @Test func `cookies are neither kept nor sent`() async throws {
    let server = try LoopbackServer { _ in .respond(status: 200, headers: [("Set-Cookie", "a=b; Path=/")], body: []) }
    for _ in 0..<2 { _ = try await transport.send(request(server)) }
    #expect(server.requests.count == 2)
    #expect(server.requests.allSatisfy { $0.header("cookie") == nil })
  }

  @Test func `a body up to the limit is taken, one byte more is not, announced or not`() async throws {
    let body = [UInt8](repeating: 7, count: 100_000)
    for announces in [true, false] {
      let server = try LoopbackServer { _ in
        .trickle(status: 200, pieces: [body], pause: .zero, announcesLength: announces)
      }
      #expect(try await transport.send(request(server, limit: 100_000)).body == body)
      await #expect(throws: HTTPTransportError.responseBodyTooLarge(limit: 99_999)) {
        try await transport.send(request(server, limit: 99_999))
      }
    }
  }

  @Test func `a body without end is given up while it arrives`() async throws {
    let piece = [UInt8](repeating: 7, count: 65_536)
    let server = try LoopbackServer { _ in
      .trickle(
        status: 200, pieces: Array(repeating: piece, count: 100_000), pause: .zero, announcesLength: false)
    }
    await #expect(throws: HTTPTransportError.responseBodyTooLarge(limit: 1 << 20)) {
      try await transport.send(request(server))
    }
  }

  @Test func `the timeout counts for the whole request, however the bytes trickle`() async throws {
    let slow = try LoopbackServer { _ in
      .trickle(
        status: 200, pieces: Array(repeating: [1], count: 1_000_000), pause: .milliseconds(20), announcesLength: true)
    }
    await #expect(throws: HTTPTransportError.timedOut) {
      try await transport.send(request(slow, timeout: .milliseconds(300)))
    }
    let silent = try LoopbackServer { _ in .silence }
    await #expect(throws: HTTPTransportError.timedOut) {
      try await transport.send(request(silent, timeout: .milliseconds(300)))
    }
  }

  @Test func `a broken connection is told from one that never was`() async throws {
    for reply in [
      LoopbackReply.reset, .cutShort(status: 200, announced: 100, body: [1, 2, 3]), .raw([]),
      .raw(Array("HTTP/1.1 2".utf8)),
    ] {
      let server = try LoopbackServer { _ in reply }
      let error = await #expect(throws: HTTPTransportError.self) {
        try await transport.send(request(server, method: .post, body: [1]))
      }
      guard case .connectionLost = error else {
        Issue.record("\(reply): \(String(describing: error))")
        continue
      }
      #expect(error?.mayHaveBeenProcessed == true)
      #expect(server.requests.count == 1, "\(reply)")
    }
    let nobody = try HTTPURL("http://127.0.0.1:\(LoopbackServer.closedPort())/")
    let refused = await #expect(throws: HTTPTransportError.self) {
      try await transport.send(HTTPRequest(.get, nobody, timeout: PatientTransport.patience))
    }
    guard case .couldNotConnect = refused else {
      Issue.record("\(String(describing: refused))")
      return
    }
    #expect(refused?.mayHaveBeenProcessed == false)
  }

  @Test func `cancelling gives the request up`() async throws {
    let server = try LoopbackServer { _ in .silence }
    let request = try request(server)
    let task = Task { try await transport.send(request) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    task.cancel()
    await #expect(throws: HTTPTransportError.cancelled) { try await task.value }
    let early = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await transport.send(request)
    }
    await #expect(throws: HTTPTransportError.cancelled) { try await early.value }
    while server.openConnectionCount > 0 { try await Task.sleep(for: .milliseconds(2)) }
    #expect(server.requests.count == 1)
  }

  @Test func `many requests at once each get their own answer`() async throws {
    let server = try LoopbackServer { .json($0.target) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          let response = try await transport.send(request(server, "/\(number)"))
          #expect(String(decoding: response.body, as: UTF8.self) == "/\(number)")
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `what cannot be sent is refused without a connection`() async throws {
    let server = try LoopbackServer { _ in .json("{}") }
    await #expect(throws: HTTPTransportError.invalidRequest("the timeout is not positive")) {
      try await transport.send(request(server, timeout: .zero))
    }
    #expect(server.requests.isEmpty)
  }
}
