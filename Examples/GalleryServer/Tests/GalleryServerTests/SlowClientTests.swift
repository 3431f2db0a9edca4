import Foundation
import Testing

@Suite("Slow clients") struct SlowClientTests {
  struct SlowClient: Sendable {
    /// What it sends at once.
    let first: String
    /// What it goes on sending.
    let drip: String
    /// Whether there is a request to answer.
    let isAnswered: Bool

    init(_ first: String, _ drip: String, isAnswered: Bool = true) {
      self.first = first
      self.drip = drip
      self.isAnswered = isAnswered
    }
  }

  static let clients = [
    SlowClient("", "", isAnswered: false),
    SlowClient("GET /healthz HT", "", isAnswered: false),
    SlowClient("GET /healthz HTTP/1.1\r\n", ""),
    SlowClient("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", "a"),
    SlowClient("POST /api/runs HTTP/1.1\r\nHost: orchard.localhost\r\nContent-Length: 60000\r\n\r\n{", " "),
    SlowClient("POST /api/stripe/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{", " "),
    SlowClient("POST /api/stripe/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n"),
    SlowClient("POST /api/stripe/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{", ""),
  ]

  @Test("are answered with 408 where a request was begun, and hung up on however they drip; nobody else waits for them")
  func slow() async throws {
    try await RunningServer.with(patience: .seconds(1)) { server in
      let port = server.client.port
      try await withThrowingTaskGroup(of: (SlowClient, String).self) { group in
        for client in Self.clients {
          group.addTask {
            (client, try await RawConnection(port: port).answer(to: client.first, dripping: client.drip))
          }
        }
        for _ in 0..<20 {
          #expect(try await server.client.call("GET", "/healthz", host: "x").status == 200)
        }
        for try await (client, answer) in group {
          let comment = Comment(rawValue: "\(client.first): \(answer)")
          guard client.isAnswered else {
            #expect(answer.isEmpty, comment)
            continue
          }
          // A request without a token is refused before its body is there.
          let status = client.first.contains("/api/runs") ? "401" : "408"
          #expect(answer.hasPrefix("HTTP/1.1 \(status) "), comment)
          #expect(answer.split(separator: "HTTP/1.1 ").count == 1, comment)
          guard status == "408" else { continue }
          #expect(answer.lowercased().contains("connection: close"), comment)
          #expect(answer.contains(#"{"error":{"code":"requestTimeout","#), comment)
          #expect(answer.hasSuffix("}}"), comment)
        }
      }
      #expect(try await server.client.call("GET", "/", host: "orchard.localhost").status == 200)
    }
  }

  @Test("that are told 408 can finish their request, and it is not acted upon") func late() async throws {
    try await RunningServer.with(patience: .seconds(1)) { server in
      let token = try await server.token("orchard")
      let body = #"{"workflow":"w","runId":"late"}"#
      let connection = try RawConnection(port: server.client.port)
      try connection.send(
        "POST /api/runs HTTP/1.1\r\nHost: orchard.localhost\r\nAuthorization: Bearer \(token)\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n" + body.dropLast())
      #expect(try await connection.read(until: "}}").hasPrefix("HTTP/1.1 408 "))
      try? connection.send("}")
      #expect(try await connection.readToEnd() == "")
      let finish = try await server.client.call(
        "POST", "/api/runs/late/finish", host: "orchard.localhost", token: token, body: #"{"outcome":"failed"}"#)
      #expect(finish.status == 404)
    }
  }

  @Test("that were answered before their request's end have no more time for the requests after it")
  func early() async throws {
    try await RunningServer.with(patience: .seconds(1)) { server in
      let connection = try RawConnection(port: server.client.port)
      try connection.send("POST /api/runs HTTP/1.1\r\nHost: orchard.localhost\r\nContent-Length: 2\r\n\r\n{")
      #expect(try await connection.read(until: "}}").hasPrefix("HTTP/1.1 401 "))
      try connection.send("}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await connection.read(until: "}").hasPrefix("HTTP/1.1 200 "))
      let answer = try await connection.answer(to: "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", dripping: "a")
      #expect(answer.hasPrefix("HTTP/1.1 408 "), "\(answer)")
    }
  }

  @Test("that do not take their answers are hung up on") func unread() async throws {
    try await RunningServer.with(patience: .seconds(1)) { server in
      let connection = try RawConnection(port: server.client.port)
      let request = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
      let count = 400
      #expect(try await connection.isClosed(after: String(repeating: request, count: count), dripping: request))
    }
  }

  @Test("that ask in time are answered on one connection again and again") func steady() async throws {
    try await RunningServer.with(patience: .seconds(5)) { server in
      let connection = try RawConnection(port: server.client.port)
      for _ in 0..<3 {
        try connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await connection.read(until: "}").contains("200 OK"))
      }
    }
  }
}

/// A connection on which a test says each byte itself.
struct RawConnection: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard result == 0 else { throw RunningServer.Failure("no connection") }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  func send(_ text: String) throws {
    #if canImport(Glibc)
      let flags = Int32(MSG_NOSIGNAL)
    #else
      let flags: Int32 = 0
    #endif
    let bytes = Array(text.utf8)
    guard bytes.isEmpty || Foundation.send(descriptor, bytes, bytes.count, flags) == bytes.count else {
      throw RunningServer.Failure("closed")
    }
  }

  /// What has come; nil where the server closed the connection.
  private func receive() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count > 0 { return String(decoding: buffer[..<count], as: UTF8.self) }
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? "" : nil
  }

  func read(until end: String) async throws -> String {
    var text = ""
    for _ in 0..<3_000 {
      guard let more = receive() else { throw RunningServer.Failure("closed after \(text)") }
      text += more
      if text.contains(end) { return text }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw RunningServer.Failure("no \(end) in \(text)")
  }

  /// What comes until the server closes the connection; gives up after half a minute.
  func readToEnd() async throws -> String {
    var text = ""
    for _ in 0..<3_000 {
      guard let more = receive() else { return text }
      text += more
      try await Task.sleep(for: .milliseconds(10))
    }
    throw RunningServer.Failure("not closed after \(text)")
  }

  /// What the server answers a client that goes on like this, until it closes the connection; gives up after half a minute.
  func answer(to first: String, dripping drip: String) async throws -> String {
    defer { close(descriptor) }
    try send(first)
    var text = ""
    for _ in 0..<300 {
      guard let more = receive() else { return text }
      text += more
      if text.isEmpty { try? send(drip) }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw RunningServer.Failure("not closed after \(text)")
  }

  /// Whether the server hangs up on a client that sends without reading; gives up after half a minute.
  func isClosed(after first: String, dripping drip: String) async throws -> Bool {
    defer { close(descriptor) }
    try send(first)
    for _ in 0..<300 {
      do { try send(drip) } catch { return true }
      try await Task.sleep(for: .milliseconds(100))
    }
    return false
  }
}
